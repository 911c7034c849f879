// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who runs where: CSwitch and ReadyThread (kernel-events 5.2, 5.3, 6.4, 6.5).
 *
 * The switch's probe runs under the run queue's lock with interrupts off: it
 * must not wake, print or allocate.
 */
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/prio.h>
#include <trace/events/power.h>
#include <trace/events/sched.h>

#include "compat.h"
#include "kernel-lifetime.h"
#include "kernel-probes.h"
#include "kernel-record.h"
#include "kernel-scheduler.h"

#define NOBODY	(-1)

/*
 * What was logged last on a CPU.
 * @running: thread switched in; NOBODY before the first switch
 * @c_state: idle state entered last
 */
struct cpu_history {
	pid_t running;
	u8 c_state;
};

static DEFINE_PER_CPU(struct cpu_history, history);

/* Before the probes are attached. */
void wt_scheduler_reset(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct cpu_history *h = per_cpu_ptr(&history, cpu);

		h->running = NOBODY;
		h->c_state = 0;
	}
}

/* Windows' 0-31 for a Linux priority of @task, in effect or not (5.3). */
s8 wt_priority(const struct task_struct *task, int prio)
{
	if (!task->pid)
		return 0;
	if (prio >= MAX_RT_PRIO && task->policy == SCHED_IDLE)
		return 1;
	return etl_priority(prio);
}

struct outcome {
	s8 state, reason, mode;
};

#define WAITS(_reason, _mode)	\
	((struct outcome){ ETL_STATE_WAITING, ETL_WAIT_##_reason, _mode })

static struct outcome waits_uninterruptibly(const struct task_struct *prev, unsigned int state)
{
	if (state & TASK_WAKEKILL)
		return WAITS(WR_USER_REQUEST, 0);
	if (state & TASK_NOLOAD)
		return WAITS(WR_QUEUE, 0);
	return prev->in_iowait ? WAITS(PAGE_IN, 0) : WAITS(EXECUTIVE, 0);
}

/*
 * Why @prev leaves the CPU (5.2).  TASK_FREEZABLE only modifies other states.
 * Who stays on the run queue does not wait, whatever it meant to do: a signal
 * was pending.
 */
static struct outcome outcome_of(bool preempt, const struct task_struct *prev, unsigned int state)
{
	if (!prev->pid)
		return (struct outcome){ ETL_STATE_RUNNING };
	if (preempt)
		return (struct outcome){ ETL_STATE_READY, ETL_WAIT_WR_PREEMPTED };
	if (state == TASK_RUNNING || wt_is_runnable(prev))
		return (struct outcome){ ETL_STATE_READY, ETL_WAIT_WR_QUANTUM_END };
	if (state & (TASK_DEAD | EXIT_TRACE))
		return (struct outcome){ ETL_STATE_TERMINATED, ETL_WAIT_WR_TERMINATED };
	if (state & (__TASK_STOPPED | __TASK_TRACED))
		return WAITS(SUSPENDED, 1);
	if (state & TASK_PARKED)
		return WAITS(WR_KERNEL, 0);
	if (state & TASK_RTLOCK_WAIT)
		return WAITS(WR_MUTEX, 0);
	if (state & TASK_FROZEN)
		return WAITS(WR_SUSPENDED, 0);
	if (state & TASK_UNINTERRUPTIBLE)
		return waits_uninterruptibly(prev, state);
	if (prev->flags & PF_KTHREAD)
		return WAITS(WR_QUEUE, 0);
	return WAITS(USER_REQUEST, 1);
}

static __always_inline void log_switch(struct wt_logger *l, const struct etl_cswitch *cswitch)
{
	struct wt_record r;
	void *to = wt_perfinfo(l, ETL_HOOK_CSWITCH, 2, sizeof(*cswitch), &r);

	if (likely(to)) {
		memcpy(to, cswitch, sizeof(*cswitch));
		wt_commit(&r);
	}
}

/*
 * The running thread has got another id since it was switched in: a thread that
 * is not its process' first has called exec, or was that first one.  The old
 * id ends here, so that each switch goes on where the one before ended.
 */
static noinline void log_change_of_id(struct wt_logger *l, const struct task_struct *prev,
				      pid_t was)
{
	log_switch(l, &(struct etl_cswitch){
		.new_thread = cpu_to_le32(prev->pid),
		.old_thread = cpu_to_le32(was),
		.new_priority = wt_priority(prev, prev->prio),
		.old_priority = wt_priority(prev, prev->prio),
		.wait_reason = ETL_WAIT_WR_TERMINATED,
		.state = ETL_STATE_TERMINATED,
		.ideal_processor = task_cpu(prev),
	});
}

static void probe_sched_switch(void *data, bool preempt, struct task_struct *prev,
			       struct task_struct *next, unsigned int prev_state)
{
	struct wt_logger *l = wt_kernel_enter();
	struct outcome out;
	struct cpu_history *h;

	if (unlikely(!l))
		return;
	h = this_cpu_ptr(&history);
	if (unlikely(prev_state & TASK_DEAD))
		wt_lifetimes_last_switch(l, prev);
	if (unlikely(h->running != prev->pid && h->running != NOBODY))
		log_change_of_id(l, prev, h->running);
	h->running = next->pid;
	out = outcome_of(preempt, prev, prev_state);
	log_switch(l, &(struct etl_cswitch){
		.new_thread = cpu_to_le32(next->pid),
		.old_thread = cpu_to_le32(prev->pid),
		.new_priority = wt_priority(next, next->prio),
		.old_priority = wt_priority(prev, prev->prio),
		.previous_c_state = prev->pid ? 0 : h->c_state,
		.wait_reason = out.reason,
		.wait_mode = out.mode,
		.state = out.state,
		.ideal_processor = task_cpu(prev),
	});
	wt_writer_exit();
}

/* Of this CPU, which may be one that RCU does not watch now. */
static void probe_cpu_idle(void *data, unsigned int state, unsigned int cpu)
{
	if (state != PWR_EVENT_EXIT)
		this_cpu_write(history.c_state, state);
}

/* By the waker, on its CPU, before it is known where @task will run. */
static void probe_sched_waking(void *data, struct task_struct *task)
{
	struct wt_logger *l = wt_kernel_enter();
	struct etl_ready_thread *ready;
	struct wt_record r;

	if (unlikely(!l))
		return;
	ready = wt_perfinfo(l, ETL_HOOK_READY_THREAD, 2, sizeof(*ready), &r);
	if (likely(ready)) {
		*ready = (struct etl_ready_thread){
			.thread_id = cpu_to_le32(task->pid),
			.adjust_reason = ETL_READY_UNWAIT,
			.flags = in_serving_softirq() ? ETL_READY_DPC : 0,
		};
		wt_commit(&r);
	}
	wt_writer_exit();
}

static void probe_sched_wakeup_new(void *data, struct task_struct *task)
{
	probe_sched_waking(data, task);
}

/* Wake-ups are seen for as long as switches are: each sleep in the log has its end (K10). */
struct wt_probe wt_scheduler_probes[] = {
	WT_PROBE(sched_waking, EVENT_TRACE_FLAG_DISPATCHER),
	WT_PROBE(sched_wakeup_new, EVENT_TRACE_FLAG_DISPATCHER),
	WT_PROBE(cpu_idle, EVENT_TRACE_FLAG_CSWITCH),
	WT_PROBE(sched_switch, EVENT_TRACE_FLAG_CSWITCH),
	{ }
};
