// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process and Thread records (kernel-events 5.1, 6.1-6.3).  When they are
 * written is kernel-lifetime.c's business.
 *
 * No payload holds a kernel address (K24).
 */
#include <linux/cred.h>
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

/* ---- texts */

/* The thread's name as it is now: others may change it at any time, so it is copied once. */
struct wt_text wt_text_comm(char room[TASK_COMM_LEN], const struct task_struct *task)
{
	/* One that is changing meanwhile is mixed, as the kernel's own readers have it. */
	data_race(memcpy(room, task->comm, TASK_COMM_LEN));
	return (struct wt_text){ room, strnlen(room, TASK_COMM_LEN) };
}

/* The base name of the program, or else the thread's name. */
void wt_texts_image(struct wt_texts *texts, const struct task_struct *task, struct mm_struct *mm)
{
	struct file *file = mm ? wt_exe_file(mm) : NULL;

	BUILD_BUG_ON(WT_IMAGE_MAX < TASK_COMM_LEN);
	if (!file) {
		texts->image = wt_text_comm(texts->image_room, task);
		return;
	}
	/* A snapshot of the name would take its lock, which may sleep on a real-time kernel. */
	texts->image.at = texts->image_room;
	texts->image.len = scnprintf(texts->image_room, sizeof(texts->image_room), "%pD", file);
	fput(file);
}

/* Bytes of @x that are 0 become blanks. */
static u64 blanks_for_nuls(u64 x)
{
	const u64 low = 0x7f7f7f7f7f7f7f7f;

	return x | (~(((x & low) + low) | x) & ~low) >> 2;
}

/* The @len bytes in the room: arguments end with NULs in memory, with blanks between them here. */
static void join_arguments(struct wt_texts *texts, u32 len)
{
	char *room = texts->command_room;
	u32 i;

	BUILD_BUG_ON(WT_COMMAND_MAX % sizeof(u64));
	while (len && !room[len - 1])
		len--;
	for (i = 0; i < len; i += sizeof(u64))
		put_unaligned(blanks_for_nuls(get_unaligned((u64 *)(room + i))), (u64 *)(room + i));
	texts->command = (struct wt_text){ room, len };
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

	if (len && copy_from_user_nofault(texts->command_room, (void __user *)start, len))
		len = 0;
	join_arguments(texts, len);
}

/* That of another process, whose @mm the caller holds.  May sleep. */
void wt_texts_command(struct wt_texts *texts, struct task_struct *task, struct mm_struct *mm)
{
	unsigned long start;
	u32 len = command_size(mm, &start);
	int got = len ? access_process_vm(task, start, texts->command_room, len, 0) : 0;

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

/*
 * @kernel: is_kernel_thread(), which another task may cease to be: asked once, so that
 * no more is written than room was made for.
 */
static u32 sid_size(bool kernel)
{
	return sizeof(struct etl_sid) + (kernel ? 1 : 2) * sizeof(__le32);
}

/* With preemption off.  Returns what lies behind it. */
static u8 *put_sid(u8 *to, const struct task_struct *task, bool kernel)
{
	const struct etl_sid sid = {
		.revision = 1,
		.count = kernel ? 1 : 2,
		.authority = { [5] = kernel ? AUTHORITY_NT : AUTHORITY_UNIX },
	};

	memcpy(to, &sid, sizeof(sid));
	to += sizeof(sid);
	put_unaligned_le32(kernel ? RID_SYSTEM : 1, to);
	to += sizeof(__le32);
	if (kernel)
		return to;
	/* A kuid's value is that of the first user namespace. */
	put_unaligned_le32(__kuid_val(rcu_dereference_sched(task->real_cred)->uid), to);
	return to + sizeof(__le32);
}

/* With preemption off. */
static u32 parent_of(const struct task_struct *task)
{
	return task->pid ? rcu_dereference_sched(task->real_parent)->tgid : 0;
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
		    u32 exit_status, struct wt_text image, struct wt_text command)
{
	const bool kernel = is_kernel_thread(leader);
	u32 units = wt_utf16_units(command.at, command.len);
	u32 size = sizeof(struct etl_process) + sizeof(struct etl_token_user) + sid_size(kernel) +
		   image.len + 1 + 2 * (units + 1) + 2 + 2;
	struct etl_token_user token = { .sid = cpu_to_le64(1) };
	struct wt_record r;
	struct etl_process *p = reserve_process(l, hook, size, &r);
	u8 *to;

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
	to = put_sid(to, leader, kernel);
	memcpy(to, image.at, image.len);
	to += image.len;
	*to++ = 0;
	to = wt_utf16_put(to, command.at, command.len);
	put_unaligned_le32(0, to);		/* package and application: none */
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
		const unsigned long rss = wt_mm_rss(mm);

		c->peak_virtual = cpu_to_le64((u64)get_mm_hiwater_vm(mm) << PAGE_SHIFT);
		c->peak_working_set = cpu_to_le64((u64)max(mm->hiwater_rss, rss) << PAGE_SHIFT);
		c->virtual_size = cpu_to_le64((u64)mm->total_vm << PAGE_SHIFT);
		c->working_set = cpu_to_le64((u64)rss << PAGE_SHIFT);
		c->private_size = cpu_to_le64((u64)mm->data_vm << PAGE_SHIFT);
	}
	wt_commit(&r);
}

