/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_KERNEL_DISK_H
#define WT_KERNEL_DISK_H

#include "wmitrace/evntrace.h"

#define WT_DISK_FLAGS	(EVENT_TRACE_FLAG_DISK_IO | EVENT_TRACE_FLAG_DISK_IO_INIT)

int wt_disks_alloc(void);
void wt_disks_free(void);
void wt_disks_log(void);

#endif
