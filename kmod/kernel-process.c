// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process and Thread records (kernel-events 5.1, 6.1-6.3).  When they are
 * written is kernel-lifetime.c's business.
 *
 * No payload holds a kernel address (K24).
 */
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/uaccess.h>
#include <linux/uidgid.h>

#include "compat.h"
#include "kernel-process.h"
#include "kernel-record.h"
#include "kernel-scheduler.h"
#include "kernel-text.h"

/* Values of ordinary threads on Windows. */
#define PAGE_PRIORITY	5
#define IO_PRIORITY	2

#define NO_SESSION	U32_MAX

/* S-1-5-18 and S-1-22-1-uid */
#define AUTHORITY_NT	5
#define RID_SYSTEM	18
#define AUTHORITY_UNIX	22	/* Samba's, for users of Unix */
#define SID_MAX		(sizeof(struct etl_sid) + 2 * sizeof(__le32))

/* ---- texts */

/* The base name of the program, or else the thread's name. */
void wt_texts_image(struct wt_texts *texts, const struct task_struct *task, struct mm_struct *mm)
{
	struct file *file = mm ? wt_exe_file(mm) : NULL;
	struct name_snapshot name;

	if (!file) {
		texts->image_len = strnlen(task->comm, TASK_COMM_LEN);
		memcpy(texts->image, task->comm, texts->image_len);
		return;
	}
	take_dentry_name_snapshot(&name, file->f_path.dentry);
	texts->image_len = min_t(u32, name.name.len, WT_IMAGE_MAX);
	memcpy(texts->image, name.name.name, texts->image_len);
	release_dentry_name_snapshot(&name);
	fput(file);
}

/* Arguments end with NULs in memory: with blanks between them here. */
static void join_arguments(struct wt_texts *texts, u32 len)
{
	u32 i;

	while (len && !texts->command[len - 1])
		len--;
	for (i = 0; i < len; i++)
		if (!texts->command[i])
			texts->command[i] = ' ';
	texts->command_len = len;
}

static u32 command_size(const struct mm_struct *mm, unsigned long *start)
{
	unsigned long end = READ_ONCE(mm->arg_end);

	*start = READ_ONCE(mm->arg_start);
	return end > *start ? min_t(unsigned long, end - *start, WT_COMMAND_MAX) : 0;
}

/*
 * The current process' command line, without sleeping: empty if that is not in
 * memory now.  The process' end then has none either, but its rundown has.
 */
void wt_texts_own_command(struct wt_texts *texts)
{
	unsigned long start;
	u32 len = current->mm ? command_size(current->mm, &start) : 0;

	if (len && copy_from_user_nofault(texts->command, (void __user *)start, len))
		len = 0;
	join_arguments(texts, len);
}

/* That of another process, whose @mm the caller holds.  May sleep. */
void wt_texts_command(struct wt_texts *texts, struct task_struct *task, struct mm_struct *mm)
{
	unsigned long start;
	u32 len = command_size(mm, &start);
	int got = len ? access_process_vm(task, start, texts->command, len, 0) : 0;

	join_arguments(texts, max(got, 0));
}

/* ---- processes */

/*
 * UniqueProcessKey: 55 bits of the start time, in ns since boot, and the number
 * of programs that the process has run.  Each exec makes it another process.
 */
u64 wt_process_key(const struct task_struct *leader, u64 execs)
{
	return BIT_ULL(63) | (leader->start_boottime << 8 & ~BIT_ULL(63)) | (execs & 0xff);
}

static bool is_kernel_thread(const struct task_struct *task)
{
	return !task->pid || (task->flags & PF_KTHREAD);
}

static u32 session_of(const struct task_struct *task)
{
	if (is_kernel_thread(task))
		return NO_SESSION;
	return READ_ONCE(task->signal->tty) ? 1 : 0;
}

static bool is_32bit(const struct task_struct *task)
{
#if defined(TIF_ADDR32)
	return test_ti_thread_flag(task_thread_info((struct task_struct *)task), TIF_ADDR32);
#elif defined(TIF_32BIT)
	return test_ti_thread_flag(task_thread_info((struct task_struct *)task), TIF_32BIT);
#else
	return false;
#endif
}

