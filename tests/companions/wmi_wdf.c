// SPDX-License-Identifier: GPL-2.0-only
/* The framework's objects (wmi-api section 12). */
#include <linux/delay.h>
#include <linux/slab.h>
#include <wmitrace/iowmi.h>
#include <wmitrace/wdfwmi.h>
#include <wmitrace/wmitrace.h>

#include "wmi_rows.h"

/* 3df00000-1111-4222-8333-444455556666: the guest script enables it */
static const GUID trace_guid =
	{ 0x3df00000, 0x1111, 0x4222, { 0x83, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x66 } };
static const GUID failing_guid =
	{ 0x3df00001, 0x1111, 0x4222, { 0x83, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x66 } };
static const GUID event_guid =
	{ 0x3df00002, 0x1111, 0x4222, { 0x83, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x66 } };

static WDFDEVICE device;
static WDFWMIPROVIDER tracing, failing;
static u64 handle_inside;
static bool enabled_inside, fail_next;
static u32 calls;

static NTSTATUS on_control(WDFWMIPROVIDER p, WDF_WMI_PROVIDER_CONTROL control, BOOLEAN enable)
{
	calls += control == WdfWmiEventControl;
	if (enable) {
		handle_inside = WdfWmiProviderGetTracingHandle(p);
		enabled_inside = WdfWmiProviderIsEnabled(p, WdfWmiEventControl);
	}
	return fail_next ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

static NTSTATUS create(const GUID *guid, u32 flags, void *callback, u32 size, WDFWMIPROVIDER *out)
{
	WDF_WMI_PROVIDER_CONFIG config;

	WDF_WMI_PROVIDER_CONFIG_INIT(&config, guid);
	config.Flags = flags;
	config.EvtWmiProviderFunctionControl = callback;
	config.Size = size;
	return WdfWmiProviderCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, out);
}

static void create_rows(void)
{
	const u32 size = sizeof(WDF_WMI_PROVIDER_CONFIG);
	static const GUID none;
	WDFWMIPROVIDER p = (void *)1;

	wmi_check(create(&trace_guid, 4, on_control, size - 1, &p) == STATUS_INFO_LENGTH_MISMATCH,
		  "A165 a wrong Size is refused");
	wmi_check(create(&trace_guid, 8, NULL, size, &p) == STATUS_INVALID_PARAMETER,
		  "A165 unknown flags are");
	wmi_check(create(&trace_guid, 4 | 1, NULL, size, &p) == STATUS_INVALID_PARAMETER,
		  "A165 Tracing with another flag is");
	wmi_check(create(&trace_guid, 1, on_control, size, &p) == STATUS_INVALID_PARAMETER,
		  "A165 a callback without Tracing or Expensive is");
	wmi_check(create(&none, 4, NULL, size, &p) == STATUS_INVALID_PARAMETER,
		  "A165 a zero GUID is");
	wmi_check(!create(&trace_guid, 4, on_control, size, &tracing) && tracing,
		  "12 a tracing provider is created");
	wmi_check(create(&trace_guid, 4, on_control, size, &p) == STATUS_OBJECT_NAME_EXISTS && !p,
		  "A166 a duplicate gets OBJECT_NAME_EXISTS and a NULL handle");
	wmi_check(WdfWmiProviderGetDevice(tracing) == device, "12 it knows its device");
	wmi_check(!WdfWmiProviderGetTracingHandle(tracing) &&
		  !WdfWmiProviderIsEnabled(tracing, WdfWmiEventControl),
		  "A167 the handle is 0 before the first enable");
}

/* The script has enabled both GUIDs, so that starting the device delivers. */
static void enable_rows(void)
{
	WNODE_HEADER *w;
	struct {
		EVENT_TRACE_HEADER header;
	} event = { .header = { .Size = sizeof(event), .Flags = WNODE_FLAG_TRACED_GUID } };
	u64 handle;

	wmi_check(!WdfWmiDeviceStart(device), "12 the device starts");
	handle = WdfWmiProviderGetTracingHandle(tracing);
	wmi_check(calls == 1 && handle_inside == handle && handle && enabled_inside,
		  "A168 inside the callback handle and state are there");
	wmi_check((u16)handle == (u16)wmi_handle, "A168 the handle is the session's");
	wmi_check(!WmiTraceMessage(handle, 0, NULL, 170, NULL, 0), "A170 it logs messages");
	w = (WNODE_HEADER *)&event;
	w->HistoricalContext = handle;
	wmi_check(!IoWMIWriteEvent(&event), "A170 and events");
}

