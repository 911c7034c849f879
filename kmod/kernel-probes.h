/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Probes on the kernel's tracepoints.
 */
#ifndef WT_KERNEL_PROBES_H
#define WT_KERNEL_PROBES_H

#include <linux/build_bug.h>
#include <linux/tracepoint.h>
#include <linux/types.h>

#include "wmitrace/evntrace.h"

struct seq_file;

/**
 * struct wt_probe - a probe on a tracepoint
 * @event: the tracepoint's name
 * @function: of the tracepoint's prototype: use WT_PROBE()
 * @flags: EVENT_TRACE_FLAG_*, any of which asks for it
 * @prio: of two probes on one tracepoint that of the higher one runs first
 * @tracepoint: NULL: this kernel has none of that name
 */
struct wt_probe {
	const char *event;
	void *function;
	u32 flags;
	int prio;
	struct tracepoint *tracepoint;
	bool attached;
};

/*
 * The function probe_EVENT.  Compiles only if that has the prototype of the
 * tracepoint in the kernel that is built for (K22).
 */
#define WT_PROBE(_event, _flags)	WT_PROBE_PRIO(_event, _flags, TRACEPOINT_DEFAULT_PRIO)

#define WT_PROBE_PRIO(_event, _flags, _prio) {						\
	.event = #_event,								\
	.flags = (_flags),								\
	.prio = (_prio),								\
	.function = (void *)probe_##_event +						\
		    0 * sizeof((check_trace_callback_type_##_event(probe_##_event), 0)),	\
}

/* By source; the last of each has no event. */
extern struct wt_probe wt_lifetime_probes[];
extern struct wt_probe wt_image_probes[];
extern struct wt_probe wt_scheduler_probes[];
extern struct wt_probe wt_interrupt_probes[];
extern struct wt_probe wt_fault_probes[];
extern struct wt_probe wt_disk_probes[];
extern struct wt_probe wt_syscall_probes[];

void wt_probes_find(void);
u32 wt_probes_flags(void);
int wt_probes_set(u32 flags);
void wt_probes_show(struct seq_file *m);
void wt_probe_show(struct seq_file *m, const char *source, u32 flags, const char *state);

#endif
