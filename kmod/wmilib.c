// SPDX-License-Identifier: GPL-2.0-only
/*
 * The WMI library: WmiSystemControl takes a driver's IRP_MJ_SYSTEM_CONTROL
 * requests apart and calls the routines of its WMILIB_CONTEXT, which answer
 * through WmiCompleteRequest (wmi-api section 11); and WmiFireEvent (9.4).
 */
#include <linux/align.h>
#include <linux/export.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "wmitrace/iowmi.h"
#include "wmitrace/wmilib.h"
#include "wmitrace/wmitrace.h"

/* ---- REGINFO ------------------------------------------------------------ */

/* What QueryWmiRegInfo said. */
struct registration {
	ULONG flags;
	UNICODE_STRING instance;
	PUNICODE_STRING path;
	UNICODE_STRING mof;
	PDEVICE_OBJECT pdo;
};

static u32 counted_size(const UNICODE_STRING *s)
{
	return s && s->Buffer ? sizeof(u16) + s->Length : 0;
}

/* Appends a counted string at *@at; returns its offset, 0 for none. */
static u32 put_counted(u8 *info, u32 *at, const UNICODE_STRING *s)
{
	u32 offset = *at;

	if (!counted_size(s))
		return 0;
	memcpy(info + offset, &s->Length, sizeof(s->Length));
	memcpy(info + offset + sizeof(s->Length), s->Buffer, s->Length);
	*at += counted_size(s);
	return offset;
}

static void put_guids(const WMILIB_CONTEXT *lib, const struct registration *r, WMIREGINFOW *info,
		      u32 name)
{
	u32 i;

	for (i = 0; i < lib->GuidCount; i++) {
		WMIREGGUIDW *to = &info->WmiRegGuid[i];

		to->Guid = *lib->GuidList[i].Guid;
		to->Flags = lib->GuidList[i].Flags | r->flags;	/* A163 */
		to->InstanceCount = lib->GuidList[i].InstanceCount;
		if (to->Flags & WMIREG_FLAG_INSTANCE_PDO)
			to->Pdo = (ULONG_PTR)r->pdo;
		else
			to->BaseNameOffset = name;
	}
}

static NTSTATUS put_reginfo(const WMILIB_CONTEXT *lib, const struct registration *r,
			    const IO_STACK_LOCATION *stack, ULONG_PTR *used)
{
	u32 at = sizeof(WMIREGINFOW) + lib->GuidCount * sizeof(WMIREGGUIDW);
	u32 size = at + counted_size(&r->instance) + counted_size(r->path) + counted_size(&r->mof);
	WMIREGINFOW *info = stack->Parameters.WMI.Buffer;
	u32 name;

	if (r->flags & WMIREG_FLAG_INSTANCE_LIST)
		return STATUS_INVALID_PARAMETER;
	if (stack->Parameters.WMI.BufferSize < size) {
		*(u32 *)info = size;
		*used = sizeof(u32);
		return STATUS_BUFFER_TOO_SMALL;
	}
	name = put_counted((u8 *)info, &at, &r->instance);
	put_guids(lib, r, info, name);
	info->RegistryPath = put_counted((u8 *)info, &at, r->path);
	info->MofResourceName = put_counted((u8 *)info, &at, &r->mof);
	info->BufferSize = size;
	info->GuidCount = lib->GuidCount;
	*used = size;
	return STATUS_SUCCESS;
}

static NTSTATUS query_reginfo(const WMILIB_CONTEXT *lib, PDEVICE_OBJECT device, PIRP irp)
{
	struct registration r = { };
	NTSTATUS status;

	status = lib->QueryWmiRegInfo(device, &r.flags, &r.instance, &r.path, &r.mof, &r.pdo);
	if (NT_SUCCESS(status))
		status = put_reginfo(lib, &r, IoGetCurrentIrpStackLocation(irp),
				     &irp->IoStatus.Information);
	kfree(r.instance.Buffer);	/* pool, and the library's now */
	return status;
}

/* ---- requests about a GUID ---------------------------------------------- */

/* The library answers itself: the driver only completes the request. */
static NTSTATUS answer(PIRP irp, NTSTATUS status, SYSCTL_IRP_DISPOSITION *disposition)
{
	irp->IoStatus.Status = status;
	*disposition = IrpNotCompleted;
	return status;
}

static bool find_guid(const WMILIB_CONTEXT *lib, const GUID *guid, u32 *index)
{
	for (*index = 0; *index < lib->GuidCount; (*index)++)
		if (guid && IsEqualGUID(lib->GuidList[*index].Guid, guid))
			return true;
	return false;
}

