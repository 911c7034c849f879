/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver framework's WMI structures (wmi-api 4.7, 12). */
#ifndef WMITRACE_WDFWMI_H
#define WMITRACE_WDFWMI_H

#include <linux/export.h>

#include "wdm.h"
#include "wmistr.h"

typedef struct wdf_wmi_device	*WDFDEVICE;
typedef struct wdf_wmi_provider	*WDFWMIPROVIDER;
typedef struct wdf_wmi_instance	*WDFWMIINSTANCE;

typedef enum _WDF_WMI_PROVIDER_CONTROL {
	WdfWmiControlInvalid	= 0,
	WdfWmiEventControl	= 1,
	WdfWmiInstanceControl	= 2,
} WDF_WMI_PROVIDER_CONTROL;

typedef enum _WDF_WMI_PROVIDER_FLAGS {
	WdfWmiProviderEventOnly	= 0x1,
	WdfWmiProviderExpensive	= 0x2,
	WdfWmiProviderTracing	= 0x4,	/* excludes the others */
} WDF_WMI_PROVIDER_FLAGS;

typedef NTSTATUS EVT_WDF_WMI_PROVIDER_FUNCTION_CONTROL(WDFWMIPROVIDER WmiProvider,
						       WDF_WMI_PROVIDER_CONTROL Control,
						       BOOLEAN Enable);
typedef NTSTATUS EVT_WDF_WMI_INSTANCE_QUERY_INSTANCE(WDFWMIINSTANCE WmiInstance,
						     ULONG OutBufferSize, PVOID OutBuffer,
						     PULONG BufferUsed);
typedef NTSTATUS EVT_WDF_WMI_INSTANCE_SET_INSTANCE(WDFWMIINSTANCE WmiInstance, ULONG InBufferSize,
						   PVOID InBuffer);
typedef NTSTATUS EVT_WDF_WMI_INSTANCE_SET_ITEM(WDFWMIINSTANCE WmiInstance, ULONG DataItemId,
					       ULONG InBufferSize, PVOID InBuffer);
typedef NTSTATUS EVT_WDF_WMI_INSTANCE_EXECUTE_METHOD(WDFWMIINSTANCE WmiInstance, ULONG MethodId,
						     ULONG InBufferSize, ULONG OutBufferSize,
						     PVOID Buffer, PULONG BufferUsed);

typedef EVT_WDF_WMI_PROVIDER_FUNCTION_CONTROL	*PFN_WDF_WMI_PROVIDER_FUNCTION_CONTROL;
typedef EVT_WDF_WMI_INSTANCE_QUERY_INSTANCE	*PFN_WDF_WMI_INSTANCE_QUERY_INSTANCE;
typedef EVT_WDF_WMI_INSTANCE_SET_INSTANCE	*PFN_WDF_WMI_INSTANCE_SET_INSTANCE;
typedef EVT_WDF_WMI_INSTANCE_SET_ITEM		*PFN_WDF_WMI_INSTANCE_SET_ITEM;
typedef EVT_WDF_WMI_INSTANCE_EXECUTE_METHOD	*PFN_WDF_WMI_INSTANCE_EXECUTE_METHOD;

typedef struct _WDF_WMI_PROVIDER_CONFIG {
	ULONG	Size;
	GUID	Guid;
	ULONG	Flags;			/* WDF_WMI_PROVIDER_FLAGS */
	ULONG	MinInstanceBufferSize;
	PFN_WDF_WMI_PROVIDER_FUNCTION_CONTROL EvtWmiProviderFunctionControl;
} WDF_WMI_PROVIDER_CONFIG, *PWDF_WMI_PROVIDER_CONFIG;

typedef struct _WDF_WMI_INSTANCE_CONFIG {
	ULONG	Size;
	WDFWMIPROVIDER Provider;	/* this one or ProviderConfig, not both */
	PWDF_WMI_PROVIDER_CONFIG ProviderConfig;
	BOOLEAN	UseContextForQuery;
	BOOLEAN	Register;
	PFN_WDF_WMI_INSTANCE_QUERY_INSTANCE EvtWmiInstanceQueryInstance;
	PFN_WDF_WMI_INSTANCE_SET_INSTANCE EvtWmiInstanceSetInstance;
	PFN_WDF_WMI_INSTANCE_SET_ITEM EvtWmiInstanceSetItem;
	PFN_WDF_WMI_INSTANCE_EXECUTE_METHOD EvtWmiInstanceExecuteMethod;
} WDF_WMI_INSTANCE_CONFIG, *PWDF_WMI_INSTANCE_CONFIG;

#ifdef CONFIG_64BIT
WMITRACE_SIZE(WDF_WMI_PROVIDER_CONFIG, 40);			/* A5 */
WMITRACE_OFFSET(WDF_WMI_PROVIDER_CONFIG, Guid, 4);
WMITRACE_OFFSET(WDF_WMI_PROVIDER_CONFIG, Flags, 20);
WMITRACE_OFFSET(WDF_WMI_PROVIDER_CONFIG, MinInstanceBufferSize, 24);
WMITRACE_OFFSET(WDF_WMI_PROVIDER_CONFIG, EvtWmiProviderFunctionControl, 32);
WMITRACE_SIZE(WDF_WMI_INSTANCE_CONFIG, 64);			/* A5 */
WMITRACE_OFFSET(WDF_WMI_INSTANCE_CONFIG, Provider, 8);
WMITRACE_OFFSET(WDF_WMI_INSTANCE_CONFIG, ProviderConfig, 16);
WMITRACE_OFFSET(WDF_WMI_INSTANCE_CONFIG, UseContextForQuery, 24);
WMITRACE_OFFSET(WDF_WMI_INSTANCE_CONFIG, Register, 25);
WMITRACE_OFFSET(WDF_WMI_INSTANCE_CONFIG, EvtWmiInstanceQueryInstance, 32);
WMITRACE_OFFSET(WDF_WMI_INSTANCE_CONFIG, EvtWmiInstanceSetInstance, 40);
WMITRACE_OFFSET(WDF_WMI_INSTANCE_CONFIG, EvtWmiInstanceSetItem, 48);
WMITRACE_OFFSET(WDF_WMI_INSTANCE_CONFIG, EvtWmiInstanceExecuteMethod, 56);
#endif

