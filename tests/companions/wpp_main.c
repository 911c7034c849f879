// SPDX-License-Identifier: GPL-2.0-only
/*
 * The WPP companion: traces what is written to its parameter "run", and prints
 * what the decoder has to make of it to the kernel log.
 */
#define pr_fmt(fmt)	"wpp: " fmt

#include "wpp_trace.h"
#include "compat.h"

#include <linux/irq_work.h>
#include <linux/smp.h>

/* A statement at each level, and at each flag of a control GUID that has them all. */
static void levels(void)
{
	TraceEvents(TRACE_LEVEL_CRITICAL, FLOW_ENTRY, "level critical");
	TraceEvents(TRACE_LEVEL_ERROR, FLOW_ENTRY, "level error");
	TraceEvents(TRACE_LEVEL_WARNING, FLOW_ENTRY, "level warning");
	TraceEvents(TRACE_LEVEL_INFORMATION, FLOW_ENTRY, "level information");
	TraceEvents(TRACE_LEVEL_VERBOSE, FLOW_ENTRY, "level verbose");
	TraceFlags(FLOW_CONTEXT, TRACE_LEVEL_ERROR, "flags first %d", 1);
	TraceIf(TRACE_LEVEL_ERROR, FLOW_ENTRY, 1 + 1 == 2, "condition %s", "true");
	TraceIf(TRACE_LEVEL_ERROR, FLOW_ENTRY, 1 + 1 == 3, "condition %s", "false");
}

static void flags(void)
{
	DoTraceMessage(MANY_01, "flag 01");
	DoTraceMessage(MANY_02, "flag 02");
	DoTraceMessage(MANY_16, "flag 16");
	DoTraceMessage(MANY_31, "flag 31");
	DoTraceMessage(MANY_32, "flag 32");
}

/* Side effects of arguments: of a statement that is off, and of one that is on. */
static void evaluation(void)
{
	int off = 0, on = 0;

	if (off == 0)
		DoTraceMessage(FLOW_OFF, "off %d %s", off++, ({ off++; "x"; }));
	else
		off = 100;
	DoTraceMessage(FLOW_ENTRY, "on %d %s %d", on++, ({ on++; "x"; }), ({ ++on; }));
	pr_info("evaluated off=%d on=%d\n", off, on);
}

/* ---- contexts --------------------------------------------------------------- */

static void on_irq_work(struct irq_work *work)
{
	DoTraceMessage(FLOW_CONTEXT, "context %s in_irq=%d", "irq", !!in_hardirq());
}

static void on_cpu(void *count)
{
	DoTraceMessage(FLOW_CONTEXT, "context %s in_irq=%d", "ipi", !!in_hardirq());
}

#ifdef COMPANION_HAS_NMI
static atomic_t nmis;

static int in_nmi_handler(unsigned int type, struct pt_regs *regs)
{
	if (!atomic_read(&nmis))
		return NMI_DONE;
	atomic_dec(&nmis);
	DoTraceMessage(FLOW_CONTEXT, "context %s in_nmi=%d", "nmi", !!in_nmi());
	return NMI_HANDLED;
}

static void nmi(void)
{
	unsigned long tries = 1 << 20;

	if (register_nmi_handler(NMI_LOCAL, in_nmi_handler, 0, "wpp"))
		return;
	atomic_set(&nmis, 1);
	companion_send_nmi(raw_smp_processor_id());
	while (atomic_read(&nmis) && --tries)
		cpu_relax();
	unregister_nmi_handler(NMI_LOCAL, "wpp");
}
#else
static void nmi(void)
{
}
#endif

static void contexts(void)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(on_irq_work);
	unsigned long flags;

	DoTraceMessage(FLOW_CONTEXT, "context %s", "process");
	preempt_disable();
	DoTraceMessage(FLOW_CONTEXT, "context %s", "preempt-off");
	preempt_enable();
	local_bh_disable();
	DoTraceMessage(FLOW_CONTEXT, "context %s in_softirq=%d", "softirq-off", !!in_softirq());
	local_bh_enable();
	local_irq_save(flags);
	DoTraceMessage(FLOW_CONTEXT, "context %s", "irqs-off");
	local_irq_restore(flags);
	irq_work_queue(&work);
	irq_work_sync(&work);
	on_each_cpu(on_cpu, NULL, 1);
	nmi();
}

/* ---- cost: the least of some rounds; the test prints it, nobody judges ---------- */

#define BENCH_LOOPS	20000u
#define BENCH_ROUNDS	10

#define MEASURE(name, statement)						\
do {										\
	u64 least = U64_MAX;							\
	unsigned int round, i;							\
										\
	for (round = 0; round < BENCH_ROUNDS; round++) {			\
		u64 start = ktime_get_ns();					\
										\
		for (i = 0; i < BENCH_LOOPS; i++)				\
			statement;						\
		least = min(least, ktime_get_ns() - start);			\
	}									\
	pr_info("bench %s %llu ps\n", name, least * 1000 / BENCH_LOOPS);		\
} while (0)

static void bench(void)
{
	static const GUID guid = { 1 };
	TRACEHANDLE handle = WPP_CONTROL(WPP_BIT_FLOW_BENCH).Logger;
	int value = 7;

	MEASURE("off", DoTraceMessage(FLOW_OFF, "off %d", value));
	MEASURE("one-int", DoTraceMessage(FLOW_BENCH, "one %d", value));
	MEASURE("WmiTraceMessage-one-int",
		WmiTraceMessage(handle, WPP_TRACE_OPTIONS, &guid, 10, &value, sizeof(value), NULL, 0));
	MEASURE("four-mixed", DoTraceMessage(FLOW_BENCH, "four %d %s %llu %p", value, "text", 1ull,
					     (void *)&value));
}

/* ---- the parameter ---------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*run)(void);
} runs[] = {
	{ "types", wpp_types }, { "record", wpp_record }, { "levels", levels }, { "flags", flags },
	{ "evaluation", evaluation }, { "contexts", contexts }, { "bench", bench },
};

static int set_run(const char *value, const struct kernel_param *param)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(runs); i++) {
		if (sysfs_streq(value, runs[i].name)) {
			runs[i].run();
			return 0;
		}
	}
	return -EINVAL;
}

static const struct kernel_param_ops run_ops = { .set = set_run };
module_param_cb(run, &run_ops, NULL, 0200);
MODULE_PARM_DESC(run, "what to trace: types, record, levels, flags, evaluation, contexts, bench");

static int __init wpp_init(void)
{
	NTSTATUS status = WPP_INIT_TRACING(NULL, NULL);

	if (!NT_SUCCESS(status)) {
		pr_err("cannot register the control GUIDs: %#x\n", status);
		return -EINVAL;
	}
	DoTraceMessage(FLOW_ENTRY, "loaded");
	return 0;
}
module_init(wpp_init);

static void __exit wpp_exit(void)
{
	DoTraceMessage(FLOW_ENTRY, "unloading");
	WPP_CLEANUP(NULL);
}
module_exit(wpp_exit);

MODULE_DESCRIPTION("wmitrace: WPP statements of every kind");
MODULE_VERSION("1");
MODULE_LICENSE("GPL");
