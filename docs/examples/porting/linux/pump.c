// SPDX-License-Identifier: GPL-2.0-or-later
/* A pump: some strokes when it is loaded, then it runs dry. */
#include <linux/module.h>

#include "trace.h"

#define STROKES	5

static VOID PumpRun(VOID)
{
	static const CHAR Why[] = "no water";
	ULONG Stroke;

	for (Stroke = 1; Stroke <= STROKES; Stroke++)
		PumpTraceStroke(Stroke, 250 * Stroke);
	PumpTrace(PUMP_STATE, TRACE_LEVEL_WARNING, MSG_DRY, Why, sizeof(Why));
}

static void __exit PumpUnload(void)
{
	ULONG Strokes = STROKES;

	PumpTrace(PUMP_STATE, TRACE_LEVEL_INFORMATION, MSG_STOPPED, &Strokes, sizeof(Strokes));
	PumpTraceStop();
}

static int __init DriverEntry(void)
{
	NTSTATUS Status = PumpTraceStart();
	ULONG Version = 3;

	if (!NT_SUCCESS(Status))
		return -EIO;
	PumpTrace(PUMP_STATE, TRACE_LEVEL_INFORMATION, MSG_STARTED, &Version, sizeof(Version));
	PumpRun();
	return 0;
}

module_init(DriverEntry);
module_exit(PumpUnload);
MODULE_DESCRIPTION("The porting example of docs/porting.md");
MODULE_LICENSE("GPL");
