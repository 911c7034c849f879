/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is kept for whoever reads a memory dump (include/etl/crash.h).
 */
#ifndef WT_CRASH_H
#define WT_CRASH_H

#include <linux/types.h>

struct etl_crash_page;
struct wt_cpu;
struct wt_logger;
struct wt_subbuf;

int wt_crash_add_logger(struct wt_logger *l);
int wt_crash_add_cpu(struct wt_logger *l, struct wt_cpu *c, const struct wt_subbuf *sub,
		     const u8 *ring);
void wt_crash_remove(struct etl_crash_page **pages);

#endif
