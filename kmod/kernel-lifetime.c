// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lives of processes and threads, so that each is told exactly once however its
 * beginning and end meet with those of the log (K12-K15).
 *
 * A life begins with Start, if the probe on new tasks sees it, or else with
 * DCStart, when the rundown finds the thread or, before that, its end comes.
 * It ends with End, or with DCEnd when logging ends.  A table has four bits for
 * each thread id: what is open now, and what has ended.  Those of a process'
 * threads change under the lock that its id selects, in which the records are
 * written as well: their order in time is that of the table.
 *
 * Who meets whom:
 * - The rundown and the probe on new tasks: a thread is listed before that
 *   probe runs.  Whoever comes first begins its life.
 * - The rundown and the end: the rundown leaves out threads that are exiting.
 *   The exit probe, which is still to come, begins and ends their lives.  For
 *   those that had passed it before it was attached, their last switch does,
 *   where switches are logged: after it no record can name them.
 * - The final rundown and the probe on new tasks: lives that begin after it has
 *   begun are not told of.  Nothing else is logged any more that could name them.
 * - Two last threads of a process: the one that leaves nobody behind that is
 *   still to be ended ends the process.
 *
 * An exec makes another process, and another first thread, of the same ids.
 */
#include <linux/binfmts.h>
#include <linux/hash.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/threads.h>
#include <linux/vmalloc.h>
#include <trace/events/sched.h>
#include <trace/events/task.h>

#include "compat.h"
#include "kernel-known.h"
#include "kernel-lifetime.h"
#include "kernel-probes.h"
#include "kernel-process.h"
#include "kernel-record.h"

/* Of a thread id; of a process id. */
enum { THREAD_OPEN, THREAD_ENDED, PROCESS_OPEN, PROCESS_ENDED, BITS };

#define BUCKET_BITS	10

struct bucket {
	raw_spinlock_t lock;
	struct hlist_head known;	/* of processes that are open */
};

static struct bucket *buckets;
static unsigned long *table;
static struct wt_texts __percpu *scratch;	/* of probes, with preemption off */
static bool active;		/* the above are there */
static bool closing;		/* the final rundown has begun: no life begins any more */
static u64 begun;		/* tasks that started later are seen by the probe on new ones */

static __always_inline bool is(pid_t id, int bit)
{
	return test_bit((unsigned long)id * BITS + bit, table);
}

static __always_inline void set(pid_t id, int bit)
{
	set_bit((unsigned long)id * BITS + bit, table);
}

static __always_inline bool take(pid_t id, int bit)
{
	return test_and_clear_bit((unsigned long)id * BITS + bit, table);
}

static struct bucket *bucket_of(pid_t tgid)
{
	return &buckets[hash_32(tgid, BUCKET_BITS)];
}

/* ---- processes; under the lock */

static struct wt_known *find_known(struct bucket *b, pid_t tgid)
{
	struct wt_known *k;

	hlist_for_each_entry(k, &b->known, node)
		if (k->tgid == tgid)
			return k;
	return NULL;
}

/*
 * @spare is put in use; what it replaces is the caller's to give back.  Without one
 * the end of the process has a thread's name.
 */
static void begin_process(struct wt_logger *l, struct bucket *b, u16 hook,
			  const struct task_struct *leader, const struct wt_texts *texts,
			  struct wt_known **spare)
{
	u64 key = wt_process_key(leader, leader->self_exec_id);
	struct wt_known *new = spare ? *spare : NULL, *old = find_known(b, leader->tgid);

	set(leader->tgid, PROCESS_OPEN);
	take(leader->tgid, PROCESS_ENDED);
	if (new) {
		new->tgid = leader->tgid;
		new->key = key;
		hlist_add_head(&new->node, &b->known);
		if (old)
			hlist_del(&old->node);
		*spare = old;
	} else if (old) {
		old->key = key;
		old->image_len = 0;
	}
	if (READ_ONCE(l->enable_flags) & EVENT_TRACE_FLAG_PROCESS)
		wt_process_log(l, hook, leader, key, ETL_STILL_ACTIVE, texts->image,
			       texts->command);
}

/* With the image that the process began with.  @mm: NULL: gone. */
static void end_process(struct wt_logger *l, struct bucket *b, u16 hook,
			const struct task_struct *leader, u64 execs, u32 status,
			struct wt_text command, struct mm_struct *mm)
{
	struct wt_known *k = find_known(b, leader->tgid);
	char comm[TASK_COMM_LEN];
	struct wt_text image;

