// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts and what they put off: ISR and DPC (kernel-events 7.1, 7.2).
 *
 * A record is written when the handler returns, and says when it began.
 */
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <trace/events/irq.h>
#ifdef CONFIG_X86_LOCAL_APIC
#include <asm/trace/irq_vectors.h>
#endif

#include "kernel-address.h"
#include "kernel-interrupt.h"
#include "kernel-probes.h"
#include "kernel-record.h"

/* A handler that tells which of its lines is meant calls that one's handler. */
#define NESTED_MAX	4

/*
 * What runs on a CPU.
 * @began: of each handler that runs now, by depth
 * @softirq_began: 0: none runs
 */
struct running {
	u64 began[NESTED_MAX];
	unsigned int depth;
	u64 softirq_began;
};

static DEFINE_PER_CPU(struct running, running);

/* Before the probes that @flags ask for are attached. */
void wt_interrupts_reset(u32 flags)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct running *r = per_cpu_ptr(&running, cpu);

		if (flags & EVENT_TRACE_FLAG_INTERRUPT)
			r->depth = 0;
		if (flags & EVENT_TRACE_FLAG_DPC)
			r->softirq_began = 0;
	}
}

static u64 now(struct wt_logger *l)
{
	return wt_time(l, this_cpu_ptr(l->cpus));
}

/* ---- interrupts */

static void begin(void)
{
	struct wt_logger *l = wt_kernel_enter();
	struct running *r;

	if (!l)
		return;
	r = this_cpu_ptr(&running);
	if (r->depth < NESTED_MAX)
		r->began[r->depth] = now(l);
	r->depth++;
	wt_writer_exit();
}

static void log_isr(struct wt_logger *l, u64 began, const void *routine, int vector, bool claimed)
{
	struct wt_record r;
	struct etl_isr *isr = wt_perfinfo(l, ETL_HOOK_ISR, 2, sizeof(*isr), &r);

	if (!isr)
		return;
	*isr = (struct etl_isr){
		.initial_time = cpu_to_le64(began),
		.routine = cpu_to_le64(wt_routine(routine)),
		.claimed = claimed,
		.vector = cpu_to_le16(vector),
	};
	wt_commit(&r);
}

/* Handlers whose beginning was not seen, or that are nested too deeply, are left out. */
static void end(const void *routine, int vector, bool claimed)
{
	struct wt_logger *l = wt_kernel_enter();
	struct running *r;

	if (!l)
		return;
	r = this_cpu_ptr(&running);
	if (r->depth && --r->depth < NESTED_MAX)
		log_isr(l, r->began[r->depth], routine, vector, claimed);
	wt_writer_exit();
}

static void probe_irq_handler_entry(void *data, int irq, struct irqaction *action)
{
	begin();
}

static void probe_irq_handler_exit(void *data, int irq, struct irqaction *action, int ret)
{
	end(action->handler, irq, ret != IRQ_NONE);
}

#ifdef CONFIG_X86_LOCAL_APIC

