// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace.h"

/* {c0ffee00-9a31-4b6c-8f0e-3d5b7a9c1e01} */
static const GUID PumpControlGuid =
	{ 0xc0ffee00, 0x9a31, 0x4b6c, { 0x8f, 0x0e, 0x3d, 0x5b, 0x7a, 0x9c, 0x1e, 0x01 } };
/* {c0ffee00-9a31-4b6c-8f0e-3d5b7a9c1e02} */
static const GUID PumpStrokeGuid =
	{ 0xc0ffee00, 0x9a31, 0x4b6c, { 0x8f, 0x0e, 0x3d, 0x5b, 0x7a, 0x9c, 0x1e, 0x02 } };
/* {c0ffee00-9a31-4b6c-8f0e-3d5b7a9c1e03} */
const GUID PumpMessageGuid =
	{ 0xc0ffee00, 0x9a31, 0x4b6c, { 0x8f, 0x0e, 0x3d, 0x5b, 0x7a, 0x9c, 0x1e, 0x03 } };

TRACEHANDLE PumpLogger;
static ULONG PumpFlags;
static ULONG PumpLevel;

typedef struct _PUMP_PROVIDER {
	/* Has to be first. */
	NTSTATUS (*Callback)(UCHAR MinorFunction, PVOID DataPath, ULONG BufferLength, PVOID Buffer,
			     PVOID Context, PULONG Size);
} PUMP_PROVIDER;

static NTSTATUS PumpRegInfo(PWMIREGINFOW Info, ULONG BufferLength, PULONG Size)
{
	ULONG Needed = sizeof(WMIREGINFOW) + 2 * sizeof(WMIREGGUIDW);

	if (BufferLength < Needed) {
		*(PULONG)Info = Needed;
		*Size = sizeof(ULONG);
		return STATUS_BUFFER_TOO_SMALL;
	}
	RtlZeroMemory(Info, Needed);
	Info->BufferSize = Needed;
	Info->GuidCount = 2;
	Info->WmiRegGuid[0].Guid = PumpControlGuid;
	Info->WmiRegGuid[0].Flags = WMIREG_FLAG_TRACED_GUID | WMIREG_FLAG_TRACE_CONTROL_GUID;
	Info->WmiRegGuid[1].Guid = PumpStrokeGuid;
	Info->WmiRegGuid[1].Flags = WMIREG_FLAG_TRACED_GUID;
	*Size = Needed;
	return STATUS_SUCCESS;
}

static NTSTATUS PumpWmi(UCHAR MinorFunction, PVOID DataPath, ULONG BufferLength, PVOID Buffer,
			PVOID Context, PULONG Size)
{
	PWNODE_HEADER Wnode = (PWNODE_HEADER)Buffer;
	ULONG Length;

	UNREFERENCED_PARAMETER(Context);
	*Size = 0;
	switch (MinorFunction) {
	case IRP_MN_REGINFO:
		return PumpRegInfo((PWMIREGINFOW)Buffer, BufferLength, Size);
	case IRP_MN_ENABLE_EVENTS:
		if (!IsEqualGUID((LPCGUID)DataPath, &PumpControlGuid))
			return STATUS_WMI_GUID_NOT_FOUND;
		if (BufferLength < sizeof(WNODE_HEADER))
			return STATUS_INVALID_PARAMETER;
		WmiQueryTraceInformation(TraceEnableFlagsClass, &PumpFlags, sizeof(PumpFlags),
					 &Length, Wnode);
		WmiQueryTraceInformation(TraceEnableLevelClass, &PumpLevel, sizeof(PumpLevel),
					 &Length, Wnode);
		PumpLogger = Wnode->HistoricalContext;
		return STATUS_SUCCESS;
	case IRP_MN_DISABLE_EVENTS:
		PumpLogger = 0;
		return STATUS_SUCCESS;
	}
	return STATUS_INVALID_DEVICE_REQUEST;
}

static PUMP_PROVIDER PumpProvider = { PumpWmi };

NTSTATUS PumpTraceStart(VOID)
{
	return IoWMIRegistrationControl((PDEVICE_OBJECT)&PumpProvider,
					WMIREG_ACTION_REGISTER | WMIREG_FLAG_CALLBACK);
}

VOID PumpTraceStop(VOID)
{
	IoWMIRegistrationControl((PDEVICE_OBJECT)&PumpProvider,
				 WMIREG_ACTION_DEREGISTER | WMIREG_FLAG_CALLBACK);
}

BOOLEAN PumpTraceWanted(ULONG Flag, UCHAR Level)
{
	return PumpLogger && (PumpFlags & Flag) && Level <= PumpLevel;
}

/* An event with two parts of payload, from the stack. */
VOID PumpTraceStroke(ULONG Stroke, ULONG Millilitres)
{
	struct {
		EVENT_TRACE_HEADER Header;
		MOF_FIELD Field[2];
	} Event;

	if (!PumpTraceWanted(PUMP_STROKE, TRACE_LEVEL_VERBOSE))
		return;
	RtlZeroMemory(&Event, sizeof(Event));
	Event.Header.Size = sizeof(Event);
	Event.Header.Flags = WNODE_FLAG_TRACED_GUID | WNODE_FLAG_USE_MOF_PTR;
	Event.Header.Guid = PumpStrokeGuid;
	Event.Header.Class.Type = EVENT_TRACE_TYPE_INFO;
	Event.Header.Class.Level = TRACE_LEVEL_VERBOSE;
	((PWNODE_HEADER)&Event)->HistoricalContext = PumpLogger;
	Event.Field[0].DataPtr = (ULONG64)(ULONG_PTR)&Stroke;
	Event.Field[0].Length = sizeof(Stroke);
	Event.Field[1].DataPtr = (ULONG64)(ULONG_PTR)&Millilitres;
	Event.Field[1].Length = sizeof(Millilitres);
	IoWMIWriteEvent(&Event);
}
