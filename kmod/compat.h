/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between the supported kernels (6.1 to 7.3) and configurations, and nothing else.
 * The rest of the module is written for the newest kernel.
 */
#ifndef WT_COMPAT_H
#define WT_COMPAT_H

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mm_types.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include <linux/version.h>
#include <asm/local64.h>

struct perf_event;
struct perf_event_attr;
struct pt_regs;

/* "move asm/unaligned.h to linux/unaligned.h", 6.12 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)	/* sparse has no __has_include */
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* "locking/local, arch: Rewrite local_add_unless() ..., add local{,64}_try_cmpxchg()", 6.5 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
static __always_inline bool wt_local64_try_cmpxchg(local64_t *l, s64 *old, s64 new)
{
	s64 seen = local64_cmpxchg(l, *old, new);

	if (likely(seen == *old))
		return true;
	*old = seen;
	return false;
}

#define local64_try_cmpxchg wt_local64_try_cmpxchg
#endif

/* "timers: Rename del_timer_sync() to timer_delete_sync()", 6.2 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define timer_delete_sync	del_timer_sync
#endif

/* ktime_get_snapshot_id() alone is left in 7.3; kernels between 6.12 and it were not looked at */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0)
#define ktime_get_snapshot(snapshot)	ktime_get_snapshot_id(CLOCK_REALTIME, snapshot)
#endif

/* "copy_process: pass clone_flags as u64 across calltree", 6.18: task_newtask */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define WT_NEWTASK_ARGS	struct task_struct *child, u64 flags
#else
#define WT_NEWTASK_ARGS	struct task_struct *child, unsigned long flags
#endif

/* "x86/tracing, x86/mm: Move page fault tracepoints to generic", 6.16 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define WT_EXCEPTIONS_HEADER	"trace/events/exceptions.h"
#else
#define WT_EXCEPTIONS_HEADER	"asm/trace/exceptions.h"
#endif

/* "exit: move and extend sched_process_exit() tracepoint", 6.16 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define WT_EXIT_ARGS	struct task_struct *task, bool group_dead
#else
#define WT_EXIT_ARGS	struct task_struct *task
#endif

/* Is @prev, which sched_switch tells of, still to be run?  Under its run queue's lock. */
static inline bool wt_is_runnable(const struct task_struct *prev)
{
/* "sched/fair: Implement delayed dequeue", 6.12: who sleeps may be queued still */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	if (prev->se.sched_delayed)
		return false;
#endif
	return prev->on_rq;
}

/* Where the code of @module is. */
static inline void wt_module_text(const struct module *module, unsigned long *base,
				  unsigned long *size)
{
/* "module: replace module_layout with module_memory", 6.4 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	*base = (unsigned long)module->mem[MOD_TEXT].base;
	*size = module->mem[MOD_TEXT].size;
#else
	*base = (unsigned long)module->core_layout.base;
	*size = module->core_layout.size;
#endif
}

/* When the file was written, in s. */
static inline u32 wt_mtime(const struct inode *inode)
{
/* "fs: new accessor methods for atime and mtime", 6.7 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	return inode_get_mtime_sec(inode);
#else
	return inode->i_mtime.tv_sec;
#endif
}

/* The program that @mm runs, with a reference, or NULL.  Any context that may spin. */
static inline struct file *wt_exe_file(struct mm_struct *mm)
{
	struct file *file;

	rcu_read_lock();
/* "file: convert to SLAB_TYPESAFE_BY_RCU", 6.7 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	file = get_file_rcu(&mm->exe_file);
#else
	file = rcu_dereference(mm->exe_file);
	if (file && !get_file_rcu(file))
		file = NULL;
#endif
	rcu_read_unlock();
	return file;
}

/* Pages of @mm in memory, exactly.  Any context but NMI. */
static inline unsigned long wt_mm_rss(struct mm_struct *mm)
{
/* "mm: convert mm's rss stats into percpu_counter", 6.2: get_mm_rss() became a guess */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	return percpu_counter_sum_positive(&mm->rss_stat[MM_FILEPAGES]) +
		percpu_counter_sum_positive(&mm->rss_stat[MM_ANONPAGES]) +
		percpu_counter_sum_positive(&mm->rss_stat[MM_SHMEMPAGES]);
#else
	return get_mm_rss(mm);
#endif
}

/* User-Mode Linux has neither perf events nor kprobes: whoever asks for them learns so. */
#ifndef CONFIG_PERF_EVENTS
static inline struct perf_event *
perf_event_create_kernel_counter(const struct perf_event_attr *attr, int cpu,
				 struct task_struct *task, void *handler, void *context)
{
	return ERR_PTR(-EOPNOTSUPP);
}
#endif

#ifndef CONFIG_HAVE_FUNCTION_ARG_ACCESS_API
static inline unsigned long regs_get_kernel_argument(const struct pt_regs *regs, unsigned int n)
{
	return 0;
}
#endif

#endif
