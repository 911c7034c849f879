// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rundown: what runs already when logging begins, and what still runs when
 * it ends, so that a log whose other end is missing names its threads
 * (kernel-events 4.3, 4.4, 10.5).
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "kernel-image.h"
#include "kernel-lifetime.h"
#include "kernel-process.h"
#include "kernel-record.h"

#define FIRST_GUESS	1024	/* threads */
#define PATIENCE_MS	2000	/* with a reader that makes no room, or a session without one */
#define PAUSE_MS	10

/* Threads in order of their processes, with a reference each. */
struct found {
	struct task_struct **thread;
	size_t count, room;
};

/* Returns false if there are more than there is room for. */
static bool try_collect(struct found *f)
{
	struct task_struct *process, *thread;
	bool fits = true;

	rcu_read_lock();
	for_each_process_thread(process, thread) {
		if (f->count == f->room) {
			fits = false;
			goto out;
		}
		get_task_struct(thread);
		f->thread[f->count++] = thread;
	}
out:
	rcu_read_unlock();
	return fits;
}

static void drop(struct found *f)
{
	while (f->count)
		put_task_struct(f->thread[--f->count]);
	kvfree(f->thread);
}

static int collect(struct found *f)
{
	*f = (struct found){ .room = FIRST_GUESS };
	for (;;) {
		f->thread = kvmalloc_array(f->room, sizeof(*f->thread), GFP_KERNEL);
		if (!f->thread)
			return -ENOMEM;
		if (try_collect(f))
			return 0;
		drop(f);
		f->room *= 2;
	}
}

/* Live events need room as well: waits for the reader while this CPU's ring is mostly full. */
static void make_room(struct wt_logger *l, unsigned long *patience)
{
	u32 total = 0, unused = 0;

	if (l->overwrite)
		return;
	for (;;) {
		wt_buffer_usage(l, raw_smp_processor_id(), &total, &unused);
		if (unused > total / 4 || !*patience)
			return;
		msleep(PAUSE_MS);
		*patience -= PAUSE_MS;
		total = 0;
		unused = 0;
	}
}

static void log_idle(u32 flags, u16 process_hook, u16 thread_hook)
{
	struct wt_logger *l = wt_kernel_enter();
	unsigned int cpu;

	if (!l)
		return;
	if (flags & EVENT_TRACE_FLAG_PROCESS)
		wt_process_log_idle(l, process_hook);
	if (flags & EVENT_TRACE_FLAG_THREAD)
		for_each_possible_cpu(cpu)
			wt_thread_log_idle(l, thread_hook, cpu);
	wt_writer_exit();
}

static void found(struct task_struct *thread, bool last, u32 flags, struct wt_texts *texts)
{
	if (flags & WT_LIFETIME_FLAGS)
		wt_lifetime_found(thread, texts);
	if (last && (flags & EVENT_TRACE_FLAG_IMAGE_LOAD))
		wt_images_of_process(ETL_HOOK_IMAGE_DC_START, thread);
}

static void left(struct task_struct *thread, bool last, u32 flags, struct wt_texts *texts)
{
	if (flags & WT_LIFETIME_FLAGS)
		wt_lifetime_thread_left(thread);
	if (last && (flags & EVENT_TRACE_FLAG_IMAGE_LOAD))
		wt_images_of_process(ETL_HOOK_IMAGE_DC_END, thread);
	if (last && (flags & WT_LIFETIME_FLAGS))
		wt_lifetime_process_left(thread, texts);
}

static int walk(struct wt_logger *l, u32 flags,
		void (*tell)(struct task_struct *thread, bool last, u32 flags,
			     struct wt_texts *texts))
{
	unsigned long patience = PATIENCE_MS;
	struct wt_texts *texts = kmalloc(sizeof(*texts), GFP_KERNEL);
	struct found f;
	size_t i;

	if (!texts)
		return -ENOMEM;
	if (collect(&f)) {
		kfree(texts);
		return -ENOMEM;
	}
	for (i = 0; i < f.count; i++) {
		bool last = i + 1 == f.count || f.thread[i + 1]->tgid != f.thread[i]->tgid;

		make_room(l, &patience);
		tell(f.thread[i], last, flags, texts);
		cond_resched();
	}
	drop(&f);
	kfree(texts);
	return 0;
}

/* @flags: what begins.  The probes on it are attached.  Process context.  Return: 0 or -ENOMEM. */
int wt_rundown_begin(struct wt_logger *l, u32 flags)
{
	if (flags & WT_LIFETIME_FLAGS)
		wt_lifetimes_begin();
	log_idle(flags, ETL_HOOK_PROCESS_DC_START, ETL_HOOK_THREAD_DC_START);
	if (flags & EVENT_TRACE_FLAG_IMAGE_LOAD)
		wt_images_of_kernel(ETL_HOOK_IMAGE_DC_START);
	return walk(l, flags, found);
}

/* @flags: what ends.  The probes on lifetimes are still attached. */
int wt_rundown_end(struct wt_logger *l, u32 flags)
{
	if (flags & WT_LIFETIME_FLAGS)
		wt_lifetimes_end();
	if (flags & EVENT_TRACE_FLAG_IMAGE_LOAD)
		wt_images_of_kernel(ETL_HOOK_IMAGE_DC_END);
	log_idle(flags, ETL_HOOK_PROCESS_DC_END, ETL_HOOK_THREAD_DC_END);
	return walk(l, flags, left);
}