static void fail_rows(void)
{
	static const GUID late_guid = { 0x3df00003, 0x1111, 0x4222,
					{ 0x83, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x66 } };
	WDFWMIPROVIDER late;

	fail_next = true;
	create(&failing_guid, 4, on_control, sizeof(WDF_WMI_PROVIDER_CONFIG), &failing);
	fail_next = false;
	wmi_check(calls == 2, "12 a provider created later is registered at once");
	wmi_check(handle_inside && enabled_inside && !WdfWmiProviderGetTracingHandle(failing) &&
		  !WdfWmiProviderIsEnabled(failing, WdfWmiEventControl),
		  "A169 if the callback fails the handle is 0 and the provider not enabled");
	create(&late_guid, 4, NULL, sizeof(WDF_WMI_PROVIDER_CONFIG), &late);
	wmi_check(WdfWmiProviderIsEnabled(late, WdfWmiEventControl),
		  "12 without a callback a provider is enabled all the same");
}

static void instance_rows(void)
{
	WDF_WMI_PROVIDER_CONFIG provider;
	WDF_WMI_INSTANCE_CONFIG config;
	WDFWMIINSTANCE instance = NULL, second = NULL;
	u8 data[16] = "stays the same";

	WDF_WMI_PROVIDER_CONFIG_INIT(&provider, &event_guid);
	provider.Flags = WdfWmiProviderEventOnly;
	WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER_CONFIG(&config, &provider);
	config.Provider = tracing;
	wmi_check(WdfWmiInstanceCreate(device, &config, NULL, &instance) ==
		  STATUS_INVALID_PARAMETER, "12 both Provider and ProviderConfig are refused");
	WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER(&config, tracing);
	config.Register = TRUE;
	wmi_check(WdfWmiInstanceCreate(device, &config, NULL, &instance) ==
		  STATUS_INVALID_DEVICE_REQUEST, "12 a tracing provider has no instances");
	WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER_CONFIG(&config, &provider);
	wmi_check(!WdfWmiInstanceCreate(device, &config, NULL, &instance) && instance,
		  "12 an instance is created");
	wmi_check(!WdfWmiInstanceRegister(instance) &&
		  WdfWmiInstanceRegister(instance) == STATUS_INVALID_DEVICE_REQUEST,
		  "12 and registered once");
	wmi_check(WdfWmiInstanceGetDevice(instance) == device &&
		  WdfWmiProviderGetDevice(WdfWmiInstanceGetProvider(instance)) == device,
		  "12 it knows provider and device");
	config.EvtWmiInstanceQueryInstance = (void *)on_control;
	wmi_check(WdfWmiInstanceCreate(device, &config, NULL, &second) == STATUS_INVALID_PARAMETER,
		  "12 an event-only provider's instance has no query callback");
	wmi_check(!WdfWmiInstanceFireEvent(instance, sizeof(data), data) &&
		  !memcmp(data, "stays the same", 15), "A171 FireEvent leaves the data alone");
	WdfWmiInstanceDeregister(instance);
	wmi_check(!WdfWmiInstanceRegister(instance), "12 an instance can be registered again");
}

static void string_rows(void)
{
	UNICODE_STRING s = { 6, 6, (PWSTR)L"abc" };
	u8 buffer[8];
	ULONG required = 0;

	wmi_check(WDF_WMI_BUFFER_APPEND_STRING(buffer, 7, &s, &required) ==
		  STATUS_BUFFER_TOO_SMALL && required == 8, "12 a string needs two bytes more");
	wmi_check(!WDF_WMI_BUFFER_APPEND_STRING(buffer, 8, &s, &required) &&
		  !memcmp(buffer, "\x06\0a\0b\0c", 8), "12 its count comes first");
}

