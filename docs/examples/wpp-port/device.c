// SPDX-License-Identifier: GPL-2.0-or-later
#include "driver.h"
#include "device.tmh"

NTSTATUS KettleCreate(struct kettle *Device, ULONG Id)
{
	static const GUID GUID_DEVINTERFACE_KETTLE = {
		0x9f0c8c52, 0x1d43, 0x4b7d, { 0x86, 0x1e, 0x3a, 0x7f, 0x5c, 0x21, 0x00, 0x42 }
	};
	static const WCHAR Name[] = { 'K', 'e', 't', 't', 'l', 'e', 0 };
	BOOLEAN Powered = TRUE;

	TraceEvents(TRACE_LEVEL_VERBOSE, TRACE_DEVICE, "%!FUNC! Entry (Device=%p)", Device);
	Device->Id = Id;
	Device->Temperature = 20;
	Device->Interface = GUID_DEVINTERFACE_KETTLE;
	RtlCopyMemory(Device->Name, Name, sizeof(Name));
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DEVICE,
		    "Device %!GUID! '%ws' id 0x%08X, powered: %!bool!",
		    &Device->Interface, Device->Name, Device->Id, Powered);
	return STATUS_SUCCESS;
}

VOID KettleDestroy(struct kettle *Device)
{
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DEVICE,
		    "Device %d goes after %I64u requests, at %u degrees",
		    Device->Id, Device->Requests, Device->Temperature);
}
