// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fires trace events of all types of fields: writing N to the parameter `fire`
 * fires each N times, from several contexts.
 */
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#define CREATE_TRACE_POINTS
#include "trace_types.h"

static const char *const texts[] = {
	"", "a", "sixteen bytes ab", "more than sixteen bytes, so cut in an array",
	"with = and \"quotes\"", "gr\xc3\xbc\xc3\x9f",
};

static void fire_one(u32 n)
{
	const char *text = texts[n % ARRAY_SIZE(texts)];

	trace_wt_scalars(n, text);
	trace_wt_arrays(n, text);
	trace_wt_dynamic(n, text);
	trace_wt_relative(n, text);
}

static u32 in_interrupt_number;

static void in_interrupt_context(struct irq_work *work)
{
	fire_one(in_interrupt_number);
}

static DEFINE_IRQ_WORK(interrupt, in_interrupt_context);

static int fire(const char *value, const struct kernel_param *param)
{
	u32 count, n;
	int ret = kstrtou32(value, 0, &count);

	for (n = 0; !ret && n < count; n++) {
		if (n % 4 != 3) {
			fire_one(n);
			continue;
		}
		in_interrupt_number = n;
		irq_work_queue(&interrupt);
		irq_work_sync(&interrupt);
	}
	return ret;
}

static const struct kernel_param_ops fire_ops = { .set = fire };
module_param_cb(fire, &fire_ops, NULL, 0200);

static int __init trace_types_init(void)
{
	return 0;
}

static void __exit trace_types_exit(void)
{
	irq_work_sync(&interrupt);
}

module_init(trace_types_init);
module_exit(trace_types_exit);
MODULE_DESCRIPTION("Trace events of all types, for tests of the bridge");
MODULE_LICENSE("GPL");