	if (!take(leader->tgid, PROCESS_OPEN))
		return;
	set(leader->tgid, PROCESS_ENDED);
	if (READ_ONCE(l->enable_flags) & EVENT_TRACE_FLAG_PROCESS_COUNTERS)
		wt_process_log_counters(l, hook == ETL_HOOK_PROCESS_END ? ETL_HOOK_COUNTERS :
					ETL_HOOK_COUNTERS_DC_END, leader, mm);
	if (k && k->image_len)
		image = (struct wt_text){ k->image, k->image_len };
	else
		image = wt_text_comm(comm, leader);
	if (READ_ONCE(l->enable_flags) & EVENT_TRACE_FLAG_PROCESS)
		wt_process_log(l, hook, leader, k ? k->key : wt_process_key(leader, execs), status,
			       image, command);
	if (k)
		hlist_del(&k->node);
	wt_known_give(k);
}

static u32 exit_status_of(const struct task_struct *leader)
{
	const struct signal_struct *signal = leader->signal;

	return signal->flags & SIGNAL_GROUP_EXIT ? signal->group_exit_code : leader->exit_code;
}

/* ---- threads; under the lock */

static void begin_thread(struct wt_logger *l, u16 hook, const struct task_struct *thread, u64 stack)
{
	set(thread->pid, THREAD_OPEN);
	take(thread->pid, THREAD_ENDED);
	if (READ_ONCE(l->enable_flags) & EVENT_TRACE_FLAG_THREAD)
		wt_thread_log(l, hook, thread, thread->pid, stack);
}

static bool end_thread(struct wt_logger *l, u16 hook, const struct task_struct *thread, pid_t tid)
{
	set(tid, THREAD_ENDED);
	if (!take(tid, THREAD_OPEN))
		return false;
	if (READ_ONCE(l->enable_flags) & EVENT_TRACE_FLAG_THREAD)
		wt_thread_log(l, hook, thread, tid, 0);
	return true;
}

/* Does @thread, which exits, leave threads of its process behind that are still to be ended? */
static bool leaves_others(struct task_struct *thread)
{
	struct task_struct *other;
	bool found = false;

	if (atomic_read(&thread->signal->live))
		return true;
	for_each_thread(thread, other) {
		if (other == thread)
			continue;
		found |= is(other->pid, THREAD_OPEN) ||
			 (other->start_time <= begun && !other->exit_state &&
			  !is(other->pid, THREAD_ENDED));
	}
	return found;
}

/* The life of a thread that nobody has found and that ends now. */
static void begin_late(struct wt_logger *l, struct bucket *b, struct task_struct *leader,
		       struct task_struct *thread)
{
	struct wt_texts *texts = this_cpu_ptr(scratch);

	if (!is(leader->tgid, PROCESS_OPEN) && !is(leader->tgid, PROCESS_ENDED)) {
		wt_texts_image(texts, leader, NULL);
		texts->command.len = 0;
		begin_process(l, b, ETL_HOOK_PROCESS_DC_START, leader, texts, NULL);
	}
	begin_thread(l, ETL_HOOK_THREAD_DC_START, thread, 0);
}

static void end_life(struct wt_logger *l, struct bucket *b, struct task_struct *leader,
		     struct task_struct *thread)
{
	if (!is(thread->pid, THREAD_OPEN) && !closing)
		begin_late(l, b, leader, thread);
	end_thread(l, ETL_HOOK_THREAD_END, thread, thread->pid);
	if (!leaves_others(thread))
		end_process(l, b, ETL_HOOK_PROCESS_END, leader, leader->self_exec_id,
			    exit_status_of(leader), (struct wt_text){ }, thread->mm);
}

/* ---- probes */

/* The parent, when @child is listed and does not run yet. */
static void probe_task_newtask(void *data, WT_NEWTASK_ARGS)
{
	bool is_process = child->pid == child->tgid;
	struct wt_texts *texts;
	struct wt_known *spare = NULL;
	struct wt_logger *l;
	unsigned long irq;
	struct bucket *b;

	if (!child->pid)	/* an idle thread of a CPU that comes up */
		return;
	l = wt_kernel_enter();
	if (!l)
		return;
	if (READ_ONCE(closing))
		goto out;
	texts = this_cpu_ptr(scratch);
	if (is_process) {
		wt_texts_image(texts, child, child->mm);
		wt_texts_own_command(texts);
		spare = wt_known_take(texts->image, false);
	}
	b = bucket_of(child->tgid);
	raw_spin_lock_irqsave(&b->lock, irq);
	/* Has the rundown been faster?  Anything else that is open is of an earlier owner. */
	if (is_process && !(is(child->tgid, PROCESS_OPEN) && child->start_time <= begun))
		begin_process(l, b, ETL_HOOK_PROCESS_START, child, texts, &spare);
	if (!(is(child->pid, THREAD_OPEN) && child->start_time <= begun))
		begin_thread(l, ETL_HOOK_THREAD_START, child,
			     is_process && child->mm ? child->mm->start_stack : 0);
	raw_spin_unlock_irqrestore(&b->lock, irq);
	wt_known_give(spare);
out:
	wt_writer_exit();
}

