// SPDX-License-Identifier: GPL-2.0-or-later
#include "driver.h"
#include "driver.tmh"

static struct kettle Kettle;

static int __init DriverEntry(void)
{
	NTSTATUS status;

	WPP_INIT_TRACING(DriverObject, RegistryPath);
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DRIVER, "%!FUNC! Entry");

	status = KettleCreate(&Kettle, 1);
	if (!NT_SUCCESS(status)) {
		TraceEvents(TRACE_LEVEL_ERROR, TRACE_DRIVER, "KettleCreate failed %!STATUS!", status);
		WPP_CLEANUP(DriverObject);
		return -ENODEV;
	}
	status = KettleHeat(&Kettle, "\x01\x64", 2);
	if (!NT_SUCCESS(status))
		TraceEvents(TRACE_LEVEL_WARNING, TRACE_DRIVER, "device %lu stays cold: %!STATUS!", Kettle.Id, status);
	else
		Trace(TRACE_LEVEL_INFORMATION, "%!FUNC! Exit");
	return 0;
}
module_init(DriverEntry);

static void __exit DriverUnload(void)
{
	KettleDestroy(&Kettle);
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DRIVER, "%!FUNC! Exit");
	WPP_CLEANUP(DriverObject);
}
module_exit(DriverUnload);

MODULE_DESCRIPTION("wmitrace: a ported driver's trace statements");
MODULE_VERSION("1");
MODULE_LICENSE("GPL");
