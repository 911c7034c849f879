/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_KERNEL_LIFETIME_H
#define WT_KERNEL_LIFETIME_H

#include <linux/types.h>

#include "wmitrace/evntrace.h"

struct task_struct;
struct wt_logger;
struct wt_texts;

#define WT_LIFETIME_FLAGS	(EVENT_TRACE_FLAG_PROCESS | EVENT_TRACE_FLAG_THREAD | \
				 EVENT_TRACE_FLAG_PROCESS_COUNTERS)

int wt_lifetimes_alloc(void);
void wt_lifetimes_free(void);
void wt_lifetimes_begin(void);
void wt_lifetimes_end(void);
void wt_lifetimes_last_switch(struct wt_logger *l, struct task_struct *task);

void wt_lifetime_found(struct task_struct *thread, struct wt_texts *texts);
void wt_lifetime_thread_left(struct task_struct *thread);
void wt_lifetime_process_left(struct task_struct *thread, struct wt_texts *texts);

/* kernel-rundown.c */
int wt_rundown_begin(struct wt_logger *l, u32 flags);
int wt_rundown_end(struct wt_logger *l, u32 flags);

#endif