static void probe_sched_process_exit(void *data, WT_EXIT_ARGS)
{
	struct wt_logger *l = wt_kernel_enter();
	unsigned long irq;
	struct bucket *b;

	if (!l)
		return;
	b = bucket_of(task->tgid);
	raw_spin_lock_irqsave(&b->lock, irq);
	end_life(l, b, task->group_leader, task);
	raw_spin_unlock_irqrestore(&b->lock, irq);
	wt_writer_exit();
}

/* Another program, and the process' first thread if it was not that already. */
static void begin_again(struct wt_logger *l, struct bucket *b, struct task_struct *task,
			pid_t old_pid, const struct wt_texts *texts, struct wt_known **spare)
{
	bool was = end_thread(l, ETL_HOOK_THREAD_END, task, old_pid);

	if (old_pid != task->pid)	/* the rundown may have met it in between */
		was |= end_thread(l, ETL_HOOK_THREAD_END, task, task->pid);
	was |= is(task->tgid, PROCESS_OPEN);
	if (closing && !was)
		return;
	end_process(l, b, ETL_HOOK_PROCESS_END, task, task->self_exec_id - 1, 0,
		    (struct wt_text){ }, NULL);
	begin_process(l, b, was ? ETL_HOOK_PROCESS_START : ETL_HOOK_PROCESS_DC_START, task, texts,
		      spare);
	begin_thread(l, was ? ETL_HOOK_THREAD_START : ETL_HOOK_THREAD_DC_START, task,
		     task->mm->start_stack);
}

static void probe_sched_process_exec(void *data, struct task_struct *task, pid_t old_pid,
				     struct linux_binprm *bprm)
{
	struct wt_logger *l = wt_kernel_enter();
	struct wt_texts *texts;
	struct wt_known *spare;
	unsigned long irq;
	struct bucket *b;

	if (!l)
		return;
	texts = this_cpu_ptr(scratch);
	wt_texts_image(texts, task, task->mm);
	wt_texts_own_command(texts);
	spare = wt_known_take(texts->image, false);
	b = bucket_of(task->tgid);
	raw_spin_lock_irqsave(&b->lock, irq);
	begin_again(l, b, task, old_pid, texts, &spare);
	raw_spin_unlock_irqrestore(&b->lock, irq);
	wt_known_give(spare);
	wt_writer_exit();
}

static void probe_task_rename(void *data, struct task_struct *task, const char *name)
{
	struct wt_logger *l = wt_kernel_enter();

	if (!l)
		return;
	wt_thread_log_name(l, task, name);
	wt_writer_exit();
}

/*
 * Attaching one takes a while.  Ends are seen before beginnings are, so that no
 * life begins in the log whose end is missed.
 */
struct wt_probe wt_lifetime_probes[] = {
	WT_PROBE(sched_process_exit, WT_LIFETIME_FLAGS),
	WT_PROBE(sched_process_exec, WT_LIFETIME_FLAGS),
	WT_PROBE(task_newtask, WT_LIFETIME_FLAGS),
	WT_PROBE(task_rename, EVENT_TRACE_FLAG_THREAD),
	{ }
};

/*
 * wt_lifetimes_last_switch() - @task is switched out for good
 *
 * Under the run queue's lock: allocates and frees nothing.  @task may be
 * released, and its process with it: then it stands for its process.
 */
void wt_lifetimes_last_switch(struct wt_logger *l, struct task_struct *task)
{
	struct task_struct *leader;
	unsigned long irq;
	struct bucket *b;

	if (!READ_ONCE(active) || task->start_time > begun || is(task->pid, THREAD_ENDED))
		return;
	b = bucket_of(task->tgid);
	raw_spin_lock_irqsave(&b->lock, irq);
	leader = pid_alive(task) ? task->group_leader : task;
	end_life(l, b, leader, task);
	raw_spin_unlock_irqrestore(&b->lock, irq);
}

/* ---- rundown */

