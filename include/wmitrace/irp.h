/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of an IRP as a driver's IRP_MJ_SYSTEM_CONTROL routine looks at
 * (wmi-api 1.3).  There is no stack of drivers: what is passed on is refused.
 */
#ifndef WMITRACE_IRP_H
#define WMITRACE_IRP_H

#include <linux/completion.h>

#include "wdm.h"
#include "wmistr.h"

typedef struct _IO_STATUS_BLOCK {
	NTSTATUS Status;
	ULONG_PTR Information;
} IO_STATUS_BLOCK, *PIO_STATUS_BLOCK;

typedef struct _IO_STACK_LOCATION {
	UCHAR	MajorFunction;
	UCHAR	MinorFunction;
	union {
		struct {
			ULONG_PTR ProviderId;	/* the device object that is meant */
			PVOID	DataPath;	/* a GUID's address, or WMIREGISTER, WMIUPDATE */
			ULONG	BufferSize;
			PVOID	Buffer;
		} WMI;
	} Parameters;
	PDEVICE_OBJECT DeviceObject;
} IO_STACK_LOCATION, *PIO_STACK_LOCATION;

/**
 * struct wmi_request - what stands in for an IRP
 * @IoStatus: the result
 * @stack: the only stack location
 * @done: completed by IoCompleteRequest()
 */
struct wmi_request {
	IO_STATUS_BLOCK IoStatus;
	IO_STACK_LOCATION stack;
	struct completion done;
};

typedef NTSTATUS DRIVER_DISPATCH(PDEVICE_OBJECT DeviceObject, PIRP Irp);
typedef DRIVER_DISPATCH *PDRIVER_DISPATCH;

#define IO_NO_INCREMENT		0

static inline PIO_STACK_LOCATION IoGetCurrentIrpStackLocation(PIRP Irp)
{
	return &Irp->stack;
}

static inline VOID IoCompleteRequest(PIRP Irp, CCHAR PriorityBoost)
{
	complete(&Irp->done);
}

/* The routine then returns STATUS_PENDING and completes the request later. */
static inline VOID IoMarkIrpPending(PIRP Irp)
{
}

static inline VOID IoSkipCurrentIrpStackLocation(PIRP Irp)
{
}

static inline NTSTATUS IoCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	Irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
	IoCompleteRequest(Irp, IO_NO_INCREMENT);
	return STATUS_INVALID_DEVICE_REQUEST;
}

#endif /* WMITRACE_IRP_H */
