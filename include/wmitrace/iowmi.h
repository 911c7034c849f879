/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Providers: registration, queries, events to consumers (wmi-api 6, 7, 9.4,
 * 10, 13).
 */
#ifndef WMITRACE_IOWMI_H
#define WMITRACE_IOWMI_H

#include <linux/export.h>
#include <linux/module.h>

#include "wdm.h"
#include "wmistr.h"
#include "evntrace.h"

/* ---- providers [1.3, 6] ------------------------------------------------ */

/**
 * typedef WMI_DISPATCH - a provider's callback
 * @MinorFunction: IRP_MN_REGINFO, IRP_MN_ENABLE_EVENTS, ...
 * @DataPath: the GUID meant; for REGINFO the integer WMIREGISTER or WMIUPDATE
 * @BufferLength: bytes at @Buffer
 * @Buffer: REGINFO: to be filled in; otherwise a WNODE_HEADER and more
 * @Context: the registered block's address [A29]
 * @Size: bytes of @Buffer used
 *
 * Process context; may sleep and may call everything here but for
 * IoWMIRegistrationControl on the same provider.  Calls to one provider come
 * one after the other.  @DataPath and @Buffer are valid during the call only.
 */
typedef NTSTATUS WMI_DISPATCH(UCHAR MinorFunction, PVOID DataPath, ULONG BufferLength,
			      PVOID Buffer, PVOID Context, PULONG Size);

/**
 * struct wmi_provider - what stands in for a device object
 * @dispatch: first member, which is all that the logger reads of any block
 * @name: for listings; may be NULL
 * @DeviceExtension: the driver's
 * @SystemControl: the driver's IRP_MJ_SYSTEM_CONTROL routine, which
 *	wmitrace_dispatch_irp() calls
 */
struct wmi_provider {
	WMI_DISPATCH *dispatch;
	const char *name;
	PVOID DeviceExtension;
	NTSTATUS (*SystemControl)(PDEVICE_OBJECT DeviceObject, PIRP Irp);
};

/*
 * wmitrace_dispatch_irp - WMI_DISPATCH of a driver that handles IRPs
 *
 * Turns the call into an IRP_MJ_SYSTEM_CONTROL request for the SystemControl
 * routine of the struct wmi_provider in @Context, and waits for its completion.
 */
WMI_DISPATCH wmitrace_dispatch_irp;

/* Initialisers of a struct wmi_provider: callback style and IRP style. */
#define WMI_PROVIDER_INIT(text, callback)	{ .dispatch = (callback), .name = (text) }
#define WMI_IRP_PROVIDER_INIT(text, routine, extension)				\
	{ .dispatch = wmitrace_dispatch_irp, .name = (text),			\
	  .DeviceExtension = (extension), .SystemControl = (routine) }

NTSTATUS wmitrace_registration_control(const void *block, ULONG action, struct module *owner);

/**
 * IoWMIRegistrationControl - register, change, deregister a provider
 * @DeviceObject: a struct wmi_provider, or with WMIREG_FLAG_CALLBACK in @Action
 *	any block whose first member is a WMI_DISPATCH pointer; may be read-only
 * @Action: one WMIREG_ACTION_*; WMIREG_FLAG_CALLBACK and
 *	WMIREG_FLAG_TRACE_PROVIDER may be ORed in [A30]
 *
 * Context: process context that may sleep.
 *
 * REGISTER asks for the GUIDs (REGINFO) and delivers what has been enabled
 * before, all before it returns [A20, A55].  DEREGISTER waits for a callback
 * that runs; afterwards none does [A25, A26].  A module that goes without
 * DEREGISTER is deregistered by force, with a warning [A44].
 *
 * Return:
 * * STATUS_SUCCESS
 * * STATUS_INVALID_PARAMETER - unknown action [A24], no callback, not
 *   registered [A28], or a malformed answer to REGINFO [A34, A35]
 * * STATUS_OBJECT_NAME_COLLISION - registered already [A45]
 * * STATUS_INVALID_DEVICE_REQUEST - called by the provider's own callback [A27]
 * * STATUS_INSUFFICIENT_RESOURCES
 * * what the provider answered to REGINFO; it is then not registered
 */
#define IoWMIRegistrationControl(DeviceObject, Action) \
	wmitrace_registration_control((DeviceObject), (Action), THIS_MODULE)

/* ---- queries [10] ------------------------------------------------------ */

typedef enum _TRACE_INFORMATION_CLASS {
	TraceIdClass			= 0,
	TraceHandleClass		= 1,
	TraceEnableFlagsClass		= 2,
	TraceEnableLevelClass		= 3,
	GlobalLoggerHandleClass		= 4,
	EventLoggerHandleClass		= 5,
	AllLoggerHandlesClass		= 6,
	TraceHandleByNameClass		= 7,
	LoggerEventsLostClass		= 8,
	TraceSessionSettingsClass	= 9,
	LoggerEventsLoggedClass		= 10,
	DiskIoNotifyRoutinesClass	= 11,
	TraceInformationClassReserved1	= 12,
	FltIoNotifyRoutinesClass	= 13,
	TraceInformationClassReserved2	= 14,
	WdfNotifyRoutinesClass		= 15,
	MaxTraceInformationClass	= 16,
} TRACE_INFORMATION_CLASS;