/* Returns the bytes at @to. */
static u32 make_sid(u8 to[SID_MAX], const struct task_struct *task)
{
	struct etl_sid *sid = (struct etl_sid *)to;
	__le32 *rid = (__le32 *)(sid + 1);

	*sid = (struct etl_sid){ .revision = 1, .count = 1, .authority = { [5] = AUTHORITY_NT } };
	if (is_kernel_thread(task)) {
		rid[0] = cpu_to_le32(RID_SYSTEM);
	} else {
		sid->count = 2;
		sid->authority[5] = AUTHORITY_UNIX;
		rid[0] = cpu_to_le32(1);
		rcu_read_lock();
		rid[1] = cpu_to_le32(from_kuid(&init_user_ns, task_uid(task)));
		rcu_read_unlock();
	}
	return sizeof(*sid) + sid->count * sizeof(*rid);
}

static u32 parent_of(const struct task_struct *task)
{
	u32 pid;

	rcu_read_lock();
	pid = rcu_dereference(task->real_parent)->tgid;
	rcu_read_unlock();
	return task->pid ? pid : 0;
}

/* Start and End tell of the thread that does it, rundown records do not (6.1). */
static void *reserve_process(struct wt_logger *l, u16 hook, u32 size, struct wt_record *r)
{
	if (hook == ETL_HOOK_PROCESS_START || hook == ETL_HOOK_PROCESS_END)
		return wt_system(l, hook, 4, size, current->pid, current->tgid, r);
	return wt_perfinfo(l, hook, 4, size, r);
}

/* With preemption off; @leader stays. */
void wt_process_log(struct wt_logger *l, u16 hook, const struct task_struct *leader, u64 key,
		    u32 exit_status, const struct wt_texts *texts)
{
	u32 units = wt_utf16_units(texts->command, texts->command_len);
	u8 sid[SID_MAX], *to;
	u32 sid_len = make_sid(sid, leader);
	u32 size = sizeof(struct etl_process) + sizeof(struct etl_token_user) + sid_len +
		   texts->image_len + 1 + 2 * (units + 1) + 2 + 2;
	struct etl_token_user token = { .sid = cpu_to_le64(1) };
	struct wt_record r;
	struct etl_process *p = reserve_process(l, hook, size, &r);

	if (!p)
		return;
	*p = (struct etl_process){
		.key = cpu_to_le64(key),
		.process_id = cpu_to_le32(leader->tgid),
		.parent_id = cpu_to_le32(parent_of(leader)),
		.session_id = cpu_to_le32(session_of(leader)),
		.exit_status = cpu_to_le32(exit_status),
		.flags = cpu_to_le32(is_32bit(leader) ? ETL_PROCESS_WOW64 : 0),
	};
	to = (u8 *)(p + 1);
	memcpy(to, &token, sizeof(token));
	to += sizeof(token);
	memcpy(to, sid, sid_len);
	to += sid_len;
	memcpy(to, texts->image, texts->image_len);
	to += texts->image_len;
	*to++ = 0;
	to += wt_utf16_put(to, texts->command, texts->command_len);
	to += wt_utf16_put(to, NULL, 0);	/* package */
	wt_utf16_put(to, NULL, 0);		/* application */
	wt_commit(&r);
}

/*
 * What @leader's process has used (8.4); that it has gone leaves the peak, which
 * is noted when the last thread begins to exit.
 */
void wt_process_log_counters(struct wt_logger *l, u16 hook, const struct task_struct *leader,
			     struct mm_struct *mm)
{
	const struct signal_struct *signal = leader->signal;
	struct etl_process_counters *c;
	struct wt_record r;

