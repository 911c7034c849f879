/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_KERNEL_IMAGE_H
#define WT_KERNEL_IMAGE_H

#include <linux/types.h>

struct seq_file;
struct task_struct;

int wt_images_start(void);
void wt_images_stop(void);
void wt_images_show(struct seq_file *m);
void wt_images_of_kernel(u16 hook);
void wt_images_of_process(u16 hook, struct task_struct *task);

#endif