/**
 * WmiQueryTraceInformation - what sessions run and what a handle says
 * @TraceInformationClass: what is asked for
 * @TraceInformation: the answer
 * @TraceInformationLength: its bytes; for most classes exactly what is needed
 * @RequiredLength: bytes needed, set in every case; may be NULL [A156]
 * @Buffer: the question: a WNODE_HEADER, an id, a name, by class
 *
 * Context: any but NMI.
 *
 * Return:
 * * STATUS_SUCCESS
 * * STATUS_MORE_ENTRIES - AllLoggerHandlesClass: as many as fit [A152]
 * * STATUS_INVALID_INFO_CLASS - no such class, or internal [A148]
 * * STATUS_INFO_LENGTH_MISMATCH [A142, A144]
 * * STATUS_INVALID_PARAMETER_MIX - @Buffer is needed and NULL [A146]
 * * STATUS_INVALID_HANDLE - no such session [A147]
 * * STATUS_INVALID_PARAMETER - no session of that name [A154], or
 *   @TraceInformation is NULL
 * * STATUS_NOT_FOUND - there is no GlobalLogger [A149]
 */
NTSTATUS NTAPI WmiQueryTraceInformation(TRACE_INFORMATION_CLASS TraceInformationClass,
					PVOID TraceInformation, ULONG TraceInformationLength,
					PULONG RequiredLength, PVOID Buffer);

/* ---- consumers [9.3, 13] ----------------------------------------------- */

#define SYNCHRONIZE	0x00100000u	/* needed beside WMIGUID_NOTIFICATION */

/* @Wnode is valid during the call only.  Process context; may sleep. */
typedef VOID FWMI_NOTIFICATION_CALLBACK(PVOID Wnode, PVOID Context);
typedef FWMI_NOTIFICATION_CALLBACK *WMI_NOTIFICATION_CALLBACK;

NTSTATUS wmitrace_open_block(const GUID *guid, ULONG access, PVOID *object, struct module *owner);

/**
 * IoWMIOpenBlock - open a GUID that a provider has registered for consumers
 * @Guid: the GUID
 * @DesiredAccess: WMIGUID_*; WMIGUID_NOTIFICATION with SYNCHRONIZE
 * @DataBlockObject: to be closed with ObDereferenceObject()
 *
 * The first who opens it for notification enables it: providers are called with
 * IRP_MN_ENABLE_EVENTS before this returns [A63, A64].
 *
 * Process context.  Return: STATUS_SUCCESS; STATUS_WMI_GUID_NOT_FOUND;
 * STATUS_ACCESS_DENIED - NOTIFICATION without SYNCHRONIZE;
 * STATUS_INSUFFICIENT_RESOURCES.
 */
#define IoWMIOpenBlock(Guid, DesiredAccess, DataBlockObject) \
	wmitrace_open_block((Guid), (DesiredAccess), (DataBlockObject), THIS_MODULE)

/**
 * IoWMISetNotificationCallback - have events of an open block delivered
 *
 * Once for each block.  Process context.  Return: STATUS_SUCCESS;
 * STATUS_INVALID_HANDLE - no open block; STATUS_ACCESS_DENIED - not open for
 * notification; STATUS_INVALID_DEVICE_REQUEST - set already.
 */
NTSTATUS IoWMISetNotificationCallback(PVOID Object, WMI_NOTIFICATION_CALLBACK Callback,
				      PVOID Context);

/* Closes a block: afterwards its callback does not run, unless this is it.  Process context. */
VOID ObDereferenceObject(PVOID Object);

/* ---- the rest [13] ------------------------------------------------------ */

/* Consecutive ids, not given out again for that GUID.  Process context. */
NTSTATUS IoWMIAllocateInstanceIds(GUID *Guid, ULONG InstanceCount, ULONG *FirstInstanceId);

/* Not 0 and unique while the provider is registered; 0 if it is not.  Process context. */
ULONG IoWMIDeviceObjectToProviderId(PDEVICE_OBJECT DeviceObject);

/* These return STATUS_NOT_SUPPORTED. */
NTSTATUS IoWMISuggestInstanceName(PDEVICE_OBJECT PhysicalDeviceObject,
				  PUNICODE_STRING SymbolicLinkName, BOOLEAN CombineNames,
				  PUNICODE_STRING SuggestedInstanceName);
NTSTATUS IoWMIDeviceObjectToInstanceName(PVOID DataBlockObject, PDEVICE_OBJECT DeviceObject,
					 PUNICODE_STRING InstanceName);
NTSTATUS IoWMIHandleToInstanceName(PVOID DataBlockObject, HANDLE FileHandle,
				   PUNICODE_STRING InstanceName);
NTSTATUS IoWMIQueryAllData(PVOID DataBlockObject, ULONG *InOutBufferSize, PVOID OutBuffer);
NTSTATUS IoWMIQueryAllDataMultiple(PVOID *DataBlockObjectList, ULONG ObjectCount,
				   ULONG *InOutBufferSize, PVOID OutBuffer);
NTSTATUS IoWMIQuerySingleInstance(PVOID DataBlockObject, PUNICODE_STRING InstanceName,
				  ULONG *InOutBufferSize, PVOID OutBuffer);
NTSTATUS IoWMIQuerySingleInstanceMultiple(PVOID *DataBlockObjectList,
					  PUNICODE_STRING InstanceNames, ULONG ObjectCount,
					  ULONG *InOutBufferSize, PVOID OutBuffer);
NTSTATUS IoWMISetSingleInstance(PVOID DataBlockObject, PUNICODE_STRING InstanceName,
				ULONG Version, ULONG ValueBufferSize, PVOID ValueBuffer);
NTSTATUS IoWMISetSingleItem(PVOID DataBlockObject, PUNICODE_STRING InstanceName, ULONG DataItemId,
			    ULONG Version, ULONG ValueBufferSize, PVOID ValueBuffer);
NTSTATUS IoWMIExecuteMethod(PVOID DataBlockObject, PUNICODE_STRING InstanceName, ULONG MethodId,
			    ULONG InBufferSize, PULONG OutBufferSize, PUCHAR InOutBuffer);

#endif /* WMITRACE_IOWMI_H */
