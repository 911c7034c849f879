// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace report for people.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <etl/kernel.h>

#include "colors.h"
#include "report.h"

#define MS	1000000.0
#define US	1000.0

static void heading(const char *text)
{
	printf("\n%s%s%s\n", colors.bold, text, colors.plain);
}

static double ms(const struct report *report, uint64_t ticks)
{
	return (double)report_ns(report, ticks) / MS;
}

static double us(const struct report *report, uint64_t ticks)
{
	return (double)report_ns(report, ticks) / US;
}

static double share(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

/* ---- the log -------------------------------------------------------------------------- */

static void print_tasks(const struct report *report)
{
	size_t started = 0, ended = 0, i;

	for (i = 0; i < report->process_count; i++) {
		started += report->processes[i].started;
		ended += report->processes[i].ended;
	}
	printf("Tasks     %zu processes, of which %zu started and %zu ended; %zu threads\n",
	       report->process_count, started, ended, report->thread_count);
}

static void print_loss(const struct report *report)
{
	uint64_t breaks = 0, unknown = 0;
	uint32_t i;

	for (i = 0; i < report->cpu_count; i++) {
		breaks += report->cpus[i].breaks;
		unknown += report->cpus[i].unknown;
	}
	if (!report->events_lost && !report->buffers_lost && !breaks && !report->damaged) {
		puts("Loss      none");
		return;
	}
	printf("%sLoss      %" PRIu64 " events and %" PRIu64 " buffers lost, %" PRIu64
	       " damaged places%s\n", colors.alarm, report->events_lost, report->buffers_lost,
	       report->damaged, colors.plain);
	if (breaks)
		printf("%s          switches are missing at %" PRIu64 " places: %.3f ms are nobody's%s\n",
		       colors.alarm, breaks, ms(report, unknown), colors.plain);
}

static void print_log(const struct report *report)
{
	char text[ETL_FILETIME_TEXT] = "at an unknown time";
	uint64_t switches = 0;
	uint32_t i;

	if (report->timebase.type)
		etl_filetime_format(etl_timebase_filetime(&report->timebase, report->first), text);
	for (i = 0; i < report->cpu_count; i++)
		switches += report->cpus[i].switches;
	printf("Span      %.6f s from %s%s\n", ms(report, report->last - report->first) / 1000, text,
	       report->timebase.type ? " UTC" : "");
	print_tasks(report);
	printf("Switches  %" PRIu64 ", %" PRIu64 " wake-ups\n", switches, report->wakeups);
	if (report->faults[0] + report->faults[1] + report->faults[2] + report->hard_faults)
		printf("Faults    %" PRIu64 " demand zero, %" PRIu64 " copy on write, %" PRIu64
		       " others, %" PRIu64 " hard\n", report->faults[1], report->faults[2],
		       report->faults[0], report->hard_faults);
	if (report->syscalls)
		printf("Calls     %" PRIu64 " system calls\n", report->syscalls);
	if (report->samples)
		printf("Samples   %" PRIu64 "\n", report->samples);
	print_loss(report);
}

/* ---- CPUs ------------------------------------------------------------------------------- */

static void print_cpus(const struct report *report)
{
	uint32_t i;

	if (!report->cpu_count)
		return;
	heading("CPUs");
	puts("CPU    busy ms  busy %     idle ms  switches  interrupts        ms      DPCs        ms");
	for (i = 0; i < report->cpu_count; i++) {
		const struct report_cpu *cpu = &report->cpus[i];

		if (!cpu->seen && !cpu->interrupts && !cpu->dpcs)
			continue;
		printf("%3u %10.3f  %6.2f  %10.3f  %8" PRIu64 "  %10" PRIu64 " %9.3f  %8" PRIu64 " %9.3f\n",
		       i, ms(report, cpu->busy), share(cpu->busy, cpu->last - cpu->first),
		       ms(report, cpu->idle), cpu->switches, cpu->interrupts,
		       ms(report, cpu->interrupt_time), cpu->dpcs, ms(report, cpu->dpc_time));
	}
}

/* ---- threads ---------------------------------------------------------------------------- */

static int descending(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

static int by_order(const struct report_thread *a, const struct report_thread *b)
{
	return (a > b) - (a < b);
}

static int by_run(const void *left, const void *right)
{
	const struct report_thread *a = *(struct report_thread *const *)left;
	const struct report_thread *b = *(struct report_thread *const *)right;
	int order = descending(a->run, b->run);

	return order ? order : by_order(a, b);
}

static int by_ready(const void *left, const void *right)
{
	const struct report_thread *a = *(struct report_thread *const *)left;
	const struct report_thread *b = *(struct report_thread *const *)right;
	int order = descending(a->ready, b->ready);

	return order ? order : by_order(a, b);
}

static int by_waits(const void *left, const void *right)
{
	const struct report_thread *a = *(struct report_thread *const *)left;
	const struct report_thread *b = *(struct report_thread *const *)right;
	int order = descending(a->waits, b->waits);

	return order ? order : by_order(a, b);
}

/* "bash", or "firefox/DNS Resolver" of a thread with another name. */
static void print_name(const struct report *report, const struct report_thread *thread)
{
	const char *process = report_process_name(report, thread);

	if (!*thread->name || !strcmp(thread->name, process))
		fputs(*process ? process : "(unknown)", stdout);
	else if (!*process || thread->tid == thread->pid)
		fputs(thread->name, stdout);
	else
		printf("%s/%s", process, thread->name);
}

/* "0 2-3" */
static void print_places(const struct report_thread *thread)
{
	uint32_t i, first;

	for (i = 0; i < thread->cpus; i++) {
		if (!thread->on_cpu[i])
			continue;
		for (first = i; i + 1 < thread->cpus && thread->on_cpu[i + 1]; i++)
			;
		if (i > first)
			printf(" %u-%u", first, i);
		else
			printf(" %u", first);
	}
}

static void print_thread(const struct report *report, const struct report_thread *thread)
{
	if (thread->pid == REPORT_NONE)
		printf("%7u       ?  ", thread->tid);
	else
		printf("%7u %7u  ", thread->tid, thread->pid);
	printf("%10.3f  %10.3f %8.3f  %11.3f  %8" PRIu64 " %9" PRIu64 " %8" PRIu64 "  ",
	       ms(report, thread->run), ms(report, thread->ready), ms(report, thread->ready_max),
	       ms(report, thread->waits), thread->switches, thread->preempted, thread->migrations);
	print_name(report, thread);
	fputs("  on", stdout);
	print_places(thread);
	putchar('\n');
}

static void print_threads(const struct report *report, struct report_thread **threads, size_t count,
			  size_t top, const char *title, int (*order)(const void *, const void *))
{
	size_t i;

	heading(title);
	puts("    tid     pid      run ms    ready ms   max ms      wait ms  switches preempted migrated  name");
	qsort(threads, count, sizeof(*threads), order);
	for (i = 0; i < count && i < top; i++)
		print_thread(report, threads[i]);
	if (count > top)
		printf("... and %zu more\n", count - top);
}

static void print_all_threads(const struct report *report, size_t top)
{
	struct report_thread **threads = calloc(report->thread_count + 1, sizeof(*threads));
	size_t count = 0, i;

	for (i = 0; threads && i < report->thread_count; i++)
		if (report->threads[i].tid && report->threads[i].switches + report->threads[i].run)
			threads[count++] = &report->threads[i];
	if (count) {
		print_threads(report, threads, count, top, "Threads by time on a CPU", by_run);
		print_threads(report, threads, count, top, "Threads by time ready, waiting for a CPU",
			      by_ready);
		print_threads(report, threads, count, top, "Threads by time waiting for something else",
			      by_waits);
	}
	free(threads);
}

/* ---- interrupts, DPCs, disks -------------------------------------------------------------- */

static int by_time(const void *left, const void *right)
{
	const struct report_routine *a = *(struct report_routine *const *)left;
	const struct report_routine *b = *(struct report_routine *const *)right;
	int order = descending(a->time, b->time);

	return order ? order : (a > b) - (a < b);
}

static void print_routine(const struct report *report, const struct report_routine *routine)
{
	const char *image = report_image_at(report, routine->address);

	printf("%-12s %10" PRIu64 "  %10.3f  %8.3f  %8.3f  ",
	       routine->hook == ETL_HOOK_ISR ? "interrupt" :
	       routine->hook == ETL_HOOK_TIMER_DPC ? "timer DPC" :
	       routine->hook == ETL_HOOK_THREADED_DPC ? "threaded DPC" : "DPC",
	       routine->count, ms(report, routine->time),
	       us(report, routine->time) / (double)routine->count, us(report, routine->longest));
	if (routine->hook == ETL_HOOK_ISR)
		printf("vector %u, ", routine->vector);
	printf("0x%" PRIx64 "%s%s\n", routine->address, image ? " in " : "", image ? image : "");
}

static void print_routines(const struct report *report, size_t top)
{
	struct report_routine **routines = calloc(report->routine_count + 1, sizeof(*routines));
	size_t i;

	if (!routines || !report->routine_count) {
		free(routines);
		return;
	}
	for (i = 0; i < report->routine_count; i++)
		routines[i] = &report->routines[i];
	qsort(routines, report->routine_count, sizeof(*routines), by_time);
	heading("Interrupts and DPCs");
	puts("kind              count          ms    avg us    max us  routine");
	for (i = 0; i < report->routine_count && i < top; i++)
		print_routine(report, routines[i]);
	if (report->routine_count > top)
		printf("... and %zu more\n", report->routine_count - top);
	free(routines);
}

static void print_transfers(const struct report *report, const struct report_disk *disk,
			    const char *kind, const struct report_transfers *t)
{
	if (t->count)
		printf("%4u  %-6s %10" PRIu64 "  %14" PRIu64 "  %8.3f  %8.3f\n", disk->number, kind,
		       t->count, t->bytes, ms(report, t->time) / (double)t->count,
		       ms(report, t->longest));
}

static void print_disks(const struct report *report)
{
	size_t i;

	if (!report->disk_count)
		return;
	heading("Disks");
	puts("disk  kind        count           bytes    avg ms    max ms");
	for (i = 0; i < report->disk_count; i++) {
		const struct report_disk *disk = &report->disks[i];

		print_transfers(report, disk, "read", &disk->reads);
		print_transfers(report, disk, "write", &disk->writes);
		print_transfers(report, disk, "flush", &disk->flushes);
	}
}

void report_print(const struct report *report, size_t top)
{
	colors_choose();
	print_log(report);
	print_cpus(report);
	print_all_threads(report, top);
	print_routines(report, top);
	print_disks(report);
}
