// SPDX-License-Identifier: GPL-2.0-or-later
/* A pump: some strokes when it is loaded, then it runs dry. */
#include "trace.h"

#define STROKES	5

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD PumpUnload;

static VOID PumpRun(VOID)
{
	static const CHAR Why[] = "no water";
	ULONG Stroke;

	for (Stroke = 1; Stroke <= STROKES; Stroke++)
		PumpTraceStroke(Stroke, 250 * Stroke);
	PumpTrace(PUMP_STATE, TRACE_LEVEL_WARNING, MSG_DRY, Why, sizeof(Why));
}

VOID PumpUnload(PDRIVER_OBJECT DriverObject)
{
	ULONG Strokes = STROKES;

	UNREFERENCED_PARAMETER(DriverObject);
	PumpTrace(PUMP_STATE, TRACE_LEVEL_INFORMATION, MSG_STOPPED, &Strokes, sizeof(Strokes));
	PumpTraceStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	NTSTATUS Status = PumpTraceStart();
	ULONG Version = 3;

	UNREFERENCED_PARAMETER(RegistryPath);
	if (!NT_SUCCESS(Status))
		return Status;
	DriverObject->DriverUnload = PumpUnload;
	PumpTrace(PUMP_STATE, TRACE_LEVEL_INFORMATION, MSG_STARTED, &Version, sizeof(Version));
	PumpRun();
	return STATUS_SUCCESS;
}
