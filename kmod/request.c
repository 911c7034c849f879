// SPDX-License-Identifier: GPL-2.0-only
/*
 * IRP style: a provider whose callback sends IRP_MJ_SYSTEM_CONTROL requests to
 * the driver (wmi-api 1.3, 3.4).
 */
#define pr_fmt(fmt)	KBUILD_MODNAME ": " fmt

#include <linux/export.h>
#include <linux/string.h>

#include "wmitrace/iowmi.h"
#include "wmitrace/irp.h"

static NTSTATUS send(struct wmi_provider *device, UCHAR minor, void *path, ULONG length,
		     void *buffer, ULONG *used)
{
	struct wmi_request irp = {
		.IoStatus.Status = STATUS_NOT_SUPPORTED,
		.stack = {
			.MajorFunction = IRP_MJ_SYSTEM_CONTROL,
			.MinorFunction = minor,
			.Parameters.WMI = {
				.ProviderId = (ULONG_PTR)device,
				.DataPath = path,
				.BufferSize = length,
				.Buffer = buffer,
			},
			.DeviceObject = device,
		},
		.done = COMPLETION_INITIALIZER_ONSTACK(irp.done),
	};
	NTSTATUS status = device->SystemControl(device, &irp);

	if (status == STATUS_PENDING)
		wait_for_completion(&irp.done);
	else if (!completion_done(&irp.done))
		pr_warn_once("%pS returned %#x without completing its request\n",
			     device->SystemControl, status);
	*used = irp.IoStatus.Information;
	return irp.IoStatus.Status;
}

/* Drivers know REGINFO_EX; those that do not are asked the older way. */
NTSTATUS wmitrace_dispatch_irp(UCHAR MinorFunction, PVOID DataPath, ULONG BufferLength,
			       PVOID Buffer, PVOID Context, PULONG Size)
{
	struct wmi_provider *device = Context;
	NTSTATUS status;

	if (!device->SystemControl)
		return STATUS_INVALID_DEVICE_REQUEST;
	if (MinorFunction != IRP_MN_REGINFO)
		return send(device, MinorFunction, DataPath, BufferLength, Buffer, Size);
	status = send(device, IRP_MN_REGINFO_EX, DataPath, BufferLength, Buffer, Size);
	if (status != STATUS_INVALID_DEVICE_REQUEST)
		return status;
	memset(Buffer, 0, BufferLength);
	return send(device, IRP_MN_REGINFO, DataPath, BufferLength, Buffer, Size);
}
EXPORT_SYMBOL_GPL(wmitrace_dispatch_irp);
