/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What wmitrace convert's files share: a recording of trace-cmd (trace.dat)
 * becomes an .etl file.  Times are nanoseconds of the recording's clock.
 */
#ifndef WMITRACE_CONVERT_H
#define WMITRACE_CONVERT_H

#include <stdbool.h>
#include <stdint.h>

#include <etl/bridge.h>
#include <etl/kernel.h>

#include "etl.h"
#include "trace-schema.h"

#define CONVERT_BUFFER	65536u		/* bytes of a buffer of the file */
#define CONVERT_NAME	64
#define CONVERT_NONE	UINT32_MAX

struct tep_event;
struct tep_handle;
struct tep_record;

/* ---- convert-writer.c: the file ---------------------------------------------------- */

struct convert_writer {
	struct etl_writer *writer;
	struct etl_block *blocks;	/* of each CPU; data is NULL until it is used */
	uint32_t cpus;
	uint64_t sequence;
	uint64_t records;
	uint64_t too_large;		/* records that no .etl can hold */
	uint64_t events_lost, gaps;	/* told by the recording; gaps: of unknown size */
	int err;			/* of the first failure, which @error explains */
	struct etl_error error;
};

int convert_writer_open(struct convert_writer *w, const char *path, const struct etl_facts *facts,
			const struct etl_masks *masks);
void convert_put(struct convert_writer *w, uint32_t cpu, struct etl_record *rec);
/* Kernel logger's records: without and with a thread in the header. */
void convert_perfinfo(struct convert_writer *w, uint32_t cpu, uint64_t time, uint16_t hook,
		      uint16_t version, const void *payload, uint32_t size);
void convert_system(struct convert_writer *w, uint32_t cpu, uint64_t time, uint16_t hook,
		    uint16_t version, uint32_t tid, uint32_t pid, const void *payload, uint32_t size);
/* Writes what is left, with @end as the last time; returns 0 or w->err. */
int convert_writer_close(struct convert_writer *w, uint64_t end, uint64_t end_filetime);

/* ---- convert-tasks.c: processes and threads ------------------------------------------ */

struct convert_task {
	uint32_t tid, pid;		/* pid CONVERT_NONE: as its tid */
	char name[CONVERT_NAME];
	bool born;			/* begins in the recording */
	bool alive;
	bool known;			/* there is something to say about it */
	uint32_t threads;		/* of a process: alive */
	uint32_t parent;
	uint64_t key;
};

struct convert_tasks {
	struct convert_task *of;	/* by tid; @size of them */
	uint32_t size;
	uint64_t keys;
};

/* NULL without memory, or if @tid is no thread's id. */
struct convert_task *convert_task(struct convert_tasks *tasks, uint32_t tid);
uint32_t convert_pid(struct convert_tasks *tasks, uint32_t tid);
void convert_task_name(struct convert_task *task, const char *name);

/* What runs at the beginning or the end: one record for each process and thread. */
void convert_rundown(struct convert_writer *w, struct convert_tasks *tasks, uint64_t time, bool begin);
void convert_process(struct convert_writer *w, struct convert_tasks *tasks, uint32_t cpu,
		     uint64_t time, uint16_t hook, uint32_t by, const struct convert_task *task,
		     const char *command, uint32_t status);
void convert_thread(struct convert_writer *w, struct convert_tasks *tasks, uint32_t cpu,
		    uint64_t time, uint16_t hook, uint32_t by, const struct convert_task *task);
void convert_thread_name(struct convert_writer *w, struct convert_tasks *tasks, uint32_t cpu,
			 uint64_t time, const struct convert_task *task);

/* ---- convert-kernel.c: events with a counterpart -------------------------------------- */

struct convert_disk_request {
	uint64_t device, sector, left, bytes, issued;
	uint32_t tid;
};

struct convert_cpu {
	uint64_t irq_time, softirq_time;	/* 0: none has begun */
	uint8_t c_state;
};

/* What the recording has; found out before anything is written. */
struct convert_facts {
	uint64_t first, last;
	bool switches, waking, wakeup, fork, newtask, irqs, softirqs, disk, faults, calls;
};

struct convert_kernel {
	struct convert_writer *writer;
	struct convert_tasks tasks;
	struct convert_facts facts;
	struct convert_cpu *cpus;
	struct convert_disk_request *requests;
	size_t request_count, request_room;
	uint64_t devices[256];
	uint32_t device_count;
	bool no_memory;
};

/* First pass: who there is and what happens. */
void convert_kernel_scan(struct convert_kernel *k, struct tep_event *event, struct tep_record *record);
/* Second pass: true if @record has become kernel events. */
bool convert_kernel_event(struct convert_kernel *k, struct tep_event *event,
			  struct tep_record *record);
void convert_kernel_begin(struct convert_kernel *k);
void convert_kernel_end(struct convert_kernel *k);
void convert_kernel_masks(const struct convert_kernel *k, struct etl_masks *masks);
void convert_kernel_free(struct convert_kernel *k);

#endif /* WMITRACE_CONVERT_H */
