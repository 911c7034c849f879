/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_KERNEL_SCHEDULER_H
#define WT_KERNEL_SCHEDULER_H

#include <linux/types.h>

struct task_struct;

void wt_scheduler_reset(void);
s8 wt_priority(const struct task_struct *task, int prio);

#endif
