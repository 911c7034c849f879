# SPDX-License-Identifier: GPL-2.0-only
#
# wmitrace: module, libraries, programs.  `make help` lists the targets.
#
#   KDIR=DIR     kernel build tree for the module (default: the running kernel's)
#   KVER=NAME    name of the folder under build/modules/ (default: from KDIR)
#   PREFIX, DESTDIR, V=1   the usual

MAKEFLAGS += --no-print-directory

VERSION	:= 0.1.0
PREFIX	?= /usr/local
DESTDIR	?=
BINDIR	?= $(PREFIX)/bin
SBINDIR	?= $(PREFIX)/sbin
LIBDIR	?= $(PREFIX)/lib
INCDIR	?= $(PREFIX)/include
MANDIR	?= $(PREFIX)/share/man
UNITDIR	?= $(PREFIX)/lib/systemd/system
RULESDIR ?= $(PREFIX)/lib/udev/rules.d
USERSDIR ?= $(PREFIX)/lib/sysusers.d
COMPDIR	?= $(PREFIX)/share/bash-completion/completions
DKMSDIR	?= /usr/src/wmitrace-$(VERSION)
KDIR	?= /lib/modules/$(shell uname -r)/build
KVER	?= $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h 2>/dev/null)

B	:= build
CC	?= gcc
CFLAGS	?= -O2 -g
WARN	:= -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings
ALL_CFLAGS = -std=gnu11 $(WARN) -D_GNU_SOURCE -DWMITRACE_VERSION='"$(VERSION)"' \
	     -Iinclude -Iuserspace/libetl -Iuserspace/libwmitrace -Iuserspace/libwpp -fPIC -MMD -MP $(CFLAGS)

Q	:= $(if $(filter 1,$(V)),,@)
say	= $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $(1) $(2))