/* Object attributes have no counterpart. */
typedef void *PWDF_OBJECT_ATTRIBUTES;

#define WDF_NO_OBJECT_ATTRIBUTES	((PWDF_OBJECT_ATTRIBUTES)NULL)

static inline VOID WDF_WMI_PROVIDER_CONFIG_INIT(PWDF_WMI_PROVIDER_CONFIG Config, LPCGUID Guid)
{
	memset(Config, 0, sizeof(*Config));
	Config->Size = sizeof(*Config);
	Config->Guid = *Guid;
}

static inline VOID WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER(PWDF_WMI_INSTANCE_CONFIG Config,
							 WDFWMIPROVIDER Provider)
{
	memset(Config, 0, sizeof(*Config));
	Config->Size = sizeof(*Config);
	Config->Provider = Provider;
}

static inline VOID
WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER_CONFIG(PWDF_WMI_INSTANCE_CONFIG Config,
					     PWDF_WMI_PROVIDER_CONFIG ProviderConfig)
{
	memset(Config, 0, sizeof(*Config));
	Config->Size = sizeof(*Config);
	Config->ProviderConfig = ProviderConfig;
}

/* Appends a counted string: u16 bytes, then the characters. */
static inline NTSTATUS WDF_WMI_BUFFER_APPEND_STRING(PVOID Buffer, ULONG BufferLength,
						    PCUNICODE_STRING String, PULONG RequiredSize)
{
	*RequiredSize = String->Length + sizeof(USHORT);
	if (BufferLength < *RequiredSize)
		return STATUS_BUFFER_TOO_SMALL;
	memcpy(Buffer, &String->Length, sizeof(USHORT));
	memcpy((PUCHAR)Buffer + sizeof(USHORT), String->Buffer, String->Length);
	return STATUS_SUCCESS;
}

/* ---- devices: the framework's own affair on Windows -------------------- */

NTSTATUS wmitrace_wdf_device_create(const char *name, struct module *owner, WDFDEVICE *device);

/* Stands in for WdfDeviceCreate.  @Name: for listings; stays the caller's. */
#define WdfWmiDeviceCreate(Name, Device) \
	wmitrace_wdf_device_create((Name), THIS_MODULE, (Device))

/* Registers the device with its providers, as the framework does when a device starts. */
NTSTATUS WdfWmiDeviceStart(WDFDEVICE Device);

/* Deregisters it, waits for callbacks, deletes it with its providers and instances. */
VOID WdfWmiDeviceDelete(WDFDEVICE Device);

/* ---- providers and instances [12] --------------------------------------- */

/*
 * An invalid handle is a bug check on Windows: here a warning with the caller,
 * and STATUS_INVALID_HANDLE, 0 or NULL.
 */

/**
 * WdfWmiProviderCreate - add a provider to a device
 *
 * Up to DISPATCH_LEVEL.  A device that is started is registered anew, at once
 * where the caller may sleep.
 *
 * Return, in this order: STATUS_INFO_LENGTH_MISMATCH - Size;
 * STATUS_INVALID_PARAMETER - unknown flags, Tracing with another flag, a
 * callback without Tracing or Expensive, a zero GUID;
 * STATUS_INSUFFICIENT_RESOURCES; STATUS_OBJECT_NAME_EXISTS with a NULL handle -
 * the device has the GUID [A165, A166].
 */
NTSTATUS WdfWmiProviderCreate(WDFDEVICE Device, PWDF_WMI_PROVIDER_CONFIG WmiProviderConfig,
			      PWDF_OBJECT_ATTRIBUTES ProviderAttributes,
			      WDFWMIPROVIDER *WmiProvider);
WDFDEVICE WdfWmiProviderGetDevice(WDFWMIPROVIDER WmiProvider);
BOOLEAN WdfWmiProviderIsEnabled(WDFWMIPROVIDER WmiProvider,
				WDF_WMI_PROVIDER_CONTROL ProviderControl);

/* 0 before the first enable [A167]; goes into WmiTraceMessage or HistoricalContext [A170]. */
ULONGLONG WdfWmiProviderGetTracingHandle(WDFWMIPROVIDER WmiProvider);

/* @Instance may be NULL. */
NTSTATUS WdfWmiInstanceCreate(WDFDEVICE Device, PWDF_WMI_INSTANCE_CONFIG InstanceConfig,
			      PWDF_OBJECT_ATTRIBUTES InstanceAttributes, WDFWMIINSTANCE *Instance);
NTSTATUS WdfWmiInstanceRegister(WDFWMIINSTANCE WmiInstance);
VOID WdfWmiInstanceDeregister(WDFWMIINSTANCE WmiInstance);
WDFDEVICE WdfWmiInstanceGetDevice(WDFWMIINSTANCE WmiInstance);
WDFWMIPROVIDER WdfWmiInstanceGetProvider(WDFWMIINSTANCE WmiInstance);

/* Copies @EventData, which stays the caller's [A171]; may be NULL.  Process context. */
NTSTATUS WdfWmiInstanceFireEvent(WDFWMIINSTANCE WmiInstance, ULONG EventDataSize,
				 PVOID EventData);

#endif /* WMITRACE_WDFWMI_H */
