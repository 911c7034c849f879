# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Probes and hot paths run with preemption off.  A real-time kernel's allocator and
# name snapshots take locks there that sleep, which shows only when another task has
# them just then ("scheduling while atomic" in task_newtask's probe, on 6.12-rt).

# shellcheck source=tests/lib/tap.sh
. "$TAP"
objects=$TOP/build/modules/$RELEASE/kmod

for name in message wpp etw-write kernel-lifetime kernel-process kernel-scheduler kernel-interrupt \
	kernel-fault kernel-syscall kernel-text; do
	check "$name was built" test -s "$objects/$name.o"
	is "$name: nothing that allocates or frees, no snapshot of names" \
		"$(nm -u "$objects/$name.o" | grep -E ' (__)?(kmalloc|kmem_cache|kfree|take_dentry)')" ""
done
