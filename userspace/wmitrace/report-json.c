// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace report --json: one object; times in nanoseconds.
 */
#include <stdio.h>

#include <etl/kernel.h>

#include "json.h"
#include "report.h"

static void put_time(struct json *json, const char *key, const struct report *report, uint64_t ticks)
{
	json_number(json, key, report_ns(report, ticks));
}

static void put_log(struct json *json, const struct report *report)
{
	put_time(json, "span", report, report->last - report->first);
	if (report->timebase.type)
		json_number(json, "begin", etl_timebase_filetime(&report->timebase, report->first));
	json_number(json, "wakeups", report->wakeups);
	json_number(json, "events_lost", report->events_lost);
	json_number(json, "buffers_lost", report->buffers_lost);
	json_number(json, "damaged", report->damaged);
	json_number(json, "system_calls", report->syscalls);
	json_number(json, "samples", report->samples);
	json_open(json, "faults", '{');
	json_number(json, "demand_zero", report->faults[1]);
	json_number(json, "copy_on_write", report->faults[2]);
	json_number(json, "others", report->faults[0]);
	json_number(json, "hard", report->hard_faults);
	json_close(json, '}');
}

static void put_cpus(struct json *json, const struct report *report)
{
	uint32_t i;

	json_open(json, "cpus", '[');
	for (i = 0; i < report->cpu_count; i++) {
		const struct report_cpu *cpu = &report->cpus[i];

		if (!cpu->seen && !cpu->interrupts && !cpu->dpcs)
			continue;
		json_open(json, NULL, '{');
		json_number(json, "cpu", i);
		put_time(json, "span", report, cpu->last - cpu->first);
		put_time(json, "busy", report, cpu->busy);
		put_time(json, "idle", report, cpu->idle);
		put_time(json, "unknown", report, cpu->unknown);
		json_number(json, "switches", cpu->switches);
		json_number(json, "breaks", cpu->breaks);
		json_number(json, "interrupts", cpu->interrupts);
		put_time(json, "interrupt_time", report, cpu->interrupt_time);
		json_number(json, "dpcs", cpu->dpcs);
		put_time(json, "dpc_time", report, cpu->dpc_time);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_processes(struct json *json, const struct report *report)
{
	size_t i;

	json_open(json, "processes", '[');
	for (i = 0; i < report->process_count; i++) {
		const struct report_process *process = &report->processes[i];

		json_open(json, NULL, '{');
		json_number(json, "pid", process->pid);
		json_number(json, "parent", process->parent);
		json_string(json, "name", process->name);
		json_bool(json, "started", process->started);
		json_bool(json, "ended", process->ended);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_places(struct json *json, const struct report *report,
		       const struct report_thread *thread)
{
	char cpu[16];
	uint32_t i;

	json_open(json, "on_cpu", '{');
	for (i = 0; i < thread->cpus; i++) {
		if (!thread->on_cpu[i])
			continue;
		snprintf(cpu, sizeof(cpu), "%u", i);
		put_time(json, cpu, report, thread->on_cpu[i]);
	}
	json_close(json, '}');
}

static void put_thread(struct json *json, const struct report *report,
		       const struct report_thread *thread)
{
	json_open(json, NULL, '{');
	json_number(json, "tid", thread->tid);
	if (thread->pid == REPORT_NONE)
		json_null(json, "pid");
	else
		json_number(json, "pid", thread->pid);
	json_string(json, "process", report_process_name(report, thread));
	json_string(json, "name", thread->name);
	put_time(json, "run", report, thread->run);
	put_places(json, report, thread);
	put_time(json, "ready", report, thread->ready);
	put_time(json, "ready_max", report, thread->ready_max);
	put_time(json, "waits", report, thread->waits);
	json_number(json, "switches", thread->switches);
	json_number(json, "preempted", thread->preempted);
	json_number(json, "migrations", thread->migrations);
	json_number(json, "samples", thread->samples);
	json_close(json, '}');
}

static const char *kind_name(uint16_t hook)
{
	switch (hook) {
	case ETL_HOOK_ISR:
		return "interrupt";
	case ETL_HOOK_TIMER_DPC:
		return "timer-dpc";
	case ETL_HOOK_THREADED_DPC:
		return "threaded-dpc";
	}
	return "dpc";
}

static void put_routines(struct json *json, const struct report *report)
{
	const char *image;
	size_t i;

	json_open(json, "routines", '[');
	for (i = 0; i < report->routine_count; i++) {
		const struct report_routine *routine = &report->routines[i];

		json_open(json, NULL, '{');
		json_string(json, "kind", kind_name(routine->hook));
		if (routine->hook == ETL_HOOK_ISR)
			json_number(json, "vector", routine->vector);
		json_number(json, "address", routine->address);
		image = report_image_at(report, routine->address);
		if (image)
			json_string(json, "image", image);
		json_number(json, "count", routine->count);
		put_time(json, "time", report, routine->time);
		put_time(json, "longest", report, routine->longest);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_transfers(struct json *json, const char *key, const struct report *report,
			  const struct report_transfers *transfers)
{
	json_open(json, key, '{');
	json_number(json, "count", transfers->count);
	json_number(json, "bytes", transfers->bytes);
	put_time(json, "time", report, transfers->time);
	put_time(json, "longest", report, transfers->longest);
	json_close(json, '}');
}

static void put_disks(struct json *json, const struct report *report)
{
	size_t i;

	json_open(json, "disks", '[');
	for (i = 0; i < report->disk_count; i++) {
		const struct report_disk *disk = &report->disks[i];

		json_open(json, NULL, '{');
		json_number(json, "disk", disk->number);
		put_transfers(json, "reads", report, &disk->reads);
		put_transfers(json, "writes", report, &disk->writes);
		put_transfers(json, "flushes", report, &disk->flushes);
		json_close(json, '}');
	}
	json_close(json, ']');
}

void report_json(const struct report *report)
{
	struct json json = { .to = stdout };
	size_t i;

	json_open(&json, NULL, '{');
	put_log(&json, report);
	put_cpus(&json, report);
	put_processes(&json, report);
	json_open(&json, "threads", '[');
	for (i = 0; i < report->thread_count; i++)
		put_thread(&json, report, &report->threads[i]);
	json_close(&json, ']');
	put_routines(&json, report);
	put_disks(&json, report);
	json_close(&json, '}');
	putchar('\n');
}