void wmi_wdf_rows(void)
{
	calls = 0;
	if (WdfWmiDeviceCreate("wdf rows", &device))
		return;
	create_rows();
	enable_rows();
	fail_rows();
	instance_rows();
	string_rows();
	WdfWmiDeviceDelete(device);
}

/*
 * What Windows stops the machine for: handles of no object, of another kind,
 * of objects that are gone.  Each call warns and names who called, so these must
 * stay functions; tests/guest/wdf_bad_handle.sh counts.
 */
static noinline void bad_devices(WDFDEVICE none, WDFWMIPROVIDER good)
{
	static const GUID guid = { 0x3df000fe };
	WDF_WMI_PROVIDER_CONFIG config;
	WDF_WMI_INSTANCE_CONFIG instance;
	WDFWMIINSTANCE i = (void *)1;
	WDFWMIPROVIDER p;

	WDF_WMI_PROVIDER_CONFIG_INIT(&config, &guid);
	WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER(&instance, good);
	WdfWmiDeviceDelete(none);
	wmi_check(WdfWmiDeviceStart(none) == STATUS_INVALID_HANDLE, "12 no device is started");
	wmi_check(WdfWmiProviderCreate((WDFDEVICE)good, &config, NULL, &p) ==
		  STATUS_INVALID_HANDLE, "12 a provider is no device to create one for");
	wmi_check(WdfWmiInstanceCreate(none, &instance, NULL, &i) == STATUS_INVALID_HANDLE && !i,
		  "12 no device has an instance");
}

static noinline void bad_providers(WDFWMIPROVIDER none)
{
	WDF_WMI_INSTANCE_CONFIG instance;
	WDFWMIINSTANCE i = (void *)1;

	WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER(&instance, none);
	wmi_check(WdfWmiInstanceCreate(device, &instance, NULL, &i) == STATUS_INVALID_HANDLE && !i,
		  "12 no provider has an instance");
	wmi_check(!WdfWmiProviderGetDevice(NULL), "12 NULL has no device");
	wmi_check(!WdfWmiProviderIsEnabled(none, WdfWmiEventControl),
		  "12 no provider is not enabled");
	wmi_check(!WdfWmiProviderGetTracingHandle((WDFWMIPROVIDER)device),
		  "12 a device has no tracing handle");
}

static noinline void bad_instances(WDFWMIINSTANCE none, WDFWMIPROVIDER good)
{
	wmi_check(WdfWmiInstanceRegister(none) == STATUS_INVALID_HANDLE,
		  "12 no instance is registered");
	WdfWmiInstanceDeregister((WDFWMIINSTANCE)good);
	wmi_check(!WdfWmiInstanceGetDevice(none), "12 no instance has no device");
	wmi_check(!WdfWmiInstanceGetProvider(none), "12 and no provider");
	wmi_check(WdfWmiInstanceFireEvent(none, 0, NULL) == STATUS_INVALID_HANDLE,
		  "12 and fires nothing");
}

void wmi_wdf_bad_handles(void)
{
	static const GUID guid = { 0x3df000ff };
	WDFWMIPROVIDER good;
	u64 *none = kcalloc(64, sizeof(*none), GFP_KERNEL);

	if (!none || WdfWmiDeviceCreate("bad handles", &device))
		return;
	create(&guid, WdfWmiProviderTracing, NULL, sizeof(WDF_WMI_PROVIDER_CONFIG), &good);
	bad_devices((WDFDEVICE)none, good);
	bad_providers((WDFWMIPROVIDER)none);
	bad_instances((WDFWMIINSTANCE)none, good);
	ObDereferenceObject(none);
	wmi_check(!memchr_inv(none, 0, 64 * sizeof(*none)), "12 what was passed is as it was");
	wmi_check(WdfWmiProviderGetDevice(good) == device, "12 good handles are good still");
	WdfWmiDeviceDelete(device);
	WdfWmiDeviceDelete(device);
	wmi_check(!WdfWmiProviderGetTracingHandle(good),
		  "12 a deleted device takes its providers along");
	kfree(none);
}