static struct mm_struct *take_texts(struct task_struct *thread, struct wt_texts *texts)
{
	struct mm_struct *mm = get_task_mm(thread);

	texts->command.len = 0;
	wt_texts_image(texts, thread, mm);
	if (mm)
		wt_texts_command(texts, thread, mm);
	return mm;
}

/* The rundown at the start has found @thread.  May sleep. */
void wt_lifetime_found(struct task_struct *thread, struct wt_texts *texts)
{
	struct mm_struct *mm = take_texts(thread, texts);
	struct wt_known *spare = wt_known_take(texts->image, true);
	struct wt_logger *l = wt_kernel_enter();
	unsigned long irq;
	struct bucket *b;
	u64 stack;

	if (!l)
		goto out;
	b = bucket_of(thread->tgid);
	raw_spin_lock_irqsave(&b->lock, irq);
	if (!(thread->flags & PF_EXITING) && thread->start_time <= begun &&
	    !is(thread->pid, THREAD_OPEN)) {
		if (!is(thread->tgid, PROCESS_OPEN))
			begin_process(l, b, ETL_HOOK_PROCESS_DC_START, thread->group_leader, texts,
				      &spare);
		stack = mm && thread->pid == thread->tgid ? mm->start_stack : 0;
		begin_thread(l, ETL_HOOK_THREAD_DC_START, thread, stack);
	}
	raw_spin_unlock_irqrestore(&b->lock, irq);
	wt_writer_exit();
out:
	wt_known_give(spare);
	if (mm)
		mmput(mm);
}

/* The rundown at the end has found @thread. */
void wt_lifetime_thread_left(struct task_struct *thread)
{
	struct wt_logger *l = wt_kernel_enter();
	unsigned long irq;
	struct bucket *b;

	if (!l)
		return;
	b = bucket_of(thread->tgid);
	raw_spin_lock_irqsave(&b->lock, irq);
	end_thread(l, ETL_HOOK_THREAD_DC_END, thread, thread->pid);
	raw_spin_unlock_irqrestore(&b->lock, irq);
	wt_writer_exit();
}

/* @thread was the last of its process.  May sleep. */
void wt_lifetime_process_left(struct task_struct *thread, struct wt_texts *texts)
{
	struct mm_struct *mm = take_texts(thread, texts);
	struct wt_logger *l = wt_kernel_enter();
	unsigned long irq;
	struct bucket *b;

	if (!l)
		goto out;
	b = bucket_of(thread->tgid);
	raw_spin_lock_irqsave(&b->lock, irq);
	end_process(l, b, ETL_HOOK_PROCESS_DC_END,
		    pid_alive(thread) ? thread->group_leader : thread, thread->self_exec_id,
		    ETL_STILL_ACTIVE, texts->command, mm);
	raw_spin_unlock_irqrestore(&b->lock, irq);
	wt_writer_exit();
out:
	if (mm)
		mmput(mm);
}

/* The probes are attached: whoever starts from now on is seen. */
void wt_lifetimes_begin(void)
{
	WRITE_ONCE(begun, ktime_get_ns());
}

/* The final rundown begins.  What a probe has begun by now, the rundown finds. */
void wt_lifetimes_end(void)
{
	WRITE_ONCE(closing, true);
	synchronize_rcu();
}

/* Before the probes are attached.  Return: 0 or -ENOMEM. */
int wt_lifetimes_alloc(void)
{
	u32 i;

	table = vzalloc(PID_MAX_LIMIT / BITS_PER_BYTE * BITS);
	buckets = kvcalloc(1 << BUCKET_BITS, sizeof(*buckets), GFP_KERNEL);
	scratch = __alloc_percpu(sizeof(struct wt_texts), __alignof__(struct wt_texts));
	if (wt_known_start() || !table || !buckets || !scratch) {
		wt_lifetimes_free();
		return -ENOMEM;
	}
	for (i = 0; i < 1 << BUCKET_BITS; i++)
		raw_spin_lock_init(&buckets[i].lock);
	closing = false;
	begun = U64_MAX;
	WRITE_ONCE(active, true);
	return 0;
}

/* After the probes are detached, save the one that calls wt_lifetimes_last_switch(). */
void wt_lifetimes_free(void)
{
	if (active) {
		WRITE_ONCE(active, false);
		tracepoint_synchronize_unregister();
	}
	wt_known_stop();
	vfree(table);
	kvfree(buckets);
	free_percpu(scratch);
	table = NULL;
	buckets = NULL;
	scratch = NULL;
}
