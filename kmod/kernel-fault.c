// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page faults (kernel-events 7.5).
 *
 * Told of before they are handled, so the kind is what the CPU knows of it.
 */
#include <linux/percpu.h>
#include <linux/ptrace.h>

#include "compat.h"
#include "kernel-address.h"
#include "kernel-probes.h"
#include "kernel-record.h"

#ifdef CONFIG_X86
#include <asm/trap_pf.h>
#include WT_EXCEPTIONS_HEADER

static u16 fault_hook(unsigned long error_code)
{
	if (!(error_code & X86_PF_WRITE))
		return ETL_HOOK_FAULT_TRANSITION;
	return error_code & X86_PF_PROT ? ETL_HOOK_FAULT_COPY_ON_WRITE :
					  ETL_HOOK_FAULT_DEMAND_ZERO;
}

static void log_fault(unsigned long address, struct pt_regs *regs, unsigned long error_code)
{
	struct wt_logger *l = wt_kernel_enter();
	struct etl_page_fault *fault;
	struct wt_record r;

	if (!l)
		return;
	fault = wt_perfinfo(l, fault_hook(error_code), 2, sizeof(*fault), &r);
	if (fault) {
		fault->address = cpu_to_le64(wt_address(address));
		fault->program_counter = cpu_to_le64(wt_address(instruction_pointer(regs)));
		wt_commit(&r);
	}
	wt_writer_exit();
}

static void probe_page_fault_user(void *data, unsigned long address, struct pt_regs *regs,
				  unsigned long error_code)
{
	log_fault(address, regs, error_code);
}

static void probe_page_fault_kernel(void *data, unsigned long address, struct pt_regs *regs,
				    unsigned long error_code)
{
	log_fault(address, regs, error_code);
}

struct wt_probe wt_fault_probes[] = {
	WT_PROBE(page_fault_user, EVENT_TRACE_FLAG_MEMORY_PAGE_FAULTS),
	WT_PROBE(page_fault_kernel, EVENT_TRACE_FLAG_MEMORY_PAGE_FAULTS),
	{ }
};

#else	/* what is in the error code is the architecture's affair */

struct wt_probe wt_fault_probes[] = {
	{ }
};

#endif
