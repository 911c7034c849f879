/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loggers: the 32 slots, and how writers find one.
 */
#ifndef WT_LOGGER_H
#define WT_LOGGER_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/timer.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "uapi/wmitrace.h"
#include "clock.h"
#include "name.h"

struct dentry;
struct etl_crash_page;
struct file;
struct rchan;
struct wt_cpu;

/* wt_logger.sequence: who numbers messages (wmi-api 8.2) */
enum wt_sequence { WT_SEQUENCE_NONE, WT_SEQUENCE_LOCAL, WT_SEQUENCE_GLOBAL };

/**
 * struct wt_logger - a session, running or stopped
 *
 * The first members are read by writers and do not change while the logger is
 * published.  Settings are written under wt_control_mutex.
 */
struct wt_logger {
	struct wt_cpu __percpu *cpus;
	struct wt_clock clock;
	u32 usable;			/* bytes of the largest record, aligned */
	u32 id;
	bool overwrite;			/* flight recorder */
	bool no_kernel;			/* paged memory: refuses kernel writers (A103) */
	enum wt_sequence sequence;
	u32 message_flags;		/* TRACE_MESSAGE_* that records of this session can have */
	u32 counter_flags;		/* the same, but 0 where wt_try_reserve() may not be used */
	u32 wall_flags;			/* the same for sessions whose clock is the wall clock */

	/* Written by writers, rarely or on demand: lines of their own. */
	atomic_t message_number ____cacheline_aligned;
	atomic64_t buffer_number ____cacheline_aligned;

	struct kref ref ____cacheline_aligned;
	enum wmitrace_state state;
	struct rchan *chan;
	u32 subbuf_size;		/* bytes */
	u32 subbufs;			/* per CPU, a power of two */
	struct list_head bound;		/* in the list of loggers with CPU buffers */
	struct mutex flush_mutex;	/* closes sub-buffers from outside of writers */
	struct timer_list wake_timer;	/* readers, for what is not worth waking at once */
	wait_queue_head_t wait;		/* readers, and flushers waiting for a commit */
	atomic64_t stamp;		/* newest flush time handed out */
	struct delayed_work flush_work;
	unsigned long flush_interval;	/* jiffies; 0 = none */

	struct wt_name name;
	struct mutex settings_mutex;	/* @file, @mode and @report, beside wt_control_mutex */
	struct wt_name file;
	kuid_t file_uid;		/* file system identity of who named @file */
	kgid_t file_gid;
	u8 guid[16];
	u32 min_buffers;
	u32 flush_timer;
	u32 mode;
	u32 max_file_size;
	u32 enable_flags;		/* kernel logger: what it is asked to log */
	u32 unlogged_flags;		/* of these: what this kernel has no events of */
	u32 starter_tid, starter_pid;
	u64 anchor;			/* raw time that pairs with start_time */
	u64 start_time, stop_time;	/* FILETIME */
	u64 stop_order;			/* which stopped logger is the oldest */
	struct file *owner;		/* descriptor whose closing ends the session */
	struct wmitrace_report report;
	struct dentry *dir;
	struct etl_crash_page *crash;	/* of the header; those of CPUs are theirs */
	u64 crash_session;
};

extern struct wt_logger __rcu *wt_writers[WMITRACE_LOGGERS];
extern atomic_t wt_global_message_number;

#ifdef CONFIG_PREEMPTION
void wt_writer_preempted(void);

/*
 * preempt_enable_notrace(), but for where its rare call is: as inline assembly
 * it would give every caller a stack frame.
 */
static __always_inline void wt_writer_exit(void)
{
	barrier();
	if (unlikely(__preempt_count_dec_and_test()))
		wt_writer_preempted();
}
#else
static __always_inline void wt_writer_exit(void)
{
	preempt_enable_notrace();
}
#endif

/**
 * wt_writer_enter() - find the logger that a handle addresses
 * @handle: only bits 0-15 count (wmi-api section 5, A19)
 *
 * Any context.  Return: a logger that stays valid until wt_writer_exit(), with
 * preemption off; or NULL, with preemption as it was.
 */
static __always_inline struct wt_logger *wt_writer_enter(u64 handle)
{
	u32 id = handle & 0xffff;
	struct wt_logger *l;

	/* 0 means "none", 0xffff the kernel logger: nobody else writes there (A16, A18, A102). */
	if (unlikely(id - 1 >= WMITRACE_LOGGERS - 1))
		return NULL;
	preempt_disable_notrace();
	l = rcu_dereference_sched(wt_writers[id]);
	if (unlikely(!l))
		wt_writer_exit();
	return l;
}

struct wt_logger *wt_logger_alloc(void);
void wt_logger_put(struct wt_logger *l);
static inline void wt_logger_get(struct wt_logger *l)
{
	kref_get(&l->ref);
}

int wt_logger_open_buffers(struct wt_logger *l);
int wt_logger_publish(struct wt_logger *l);
void wt_logger_unbind(struct wt_logger *l);
void wt_logger_close_buffers(struct wt_logger *l);
int wt_logger_init(void);
void wt_logger_exit(void);

#endif