/* Which instance a request means: names of a list, by index; others nobody knows here. */
static bool find_instance(const WMILIB_CONTEXT *lib, u32 index, const WNODE_HEADER *w,
			  u32 *instance)
{
	if (!(w->Flags & WNODE_FLAG_STATIC_INSTANCE_NAMES))
		return false;
	/* At the same place in SINGLE_INSTANCE, SINGLE_ITEM and METHOD_ITEM. */
	*instance = ((const WNODE_SINGLE_INSTANCE *)w)->InstanceIndex;
	return *instance < lib->GuidList[index].InstanceCount;
}

/* Room for data from @offset on. */
static u8 *room(const IO_STACK_LOCATION *stack, u32 offset, u32 *bytes)
{
	u32 size = stack->Parameters.WMI.BufferSize;

	*bytes = offset < size ? size - offset : 0;
	return *bytes ? (u8 *)stack->Parameters.WMI.Buffer + offset : NULL;
}

static u32 all_data_offset(u32 instances)
{
	return ALIGN(offsetof(WNODE_ALL_DATA, OffsetInstanceDataAndLength) +
		     instances * sizeof(OFFSETINSTANCEDATAANDLENGTH), 8);
}

/*
 * The driver stores the lengths at the start of the array that will hold
 * offsets and lengths; WmiCompleteRequest spreads them.
 */
static NTSTATUS query_all(const WMILIB_CONTEXT *lib, PDEVICE_OBJECT device, PIRP irp, u32 index)
{
	const IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);
	WNODE_ALL_DATA *w = stack->Parameters.WMI.Buffer;
	u32 bytes, count = lib->GuidList[index].InstanceCount;
	u8 *data = room(stack, all_data_offset(count), &bytes);

	w->DataBlockOffset = all_data_offset(count);
	w->InstanceCount = count;
	w->OffsetInstanceNameOffsets = 0;
	return lib->QueryWmiDataBlock(device, irp, index, 0, count,
				      data ? (ULONG *)w->OffsetInstanceDataAndLength : NULL,
				      bytes, data);
}

static NTSTATUS query_one(const WMILIB_CONTEXT *lib, PDEVICE_OBJECT device, PIRP irp, u32 index,
			  u32 instance)
{
	const IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);
	WNODE_SINGLE_INSTANCE *w = stack->Parameters.WMI.Buffer;
	u32 bytes;
	u8 *data = room(stack, w->DataBlockOffset, &bytes);

	return lib->QueryWmiDataBlock(device, irp, index, instance, 1, &w->SizeDataBlock, bytes,
				      data);
}

/* Minor codes that hand data to the driver or run a method. */
static NTSTATUS change(const WMILIB_CONTEXT *lib, PDEVICE_OBJECT device, PIRP irp, u32 index,
		       u32 instance)
{
	const IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);
	WNODE_SINGLE_INSTANCE *one = stack->Parameters.WMI.Buffer;
	WNODE_SINGLE_ITEM *item = stack->Parameters.WMI.Buffer;
	WNODE_METHOD_ITEM *method = stack->Parameters.WMI.Buffer;
	u32 bytes;
	u8 *data;

	switch (stack->MinorFunction) {
	case IRP_MN_CHANGE_SINGLE_INSTANCE:
		data = room(stack, one->DataBlockOffset, &bytes);
		return lib->SetWmiDataBlock(device, irp, index, instance,
					    min(bytes, one->SizeDataBlock), data);
	case IRP_MN_CHANGE_SINGLE_ITEM:
		data = room(stack, item->DataBlockOffset, &bytes);
		return lib->SetWmiDataItem(device, irp, index, instance, item->ItemId,
					   min(bytes, item->SizeDataItem), data);
	default:
		data = room(stack, method->DataBlockOffset, &bytes);
		return lib->ExecuteWmiMethod(device, irp, index, instance, method->MethodId,
					     min(bytes, method->SizeDataBlock), bytes, data);
	}
}

/* What a missing callback means, or SUCCESS (A160, A161). */
static NTSTATUS missing(const WMILIB_CONTEXT *lib, UCHAR minor)
{
	switch (minor) {
	case IRP_MN_CHANGE_SINGLE_INSTANCE:
		return lib->SetWmiDataBlock ? STATUS_SUCCESS : STATUS_WMI_READ_ONLY;
	case IRP_MN_CHANGE_SINGLE_ITEM:
		return lib->SetWmiDataItem ? STATUS_SUCCESS : STATUS_WMI_READ_ONLY;
	case IRP_MN_EXECUTE_METHOD:
		return lib->ExecuteWmiMethod ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_REQUEST;
	}
	return STATUS_SUCCESS;
}

