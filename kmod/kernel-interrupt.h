/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_KERNEL_INTERRUPT_H
#define WT_KERNEL_INTERRUPT_H

#include <linux/types.h>

void wt_interrupts_reset(u32 flags);

#endif
