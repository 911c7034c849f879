// SPDX-License-Identifier: GPL-2.0-only
/* A driver in framework style: a tracing provider, and one whose instance fires events. */
#include <wmitrace/wdfwmi.h>
#include <wmitrace/wmitrace.h>

#include "driver.h"

/* d1000000-0003-4000-8000-000000000001 */
static const GUID DriverControlGuid =
	{ 0xd1000000, 0x0003, 0x4000, { 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01 } };

/* d1000000-0003-4000-8000-000000000002: for consumers */
static const GUID DriverEventGuid =
	{ 0xd1000000, 0x0003, 0x4000, { 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02 } };

/* d1000000-0003-4000-8000-00000000ffff: the class of its messages */
static const GUID DriverClassGuid =
	{ 0xd1000000, 0x0003, 0x4000, { 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff } };

static WDFDEVICE Device;
static WDFWMIPROVIDER TraceProvider;
static WDFWMIINSTANCE EventInstance;
static TRACEHANDLE TraceHandle;

static NTSTATUS EvtWmiFunctionControl(WDFWMIPROVIDER WmiProvider,
				      WDF_WMI_PROVIDER_CONTROL Control, BOOLEAN Enable)
{
	TraceHandle = Enable ? WdfWmiProviderGetTracingHandle(WmiProvider) : 0;
	return STATUS_SUCCESS;
}

static NTSTATUS DriverWmiRegistration(void)
{
	WDF_WMI_PROVIDER_CONFIG Config;
	WDF_WMI_INSTANCE_CONFIG Instance;
	NTSTATUS Status;

	WDF_WMI_PROVIDER_CONFIG_INIT(&Config, &DriverControlGuid);
	Config.Flags = WdfWmiProviderTracing;
	Config.EvtWmiProviderFunctionControl = EvtWmiFunctionControl;
	Status = WdfWmiProviderCreate(Device, &Config, WDF_NO_OBJECT_ATTRIBUTES, &TraceProvider);
	if (!NT_SUCCESS(Status))
		return Status;
	WDF_WMI_PROVIDER_CONFIG_INIT(&Config, &DriverEventGuid);
	Config.Flags = WdfWmiProviderEventOnly;
	WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER_CONFIG(&Instance, &Config);
	Instance.Register = TRUE;
	return WdfWmiInstanceCreate(Device, &Instance, WDF_NO_OBJECT_ATTRIBUTES, &EventInstance);
}

void driver_log(u16 number)
{
	struct driver_facts facts;

	driver_fill(&facts, number);
	if (WdfWmiProviderIsEnabled(TraceProvider, WdfWmiEventControl))
		WmiTraceMessage(TraceHandle, TRACE_MESSAGE_SEQUENCE | TRACE_MESSAGE_GUID |
				TRACE_MESSAGE_TIMESTAMP | TRACE_MESSAGE_SYSTEMINFO,
				&DriverClassGuid, number, &facts, sizeof(facts), NULL, 0);
	if (WdfWmiProviderIsEnabled(WdfWmiInstanceGetProvider(EventInstance), WdfWmiEventControl))
		WdfWmiInstanceFireEvent(EventInstance, sizeof(facts), &facts);
}

int driver_entry(void)
{
	NTSTATUS Status = WdfWmiDeviceCreate("wdf driver", &Device);

	if (NT_SUCCESS(Status))
		Status = DriverWmiRegistration();
	if (NT_SUCCESS(Status))
		Status = WdfWmiDeviceStart(Device);
	if (!NT_SUCCESS(Status) && Device)
		WdfWmiDeviceDelete(Device);
	return NT_SUCCESS(Status) ? 0 : -EINVAL;
}

void driver_unload(void)
{
	WdfWmiDeviceDelete(Device);
}

DRIVER_MODULE("framework style");