static NTSTATUS about_instance(const WMILIB_CONTEXT *lib, PDEVICE_OBJECT device, PIRP irp,
			       u32 index, SYSCTL_IRP_DISPOSITION *disposition)
{
	const IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);
	const WNODE_HEADER *w = stack->Parameters.WMI.Buffer;
	u32 instance = 0;
	NTSTATUS status;

	if (stack->MinorFunction == IRP_MN_QUERY_ALL_DATA) {
		if (stack->Parameters.WMI.BufferSize < sizeof(WNODE_ALL_DATA))
			return answer(irp, STATUS_BUFFER_TOO_SMALL, disposition);
		*disposition = IrpProcessed;
		return query_all(lib, device, irp, index);
	}
	status = missing(lib, stack->MinorFunction);
	if (status)
		return answer(irp, status, disposition);
	if (stack->Parameters.WMI.BufferSize < sizeof(WNODE_METHOD_ITEM))
		return answer(irp, STATUS_BUFFER_TOO_SMALL, disposition);
	if (!find_instance(lib, index, w, &instance))
		return answer(irp, STATUS_WMI_INSTANCE_NOT_FOUND, disposition);
	*disposition = IrpProcessed;
	if (stack->MinorFunction == IRP_MN_QUERY_SINGLE_INSTANCE)
		return query_one(lib, device, irp, index, instance);
	return change(lib, device, irp, index, instance);
}

static NTSTATUS function_control(const WMILIB_CONTEXT *lib, PDEVICE_OBJECT device, PIRP irp,
				 u32 index, SYSCTL_IRP_DISPOSITION *disposition)
{
	UCHAR minor = IoGetCurrentIrpStackLocation(irp)->MinorFunction;
	bool events = minor == IRP_MN_ENABLE_EVENTS || minor == IRP_MN_DISABLE_EVENTS;
	bool enable = minor == IRP_MN_ENABLE_EVENTS || minor == IRP_MN_ENABLE_COLLECTION;

	if (!lib->WmiFunctionControl)
		return answer(irp, STATUS_SUCCESS, disposition);	/* A160 */
	*disposition = IrpProcessed;
	return lib->WmiFunctionControl(device, irp, index,
				       events ? WmiEventControl : WmiDataBlockControl, enable);
}

NTSTATUS WmiSystemControl(PWMILIB_CONTEXT WmiLibInfo, PDEVICE_OBJECT DeviceObject, PIRP Irp,
			  PSYSCTL_IRP_DISPOSITION IrpDisposition)
{
	const IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(Irp);
	u32 index;

	*IrpDisposition = IrpForward;
	if (stack->Parameters.WMI.ProviderId != (ULONG_PTR)DeviceObject)
		return STATUS_INVALID_DEVICE_REQUEST;
	switch (stack->MinorFunction) {
	case IRP_MN_REGINFO:
	case IRP_MN_REGINFO_EX:
		return answer(Irp, query_reginfo(WmiLibInfo, DeviceObject, Irp), IrpDisposition);
	case IRP_MN_QUERY_ALL_DATA ... IRP_MN_DISABLE_COLLECTION:
	case IRP_MN_EXECUTE_METHOD:
		break;
	default:
		*IrpDisposition = IrpNotWmi;
		return STATUS_INVALID_DEVICE_REQUEST;
	}
	if (!find_guid(WmiLibInfo, stack->Parameters.WMI.DataPath, &index))
		return answer(Irp, STATUS_WMI_GUID_NOT_FOUND, IrpDisposition);
	switch (stack->MinorFunction) {
	case IRP_MN_ENABLE_EVENTS ... IRP_MN_DISABLE_COLLECTION:
		return function_control(WmiLibInfo, DeviceObject, Irp, index, IrpDisposition);
	default:
		return about_instance(WmiLibInfo, DeviceObject, Irp, index, IrpDisposition);
	}
}
EXPORT_SYMBOL_GPL(WmiSystemControl);

/* ---- completion --------------------------------------------------------- */

/* Turns the lengths of instances into offsets and lengths, last one first. */
static void spread_lengths(WNODE_ALL_DATA *w)
{
	u32 *from = (u32 *)w->OffsetInstanceDataAndLength;
	u32 i, offset = w->DataBlockOffset;

	for (i = 0; i < w->InstanceCount; i++)
		offset += ALIGN(from[i], 8);
	for (i = w->InstanceCount; i--;) {
		u32 length = from[i];

		offset -= ALIGN(length, 8);
		w->OffsetInstanceDataAndLength[i].LengthInstanceData = length;
		w->OffsetInstanceDataAndLength[i].OffsetInstanceData = offset;
	}
}

