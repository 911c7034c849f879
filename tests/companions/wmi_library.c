// SPDX-License-Identifier: GPL-2.0-only
/* WmiSystemControl and WmiCompleteRequest (wmi-api section 11), with requests made here. */
#include <wmitrace/iowmi.h>
#include <wmitrace/wmilib.h>

#include "wmi_rows.h"

static const GUID guids[] = { { 0x11b00000 }, { 0x11b00001 }, { 0x11b00002 } };

static WMIGUIDREGINFO list[] = {
	{ &guids[0], 1, WMIREG_FLAG_EVENT_ONLY_GUID },
	{ &guids[1], 1, WMIREG_FLAG_EXPENSIVE },
	{ &guids[2], 2, 0 },
};

static DEVICE_OBJECT device = WMI_IRP_PROVIDER_INIT("library rows", NULL, NULL);
static DEVICE_OBJECT other = WMI_IRP_PROVIDER_INIT("other", NULL, NULL);

static u8 buffer[1024] __aligned(8);
static u32 last_index, calls;
static ULONG needed;

static NTSTATUS query_reginfo(PDEVICE_OBJECT DeviceObject, PULONG RegFlags,
			      PUNICODE_STRING InstanceName, PUNICODE_STRING *RegistryPath,
			      PUNICODE_STRING MofResourceName, PDEVICE_OBJECT *Pdo)
{
	static UNICODE_STRING path = { 8, 10, (PWSTR)L"path" };

	*RegFlags = WMIREG_FLAG_INSTANCE_BASENAME;
	*RegistryPath = &path;
	InstanceName->Buffer = ExAllocatePoolWithTag(PagedPool, 6, 0);
	memcpy(InstanceName->Buffer, L"abc", 6);
	InstanceName->Length = 6;
	return STATUS_SUCCESS;
}

static NTSTATUS query_data(PDEVICE_OBJECT DeviceObject, PIRP Irp, ULONG GuidIndex,
			   ULONG InstanceIndex, ULONG InstanceCount, PULONG InstanceLengthArray,
			   ULONG BufferAvail, PUCHAR Buffer)
{
	u32 i;

	last_index = GuidIndex;
	calls++;
	if (BufferAvail < needed)
		return WmiCompleteRequest(DeviceObject, Irp, STATUS_BUFFER_TOO_SMALL, needed, 0);
	for (i = 0; i < InstanceCount; i++)
		InstanceLengthArray[i] = 5 + i;
	memset(Buffer, 0x77, needed);
	return WmiCompleteRequest(DeviceObject, Irp, STATUS_SUCCESS, needed, 0);
}

static NTSTATUS function_control(PDEVICE_OBJECT DeviceObject, PIRP Irp, ULONG GuidIndex,
				 WMIENABLEDISABLECONTROL Function, BOOLEAN Enable)
{
	last_index = GuidIndex;
	calls++;
	return WmiCompleteRequest(DeviceObject, Irp, STATUS_SUCCESS, 0, 0);
}

static WMILIB_CONTEXT library = {
	.GuidCount = ARRAY_SIZE(list),
	.GuidList = list,
	.QueryWmiRegInfo = query_reginfo,
	.QueryWmiDataBlock = query_data,
};

/* ---- requests ------------------------------------------------------------ */

static struct wmi_request irp;
static SYSCTL_IRP_DISPOSITION disposition;

static NTSTATUS send(u8 minor, PDEVICE_OBJECT to, const void *path, u32 size)
{
	memset(&irp, 0, sizeof(irp));
	init_completion(&irp.done);
	irp.stack.MinorFunction = minor;
	irp.stack.Parameters.WMI.ProviderId = (ULONG_PTR)to;
	irp.stack.Parameters.WMI.DataPath = (void *)path;
	irp.stack.Parameters.WMI.Buffer = buffer;
	irp.stack.Parameters.WMI.BufferSize = size;
	disposition = 99;
	calls = 0;
	return WmiSystemControl(&library, &device, &irp, &disposition);
}

static NTSTATUS send_instance(u8 minor, const GUID *guid, u32 instance, u32 size)
{
	WNODE_SINGLE_INSTANCE *w = (WNODE_SINGLE_INSTANCE *)buffer;

	memset(buffer, 0, sizeof(buffer));
	w->WnodeHeader.BufferSize = size;
	w->WnodeHeader.Flags = WNODE_FLAG_SINGLE_INSTANCE | WNODE_FLAG_STATIC_INSTANCE_NAMES;
	w->InstanceIndex = instance;
	w->DataBlockOffset = 72;
	return send(minor, &device, guid, size);
}

/* ---- rows ---------------------------------------------------------------- */

static void disposition_rows(void)
{
	u32 minor, set = 0;
	static const GUID unknown = { 5 };

	for (minor = 0; minor < 256; minor++) {
		memset(buffer, 0, sizeof(buffer));
		send(minor, &device, &guids[0], sizeof(buffer));
		set += disposition <= IrpForward;
	}
	wmi_check(set == 256, "A158 the disposition is set for every minor code");
	send(IRP_MN_ENABLE_EVENTS, &other, &guids[0], sizeof(buffer));
	wmi_check(disposition == IrpForward, "A159 another device's request is forwarded");
	send(12, &device, &guids[0], sizeof(buffer));
	wmi_check(disposition == IrpNotWmi, "A159 an unknown minor code is not WMI's");
	wmi_check(send(IRP_MN_ENABLE_EVENTS, &device, &unknown, sizeof(buffer)) ==
		  STATUS_WMI_GUID_NOT_FOUND && disposition == IrpNotCompleted &&
		  irp.IoStatus.Status == STATUS_WMI_GUID_NOT_FOUND,
		  "11 an unknown GUID is refused");
}

