/* SPDX-License-Identifier: GPL-2.0-only */
/* The WMI library's structures and callback types (wmi-api 4.5, 11). */
#ifndef WMITRACE_WMILIB_H
#define WMITRACE_WMILIB_H

#include "irp.h"
#include "wdm.h"
#include "wmistr.h"

typedef struct _WMIGUIDREGINFO {
	LPCGUID	Guid;
	ULONG	InstanceCount;
	ULONG	Flags;			/* WMIREG_FLAG_* */
} WMIGUIDREGINFO, *PWMIGUIDREGINFO;

typedef enum {
	WmiEventControl		= 0,
	WmiDataBlockControl	= 1,
} WMIENABLEDISABLECONTROL;

typedef enum {
	IrpProcessed	= 0,	/* the driver completes with WmiCompleteRequest */
	IrpNotCompleted	= 1,	/* the driver calls IoCompleteRequest */
	IrpNotWmi	= 2,
	IrpForward	= 3,
} SYSCTL_IRP_DISPOSITION, *PSYSCTL_IRP_DISPOSITION;

typedef NTSTATUS WMI_QUERY_REGINFO_CALLBACK(PDEVICE_OBJECT DeviceObject, PULONG RegFlags,
					    PUNICODE_STRING InstanceName,
					    PUNICODE_STRING *RegistryPath,
					    PUNICODE_STRING MofResourceName, PDEVICE_OBJECT *Pdo);
typedef NTSTATUS WMI_QUERY_DATABLOCK_CALLBACK(PDEVICE_OBJECT DeviceObject, PIRP Irp,
					      ULONG GuidIndex, ULONG InstanceIndex,
					      ULONG InstanceCount, PULONG InstanceLengthArray,
					      ULONG BufferAvail, PUCHAR Buffer);
typedef NTSTATUS WMI_SET_DATABLOCK_CALLBACK(PDEVICE_OBJECT DeviceObject, PIRP Irp,
					    ULONG GuidIndex, ULONG InstanceIndex,
					    ULONG BufferSize, PUCHAR Buffer);
typedef NTSTATUS WMI_SET_DATAITEM_CALLBACK(PDEVICE_OBJECT DeviceObject, PIRP Irp, ULONG GuidIndex,
					   ULONG InstanceIndex, ULONG DataItemId,
					   ULONG BufferSize, PUCHAR Buffer);
typedef NTSTATUS WMI_EXECUTE_METHOD_CALLBACK(PDEVICE_OBJECT DeviceObject, PIRP Irp,
					     ULONG GuidIndex, ULONG InstanceIndex, ULONG MethodId,
					     ULONG InBufferSize, ULONG OutBufferSize,
					     PUCHAR Buffer);
typedef NTSTATUS WMI_FUNCTION_CONTROL_CALLBACK(PDEVICE_OBJECT DeviceObject, PIRP Irp,
					       ULONG GuidIndex, WMIENABLEDISABLECONTROL Function,
					       BOOLEAN Enable);

typedef WMI_QUERY_REGINFO_CALLBACK	*PWMI_QUERY_REGINFO;
typedef WMI_QUERY_DATABLOCK_CALLBACK	*PWMI_QUERY_DATABLOCK;
typedef WMI_SET_DATABLOCK_CALLBACK	*PWMI_SET_DATABLOCK;
typedef WMI_SET_DATAITEM_CALLBACK	*PWMI_SET_DATAITEM;
typedef WMI_EXECUTE_METHOD_CALLBACK	*PWMI_EXECUTE_METHOD;
typedef WMI_FUNCTION_CONTROL_CALLBACK	*PWMI_FUNCTION_CONTROL;

typedef struct _WMILIB_CONTEXT {
	ULONG	GuidCount;
	PWMIGUIDREGINFO		GuidList;
	PWMI_QUERY_REGINFO	QueryWmiRegInfo;	/* required */
	PWMI_QUERY_DATABLOCK	QueryWmiDataBlock;	/* required */
	PWMI_SET_DATABLOCK	SetWmiDataBlock;
	PWMI_SET_DATAITEM	SetWmiDataItem;
	PWMI_EXECUTE_METHOD	ExecuteWmiMethod;
	PWMI_FUNCTION_CONTROL	WmiFunctionControl;
} WMILIB_CONTEXT, *PWMILIB_CONTEXT;

#ifdef CONFIG_64BIT
WMITRACE_SIZE(WMIGUIDREGINFO, 16);				/* A5 */
WMITRACE_OFFSET(WMIGUIDREGINFO, InstanceCount, 8);
WMITRACE_OFFSET(WMIGUIDREGINFO, Flags, 12);
WMITRACE_SIZE(WMILIB_CONTEXT, 64);				/* A5 */
WMITRACE_OFFSET(WMILIB_CONTEXT, GuidList, 8);
WMITRACE_OFFSET(WMILIB_CONTEXT, QueryWmiRegInfo, 16);
WMITRACE_OFFSET(WMILIB_CONTEXT, QueryWmiDataBlock, 24);
WMITRACE_OFFSET(WMILIB_CONTEXT, SetWmiDataBlock, 32);
WMITRACE_OFFSET(WMILIB_CONTEXT, SetWmiDataItem, 40);
WMITRACE_OFFSET(WMILIB_CONTEXT, ExecuteWmiMethod, 48);
WMITRACE_OFFSET(WMILIB_CONTEXT, WmiFunctionControl, 56);
#endif

/**
 * WmiSystemControl - have the library handle a system control request
 * @WmiLibInfo: the driver's GUIDs and callbacks
 * @DeviceObject: the driver's
 * @Irp: as the driver got it
 * @IrpDisposition: what the driver has to do with it; set in every case [A158]
 *
 * A callback answers with WmiCompleteRequest().  The trace handle of an enable
 * lies in the request: Buffer -> WNODE_HEADER.HistoricalContext.
 *
 * Return: the callback's status, or what the library found wrong.
 */
NTSTATUS WmiSystemControl(PWMILIB_CONTEXT WmiLibInfo, PDEVICE_OBJECT DeviceObject, PIRP Irp,
			  PSYSCTL_IRP_DISPOSITION IrpDisposition);

/**
 * WmiCompleteRequest - complete a request that WmiSystemControl handed to a callback
 * @BufferUsed: bytes of data, or with STATUS_BUFFER_TOO_SMALL the bytes needed
 *
 * Return: @Status; STATUS_SUCCESS for STATUS_BUFFER_TOO_SMALL, which becomes a
 * WNODE_TOO_SMALL [A162].
 */
NTSTATUS WmiCompleteRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp, NTSTATUS Status,
			    ULONG BufferUsed, CCHAR PriorityBoost);

/**
 * WmiFireEvent - deliver an event to consumers of a GUID
 * @EventData: pool memory, freed in every case [A138]; NULL with @EventDataSize 0
 *
 * Process context.  Return: as IoWMIWriteEvent().
 */
NTSTATUS WmiFireEvent(PDEVICE_OBJECT DeviceObject, LPCGUID Guid, ULONG InstanceIndex,
		      ULONG EventDataSize, PVOID EventData);

#endif /* WMITRACE_WMILIB_H */
