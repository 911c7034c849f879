/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources share.  On Windows: <ntddk.h>, <wdf.h>. */
#pragma once

#include <linux/module.h>
#include <wmitrace/wdm.h>

#include "trace.h"

struct kettle {
	ULONG Id;
	ULONG Temperature;
	ULONGLONG Requests;
	WCHAR Name[16];
	GUID Interface;
};

NTSTATUS KettleCreate(struct kettle *Device, ULONG Id);
VOID KettleDestroy(struct kettle *Device);
NTSTATUS KettleHeat(struct kettle *Device, const UCHAR *Command, ULONG Length);
