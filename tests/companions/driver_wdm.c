// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver in WDM style: a device object, an IRP_MJ_SYSTEM_CONTROL routine and
 * the WMI library; events through IoWMIWriteEvent from the stack, and one for
 * consumers through WmiFireEvent.
 */
#include <wmitrace/iowmi.h>
#include <wmitrace/wmilib.h>
#include <wmitrace/wmitrace.h>

#include "driver.h"

typedef struct _DEVICE_EXTENSION {
	TRACEHANDLE TraceHandle;
	BOOLEAN EventEnabled;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

/* d1000000-0002-4000-8000-000000000001 */
static const GUID DriverControlGuid =
	{ 0xd1000000, 0x0002, 0x4000, { 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01 } };

/* d1000000-0002-4000-8000-000000000002: for consumers */
static const GUID DriverEventGuid =
	{ 0xd1000000, 0x0002, 0x4000, { 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02 } };

/* d1000000-0002-4000-8000-00000000ffff: the class of its events */
static const GUID DriverClassGuid =
	{ 0xd1000000, 0x0002, 0x4000, { 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff } };

static WMIGUIDREGINFO DriverGuidList[] = {
	{ &DriverControlGuid, 0, WMIREG_FLAG_TRACE_CONTROL_GUID | WMIREG_FLAG_TRACED_GUID },
	{ &DriverEventGuid, 1, WMIREG_FLAG_EVENT_ONLY_GUID },
};

#define POOL_TAG	0x57646d57	/* 'WmdW' */

static NTSTATUS DriverQueryRegInfo(PDEVICE_OBJECT DeviceObject, PULONG RegFlags,
				   PUNICODE_STRING InstanceName, PUNICODE_STRING *RegistryPath,
				   PUNICODE_STRING MofResourceName, PDEVICE_OBJECT *Pdo)
{
	static UNICODE_STRING Path = { 12, 14, (PWSTR)L"driver" };
	static const WCHAR Name[] = L"wdm";

	*RegistryPath = &Path;
	*RegFlags = WMIREG_FLAG_INSTANCE_BASENAME;
	InstanceName->Buffer = ExAllocatePoolWithTag(PagedPool, sizeof(Name), POOL_TAG);
	if (!InstanceName->Buffer)
		return STATUS_INSUFFICIENT_RESOURCES;
	RtlCopyMemory(InstanceName->Buffer, Name, sizeof(Name));
	InstanceName->Length = sizeof(Name) - sizeof(WCHAR);
	InstanceName->MaximumLength = sizeof(Name);
	return STATUS_SUCCESS;
}

static NTSTATUS DriverQueryDataBlock(PDEVICE_OBJECT DeviceObject, PIRP Irp, ULONG GuidIndex,
				     ULONG InstanceIndex, ULONG InstanceCount,
				     PULONG InstanceLengthArray, ULONG BufferAvail, PUCHAR Buffer)
{
	return WmiCompleteRequest(DeviceObject, Irp, STATUS_WMI_GUID_NOT_FOUND, 0,
				  IO_NO_INCREMENT);
}

/* The trace handle comes with the request. */
static NTSTATUS DriverFunctionControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, ULONG GuidIndex,
				      WMIENABLEDISABLECONTROL Function, BOOLEAN Enable)
{
	PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
	PIO_STACK_LOCATION IrpSp = IoGetCurrentIrpStackLocation(Irp);
	PWNODE_HEADER Wnode = IrpSp->Parameters.WMI.Buffer;

	if (Function == WmiEventControl) {
		if (Wnode->Flags & WNODE_FLAG_TRACED_GUID)
			WRITE_ONCE(Extension->TraceHandle, Enable ? Wnode->HistoricalContext : 0);
		else
			WRITE_ONCE(Extension->EventEnabled, Enable);
	}
	return WmiCompleteRequest(DeviceObject, Irp, STATUS_SUCCESS, 0, IO_NO_INCREMENT);
}

static WMILIB_CONTEXT DriverWmiLib = {
	ARRAY_SIZE(DriverGuidList),
	DriverGuidList,
	DriverQueryRegInfo,
	DriverQueryDataBlock,
	NULL,
	NULL,
	NULL,
	DriverFunctionControl
};

static NTSTATUS DriverSystemControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	SYSCTL_IRP_DISPOSITION Disposition;
	NTSTATUS Status;

	Status = WmiSystemControl(&DriverWmiLib, DeviceObject, Irp, &Disposition);
	switch (Disposition) {
	case IrpProcessed:
		break;
	case IrpNotCompleted:
		IoCompleteRequest(Irp, IO_NO_INCREMENT);
		break;
	case IrpForward:
	case IrpNotWmi:
	default:
		IoSkipCurrentIrpStackLocation(Irp);
		Status = IoCallDriver(NULL, Irp);
		break;
	}
	return Status;
}

static DEVICE_EXTENSION Extension;
static DEVICE_OBJECT Device = WMI_IRP_PROVIDER_INIT("wdm driver", DriverSystemControl, &Extension);

static void log_event(u16 number)
{
	struct {
		EVENT_TRACE_HEADER Header;
		struct driver_facts Data;
	} Event;
	PWNODE_HEADER Wnode = (PWNODE_HEADER)&Event.Header;

	RtlZeroMemory(&Event, sizeof(Event));
	Event.Header.Size = sizeof(Event);
	Event.Header.Class.Type = 10;
	Event.Header.Class.Level = TRACE_LEVEL_INFORMATION;
	Event.Header.Class.Version = number;
	Event.Header.Guid = DriverClassGuid;
	Wnode->Flags = WNODE_FLAG_TRACED_GUID;
	Wnode->HistoricalContext = READ_ONCE(Extension.TraceHandle);
	driver_fill(&Event.Data, number);
	IoWMIWriteEvent(&Event);
}

static void fire_event(u16 number)
{
	struct driver_facts *Data = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Data), POOL_TAG);

	if (Data) {
		driver_fill(Data, number);
		WmiFireEvent(&Device, &DriverEventGuid, 0, sizeof(*Data), Data);
	}
}

void driver_log(u16 number)
{
	if (READ_ONCE(Extension.TraceHandle))
		log_event(number);
	if (READ_ONCE(Extension.EventEnabled))
		fire_event(number);
}

int driver_entry(void)
{
	return NT_SUCCESS(IoWMIRegistrationControl(&Device, WMIREG_ACTION_REGISTER)) ? 0 : -EINVAL;
}

void driver_unload(void)
{
	IoWMIRegistrationControl(&Device, WMIREG_ACTION_DEREGISTER);
}

DRIVER_MODULE("WDM style, with the WMI library");