src	= $(sort $(wildcard userspace/$(1)/*.c))
obj	= $(patsubst %.c,$(B)/obj/%.o,$(call src,$(1)))

LIBETL_OBJ	:= $(call obj,libetl)
LIBWMI_OBJ	:= $(call obj,libwmitrace)
LIBWPP_OBJ	:= $(call obj,libwpp)
WMITRACE_OBJ	:= $(call obj,wmitrace)
WMITRACED_OBJ	:= $(call obj,wmitraced)
PROGRAMS	:= wmitrace wmitraced
LIBS		:= $(B)/lib/libwpp.a $(B)/lib/libwmitrace.a $(B)/lib/libetl.a
# What reads module files (used where libwpp is), digests (of payloads, of providers' names),
# formats of trace events.
LDLIBS		+= -Wl,--as-needed -lelf -llzma -lzstd -lz -lnettle -ltraceevent -Wl,--no-as-needed
UNIT_TESTS	:= $(patsubst tests/unit/test_%.c,$(B)/tests/test_%,$(wildcard tests/unit/test_*.c))

all: user

user: $(addprefix $(B)/bin/,$(PROGRAMS)) $(B)/lib/libetl.so

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/lib/libetl.a: $(LIBETL_OBJ)
$(B)/lib/libwmitrace.a: $(LIBWMI_OBJ)
$(B)/lib/libwpp.a: $(LIBWPP_OBJ)
$(B)/lib/%.a:
	@mkdir -p $(@D)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/lib/libetl.so: $(LIBETL_OBJ) userspace/libetl/libetl.map
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) -shared -Wl,-soname,libetl.so.0 -Wl,--version-script=userspace/libetl/libetl.map \
		$(LDFLAGS) -o $@.0 $(LIBETL_OBJ)
	$(Q)ln -sf libetl.so.0 $@

# What recordings of trace-cmd and memory dumps are read with comes as shared libraries only.
CONVERT_OBJ	:= $(filter %/convert.o %/convert-tasks.o %/convert-kernel.o %/convert-writer.o,$(WMITRACE_OBJ))
$(CONVERT_OBJ): ALL_CFLAGS += $(shell pkg-config --cflags libtracecmd libtraceevent)
$(B)/bin/wmitrace: $(WMITRACE_OBJ)
$(B)/bin/wmitrace: LDLIBS += -lkdumpfile -ltracecmd
$(B)/static/wmitrace: $(filter-out %/memory-dump.o %/core-gaps.o $(CONVERT_OBJ),$(WMITRACE_OBJ))
$(B)/bin/wmitraced $(B)/static/wmitraced: $(WMITRACED_OBJ)
$(addprefix $(B)/bin/,$(PROGRAMS)): $(LIBS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBS) $(LDLIBS)

# The same programs for a guest or rescue system without libraries.
static: $(addprefix $(B)/static/,$(PROGRAMS))
$(addprefix $(B)/static/,$(PROGRAMS)): $(LIBS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -static -o $@ $(filter %.o,$^) $(LIBS) $(LDLIBS)

# ---- module: built in a folder of links, so that kernels do not share objects
# A kernel that describes modules in BTF has make call pahole, which its headers do
# not bring along.  Nothing here needs the description.
MODDIR	= $(B)/modules/$(KVER)
NO_BTF	= $(if $(shell command -v pahole),,CONFIG_DEBUG_INFO_BTF_MODULES=)
module:
	@test -n "$(KVER)" || { echo "no kernel build tree at $(KDIR): install the kernel's headers, or pass KDIR=" >&2; exit 1; }
	@mkdir -p $(MODDIR)
	@cp -rsfT $(CURDIR)/kmod $(MODDIR)/kmod
	@ln -sfn $(CURDIR)/Kbuild $(MODDIR)/Kbuild
	$(Q)$(MAKE) -C $(KDIR) $(NO_BTF) M=$(CURDIR)/$(MODDIR) WMITRACE_TOP=$(CURDIR) $(if $(W),W=$(W)) $(if $(C),C=$(C)) modules

# ---- companions: modules that call the module, for tests and as examples
companions: module
	@mkdir -p $(MODDIR)/companions
	@cp -rsfT $(CURDIR)/tests/companions $(MODDIR)/companions
	@cp -rsfT $(CURDIR)/docs/examples/porting/linux $(MODDIR)/companions/porting
	$(Q)$(MAKE) -C $(KDIR) $(NO_BTF) M=$(CURDIR)/$(MODDIR)/companions WMITRACE_TOP=$(CURDIR) \
		KBUILD_EXTRA_SYMBOLS=$(CURDIR)/$(MODDIR)/Module.symvers $(if $(W),W=$(W)) $(if $(C),C=$(C)) modules

# ---- the bench module (scripts/bench)
bench: module
	@mkdir -p $(MODDIR)/bench
	@cp -rsfT $(CURDIR)/tests/bench $(MODDIR)/bench
	$(Q)$(MAKE) -C $(KDIR) $(NO_BTF) M=$(CURDIR)/$(MODDIR)/bench WMITRACE_TOP=$(CURDIR) \
		KBUILD_EXTRA_SYMBOLS=$(CURDIR)/$(MODDIR)/Module.symvers $(if $(W),W=$(W)) $(if $(C),C=$(C)) modules

# ---- the unit tests with sanitizers, built in folders of their own.  TSan says
# something only where there are threads; without -R it may find no room.
check-asan: SANITIZER := -fsanitize=address,undefined -fno-sanitize-recover=undefined
check-tsan: SANITIZER := -fsanitize=thread
SANITIZED = $(MAKE) B=$(B)/$@ CFLAGS='-O1 -g -fno-omit-frame-pointer $(SANITIZER)' LDFLAGS='$(SANITIZER)'
check-asan:
	$(Q)$(SANITIZED) check
check-tsan:
	$(Q)$(SANITIZED) $(B)/$@/tests/test_etl_threads
	$(Q)setarch -R $(B)/$@/tests/test_etl_threads

# ---- fuzzers: tests/fuzz/run.sh runs them
FUZZ_CC	?= clang
FUZZ_FLAGS = $(filter-out -O2 -MMD -MP -fPIC,$(ALL_CFLAGS)) -O1 -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=undefined
FUZZERS	:= $(patsubst tests/fuzz/fuzz_%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_OBJ := $(patsubst $(B)/obj/%,$(B)/fuzz/obj/%,$(LIBETL_OBJ) $(call obj,libwpp))
fuzzers: $(FUZZERS)
$(B)/fuzz/obj/%.o: %.c $(wildcard userspace/libetl/*.h userspace/libwpp/*.h include/etl/*.h)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -c -o $@ $<
$(FUZZERS): $(B)/fuzz/%: tests/fuzz/fuzz_%.c $(wildcard tests/fuzz/*.h) $(FUZZ_OBJ)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $< $(FUZZ_OBJ) $(LDLIBS)

# ---- tests that need neither root nor network
$(B)/tests/test_%: $(B)/obj/tests/unit/test_%.o $(LIBS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $< $(LIBS) -lcmocka $(LDLIBS)
# Programs that other tests run, tests/tools/NAME.c.
TEST_TOOLS := $(patsubst tests/tools/%.c,$(B)/tests/%,$(wildcard tests/tools/*.c))
$(TEST_TOOLS): $(B)/tests/%: $(B)/obj/tests/tools/%.o $(LIBS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $< $(LIBS) $(LDLIBS)
unit-tests: $(UNIT_TESTS) $(TEST_TOOLS)

# Programs that guest tests run, without libraries as the guest has none.
GUEST_PROGRAMS	:= $(patsubst tests/guest/%.c,$(B)/guest/%,$(wildcard tests/guest/*.c))
guest-programs: $(GUEST_PROGRAMS)
$(B)/guest/%: $(B)/obj/tests/guest/%.o $(LIBS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -static -o $@ $< $(LIBS) -lpthread $(LDLIBS)

check: user unit-tests
	$(Q)set -e; for t in $(UNIT_TESTS); do $$t; done

install: user
	install -D -m 755 -t $(DESTDIR)$(BINDIR) $(B)/bin/wmitrace
	install -D -m 755 -t $(DESTDIR)$(SBINDIR) $(B)/bin/wmitraced
	install -D -m 644 -t $(DESTDIR)$(LIBDIR) $(B)/lib/libetl.a
	install -D -m 755 $(B)/lib/libetl.so.0 $(DESTDIR)$(LIBDIR)/libetl.so.0
	ln -sf libetl.so.0 $(DESTDIR)$(LIBDIR)/libetl.so
	install -D -m 644 -t $(DESTDIR)$(INCDIR)/etl include/etl/layout.h $(wildcard userspace/libetl/etl.h userspace/libetl/tmf.h)
	install -d $(DESTDIR)$(LIBDIR)/pkgconfig
	sed 's,@PREFIX@,$(PREFIX),; s,@LIBDIR@,$(LIBDIR),; s,@INCDIR@,$(INCDIR),; s,@VERSION@,$(VERSION),' \
		userspace/libetl/libetl.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/libetl.pc
	for p in $(wildcard man/*.[1-8]); do \
		install -D -m 644 -t $(DESTDIR)$(MANDIR)/man$${p##*.} $$p; done
	for p in $(wildcard man/*.3); do p=$${p##*/}; \
		sed -n '/^\.SH NAME/{n;s/ \\-.*//;s/,//g;p}' man/$$p | tr ' ' '\n' | while read -r n; do \
			[ "$$n.3" = "$$p" ] || echo ".so man3/$$p" >$(DESTDIR)$(MANDIR)/man3/$$n.3; done; done
	install -D -m 644 packaging/wmitraced.service.in $(DESTDIR)$(UNITDIR)/wmitraced.service
	sed -i 's|@SBINDIR@|$(SBINDIR)|' $(DESTDIR)$(UNITDIR)/wmitraced.service
	install -D -m 644 -t $(DESTDIR)$(RULESDIR) packaging/60-wmitrace.rules
	install -D -m 644 packaging/wmitrace.sysusers $(DESTDIR)$(USERSDIR)/wmitrace.conf
	install -D -m 644 packaging/wmitrace.bash-completion $(DESTDIR)$(COMPDIR)/wmitrace
	ln -sf wmitrace $(DESTDIR)$(COMPDIR)/wmitraced

module-install: module
	$(MAKE) -C $(KDIR) $(NO_BTF) M=$(CURDIR)/$(MODDIR) WMITRACE_TOP=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) modules_install

