// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding tracepoints by name and attaching to those that are asked for.
 *
 * Nearly none of them is exported to modules, so they are looked up when the
 * module is loaded; one that this kernel does not have is an event that it does
 * not have (kernel-events 10.1).  Under kernel-logger.c's mutex.
 */
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "kernel-probes.h"

/* In the order of attaching. */
static struct wt_probe *const tables[] = {
	wt_lifetime_probes,
	wt_image_probes,
	wt_scheduler_probes,
	wt_interrupt_probes,
	wt_fault_probes,
	wt_disk_probes,
	wt_syscall_probes,
};

static void match(struct tracepoint *tp, void *unused)
{
	struct wt_probe *p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (p = tables[i]; p->event; p++)
			if (!strcmp(p->event, tp->name))
				p->tracepoint = tp;
}

/* Once for all: the kernel's own tracepoints stay. */
void wt_probes_find(void)
{
	static bool found;

	if (!found)
		for_each_kernel_tracepoint(match, NULL);
	found = true;
}

/* Those that this kernel has tracepoints for. */
u32 wt_probes_flags(void)
{
	struct wt_probe *p;
	u32 flags = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (p = tables[i]; p->event; p++)
			if (p->tracepoint)
				flags |= p->flags;
	return flags;
}

static bool detach_unwanted_of(struct wt_probe *table, u32 flags)
{
	bool detached = false;
	struct wt_probe *p;

	for (p = table; p->event; p++)
		;
	while (p-- > table) {
		if (!p->attached || (p->flags & flags))
			continue;
		tracepoint_probe_unregister(p->tracepoint, p->function, NULL);
		p->attached = false;
		detached = true;
	}
	return detached;
}

/* In the reverse order.  Returns whether a probe was detached that may still run. */
static bool detach_unwanted(u32 flags)
{
	bool detached = false;
	size_t i = ARRAY_SIZE(tables);

	while (i--)
		detached |= detach_unwanted_of(tables[i], flags);
	return detached;
}

static int attach_wanted(u32 flags)
{
	struct wt_probe *p;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (p = tables[i]; p->event; p++) {
			if (p->attached || !p->tracepoint || !(p->flags & flags))
				continue;
			ret = tracepoint_probe_register_prio(p->tracepoint, p->function, NULL,
							     p->prio);
			if (ret)
				return ret;
			p->attached = true;
		}
	return 0;
}

/**
 * wt_probes_set() - attach the probes that are asked for, and no others
 * @flags: EVENT_TRACE_FLAG_*
 *
 * On return no detached probe runs any more.  Process context.
 *
 * Return: 0 or a negative errno; some may be attached then.
 */
int wt_probes_set(u32 flags)
{
	if (detach_unwanted(flags))
		tracepoint_synchronize_unregister();
	return attach_wanted(flags);
}

/* A line of the file: where events come from, the flags that ask for them, its state. */
void wt_probe_show(struct seq_file *m, const char *source, u32 flags, const char *state)
{
	seq_printf(m, "%-28s %#10x  %s\n", source, flags, state);
}

/* For people: what there is in this kernel, and what is in use. */
void wt_probes_show(struct seq_file *m)
{
	struct wt_probe *p;
	size_t i;

	seq_printf(m, "%-28s %10s  %s\n", "tracepoint", "flags", "state");
	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (p = tables[i]; p->event; p++)
			wt_probe_show(m, p->event, p->flags, !p->tracepoint ? "missing" :
				      p->attached ? "attached" : "found");
}
