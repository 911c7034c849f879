# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# timeout: 300
# Probes on the kernel's tracepoints: the licence that they need, and that one of
# another prototype than the kernel's does not compile.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

tr '\0' '\n' <"$MODULE" >texts
check "the module's licence is GPL [K23]" grep -aqx 'license=GPL.*' texts

build()	# build NAME ARGUMENTS
{
	mkdir "$1"
	echo "obj-m := probe.o
ccflags-y += -I$TOP/include -I$TOP/kmod" >"$1/Kbuild"
	cat >"$1/probe.c" <<-END
		#include <linux/module.h>
		#include <trace/events/sched.h>
		#include "kernel-probes.h"

		static void probe_sched_waking(void *data, $2)
		{
		}

		struct wt_probe probes[] = { WT_PROBE(sched_waking, 1), { } };
		MODULE_LICENSE("GPL");
	END
	make -C "$KDIR" M="$PWD/$1" probe.o >"$1/log" 2>&1
}

check "a probe of the kernel's prototype compiles [K22]" build right "struct task_struct *task"
refused "one with a wrong type does not [K22]" build type "struct file *file"
refused "nor one with an argument more [K22]" build more "struct task_struct *task, int cpu"
like "because of that" "$(cat type/log more/log)" "incompatible.pointer.types"
