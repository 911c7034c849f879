/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_PROVIDER_LIST_H
#define WT_PROVIDER_LIST_H

#include <linux/fs.h>

struct wmitrace_providers;

extern const struct file_operations wt_providers_fops;
int wt_providers_copy(struct wmitrace_providers *list);

#endif
