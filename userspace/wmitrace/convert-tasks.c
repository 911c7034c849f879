// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace convert: processes and threads (kernel-events 5.1, 6.1, 6.2).
 *
 * A recording names threads; which process one belongs to is known where the
 * event task_newtask tells that it was made as a thread, else it counts as a
 * process of its own.
 */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"

#define TID_MAX		(1u << 22)	/* PID_MAX_LIMIT */
#define KEY		(1ull << 63)
#define TEXT_MAX	512

struct convert_task *convert_task(struct convert_tasks *tasks, uint32_t tid)
{
	uint32_t size = tasks->size ? tasks->size : 4096, i;
	struct convert_task *more;

	if (tid > TID_MAX)
		return NULL;
	while (size <= tid)
		size *= 2;
	if (size > tasks->size) {
		more = reallocarray(tasks->of, size, sizeof(*more));
		if (!more)
			return NULL;
		memset(more + tasks->size, 0, (size - tasks->size) * sizeof(*more));
		for (i = tasks->size; i < size; i++)
			more[i].tid = more[i].pid = i;
		tasks->of = more;
		tasks->size = size;
	}
	return &tasks->of[tid];
}

uint32_t convert_pid(struct convert_tasks *tasks, uint32_t tid)
{
	const struct convert_task *task = convert_task(tasks, tid);

	return task ? task->pid : tid;
}

void convert_task_name(struct convert_task *task, const char *name)
{
	snprintf(task->name, sizeof(task->name), "%s", name);
}

static uint32_t put_wide(unsigned char *to, const char *text)
{
	size_t units = etl_utf8_to_utf16(text, strlen(text), to, TEXT_MAX - 1);

	if (units > TEXT_MAX - 1)
		units = TEXT_MAX - 1;
	memset(to + 2 * units, 0, 2);
	return (uint32_t)(2 * units + 2);
}

/* No user is known: a SID of 4 zero bytes says so. */
void convert_process(struct convert_writer *w, struct convert_tasks *tasks, uint32_t cpu,
		     uint64_t time, uint16_t hook, uint32_t by, const struct convert_task *task,
		     const char *command, uint32_t status)
{
	unsigned char payload[sizeof(struct etl_process) + 4 + CONVERT_NAME + 2 * TEXT_MAX + 4] = { 0 };
	const bool live = hook == ETL_HOOK_PROCESS_START || hook == ETL_HOOK_PROCESS_END;
	struct etl_process process = {
		.key = htole64(task->key | KEY),
		.process_id = htole32(task->pid),
		.parent_id = htole32(task->parent),
		.exit_status = htole32(hook == ETL_HOOK_PROCESS_END ? status : ETL_STILL_ACTIVE),
	};
	uint32_t size = sizeof(process) + 4;

	memcpy(payload, &process, sizeof(process));
	memcpy(payload + size, task->name, strlen(task->name) + 1);
	size += (uint32_t)strlen(task->name) + 1;
	size += put_wide(payload + size, command);
	size += 4;			/* no package, no application */
	if (live)
		convert_system(w, cpu, time, hook, 4, by, convert_pid(tasks, by), payload, size);
	else
		convert_perfinfo(w, cpu, time, hook, 4, payload, size);
}

void convert_thread(struct convert_writer *w, struct convert_tasks *tasks, uint32_t cpu,
		    uint64_t time, uint16_t hook, uint32_t by, const struct convert_task *task)
{
	unsigned char payload[sizeof(struct etl_thread) + 2 * TEXT_MAX];
	struct etl_thread thread = {
		.process_id = htole32(task->pid),
		.thread_id = htole32(task->tid),
		.base_priority = task->tid ? 8 : 0,
		.page_priority = 5,
		.io_priority = 2,
	};
	uint32_t size = sizeof(thread);

	if (!task->tid)
		thread.affinity = htole64(cpu < 64 ? 1ull << cpu : 0);
	memcpy(payload, &thread, sizeof(thread));
	size += put_wide(payload + size, task->tid ? task->name : "");
	convert_system(w, cpu, time, hook, 3, by, convert_pid(tasks, by), payload, size);
}

void convert_thread_name(struct convert_writer *w, struct convert_tasks *tasks, uint32_t cpu,
			 uint64_t time, const struct convert_task *task)
{
	unsigned char payload[sizeof(struct etl_thread_name) + 2 * TEXT_MAX];
	struct etl_thread_name name = {
		.process_id = htole32(convert_pid(tasks, task->tid)),
		.thread_id = htole32(task->tid),
	};
	uint32_t size = sizeof(name);

	memcpy(payload, &name, sizeof(name));
	size += put_wide(payload + size, task->name);
	convert_perfinfo(w, cpu, time, ETL_HOOK_THREAD_SET_NAME, 2, payload, size);
}

/* The idle process and its thread on each CPU. */
static void idle(struct convert_writer *w, struct convert_tasks *tasks, uint64_t time, bool begin)
{
	struct convert_task task = { .name = "Idle", .key = ++tasks->keys };
	uint32_t cpu;

	if (begin)
		convert_process(w, tasks, 0, time, ETL_HOOK_PROCESS_DC_START, 0, &task, "", 0);
	for (cpu = 0; cpu < w->cpus; cpu++)
		convert_thread(w, tasks, cpu, time, begin ? ETL_HOOK_THREAD_DC_START
						 : ETL_HOOK_THREAD_DC_END, 0, &task);
	if (!begin)
		convert_process(w, tasks, 0, time, ETL_HOOK_PROCESS_DC_END, 0, &task, "", 0);
}

static bool in_rundown(const struct convert_task *task, bool begin)
{
	return task->known && task->tid && (begin ? !task->born : task->alive);
}

static void rundown_processes(struct convert_writer *w, struct convert_tasks *tasks, uint64_t time,
			      bool begin)
{
	uint32_t tid;

	for (tid = 1; tid < tasks->size; tid++) {
		struct convert_task *task = &tasks->of[tid];

		if (!in_rundown(task, begin) || task->pid != tid)
			continue;
		if (begin)
			task->key = ++tasks->keys;
		convert_process(w, tasks, 0, time, begin ? ETL_HOOK_PROCESS_DC_START
						 : ETL_HOOK_PROCESS_DC_END, 0, task, "", 0);
	}
}

static void rundown_threads(struct convert_writer *w, struct convert_tasks *tasks, uint64_t time,
			    bool begin)
{
	uint32_t tid;

	for (tid = 1; tid < tasks->size; tid++) {
		struct convert_task *task = &tasks->of[tid];

		if (!in_rundown(task, begin))
			continue;
		if (begin) {
			task->alive = true;
			tasks->of[task->pid].threads++;
		}
		convert_thread(w, tasks, 0, time, begin ? ETL_HOOK_THREAD_DC_START
						: ETL_HOOK_THREAD_DC_END, tid, task);
	}
}

void convert_rundown(struct convert_writer *w, struct convert_tasks *tasks, uint64_t time, bool begin)
{
	idle(w, tasks, time, begin);
	if (begin)
		rundown_processes(w, tasks, time, begin);
	rundown_threads(w, tasks, time, begin);
	if (!begin)
		rundown_processes(w, tasks, time, begin);
}
