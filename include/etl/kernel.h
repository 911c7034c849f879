/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later */
/*
 * The kernel logger's events as they lie in a file: hook ids and payloads, for
 * 64-bit pointers.  Sections named are those of kernel-events (docs/kernel-logger.md).
 *
 * Structures are the fixed part of a payload; texts, and the SID of a process,
 * follow it.
 */
#ifndef ETL_KERNEL_H
#define ETL_KERNEL_H

#include "etl/layout.h"

/* A hook id is group << 8 | type. */
enum etl_hook {
	ETL_HOOK_MASKS			= 0x0005,	/* masks from now on */
	ETL_HOOK_RUNDOWN_COMPLETE	= 0x0008,
	ETL_HOOK_MASKS_END		= 0x0020,	/* masks until now */
	ETL_HOOK_DISK_READ		= 0x010a,
	ETL_HOOK_DISK_WRITE		= 0x010b,
	ETL_HOOK_DISK_READ_INIT		= 0x010c,
	ETL_HOOK_DISK_WRITE_INIT	= 0x010d,
	ETL_HOOK_DISK_FLUSH		= 0x010e,
	ETL_HOOK_DISK_FLUSH_INIT	= 0x010f,
	ETL_HOOK_FAULT_TRANSITION	= 0x020a,
	ETL_HOOK_FAULT_DEMAND_ZERO	= 0x020b,
	ETL_HOOK_FAULT_COPY_ON_WRITE	= 0x020c,
	ETL_HOOK_HARD_FAULT		= 0x0220,
	ETL_HOOK_PROCESS_START		= 0x0301,
	ETL_HOOK_PROCESS_END		= 0x0302,
	ETL_HOOK_PROCESS_DC_START	= 0x0303,	/* runs already when logging begins */
	ETL_HOOK_PROCESS_DC_END		= 0x0304,	/* still runs when logging ends */
	ETL_HOOK_IMAGE_LOAD		= 0x030a,	/* of the group Process, but of the class Image */
	ETL_HOOK_COUNTERS		= 0x0320,
	ETL_HOOK_COUNTERS_DC_END	= 0x0321,
	ETL_HOOK_THREAD_START		= 0x0501,
	ETL_HOOK_THREAD_END		= 0x0502,
	ETL_HOOK_THREAD_DC_START	= 0x0503,
	ETL_HOOK_THREAD_DC_END		= 0x0504,
	ETL_HOOK_CSWITCH		= 0x0524,
	ETL_HOOK_READY_THREAD		= 0x0532,
	ETL_HOOK_THREAD_SET_NAME	= 0x0548,
	ETL_HOOK_CONFIG_CPU		= 0x0b0a,
	ETL_HOOK_CONFIG_DISK		= 0x0b0b,
	ETL_HOOK_CONFIG_PLATFORM	= 0x0b19,
	ETL_HOOK_SAMPLE			= 0x0f2e,
	ETL_HOOK_SYSCALL_ENTER		= 0x0f33,
	ETL_HOOK_SYSCALL_EXIT		= 0x0f34,
	ETL_HOOK_THREADED_DPC		= 0x0f42,
	ETL_HOOK_ISR			= 0x0f43,
	ETL_HOOK_DPC			= 0x0f44,
	ETL_HOOK_TIMER_DPC		= 0x0f45,
	ETL_HOOK_INTERVAL_START		= 0x0f49,
	ETL_HOOK_INTERVAL_END		= 0x0f4a,
	ETL_HOOK_IMAGE_UNLOAD		= 0x1402,
	ETL_HOOK_IMAGE_DC_START		= 0x1403,
	ETL_HOOK_IMAGE_DC_END		= 0x1404,
	ETL_HOOK_KERNEL_BASE		= 0x1421,
};

#define ETL_MASK_WORDS		8
#define ETL_MASKS_VERSION	70	/* of the set of kernel events: Windows 10's */

/* 0005 and 0020, version 2 */
struct etl_masks {
	__le32	word[ETL_MASK_WORDS];
	__le32	version;
};

/* 0301-0304, version 4; then SID, image name (UTF-8), command line, two more texts (UTF-16) */
struct etl_process {
	__le64	key;			/* unique over the trace */
	__le32	process_id;
	__le32	parent_id;
	__le32	session_id;
	__le32	exit_status;		/* ETL_STILL_ACTIVE while it runs */
	__le64	directory_table;
	__le32	flags;			/* ETL_PROCESS_* */
} __attribute__((packed));

#define ETL_STILL_ACTIVE	0x103
#define ETL_PROCESS_WOW64	0x2

/* What precedes the SID: a TOKEN_USER with a pointer that only must not be 0. */
struct etl_token_user {
	__le64	sid;
	__le32	attributes;
	__le32	pad;
};

