/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bridge: Linux trace events as TraceLogging events, in any session
 * (kernel-events 11).
 */
#ifndef WT_BRIDGE_H
#define WT_BRIDGE_H

#include <linux/types.h>

#include "uapi/wmitrace.h"

struct perf_event;
struct perf_sample_data;
struct pt_regs;
struct wt_logger;

/**
 * struct wt_bridge - a trace event, for a session
 *
 * Does not change while counters exist, but for them.
 *
 * @list: of all
 * @request: what user space said; its pointers are not used any more
 * @module: that has the event, as an address to compare with; NULL = the kernel
 * @logger: session, with a reference
 * @counters: perf's event of each CPU, or NULL; nr_cpu_ids of them
 * @items: extended items, as they lie in each record
 * @ops: how a record becomes a payload
 */
struct wt_bridge {
	struct list_head list;
	struct wmitrace_bridge request;
	struct module *module;
	struct wt_logger *logger;
	struct perf_event **counters;
	u8 *items;
	u32 items_size;
	struct wmitrace_bridge_op *ops;
};

#ifdef CONFIG_PERF_EVENTS
/* From user memory to user memory, for control.c.  WMITRACE_ERROR_ codes, or -EFAULT; may sleep. */
int wt_bridge_enable(struct wt_logger *l, const struct wmitrace_bridge *request);
int wt_bridge_disable(struct wt_logger *l, const struct wmitrace_bridge *request);
int wt_bridge_list(struct wmitrace_providers *list);

void wt_bridge_end(struct wt_logger *l);
int wt_bridge_init(void);
void wt_bridge_exit(void);
#else
static inline int wt_bridge_enable(struct wt_logger *l, const struct wmitrace_bridge *request)
{
	return WMITRACE_ERROR_NOT_SUPPORTED;
}

static inline int wt_bridge_disable(struct wt_logger *l, const struct wmitrace_bridge *request)
{
	return WMITRACE_ERROR_WMI_GUID_NOT_FOUND;
}

static inline int wt_bridge_list(struct wmitrace_providers *list)
{
	list->count = 0;
	return WMITRACE_ERROR_SUCCESS;
}

static inline void wt_bridge_end(struct wt_logger *l) { }
static inline int wt_bridge_init(void) { return 0; }
static inline void wt_bridge_exit(void) { }
#endif

/* bridge-write.c */
void wt_bridge_overflow(struct perf_event *event, struct perf_sample_data *data,
			struct pt_regs *regs);
int wt_bridge_load(struct wt_bridge *b);

#endif
