// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls: SysCallEnter and SysCallExit (kernel-events 7.8).
 *
 * Where a call's routine is no module can know.  The address stands for its
 * number: system_call + number; the number alone where addresses are hidden.
 * Arguments and number as fields: the bridge has them.
 */
#include <linux/ptrace.h>
#include <trace/events/syscalls.h>

#include "kernel-address.h"
#include "kernel-probes.h"
#include "kernel-record.h"

#define NUMBERS		1024	/* more than any 64-bit architecture has */

/* A byte for each number, never executed. */
static noinline void system_call(void)
{
	asm volatile(".skip " __stringify(NUMBERS) ", 0x90");
}

static void probe_sys_enter(void *data, struct pt_regs *regs, long id)
{
	struct wt_logger *l = wt_kernel_enter();
	struct etl_syscall_enter *enter;
	struct wt_record r;

	if (!l)
		return;
	enter = wt_perfinfo(l, ETL_HOOK_SYSCALL_ENTER, 2, sizeof(*enter), &r);
	if (enter) {
		enter->address = cpu_to_le64(wt_routine(system_call) + (id & (NUMBERS - 1)));
		wt_commit(&r);
	}
	wt_writer_exit();
}

static void probe_sys_exit(void *data, struct pt_regs *regs, long ret)
{
	struct wt_logger *l = wt_kernel_enter();
	struct etl_syscall_exit *exit;
	struct wt_record r;

	if (!l)
		return;
	exit = wt_perfinfo(l, ETL_HOOK_SYSCALL_EXIT, 2, sizeof(*exit), &r);
	if (exit) {
		exit->status = cpu_to_le32(ret);
		wt_commit(&r);
	}
	wt_writer_exit();
}

struct wt_probe wt_syscall_probes[] = {
	WT_PROBE(sys_exit, EVENT_TRACE_FLAG_SYSTEMCALL),
	WT_PROBE(sys_enter, EVENT_TRACE_FLAG_SYSTEMCALL),
	{ }
};
