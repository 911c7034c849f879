// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver author writes: a module that says when it comes, ticks and goes.
 *
 *	wmitrace start hello --file /tmp/hello.etl		prints the handle
 *	insmod example.ko handle=2; sleep 1; rmmod example
 *	wmitrace stop hello; wmitrace dump /tmp/hello.etl
 */
#include <linux/module.h>
#include <linux/workqueue.h>
#include <wmitrace/wmitrace.h>

#define FLAGS (TRACE_MESSAGE_SEQUENCE | TRACE_MESSAGE_GUID | TRACE_MESSAGE_TIMESTAMP | \
	       TRACE_MESSAGE_SYSTEMINFO)

enum { MSG_HELLO = 10, MSG_TICK = 11, MSG_BYE = 12 };

/* 5d3c1a70-7e0b-4c5e-9d4f-2b6a8c0e1357: the class of this module's messages */
static const GUID example_guid = {
	0x5d3c1a70, 0x7e0b, 0x4c5e, { 0x9d, 0x4f, 0x2b, 0x6a, 0x8c, 0x0e, 0x13, 0x57 }
};

static TRACEHANDLE handle;
module_param(handle, ullong, 0444);
MODULE_PARM_DESC(handle, "logger handle, as printed by wmitrace start");

static u32 ticks;
static void tick(struct work_struct *work);
static DECLARE_DELAYED_WORK(ticker, tick);

static void tick(struct work_struct *work)
{
	ticks++;
	WmiTraceMessage(handle, FLAGS, &example_guid, MSG_TICK, &ticks, sizeof(ticks), NULL, 0);
	schedule_delayed_work(&ticker, HZ / 10);
}

static int __init example_init(void)
{
	static const char text[] = "hello from a driver";
	NTSTATUS status;

	status = WmiTraceMessage(handle, FLAGS, &example_guid, MSG_HELLO,
				 text, sizeof(text), NULL, 0);
	if (!NT_SUCCESS(status)) {
		pr_err("example: nothing logs under handle %#llx (status %#x): start a session, pass handle=\n",
		       handle, status);
		return -EINVAL;
	}
	schedule_delayed_work(&ticker, 0);
	return 0;
}
module_init(example_init);

static void __exit example_exit(void)
{
	EVENT_TRACE_HEADER event = {
		.Size = sizeof(event),
		.Class.Type = MSG_BYE,
		.Guid = example_guid,
		.Flags = WNODE_FLAG_TRACED_GUID,
	};

	cancel_delayed_work_sync(&ticker);
	((PWNODE_HEADER)&event)->HistoricalContext = handle;
	IoWMIWriteEvent(&event);
}
module_exit(example_exit);

MODULE_DESCRIPTION("wmitrace: the smallest module that traces");
MODULE_LICENSE("GPL");
