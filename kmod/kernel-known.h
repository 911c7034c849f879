/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the end of a process has to repeat, from a pool.
 */
#ifndef WT_KERNEL_KNOWN_H
#define WT_KERNEL_KNOWN_H

#include <linux/list.h>
#include <linux/types.h>

#include "kernel-process.h"

struct wt_known {
	struct hlist_node node;		/* the user's, while it is taken */
	pid_t tgid;
	u32 image_len;
	u64 key;
	char image[WT_IMAGE_MAX];
};

int wt_known_start(void);
void wt_known_stop(void);
struct wt_known *wt_known_take(struct wt_text image, bool may_sleep);
void wt_known_give(struct wt_known *known);

#endif
