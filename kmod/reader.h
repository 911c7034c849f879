/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_READER_H
#define WT_READER_H

#include <linux/types.h>

struct wmitrace_take;
struct wt_cpu;
struct wt_logger;

int wt_reader_open(struct wt_cpu *c);
void wt_reader_close(struct wt_cpu *c);
ssize_t wt_reader_read(struct wt_cpu *c, char __user *buf, size_t len);
int wt_reader_take(struct wt_cpu *c, struct wmitrace_take *take);
bool wt_reader_has_data(struct wt_cpu *c);
void wt_reader_snapshot(struct wt_logger *l);
u32 wt_reader_pending(struct wt_logger *l);

#endif
