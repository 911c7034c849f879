/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel logger: what the rest of the module knows of it.
 */
#ifndef WT_KERNEL_H
#define WT_KERNEL_H

#include <linux/fs.h>
#include <linux/types.h>

#include "etl/kernel.h"
#include "wmitrace/evntrace.h"

struct wt_logger;

/*
 * What may be asked for: every event class of Windows, whether Linux has such
 * events or not, as a controller that asks for registry events as well wants
 * the rest.  The file "kernel" in debugfs says what there is.
 */
#define WT_KERNEL_FLAGS		(0x07ffffffu | EVENT_TRACE_FLAG_NO_SYSCONFIG)

#define WT_KERNEL_MASKS_SIZE	(sizeof(struct etl_system_header) + sizeof(struct etl_masks))

u32 wt_kernel_set_flags(struct wt_logger *l, u32 flags);
void wt_kernel_stop(struct wt_logger *l);
void wt_kernel_masks_record(struct wt_logger *l, u8 *to);

extern const struct file_operations wt_kernel_fops;

#endif
