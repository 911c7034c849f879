// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace report: who ran where and how long, from CSwitch and ReadyThread.
 *
 * Each CPU's switches are a chain: who is switched to is who is switched away
 * from next.  Where a link is missing (events were lost), the time between is
 * nobody's, and counted as such.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include <etl/kernel.h>

#include "report.h"

#define MASK_WORD	1
#define MASK_CSWITCH	0x4u		/* kernel-events 3.2 */

/* The stream says from when to when switches are logged. */
void report_masks(struct report *report, const struct etl_record *rec)
{
	struct etl_masks masks;

	if (rec->payload_size < sizeof(masks) || rec->buffer->type == ETL_BUFFER_HEADER)
		return;
	memcpy(&masks, rec->payload, sizeof(masks));
	if (!(le32toh(masks.word[MASK_WORD]) & MASK_CSWITCH))
		return;
	if (rec->id == ETL_HOOK_MASKS && !report->begin)
		report->begin = rec->time;
	if (rec->id == ETL_HOOK_MASKS_END)
		report->end = rec->time;
}

static void add_on_cpu(struct report *report, struct report_thread *thread, uint32_t cpu,
		       uint64_t ticks)
{
	uint64_t *more;

	if (cpu >= thread->cpus) {
		more = reallocarray(thread->on_cpu, cpu + 1, sizeof(*more));
		if (!more) {
			report->no_memory = true;
			return;
		}
		memset(more + thread->cpus, 0, (cpu + 1 - thread->cpus) * sizeof(*more));
		thread->on_cpu = more;
		thread->cpus = cpu + 1;
	}
	thread->on_cpu[cpu] += ticks;
}

/* @ticks of CPU @number were thread @at's. */
static void charge(struct report *report, uint32_t number, uint32_t at, uint64_t ticks)
{
	struct report_thread *thread = &report->threads[at];
	struct report_cpu *cpu = &report->cpus[number];

	*(thread->tid ? &cpu->busy : &cpu->idle) += ticks;
	thread->run += ticks;
	add_on_cpu(report, thread, number, ticks);
}

/* The CPU's time up to now belongs to who runs there. */
static void settle(struct report *report, uint32_t number, uint64_t time)
{
	struct report_cpu *cpu = &report->cpus[number];

	if (time > cpu->since)
		charge(report, number, cpu->thread, time - cpu->since);
	cpu->since = time;
}

/* It did so far; the next switch will tell whether that is true. */
void report_reuse(struct report *report, uint32_t tid, uint64_t time)
{
	struct report_thread *thread = &report->threads[report_thread_of(report, tid)];
	struct report_cpu *cpu = &report->cpus[thread->last_cpu];
	struct report_turn *turns;

	thread->state = REPORT_UNKNOWN;
	if (!tid || cpu->tid != tid || time <= cpu->since)
		return;
	turns = report_grow(report, cpu->turns, cpu->turn_count, &cpu->turn_room, sizeof(*turns));
	if (!turns)
		return;
	cpu->turns = turns;
	turns[cpu->turn_count++] = (struct report_turn){ cpu->thread, time - cpu->since };
	settle(report, thread->last_cpu, time);
}

/* Switches are missing: nobody knows who ran since the last one. */
static void disown(struct report *report, uint32_t number, uint64_t time)
{
	struct report_cpu *cpu = &report->cpus[number];
	size_t i;

	for (i = 0; i < cpu->turn_count; i++)
		charge(report, number, cpu->turns[i].thread, 0 - cpu->turns[i].ticks);
	cpu->breaks++;
	cpu->unknown += time - cpu->last;
}

static void leave(struct report_thread *thread, const struct etl_cswitch *cswitch, uint64_t time)
{
	thread->since = time;
	switch (cswitch->state) {
	case ETL_STATE_READY:
		thread->state = REPORT_READY;
		thread->preempted++;
		break;
	case ETL_STATE_RUNNING:		/* an idle thread, of which each CPU has its own */
	case ETL_STATE_TERMINATED:
		thread->state = REPORT_UNKNOWN;
		break;
	default:
		thread->state = REPORT_WAITS;
	}
}

static void end_wait(struct report_thread *thread, uint64_t time)
{
	uint64_t ticks = time > thread->since ? time - thread->since : 0;

	if (thread->state == REPORT_WAITS)
		thread->waits += ticks;
	if (thread->state == REPORT_READY) {
		thread->ready += ticks;
		if (ticks > thread->ready_max)
			thread->ready_max = ticks;
	}
	thread->since = time;
}

static void enter(struct report_thread *thread, uint32_t cpu, uint64_t time)
{
	end_wait(thread, time);
	thread->state = REPORT_RUNS;
	thread->switches++;
	thread->migrations += thread->tid && thread->last_cpu != REPORT_NONE && thread->last_cpu != cpu;
	thread->last_cpu = cpu;
}

/* The first switch of a CPU tells who ran there since switches are logged. */
static void begin_cpu(struct report *report, uint32_t number, uint32_t old, uint64_t time)
{
	struct report_cpu *cpu = &report->cpus[number];

	cpu->seen = true;
	cpu->first = time;
	if (report->begin && !report->events_lost && !report->buffers_lost && time > report->begin) {
		cpu->first = report->begin;
		charge(report, number, old, time - report->begin);
	}
	if (number >= report->cpu_count)
		report->cpu_count = number + 1;
}

void report_switch(struct report *report, const struct etl_record *rec)
{
	const uint32_t number = rec->buffer->cpu;
	struct report_cpu *cpu = &report->cpus[number];
	struct etl_cswitch cswitch;
	uint32_t old, new;

	if (rec->payload_size < sizeof(cswitch))
		return;
	memcpy(&cswitch, rec->payload, sizeof(cswitch));
	old = report_thread_of(report, le32toh(cswitch.old_thread));
	new = report_thread_of(report, le32toh(cswitch.new_thread));
	if (report->no_memory)
		return;
	if (!cpu->seen) {
		begin_cpu(report, number, old, rec->time);
	} else if (cpu->tid != le32toh(cswitch.old_thread)) {
		disown(report, number, rec->time);
	} else {
		settle(report, number, rec->time);
	}
	leave(&report->threads[old], &cswitch, rec->time);
	enter(&report->threads[new], number, rec->time);
	cpu->switches++;
	cpu->turn_count = 0;
	cpu->thread = new;
	cpu->tid = report->threads[new].tid;
	cpu->since = cpu->last = rec->time;
}

void report_ready(struct report *report, const struct etl_record *rec)
{
	struct etl_ready_thread ready;
	struct report_thread *thread;
	uint32_t at;

	if (rec->payload_size < sizeof(ready))
		return;
	memcpy(&ready, rec->payload, sizeof(ready));
	report->wakeups++;
	at = report_thread_of(report, le32toh(ready.thread_id));
	if (at == REPORT_NONE)
		return;
	thread = &report->threads[at];
	if (thread->state != REPORT_WAITS && (thread->state != REPORT_UNKNOWN || thread->ended))
		return;
	end_wait(thread, rec->time);
	thread->state = REPORT_READY;
}

/* Who runs at the end goes on to run until switches are no longer logged. */
void report_finish(struct report *report)
{
	uint32_t number;

	for (number = 0; number < report->cpu_count; number++) {
		struct report_cpu *cpu = &report->cpus[number];

		if (cpu->seen && report->end > cpu->since) {
			settle(report, number, report->end);
			cpu->last = report->end;
		}
	}
}
