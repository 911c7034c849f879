/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Process and Thread records (kernel-events 5.1, 6.1-6.3).
 */
#ifndef WT_KERNEL_PROCESS_H
#define WT_KERNEL_PROCESS_H

#include <linux/sched.h>
#include <linux/types.h>

struct wt_logger;

#define WT_IMAGE_MAX	255	/* bytes of a file's name */
#define WT_COMMAND_MAX	1024	/* bytes of a command line; the rest is cut off */

/* Not terminated.  Nobody changes it while a record of it is written. */
struct wt_text {
	const char *at;
	u32 len;
};

/* A process' texts, and room for them. */
struct wt_texts {
	struct wt_text image, command;
	char command_room[WT_COMMAND_MAX];	/* whole words of 8 bytes */
	char image_room[WT_IMAGE_MAX + 1];
};

struct wt_text wt_text_comm(char room[TASK_COMM_LEN], const struct task_struct *task);
void wt_texts_image(struct wt_texts *texts, const struct task_struct *task, struct mm_struct *mm);
void wt_texts_own_command(struct wt_texts *texts);
void wt_texts_command(struct wt_texts *texts, struct task_struct *task, struct mm_struct *mm);

u64 wt_process_key(const struct task_struct *leader, u64 execs);
void wt_process_log(struct wt_logger *l, u16 hook, const struct task_struct *leader, u64 key,
		    u32 exit_status, struct wt_text image, struct wt_text command);
void wt_process_log_counters(struct wt_logger *l, u16 hook, const struct task_struct *leader,
			     struct mm_struct *mm);
void wt_process_log_idle(struct wt_logger *l, u16 hook);
void wt_thread_log(struct wt_logger *l, u16 hook, const struct task_struct *thread, pid_t tid,
		   u64 user_stack);
void wt_thread_log_idle(struct wt_logger *l, u16 hook, unsigned int cpu);
void wt_thread_log_name(struct wt_logger *l, const struct task_struct *thread, const char *name);

#endif
