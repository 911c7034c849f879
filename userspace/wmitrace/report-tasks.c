// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace report: processes and threads.
 *
 * Ids are used again, and exec makes a new process and a new thread of the same
 * ids (kernel-events 5.1): each life has an entry of its own, and the index
 * leads to the latest.
 */
#include <stdlib.h>
#include <string.h>

#include <etl/kernel.h>

#include "report.h"

/* ---- indices -------------------------------------------------------------- */

static size_t slot_of(const struct report_index *index, uint32_t key)
{
	size_t at = key * 2654435761u & (index->size - 1);

	while (index->slots[at].value != REPORT_NONE && index->slots[at].key != key)
		at = (at + 1) & (index->size - 1);
	return at;
}

static uint32_t look_up(const struct report_index *index, uint32_t key)
{
	return index->size ? index->slots[slot_of(index, key)].value : REPORT_NONE;
}

static bool enlarge(struct report_index *index)
{
	struct report_index more = { .size = index->size ? 2 * index->size : 1024 };
	size_t i, at;

	more.slots = malloc(more.size * sizeof(*more.slots));
	if (!more.slots)
		return false;
	memset(more.slots, 0xff, more.size * sizeof(*more.slots));
	for (i = 0; i < index->size; i++) {
		if (index->slots[i].value == REPORT_NONE)
			continue;
		at = slot_of(&more, index->slots[i].key);
		more.slots[at] = index->slots[i];
		more.used++;
	}
	free(index->slots);
	*index = more;
	return true;
}

static void remember(struct report *report, struct report_index *index, uint32_t key, uint32_t value)
{
	size_t at;

	if (2 * index->used >= index->size && !enlarge(index)) {
		report->no_memory = true;
		return;
	}
	at = slot_of(index, key);
	index->used += index->slots[at].value == REPORT_NONE;
	index->slots[at].key = key;
	index->slots[at].value = value;
}

/* ---- processes -------------------------------------------------------------- */

static uint32_t new_process(struct report *report, uint32_t pid)
{
	struct report_process *processes;

	processes = report_grow(report, report->processes, report->process_count,
				&report->process_room, sizeof(*processes));
	if (!processes)
		return REPORT_NONE;
	report->processes = processes;
	processes[report->process_count] = (struct report_process){ .pid = pid, .open = true };
	remember(report, &report->pids, pid, (uint32_t)report->process_count);
	return (uint32_t)report->process_count++;
}

void report_process(struct report *report, const struct etl_record *rec)
{
	uint64_t pid = 0, parent = 0;
	char name[REPORT_NAME] = "";
	const struct report_field wanted[] = {
		{ "ProcessId", &pid, NULL, 0 },
		{ "ParentId", &parent, NULL, 0 },
		{ "ImageFileName", NULL, name, sizeof(name) },
	};
	struct report_process *process;
	uint32_t at;

	report_fields(rec, wanted, 3);
	at = look_up(&report->pids, (uint32_t)pid);
	if (at == REPORT_NONE || rec->id == ETL_HOOK_PROCESS_START)
		at = new_process(report, (uint32_t)pid);
	if (at == REPORT_NONE)
		return;
	process = &report->processes[at];
	process->parent = (uint32_t)parent;
	if (*name)
		memcpy(process->name, name, sizeof(name));
	if (rec->id == ETL_HOOK_PROCESS_START)
		process->started = true;
	if (rec->id == ETL_HOOK_PROCESS_END) {
		process->ended = true;
		process->open = false;
	}
}

/* ---- threads ---------------------------------------------------------------- */

static uint32_t new_thread(struct report *report, uint32_t tid)
{
	struct report_thread *threads;

	threads = report_grow(report, report->threads, report->thread_count, &report->thread_room,
			      sizeof(*threads));
	if (!threads)
		return REPORT_NONE;
	report->threads = threads;
	threads[report->thread_count] = (struct report_thread){
		.tid = tid,
		.pid = REPORT_NONE,
		.process = REPORT_NONE,
		.last_cpu = REPORT_NONE,
	};
	remember(report, &report->tids, tid, (uint32_t)report->thread_count);
	return (uint32_t)report->thread_count++;
}

uint32_t report_thread_of(struct report *report, uint32_t tid)
{
	uint32_t at = look_up(&report->tids, tid);

	return at == REPORT_NONE ? new_thread(report, tid) : at;
}

/* A new life of an id goes on where the old one is: on its CPU, or waiting. */
static uint32_t begin_thread(struct report *report, uint32_t tid, uint64_t time)
{
	uint32_t old = look_up(&report->tids, tid);
	enum report_state state = REPORT_UNKNOWN;
	uint32_t cpu = REPORT_NONE, at;

	if (old != REPORT_NONE && report->threads[old].state == REPORT_RUNS) {
		report_reuse(report, tid, time);
		state = REPORT_RUNS;
		cpu = report->threads[old].last_cpu;
	}
	at = new_thread(report, tid);
	if (at == REPORT_NONE || state != REPORT_RUNS)
		return at;
	report->threads[at].state = state;
	report->threads[at].since = time;
	report->threads[at].last_cpu = cpu;
	report->cpus[cpu].thread = at;
	return at;
}

void report_thread(struct report *report, const struct etl_record *rec)
{
	uint64_t pid = 0, tid = 0;
	char name[REPORT_NAME] = "";
	const struct report_field wanted[] = {
		{ "ProcessId", &pid, NULL, 0 },
		{ "ThreadId", &tid, NULL, 0 },
		{ "ThreadName", NULL, name, sizeof(name) },
	};
	struct report_thread *thread;
	uint32_t at;

	report_fields(rec, wanted, 3);
	at = rec->id == ETL_HOOK_THREAD_START ? begin_thread(report, (uint32_t)tid, rec->time)
					      : report_thread_of(report, (uint32_t)tid);
	if (at == REPORT_NONE)
		return;
	thread = &report->threads[at];
	thread->pid = (uint32_t)pid;
	thread->process = look_up(&report->pids, (uint32_t)pid);
	if (*name)
		memcpy(thread->name, name, sizeof(name));
	if (rec->id == ETL_HOOK_THREAD_END)
		thread->ended = true;
}

void report_thread_name(struct report *report, const struct etl_record *rec)
{
	uint64_t tid = 0;
	char name[REPORT_NAME] = "";
	const struct report_field wanted[] = {
		{ "ThreadId", &tid, NULL, 0 },
		{ "ThreadName", NULL, name, sizeof(name) },
	};
	uint32_t at;

	report_fields(rec, wanted, 2);
	at = report_thread_of(report, (uint32_t)tid);
	if (at != REPORT_NONE)
		memcpy(report->threads[at].name, name, sizeof(name));
}

void report_resolve(struct report *report)
{
	struct report_thread *thread;

	for (thread = report->threads; thread < report->threads + report->thread_count; thread++)
		if (thread->process == REPORT_NONE && thread->pid != REPORT_NONE)
			thread->process = look_up(&report->pids, thread->pid);
}

/* "" if nothing in the log says. */
const char *report_process_name(const struct report *report, const struct report_thread *thread)
{
	return thread->process == REPORT_NONE ? "" : report->processes[thread->process].name;
}