/* Where a request's data begins: 0 where none is returned. */
static u32 data_offset(const IO_STACK_LOCATION *stack)
{
	const void *w = stack->Parameters.WMI.Buffer;

	switch (stack->MinorFunction) {
	case IRP_MN_QUERY_ALL_DATA:
		return ((const WNODE_ALL_DATA *)w)->DataBlockOffset;
	case IRP_MN_QUERY_SINGLE_INSTANCE:
		return ((const WNODE_SINGLE_INSTANCE *)w)->DataBlockOffset;
	case IRP_MN_EXECUTE_METHOD:
		return ((const WNODE_METHOD_ITEM *)w)->DataBlockOffset;
	}
	return 0;
}

/* The answer when the data does not fit: how much would (A162). */
static NTSTATUS too_small(PIRP irp, u32 needed)
{
	IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);
	WNODE_TOO_SMALL *w = stack->Parameters.WMI.Buffer;

	if (stack->Parameters.WMI.BufferSize < sizeof(*w))
		return STATUS_BUFFER_TOO_SMALL;
	w->WnodeHeader.BufferSize = sizeof(*w);
	w->WnodeHeader.Flags |= WNODE_FLAG_TOO_SMALL;
	w->SizeNeeded = needed;
	irp->IoStatus.Information = sizeof(*w);
	return STATUS_SUCCESS;
}

static void finish_data(PIRP irp, u32 offset, u32 used)
{
	IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);
	WNODE_HEADER *w = stack->Parameters.WMI.Buffer;

	w->BufferSize = offset + used;
	irp->IoStatus.Information = offset + used;
	if (stack->MinorFunction == IRP_MN_QUERY_ALL_DATA)
		spread_lengths((WNODE_ALL_DATA *)w);
	else if (stack->MinorFunction == IRP_MN_EXECUTE_METHOD)
		((WNODE_METHOD_ITEM *)w)->SizeDataBlock = used;
	else
		((WNODE_SINGLE_INSTANCE *)w)->SizeDataBlock = used;
}

NTSTATUS WmiCompleteRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp, NTSTATUS Status,
			    ULONG BufferUsed, CCHAR PriorityBoost)
{
	u32 offset = data_offset(IoGetCurrentIrpStackLocation(Irp));

	Irp->IoStatus.Information = 0;
	if (offset && Status == STATUS_BUFFER_TOO_SMALL)
		Status = too_small(Irp, offset + BufferUsed);
	else if (offset && NT_SUCCESS(Status))
		finish_data(Irp, offset, BufferUsed);
	Irp->IoStatus.Status = Status;
	IoCompleteRequest(Irp, PriorityBoost);
	return Status;
}
EXPORT_SYMBOL_GPL(WmiCompleteRequest);

/* ---- events --------------------------------------------------------------- */

NTSTATUS WmiFireEvent(PDEVICE_OBJECT DeviceObject, LPCGUID Guid, ULONG InstanceIndex,
		      ULONG EventDataSize, PVOID EventData)
{
	size_t size = size_add(offsetof(WNODE_SINGLE_INSTANCE, VariableData),
			       EventData ? EventDataSize : 0);
	WNODE_SINGLE_INSTANCE *w = size <= U32_MAX ? kzalloc(size, GFP_KERNEL) : NULL;
	NTSTATUS status;

	if (!w) {
		kfree(EventData);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	w->WnodeHeader.BufferSize = size;
	w->WnodeHeader.ProviderId = IoWMIDeviceObjectToProviderId(DeviceObject);
	w->WnodeHeader.Guid = *Guid;
	w->WnodeHeader.Flags = WNODE_FLAG_SINGLE_INSTANCE | WNODE_FLAG_EVENT_ITEM |
			       WNODE_FLAG_STATIC_INSTANCE_NAMES;
	KeQuerySystemTime(&w->WnodeHeader.TimeStamp);
	w->InstanceIndex = InstanceIndex;
	w->DataBlockOffset = offsetof(WNODE_SINGLE_INSTANCE, VariableData);
	if (EventData) {
		w->SizeDataBlock = EventDataSize;
		memcpy(w->VariableData, EventData, EventDataSize);
	}
	status = IoWMIWriteEvent(w);
	if (!NT_SUCCESS(status))
		kfree(w);
	kfree(EventData);
	return status;
}
EXPORT_SYMBOL_GPL(WmiFireEvent);