struct etl_sid {
	__u8	revision;		/* 1 */
	__u8	count;			/* of sub-authorities, which follow */
	__u8	authority[6];		/* big-endian */
};

/* 0501-0504, version 3; then the thread's name (UTF-16) */
struct etl_thread {
	__le32	process_id;
	__le32	thread_id;
	__le64	stack_base;
	__le64	stack_limit;
	__le64	user_stack_base;
	__le64	user_stack_limit;
	__le64	affinity;
	__le64	start_address;
	__le64	teb_base;
	__le32	sub_process_tag;
	__u8	base_priority;
	__u8	page_priority;
	__u8	io_priority;
	__u8	flags;
};

/* 0548, version 2; then the name (UTF-16) */
struct etl_thread_name {
	__le32	process_id;
	__le32	thread_id;
};

/*
 * NT's 1-31 for a priority as the kernel has it (100 to 139 are nice values, below are
 * real-time tasks, and below 0 deadlines), of any task but the idle ones (5.3).
 */
static inline __s8 etl_priority(int prio)
{
	const int nice = prio - 120;

	if (prio < 0)
		return 31;
	if (prio < 100)
		return 16 + (99 - prio) * 15 / 99;
	return 8 - nice * 7 / (nice < 0 ? 20 : 19);
}

/* 0524, version 2 */
struct etl_cswitch {
	__le32	new_thread;
	__le32	old_thread;
	__s8	new_priority;
	__s8	old_priority;
	__u8	previous_c_state;
	__s8	spare;
	__s8	wait_reason;		/* enum etl_wait_reason, of the old thread */
	__s8	wait_mode;		/* 0 kernel, 1 user */
	__s8	state;			/* enum etl_thread_state, of the old thread */
	__u8	ideal_processor;
	__le32	new_wait_time;
	__le32	reserved;
};

enum etl_thread_state {
	ETL_STATE_READY		= 1,
	ETL_STATE_RUNNING	= 2,
	ETL_STATE_TERMINATED	= 4,
	ETL_STATE_WAITING	= 5,
};

enum etl_wait_reason {
	ETL_WAIT_EXECUTIVE		= 0,
	ETL_WAIT_PAGE_IN		= 2,
	ETL_WAIT_SUSPENDED		= 5,
	ETL_WAIT_USER_REQUEST		= 6,
	ETL_WAIT_WR_SUSPENDED		= 12,
	ETL_WAIT_WR_USER_REQUEST	= 13,
	ETL_WAIT_WR_QUEUE		= 15,
	ETL_WAIT_WR_TERMINATED		= 22,
	ETL_WAIT_WR_KERNEL		= 26,
	ETL_WAIT_WR_MUTEX		= 29,
	ETL_WAIT_WR_QUANTUM_END		= 30,
	ETL_WAIT_WR_PREEMPTED		= 32,
};

/* 0532, version 2 */
struct etl_ready_thread {
	__le32	thread_id;
	__u8	adjust_reason;
	__s8	adjust_increment;
	__u8	flags;			/* ETL_READY_* */
	__u8	reserved;
};

#define ETL_READY_UNWAIT	1	/* adjust_reason */
#define ETL_READY_DPC		0x1

/* 0b0a, version 3 */
struct etl_config_cpu {
	__le32	mhz;
	__le32	processors;
	__le32	memory_mb;
	__le32	page_size;
	__le32	allocation_granularity;
	__le16	computer_name[256];
	__le16	domain_name[134];
	__le64	hyper_threading;	/* CPUs that are not the first of their core */
	__le64	highest_user_address;
	__le16	architecture;		/* ETL_ARCH_* */
	__le16	level;
	__le16	revision;
	__u8	nx;
	__u8	pae;
	__le32	memory_speed;
} __attribute__((packed));

#define ETL_ARCH_X64		9
#define ETL_ARCH_ARM64		12
#define ETL_ARCH_UNKNOWN	0xffff

/* 0f43, version 2: written when the handler returns */
struct etl_isr {
	__le64	initial_time;
	__le64	routine;
	__u8	claimed;
	__le16	vector;
	__u8	reserved;
} __attribute__((packed));

/* 0f42, 0f44, 0f45, version 2: written when the routine returns */
struct etl_dpc {
	__le64	initial_time;
	__le64	routine;
};

/* 010a, 010b, version 3: written when the last part is done */
struct etl_disk_io {
	__le32	disk;
	__le32	irp_flags;
	__le32	size;
	__le32	reserved;
	__le64	offset;
	__le64	file_object;
	__le64	irp;
	__le64	response_time;		/* ticks of the record clock */
	__le32	issuing_thread;
} __attribute__((packed));

/* 010e, version 3 */
struct etl_disk_flush {
	__le32	disk;
	__le32	irp_flags;
	__le64	response_time;
	__le64	irp;
	__le32	issuing_thread;
} __attribute__((packed));

