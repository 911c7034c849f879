// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver in callback style: what WPP generates for one control GUID, written
 * out.  driver.h says what all four drivers log.
 */
#include <wmitrace/iowmi.h>
#include <wmitrace/wmitrace.h>

#include "driver.h"

typedef struct _WPP_TRACE_CONTROL_BLOCK {
	WMI_DISPATCH *Callback;		/* has to be first */
	LPCGUID ControlGuid;
	struct _WPP_TRACE_CONTROL_BLOCK *Next;
	LONG64 Logger;
	PUNICODE_STRING RegistryPath;
	UCHAR FlagsLen;
	UCHAR Level;
	USHORT Reserved;
	ULONG Flags[1];
} WPP_TRACE_CONTROL_BLOCK, *PWPP_TRACE_CONTROL_BLOCK;

/* d1000000-0001-4000-8000-000000000001 */
static const GUID WPP_ThisDir_CTLGUID_Driver =
	{ 0xd1000000, 0x0001, 0x4000, { 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01 } };

/* d1000000-0001-4000-8000-00000000ffff: the class of the file's messages */
static const GUID WPP_driver_c_Traceguids =
	{ 0xd1000000, 0x0001, 0x4000, { 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff } };

static WMI_DISPATCH WppTraceCallback;

static WPP_TRACE_CONTROL_BLOCK WPP_MAIN_CB = {
	.Callback = WppTraceCallback,
	.ControlGuid = &WPP_ThisDir_CTLGUID_Driver,
	.FlagsLen = 1,
};

static NTSTATUS WppTraceCallback(UCHAR MinorFunction, PVOID DataPath, ULONG BufferLength,
				 PVOID Buffer, PVOID Context, PULONG Size)
{
	PWPP_TRACE_CONTROL_BLOCK cb = Context;
	PWMIREGINFOW WmiRegInfo = Buffer;
	PWNODE_HEADER Wnode = Buffer;
	ULONG Needed = sizeof(WMIREGINFOW) + sizeof(WMIREGGUIDW);
	ULONG ReturnLength, Level;

	*Size = 0;
	switch (MinorFunction) {
	case IRP_MN_REGINFO:
		if (BufferLength < Needed) {
			*(PULONG)Buffer = Needed;
			*Size = sizeof(ULONG);
			return STATUS_SUCCESS;
		}
		WmiRegInfo->BufferSize = Needed;
		WmiRegInfo->GuidCount = 1;
		WmiRegInfo->WmiRegGuid[0].Guid = *cb->ControlGuid;
		WmiRegInfo->WmiRegGuid[0].Flags = WMIREG_FLAG_TRACE_CONTROL_GUID |
						  WMIREG_FLAG_TRACED_GUID;
		*Size = Needed;
		return STATUS_SUCCESS;
	case IRP_MN_ENABLE_EVENTS:
	case IRP_MN_DISABLE_EVENTS:
		if (!IsEqualGUID((LPCGUID)DataPath, cb->ControlGuid))
			return STATUS_WMI_GUID_NOT_FOUND;
		if (BufferLength < sizeof(WNODE_HEADER))
			return STATUS_INVALID_PARAMETER;
		if (MinorFunction == IRP_MN_DISABLE_EVENTS) {
			cb->Level = 0;
			cb->Flags[0] = 0;
			cb->Logger = 0;
			return STATUS_SUCCESS;
		}
		cb->Logger = Wnode->HistoricalContext;
		WmiQueryTraceInformation(TraceEnableLevelClass, &Level, sizeof(Level),
					 &ReturnLength, Wnode);
		cb->Level = (UCHAR)Level;
		return WmiQueryTraceInformation(TraceEnableFlagsClass, &cb->Flags[0],
						sizeof(cb->Flags[0]), &ReturnLength, Wnode);
	}
	return STATUS_INVALID_DEVICE_REQUEST;
}

/* The call that WPP generates for DoTraceMessage: it ends in a bare 0. */
#define WPP_SF(number, facts)							\
	WmiTraceMessage((TRACEHANDLE)WPP_MAIN_CB.Logger, 43, &WPP_driver_c_Traceguids,	\
			(number), (facts), (SIZE_T)sizeof(*(facts)), 0)

void driver_log(u16 number)
{
	struct driver_facts facts;

	if (WPP_MAIN_CB.Logger && (WPP_MAIN_CB.Flags[0] & 1) &&
	    WPP_MAIN_CB.Level >= TRACE_LEVEL_INFORMATION) {
		driver_fill(&facts, number);
		WPP_SF(number, &facts);
	}
}

/* What WPP generates with WPP_GLOBALLOGGER: that session calls nobody, who wants it looks for it. */
static void WppInitGlobalLogger(void)
{
	TRACEHANDLE Logger;
	ULONG ReturnLength;

	if (WPP_MAIN_CB.Logger ||
	    !NT_SUCCESS(WmiQueryTraceInformation(GlobalLoggerHandleClass, &Logger, sizeof(Logger),
						 &ReturnLength, NULL)))
		return;
	WPP_MAIN_CB.Logger = Logger;
	WPP_MAIN_CB.Level = TRACE_LEVEL_VERBOSE;
	WPP_MAIN_CB.Flags[0] = 0x7fffffff;
}

int driver_entry(void)
{
	NTSTATUS Status = IoWMIRegistrationControl((PDEVICE_OBJECT)&WPP_MAIN_CB,
						   WMIREG_ACTION_REGISTER | WMIREG_FLAG_CALLBACK |
						   WMIREG_FLAG_TRACE_PROVIDER);

	if (!NT_SUCCESS(Status))
		return -EINVAL;
	WppInitGlobalLogger();
	return 0;
}

void driver_unload(void)
{
	IoWMIRegistrationControl((PDEVICE_OBJECT)&WPP_MAIN_CB,
				 WMIREG_ACTION_DEREGISTER | WMIREG_FLAG_CALLBACK);
}

DRIVER_MODULE("callback style, as WPP generates it");
