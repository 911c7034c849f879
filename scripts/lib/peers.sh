# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Tracers to compare with.  Needs say.sh, packages.sh, cache.sh, deb.sh, build.sh,
# `top`, `work` (for logs), and KDIR, RELEASE, CHROOT of the kernel.

: "${top:?}" "${cache:?}" "${work:=}" "${KDIR:=}" "${RELEASE:=}"

# lttng_into FOLDER: LTTng's modules, our probe for it, lttng-session and -record; 1
# where it cannot be built
lttng_into()
{
	local source=$cache/lttng/$RELEASE probe=$top/build/modules/$RELEASE/lttng
	local bench=$top/build/modules/$RELEASE/bench log=$work/lttng.log file

	cache_lock "lttng-$RELEASE" fetch_lttng "$source" >"$log" 2>&1 || { show_end "$log"; return 1; }
	mkdir -p "$probe"
	cp -rsfT "$top/tests/bench/lttng" "$probe"
	{
		make_for_peer M="$probe" LTTNG="$source" BENCH="$top/tests/bench" \
			KBUILD_EXTRA_SYMBOLS="$source/Module.symvers $bench/Module.symvers" modules &&
		lttng_program session && lttng_program record
	} >>"$log" 2>&1 || { show_end "$log"; return 1; }
	mkdir -p "$1"
	cp "$probe"/lttng-{session,record} "$1/"
	for file in "$source"/src/{lttng-{wrapper,tracer,statedump,clock},lttng-ring-buffer-client-{mmap-,}{discard,overwrite}}.ko \
		    "$source"/src/lib/*.ko "$probe"/*.ko \
		    "$source"/src/probes/lttng-{probe-sched,kprobes,kretprobes,uprobes}.ko; do
		[ ! -e "$file" ] || strip -g -o "$1/$(basename "$file")" "$file"
	done
}

# lttng_program NAME: of tests/bench/lttng; `source` and `probe` are lttng_into's
lttng_program()
{
	gcc -O2 -Wall -Wextra -static -I"$source/include" -o "$probe/lttng-$1" \
		"$top/tests/bench/lttng/lttng-$1.c"
}

show_end()
{
	{ grep -m 3 -iE 'error|^E:' "$1" || tail -n 5 "$1"; } | sed 's/^/  /' >&2
}

# make_for_peer ARGUMENT...: of the kernel's Makefile, with what the kernel was built by;
# without BTF, which takes pahole
make_for_peer()
{
	local arch=()

	[[ $RELEASE != *-uml* ]] || arch=(ARCH=um)
	set -- make -C "$KDIR" CONFIG_DEBUG_INFO_BTF_MODULES= "${arch[@]}" "$@"
	if [ -n "${CHROOT-}" ]; then in_chroot "$CHROOT" "$@"; else "$@"; fi
}

# fetch_lttng FOLDER: source, built.  Debian's own for its own kernel; newer ones need
# the newest.  Of the probes the scheduler's, and what older ones have of kprobes there
# and need: others do not build on every kernel.
fetch_lttng()
{
	local folder=$1 probes=$1.part/src/probes name

	[ ! -e "$folder/Module.symvers" ] || return 0
	note "building LTTng's modules for $RELEASE (once)"
	rm -rf "$folder" "$folder.part"
	mkdir -p "$folder.part"
	case $RELEASE in 6.1.*) ;; *) use_suite sid ;; esac
	unpack_debs "$folder.part/root" lttng-modules-dkms -- './usr/share/doc'
	mv "$folder.part"/root/usr/src/lttng-modules-*/* "$folder.part/"
	rm -rf "$folder.part/root"
	sed -i '/^ccflags-y/q' "$probes/Kbuild"
	for name in probe-sched kprobes kretprobes uprobes; do
		[ ! -e "$probes/lttng-$name.c" ] || echo "obj-m += lttng-$name.o" >>"$probes/Kbuild"
	done
	sed -i '/ tests\//d' "$folder.part/src/Kbuild"
	[[ $RELEASE != *-uml* ]] || lttng_for_uml "$folder.part"
	make_for_peer M="$folder.part" -j2 CONFIG_LTTNG=m modules || return 1
	mv "$folder.part" "$folder"
}

# lttng_for_uml SOURCE: without kprobes, by which it finds kallsyms_lookup_name(), and
# without the CPUs that CONFIG_X86 stands for.  A BUG() inside of an argument of
# printk(), in a message that is off, does not compile where BUG() is a printk().
lttng_for_uml()
{
	cp "$top/tests/bench/lttng/uml-kallsyms.c" "$1/src/wrapper/kallsyms.c"
	sed -i 's/^#if defined(CONFIG_X86_32).*/#ifndef CONFIG_UML/' \
		"$1/include/instrumentation/events/lttng-statedump.h"
	sed -i '/dbg_printk(.*estack_ax(/d' "$1/src/lttng-bytecode-interpreter.c"
}

# program_into FOLDER NAME: a program of the host in bin/, with its libraries
program_into()
{
	local file program

	program=$(command -v "$2")
	mkdir -p "$1/bin" "$1/lib64"
	cp "$program" "$1/bin/"
	while read -r file; do
		cp -L "$file" "$1/lib64/"
	done < <(ldd "$program" | grep -o '/[^ ]*')
}