/* Vectors of the system's own have no action: the routine names them. */
#define VECTOR(_name)									\
	WT_ROUTINE(vector_##_name)							\
	static void probe_##_name##_entry(void *data, int vector)			\
	{										\
		begin();								\
	}										\
	static void probe_##_name##_exit(void *data, int vector)			\
	{										\
		end(vector_##_name, vector, true);					\
	}

VECTOR(local_timer)
VECTOR(spurious_apic)
VECTOR(error_apic)
VECTOR(x86_platform_ipi)
#ifdef CONFIG_IRQ_WORK
VECTOR(irq_work)
#endif
#ifdef CONFIG_SMP
VECTOR(reschedule)
VECTOR(call_function)
VECTOR(call_function_single)
#endif
#ifdef CONFIG_X86_MCE_THRESHOLD
VECTOR(threshold_apic)
#endif
#ifdef CONFIG_X86_THERMAL_VECTOR
VECTOR(thermal_apic)
#endif

#endif

/* ---- what is put off */

WT_ROUTINE(softirq_HI)
WT_ROUTINE(softirq_TIMER)
WT_ROUTINE(softirq_NET_TX)
WT_ROUTINE(softirq_NET_RX)
WT_ROUTINE(softirq_BLOCK)
WT_ROUTINE(softirq_IRQ_POLL)
WT_ROUTINE(softirq_TASKLET)
WT_ROUTINE(softirq_SCHED)
WT_ROUTINE(softirq_HRTIMER)
WT_ROUTINE(softirq_RCU)

static void (*const softirqs[NR_SOFTIRQS])(void) = {
	[HI_SOFTIRQ] = softirq_HI,
	[TIMER_SOFTIRQ] = softirq_TIMER,
	[NET_TX_SOFTIRQ] = softirq_NET_TX,
	[NET_RX_SOFTIRQ] = softirq_NET_RX,
	[BLOCK_SOFTIRQ] = softirq_BLOCK,
	[IRQ_POLL_SOFTIRQ] = softirq_IRQ_POLL,
	[TASKLET_SOFTIRQ] = softirq_TASKLET,
	[SCHED_SOFTIRQ] = softirq_SCHED,
	[HRTIMER_SOFTIRQ] = softirq_HRTIMER,
	[RCU_SOFTIRQ] = softirq_RCU,
};

static bool in_softirq_thread(void)
{
	return (current->flags & PF_KTHREAD) && !strncmp(current->comm, "ksoftirqd/", 10);
}

static u16 dpc_hook(unsigned int vec)
{
	if (in_softirq_thread())
		return ETL_HOOK_THREADED_DPC;
	if (vec == TIMER_SOFTIRQ || vec == HRTIMER_SOFTIRQ)
		return ETL_HOOK_TIMER_DPC;
	return ETL_HOOK_DPC;
}

static void probe_softirq_entry(void *data, unsigned int vec)
{
	struct wt_logger *l = wt_kernel_enter();

	if (!l)
		return;
	this_cpu_write(running.softirq_began, now(l));
	wt_writer_exit();
}

static void probe_softirq_exit(void *data, unsigned int vec)
{
	struct wt_logger *l = wt_kernel_enter();
	struct etl_dpc *dpc;
	struct wt_record r;
	u64 began;

	if (!l)
		return;
	began = this_cpu_xchg(running.softirq_began, 0);
	if (!began || vec >= NR_SOFTIRQS)
		goto out;
	dpc = wt_perfinfo(l, dpc_hook(vec), 2, sizeof(*dpc), &r);
	if (!dpc)
		goto out;
	*dpc = (struct etl_dpc){
		.initial_time = cpu_to_le64(began),
		.routine = cpu_to_le64(wt_routine(softirqs[vec])),
	};
	wt_commit(&r);
out:
	wt_writer_exit();
}

/* Ends first: a beginning that is seen has an end that is seen. */
struct wt_probe wt_interrupt_probes[] = {
	WT_PROBE(irq_handler_exit, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(irq_handler_entry, EVENT_TRACE_FLAG_INTERRUPT),
#ifdef CONFIG_X86_LOCAL_APIC
	WT_PROBE(local_timer_exit, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(local_timer_entry, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(spurious_apic_exit, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(spurious_apic_entry, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(error_apic_exit, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(error_apic_entry, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(x86_platform_ipi_exit, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(x86_platform_ipi_entry, EVENT_TRACE_FLAG_INTERRUPT),
#ifdef CONFIG_IRQ_WORK
	WT_PROBE(irq_work_exit, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(irq_work_entry, EVENT_TRACE_FLAG_INTERRUPT),
#endif
#ifdef CONFIG_SMP
	WT_PROBE(reschedule_exit, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(reschedule_entry, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(call_function_exit, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(call_function_entry, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(call_function_single_exit, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(call_function_single_entry, EVENT_TRACE_FLAG_INTERRUPT),
#endif
#ifdef CONFIG_X86_MCE_THRESHOLD
	WT_PROBE(threshold_apic_exit, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(threshold_apic_entry, EVENT_TRACE_FLAG_INTERRUPT),
#endif
#ifdef CONFIG_X86_THERMAL_VECTOR
	WT_PROBE(thermal_apic_exit, EVENT_TRACE_FLAG_INTERRUPT),
	WT_PROBE(thermal_apic_entry, EVENT_TRACE_FLAG_INTERRUPT),
#endif
#endif
	WT_PROBE(softirq_exit, EVENT_TRACE_FLAG_DPC),
	WT_PROBE(softirq_entry, EVENT_TRACE_FLAG_DPC),
	{ }
};