static void reginfo_rows(void)
{
	WMIREGINFOW *info = (WMIREGINFOW *)buffer;
	u32 good = 0, i;

	memset(buffer, 0, sizeof(buffer));
	wmi_check(!send(IRP_MN_REGINFO, &device, NULL, sizeof(buffer)) &&
		  disposition == IrpNotCompleted, "A159 REGINFO is left to the driver to complete");
	for (i = 0; i < ARRAY_SIZE(list); i++)
		good += info->WmiRegGuid[i].Flags ==
			(list[i].Flags | WMIREG_FLAG_INSTANCE_BASENAME) &&
			IsEqualGUID(&info->WmiRegGuid[i].Guid, &guids[i]) &&
			info->WmiRegGuid[i].InstanceCount == list[i].InstanceCount;
	wmi_check(info->GuidCount == 3 && good == 3,
		  "A163 RegFlags are added to every GUID's flags");
	wmi_check(irp.IoStatus.Information == info->BufferSize &&
		  info->BufferSize == 24 + 3 * 32 + (2 + 6) + (2 + 8) &&
		  !memcmp(buffer + info->RegistryPath, "\x08\0p\0a\0t\0h", 10) &&
		  !memcmp(buffer + info->WmiRegGuid[0].BaseNameOffset, "\x06\0a\0b\0c", 8),
		  "11 with counted strings");
	wmi_check(send(IRP_MN_REGINFO_EX, &device, NULL, 50) == STATUS_BUFFER_TOO_SMALL &&
		  irp.IoStatus.Information == 4 && *(u32 *)buffer == 24 + 3 * 32 + 8 + 10,
		  "6.3 a buffer that is too small gets the size");
}

static void callback_rows(void)
{
	library.WmiFunctionControl = NULL;
	wmi_check(!send(IRP_MN_ENABLE_EVENTS, &device, &guids[1], sizeof(buffer)) &&
		  disposition == IrpNotCompleted && irp.IoStatus.Status == STATUS_SUCCESS,
		  "A160 without WmiFunctionControl enable succeeds");
	library.WmiFunctionControl = function_control;
	wmi_check(!send(IRP_MN_ENABLE_EVENTS, &device, &guids[2], sizeof(buffer)) &&
		  disposition == IrpProcessed && calls == 1 && last_index == 2 &&
		  completion_done(&irp.done), "A164 with it, it gets the index in GuidList");
	send_instance(IRP_MN_CHANGE_SINGLE_INSTANCE, &guids[1], 0, 200);
	wmi_check(irp.IoStatus.Status == STATUS_WMI_READ_ONLY && disposition == IrpNotCompleted,
		  "A161 without SetWmiDataBlock: read only");
	send_instance(IRP_MN_CHANGE_SINGLE_ITEM, &guids[1], 0, 200);
	wmi_check(irp.IoStatus.Status == STATUS_WMI_READ_ONLY,
		  "A161 without SetWmiDataItem: read only");
	send_instance(IRP_MN_EXECUTE_METHOD, &guids[1], 0, 200);
	wmi_check(irp.IoStatus.Status == STATUS_INVALID_DEVICE_REQUEST,
		  "A161 without ExecuteWmiMethod: invalid request");
}

static void data_rows(void)
{
	WNODE_SINGLE_INSTANCE *one = (WNODE_SINGLE_INSTANCE *)buffer;
	WNODE_TOO_SMALL *small = (WNODE_TOO_SMALL *)buffer;
	WNODE_ALL_DATA *all = (WNODE_ALL_DATA *)buffer;

	needed = 10;
	wmi_check(!send_instance(IRP_MN_QUERY_SINGLE_INSTANCE, &guids[2], 1, 200) &&
		  disposition == IrpProcessed && one->SizeDataBlock == 10 &&
		  irp.IoStatus.Information == 82 && one->WnodeHeader.BufferSize == 82 &&
		  buffer[72] == 0x77 && buffer[81] == 0x77 && !buffer[82],
		  "11 an instance's data lie at DataBlockOffset");
	needed = 300;
	wmi_check(!send_instance(IRP_MN_QUERY_SINGLE_INSTANCE, &guids[2], 1, 200) &&
		  (small->WnodeHeader.Flags & WNODE_FLAG_TOO_SMALL) && small->SizeNeeded == 372 &&
		  irp.IoStatus.Status == STATUS_SUCCESS && irp.IoStatus.Information == 56,
		  "A162 too little room: SUCCESS and a WNODE_TOO_SMALL with the size");
	wmi_check(send_instance(IRP_MN_QUERY_SINGLE_INSTANCE, &guids[2], 2, 200) ==
		  STATUS_WMI_INSTANCE_NOT_FOUND, "11 an instance that is not there is refused");
	needed = 16;
	memset(buffer, 0, sizeof(buffer));
	wmi_check(!send(IRP_MN_QUERY_ALL_DATA, &device, &guids[2], sizeof(buffer)) &&
		  all->InstanceCount == 2 && all->DataBlockOffset == 80 &&
		  all->OffsetInstanceDataAndLength[0].OffsetInstanceData == 80 &&
		  all->OffsetInstanceDataAndLength[0].LengthInstanceData == 5 &&
		  all->OffsetInstanceDataAndLength[1].OffsetInstanceData == 88 &&
		  all->OffsetInstanceDataAndLength[1].LengthInstanceData == 6,
		  "11 all data: each instance has an offset and a length");
}

void wmi_library_rows(void)
{
	needed = 10;
	disposition_rows();
	reginfo_rows();
	callback_rows();
	data_rows();
}