void wt_process_log_idle(struct wt_logger *l, u16 hook)
{
	wt_process_log(l, hook, &init_task, wt_process_key(&init_task, 0), ETL_STILL_ACTIVE,
		       (struct wt_text){ "Idle", 4 }, (struct wt_text){ });
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

/* Start tells of the creator, the others of the thread itself (6.2).  Writes its name. */
static struct etl_thread *reserve_thread(struct wt_logger *l, u16 hook, u32 pid, u32 tid,
					 struct wt_text name, struct wt_record *r)
{
	u32 size = sizeof(struct etl_thread) + 2 * (wt_utf16_units(name.at, name.len) + 1);
	struct etl_thread *thread;

	if (hook == ETL_HOOK_THREAD_START) {
		tid = current->pid;
		pid = current->tgid;
	}
	thread = wt_system(l, hook, 3, size, tid, pid, r);
	if (thread)
		wt_utf16_put((u8 *)(thread + 1), name.at, name.len);
	return thread;
}

/* @tid: the thread's id, or the one it had; @user_stack: of a process' first thread, or 0. */
void wt_thread_log(struct wt_logger *l, u16 hook, const struct task_struct *thread, pid_t tid,
		   u64 user_stack)
{
	char comm[TASK_COMM_LEN];
	struct wt_record r;
	struct etl_thread *t = reserve_thread(l, hook, thread->tgid, tid,
					      wt_text_comm(comm, thread), &r);

	if (!t)
		return;
	*t = (struct etl_thread){
		.process_id = cpu_to_le32(thread->tgid),
		.thread_id = cpu_to_le32(tid),
		.user_stack_base = cpu_to_le64(user_stack),
		.affinity = cpu_to_le64(cpumask_bits(&thread->cpus_mask)[0]),
		.teb_base = cpu_to_le64(teb_of(thread)),
		.base_priority = wt_priority(thread, thread->normal_prio),
		.page_priority = PAGE_PRIORITY,
		.io_priority = IO_PRIORITY,
	};
	wt_commit(&r);
}

/* Thread 0 of @cpu; it has no name (K5, K6). */
void wt_thread_log_idle(struct wt_logger *l, u16 hook, unsigned int cpu)
{
	struct wt_record r;
	struct etl_thread *t = reserve_thread(l, hook, 0, 0, (struct wt_text){ }, &r);

	if (!t)
		return;
	*t = (struct etl_thread){
		.affinity = cpu_to_le64(cpu < 64 ? BIT_ULL(cpu) : 0),
		.page_priority = PAGE_PRIORITY,
		.io_priority = IO_PRIORITY,
	};
	wt_commit(&r);
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