	c = wt_perfinfo(l, hook, 2, sizeof(*c), &r);
	if (!c)
		return;
	*c = (struct etl_process_counters){
		.process_id = cpu_to_le32(leader->tgid),
		.page_faults = cpu_to_le32(leader->min_flt + leader->maj_flt +
					   signal->min_flt + signal->maj_flt),
		.peak_working_set = cpu_to_le64((u64)signal->maxrss << PAGE_SHIFT),
	};
	if (mm) {
		c->peak_virtual = cpu_to_le64((u64)get_mm_hiwater_vm(mm) << PAGE_SHIFT);
		c->peak_working_set = cpu_to_le64((u64)get_mm_hiwater_rss(mm) << PAGE_SHIFT);
		c->virtual_size = cpu_to_le64((u64)mm->total_vm << PAGE_SHIFT);
		c->working_set = cpu_to_le64((u64)get_mm_rss(mm) << PAGE_SHIFT);
		c->private_size = cpu_to_le64((u64)mm->data_vm << PAGE_SHIFT);
	}
	wt_commit(&r);
}

void wt_process_log_idle(struct wt_logger *l, u16 hook)
{
	static const struct wt_texts texts = {
		.image_len = 4,
		.image = "Idle",
	};

	wt_process_log(l, hook, &init_task, wt_process_key(&init_task, 0), ETL_STILL_ACTIVE,
		       &texts);
}

/* ---- threads */

static u64 teb_of(const struct task_struct *thread)
{
#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)
	return is_kernel_thread(thread) ? 0 : thread->thread.fsbase;
#else
	return 0;
#endif
}

/* Start tells of the creator, the others of the thread itself (6.2). */
static void log_thread(struct wt_logger *l, u16 hook, const struct etl_thread *thread,
		       const char *name, size_t len)
{
	u32 size = sizeof(*thread) + 2 * (wt_utf16_units(name, len) + 1);
	u32 tid = le32_to_cpu(thread->thread_id), pid = le32_to_cpu(thread->process_id);
	struct wt_record r;
	u8 *to;

	if (hook == ETL_HOOK_THREAD_START) {
		tid = current->pid;
		pid = current->tgid;
	}
	to = wt_system(l, hook, 3, size, tid, pid, &r);
	if (!to)
		return;
	memcpy(to, thread, sizeof(*thread));
	wt_utf16_put(to + sizeof(*thread), name, len);
	wt_commit(&r);
}

/* @tid: the thread's id, or the one it had; @user_stack: of a process' first thread, or 0. */
void wt_thread_log(struct wt_logger *l, u16 hook, const struct task_struct *thread, pid_t tid,
		   u64 user_stack)
{
	log_thread(l, hook, &(struct etl_thread){
		.process_id = cpu_to_le32(thread->tgid),
		.thread_id = cpu_to_le32(tid),
		.user_stack_base = cpu_to_le64(user_stack),
		.affinity = cpu_to_le64(cpumask_bits(&thread->cpus_mask)[0]),
		.teb_base = cpu_to_le64(teb_of(thread)),
		.base_priority = wt_priority(thread, thread->normal_prio),
		.page_priority = PAGE_PRIORITY,
		.io_priority = IO_PRIORITY,
	}, thread->comm, strnlen(thread->comm, TASK_COMM_LEN));
}

/* Thread 0 of @cpu; it has no name (K5, K6). */
void wt_thread_log_idle(struct wt_logger *l, u16 hook, unsigned int cpu)
{
	log_thread(l, hook, &(struct etl_thread){
		.affinity = cpu_to_le64(cpu < 64 ? BIT_ULL(cpu) : 0),
		.page_priority = PAGE_PRIORITY,
		.io_priority = IO_PRIORITY,
	}, NULL, 0);
}

void wt_thread_log_name(struct wt_logger *l, const struct task_struct *thread, const char *name)
{
	size_t len = strnlen(name, TASK_COMM_LEN);
	struct etl_thread_name *n;
	struct wt_record r;

	n = wt_perfinfo(l, ETL_HOOK_THREAD_SET_NAME, 2,
			sizeof(*n) + 2 * (wt_utf16_units(name, len) + 1), &r);
	if (!n)
		return;
	n->process_id = cpu_to_le32(thread->tgid);
	n->thread_id = cpu_to_le32(thread->pid);
	wt_utf16_put((u8 *)(n + 1), name, len);
	wt_commit(&r);
}
