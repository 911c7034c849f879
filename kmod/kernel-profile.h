/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_KERNEL_PROFILE_H
#define WT_KERNEL_PROFILE_H

struct seq_file;

int wt_profile_start(void);
void wt_profile_stop(void);
void wt_profile_show(struct seq_file *m);

#endif