/* 020a-020c, version 2 */
struct etl_page_fault {
	__le64	address;
	__le64	program_counter;
};

/* 030a, 1402, 1403, 1404, version 3; then the file's name (UTF-16) */
struct etl_image {
	__le64	base;			/* where the file's first byte would be */
	__le64	size;
	__le32	process_id;		/* 0: the kernel and its modules */
	__le32	checksum;
	__le32	time_date_stamp;
	__u8	signature_level;
	__u8	signature_type;
	__le16	reserved;
	__le64	default_base;
	__le32	reserved4[4];
};

/* 1421, version 2 */
struct etl_kernel_base {
	__le64	base;
};

/* 0320, 0321, version 2 */
struct etl_process_counters {
	__le32	process_id;
	__le32	page_faults;
	__le32	handles;
	__le32	reserved;
	__le64	peak_virtual;		/* bytes, from here on */
	__le64	peak_working_set;
	__le64	peak_pagefile;
	__le64	quota_peak_paged;
	__le64	quota_peak_nonpaged;
	__le64	virtual_size;
	__le64	working_set;
	__le64	pagefile;
	__le64	quota_paged;
	__le64	quota_nonpaged;
	__le64	private_size;
};

/* 010c, 010d, 010f, version 3 */
struct etl_disk_init {
	__le64	irp;			/* that of the record when it is done */
	__le32	issuing_thread;
} __attribute__((packed));

#define ETL_IRP_NO_CACHE	0x1
#define ETL_IRP_PAGING		0x2
#define ETL_IRP_PRIORITY_NORMAL	(3u << 17)

/* 0b0b, version 2 */
struct etl_config_disk {
	__le32	disk;
	__le32	sector_size;
	__le32	track_sectors;
	__le32	cylinder_tracks;
	__le64	cylinders;
	__le32	scsi_port;
	__le32	scsi_path;
	__le32	scsi_target;
	__le32	scsi_lun;
	__le16	name[256];
	__le32	partitions;
	__u8	write_cache;
	__u8	pad;
	__le16	boot_drive[3];
	__le16	spare[2];
} __attribute__((packed));

/* 0f33, version 2 */
struct etl_syscall_enter {
	__le64	address;
};

/* 0f34, version 2 */
struct etl_syscall_exit {
	__le32	status;
};

/* 0f2e, version 2 */
struct etl_sample {
	__le64	instruction_pointer;
	__le32	thread_id;
	__le16	count;
	__u8	flags;			/* ETL_SAMPLE_*; bits 3-7: the thread's priority */
	__u8	rank;
};

#define ETL_SAMPLE_DPC			0x1
#define ETL_SAMPLE_ISR			0x2
#define ETL_SAMPLE_PRIORITY_SHIFT	3

/* 0f49, 0f4a, version 3; then the source's name (UTF-16) */
struct etl_interval {
	__le32	source;			/* 0: the timer */
	__le32	new_interval;		/* 100 ns */
	__le32	old_interval;
};

#ifndef __cplusplus
ETL_ASSERT(sizeof(struct etl_masks) == 36);
ETL_ASSERT(sizeof(struct etl_process) == 36);
ETL_ASSERT(sizeof(struct etl_token_user) == 16);
ETL_ASSERT(sizeof(struct etl_sid) == 8);
ETL_ASSERT(sizeof(struct etl_thread) == 72);
ETL_ASSERT(sizeof(struct etl_thread_name) == 8);
ETL_ASSERT(sizeof(struct etl_cswitch) == 24);
ETL_ASSERT(sizeof(struct etl_ready_thread) == 8);
ETL_ASSERT(sizeof(struct etl_config_cpu) == 828);
ETL_ASSERT(sizeof(struct etl_isr) == 20);
ETL_ASSERT(sizeof(struct etl_dpc) == 16);
ETL_ASSERT(sizeof(struct etl_disk_io) == 52);
ETL_ASSERT(sizeof(struct etl_disk_flush) == 28);
ETL_ASSERT(sizeof(struct etl_page_fault) == 16);
ETL_ASSERT(sizeof(struct etl_image) == 56);
ETL_ASSERT(sizeof(struct etl_kernel_base) == 8);
ETL_ASSERT(sizeof(struct etl_process_counters) == 104);
ETL_ASSERT(sizeof(struct etl_disk_init) == 12);
ETL_ASSERT(sizeof(struct etl_config_disk) == 568);
ETL_ASSERT(sizeof(struct etl_syscall_enter) == 8);
ETL_ASSERT(sizeof(struct etl_syscall_exit) == 4);
ETL_ASSERT(sizeof(struct etl_sample) == 16);
ETL_ASSERT(sizeof(struct etl_interval) == 12);
#endif

#endif /* ETL_KERNEL_H */