dkms-install:
	install -d $(DESTDIR)$(DKMSDIR)
	cp -r Kbuild Makefile kmod include COPYING LICENSES $(DESTDIR)$(DKMSDIR)/
	sed 's,@VERSION@,$(VERSION),' packaging/dkms.conf.in >$(DESTDIR)$(DKMSDIR)/dkms.conf

clean:
	rm -rf $(B)

help:
	@echo 'make              programs in build/bin/, libraries in build/lib/'
	@echo 'make module       build/modules/KERNEL/wmitrace.ko for KDIR (W=1, C=2 as in the kernel)'
	@echo 'make companions   the module and tests/companions/, in build/modules/KERNEL/companions/'
	@echo 'make static       statically linked programs in build/static/'
	@echo 'make check        unit tests; needs neither root nor network'
	@echo 'make check-asan   the same with ASan and UBSan; check-tsan: those with threads, with TSan'
	@echo 'make install      programs, libraries, headers, man pages (DESTDIR, PREFIX)'
	@echo 'make module-install   the module, for KDIR'
	@echo 'make dkms-install     its source for dkms, in /usr/src/wmitrace-$(VERSION) (DESTDIR, DKMSDIR)'
	@echo 'make clean'
	@echo 'scripts/check     everything, in a guest too;  scripts/demo  the whole story'

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
.PHONY: all user static module companions bench unit-tests guest-programs check check-asan check-tsan install module-install dkms-install clean help
.DELETE_ON_ERROR:
.SECONDARY:
