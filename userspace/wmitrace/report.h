/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What wmitrace report's files share: a log's kernel events as sums, and two
 * ways to show them.  Times are raw ticks of the log's clock until they are
 * shown (report_ns).
 */
#ifndef WMITRACE_REPORT_H
#define WMITRACE_REPORT_H

#include "etl.h"

#define REPORT_CPUS	(ETL_PROCESSOR_MASK + 1u)
#define REPORT_NAME	64
#define REPORT_NONE	UINT32_MAX	/* an index of nothing */

/* A program from its start, or exec, to its end or next exec. */
struct report_process {
	uint32_t pid, parent;
	char name[REPORT_NAME];		/* "" = unknown */
	bool started, ended;		/* while the log ran */
	bool open;			/* no end has been seen */
};

enum report_state { REPORT_UNKNOWN, REPORT_RUNS, REPORT_READY, REPORT_WAITS };

/* A thread of such a process. */
struct report_thread {
	uint32_t tid, pid;
	uint32_t process;		/* index, REPORT_NONE = unknown so far */
	char name[REPORT_NAME];
	bool ended;
	/* Where it is now. */
	enum report_state state;
	uint64_t since;
	/* Sums. */
	uint64_t run;			/* on a CPU */
	uint64_t ready, ready_max;	/* could run, had no CPU */
	uint64_t waits;			/* for something else */
	uint64_t switches;		/* to it */
	uint64_t preempted;		/* of its switches away: it wanted to go on */
	uint64_t migrations;
	uint64_t samples;		/* of the profiler */
	uint32_t last_cpu;
	uint32_t cpus;			/* entries of on_cpu */
	uint64_t *on_cpu;		/* of run */
};

/* Interrupts with a vector, or calls of a DPC routine. */
struct report_routine {
	uint16_t hook;
	uint32_t vector;		/* interrupts */
	uint64_t address;
	uint64_t count, time, longest;
};

struct report_transfers {
	uint64_t count, bytes, time, longest;
};

struct report_disk {
	uint32_t number;
	struct report_transfers reads, writes, flushes;
};

struct report_image {
	uint64_t base, size;
	char name[REPORT_NAME];		/* the path's last part */
};

/* What a thread has been charged with since the last switch on its CPU. */
struct report_turn {
	uint32_t thread;
	uint64_t ticks;
};

struct report_cpu {
	bool seen;			/* has had a switch */
	uint32_t thread;		/* runs now */
	uint32_t tid;			/* its id then; tells a break of the chain */
	uint64_t since, first, last;	/* first: of its switches */
	uint64_t busy, idle, unknown;	/* unknown: between a lost switch's neighbours */
	uint64_t switches, breaks;
	struct report_turn *turns;	/* of several lives of @tid; turn_count of them */
	size_t turn_count, turn_room;
	uint64_t interrupts, interrupt_time, dpcs, dpc_time;
};

/* From a thread id to its latest thread: an open hash table. */
struct report_index {
	struct { uint32_t key, value; } *slots;
	size_t size, used;		/* size: a power of two, or 0 */
};

struct report {
	struct report_process *processes;
	struct report_thread *threads;
	struct report_routine *routines;
	struct report_disk *disks;
	struct report_image *images;	/* the kernel's */
	size_t process_count, thread_count, routine_count, disk_count, image_count;
	size_t process_room, thread_room, routine_room, disk_room, image_room;
	struct report_index pids, tids;
	struct report_cpu *cpus;	/* REPORT_CPUS of them */
	uint32_t cpu_count;		/* those above have nothing */
	uint64_t first, last;		/* record in a data buffer */
	uint64_t begin, end;		/* switches are logged from, to; 0 = not said */
	uint64_t kernel_records;	/* of all that are sums here */
	uint64_t wakeups;
	uint64_t faults[3];		/* transition, demand zero, copy on write */
	uint64_t hard_faults;
	uint64_t syscalls;
	uint64_t samples;
	uint64_t damaged;
	uint64_t events_lost, buffers_lost;
	struct etl_timebase timebase;	/* of the first file with a header */
	bool no_memory;
};

/* Nanoseconds of a difference of raw times. */
uint64_t report_ns(const struct report *report, uint64_t ticks);

/* @room elements of @size become at least @count + 1; NULL and report->no_memory if there is no memory. */
void *report_grow(struct report *report, void *array, size_t count, size_t *room, size_t size);

/* Numbers and texts of a record's fields by name; those that are not there stay as they are. */
struct report_field {
	const char *name;
	uint64_t *number;		/* one of the two */
	char *text;
	size_t size;			/* of @text */
};
void report_fields(const struct etl_record *rec, const struct report_field *wanted, size_t count);

/* report-tasks.c: processes and threads. */
void report_process(struct report *report, const struct etl_record *rec);
void report_thread(struct report *report, const struct etl_record *rec);
void report_thread_name(struct report *report, const struct etl_record *rec);
/* Index of the thread that has @tid now; REPORT_NONE without memory. */
uint32_t report_thread_of(struct report *report, uint32_t tid);
/* Of all threads: the process that was not known when the thread was. */
void report_resolve(struct report *report);
const char *report_process_name(const struct report *report, const struct report_thread *thread);

/* report-scheduler.c: who runs. */
void report_masks(struct report *report, const struct etl_record *rec);
void report_switch(struct report *report, const struct etl_record *rec);
void report_ready(struct report *report, const struct etl_record *rec);
/* @tid will name another thread from @time on. */
void report_reuse(struct report *report, uint32_t tid, uint64_t time);
void report_finish(struct report *report);

/* report-activity.c: interrupts, disks, images. */
void report_interrupt(struct report *report, const struct etl_record *rec);
void report_disk(struct report *report, const struct etl_record *rec);
void report_image(struct report *report, const struct etl_record *rec);
/* Name of the image around @address, or NULL. */
const char *report_image_at(const struct report *report, uint64_t address);

/* At most @top lines a table. */
void report_print(const struct report *report, size_t top);
void report_json(const struct report *report);

#endif /* WMITRACE_REPORT_H */
