// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace report: what the kernel logger's events of log files come to.
 */
#include <stdlib.h>
#include <string.h>

#include <etl/kernel.h>

#include "arguments.h"
#include "command.h"
#include "failure.h"
#include "log-open.h"
#include "report.h"

#define FILES_MAX	4096
#define TOP		20

static const char usage[] =
	"Usage: wmitrace report [OPTIONS] FILE...\n"
	"Sum up the kernel logger's events of .etl files: which thread ran where and how long,\n"
	"which waited for a CPU or for something else; switches, interrupts, disks, losses.\n"
	"Several files count as one log.\n\n"
	"  -n, --top N             at most N lines a table (20); JSON always has all\n";

static const struct option options[] = {
	{ "top", required_argument, NULL, 'n' },
	{ NULL, 0, NULL, 0 }
};

static int take_option(void *context, int option, const char *value)
{
	size_t *top = context;
	char *end;

	(void)option;
	*top = strtoull(value, &end, 10);
	if (*end || *value < '0' || *value > '9')
		return misuse("report", "'%s' is no number of lines", value);
	return COMMAND_OK;
}

/* ---- what the others need -------------------------------------------------------- */

uint64_t report_ns(const struct report *report, uint64_t ticks)
{
	const struct etl_timebase *base = &report->timebase;

	return base->den ? (uint64_t)((unsigned __int128)ticks * base->num * 100 / base->den) : ticks;
}

void *report_grow(struct report *report, void *array, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? 2 * *room : 64;

	if (count < *room)
		return array;
	array = count < REPORT_NONE / 2 ? reallocarray(array, more, size) : NULL;
	if (array)
		*room = more;
	else
		report->no_memory = true;
	return array;
}

static uint64_t little_endian(const unsigned char *data, size_t size)
{
	uint64_t value = 0;

	while (size--)
		value = value << 8 | data[size];
	return value;
}

static void keep_field(const struct etl_field *field, const struct report_field *wanted)
{
	if (field->name_size != strlen(wanted->name) ||
	    memcmp(field->name, wanted->name, field->name_size))
		return;
	if (wanted->text)
		etl_field_text(field, wanted->text, wanted->size);
	else if (field->size <= sizeof(*wanted->number))
		*wanted->number = little_endian(field->data, field->size);
}

void report_fields(const struct etl_record *rec, const struct report_field *wanted, size_t count)
{
	struct etl_fields fields;
	struct etl_field field;
	size_t i;

	if (!etl_fields_begin(&fields, rec))
		return;
	while (etl_fields_next(&fields, &field) > 0)
		for (i = 0; i < count; i++)
			keep_field(&field, &wanted[i]);
}

/* ---- records ------------------------------------------------------------------------ */

static void count_sample(struct report *report, const struct etl_record *rec)
{
	uint64_t tid = 0;
	const struct report_field wanted = { "ThreadId", &tid, NULL, 0 };
	uint32_t at;

	report_fields(rec, &wanted, 1);
	at = report_thread_of(report, (uint32_t)tid);
	if (at == REPORT_NONE)
		return;
	report->threads[at].samples++;
	report->samples++;
}

/* False if nothing is made of @rec. */
static bool take_event(struct report *report, const struct etl_record *rec)
{
	switch (rec->id) {
	case ETL_HOOK_MASKS:
	case ETL_HOOK_MASKS_END:
		report_masks(report, rec);
		return true;
	case ETL_HOOK_PROCESS_START:
	case ETL_HOOK_PROCESS_END:
	case ETL_HOOK_PROCESS_DC_START:
	case ETL_HOOK_PROCESS_DC_END:
		report_process(report, rec);
		return true;
	case ETL_HOOK_THREAD_START:
	case ETL_HOOK_THREAD_END:
	case ETL_HOOK_THREAD_DC_START:
	case ETL_HOOK_THREAD_DC_END:
		report_thread(report, rec);
		return true;
	case ETL_HOOK_THREAD_SET_NAME:
		report_thread_name(report, rec);
		return true;
	case ETL_HOOK_CSWITCH:
		report_switch(report, rec);
		return true;
	case ETL_HOOK_READY_THREAD:
		report_ready(report, rec);
		return true;
	case ETL_HOOK_ISR:
	case ETL_HOOK_DPC:
	case ETL_HOOK_TIMER_DPC:
	case ETL_HOOK_THREADED_DPC:
		report_interrupt(report, rec);
		return true;
	case ETL_HOOK_DISK_READ:
	case ETL_HOOK_DISK_WRITE:
	case ETL_HOOK_DISK_FLUSH:
		report_disk(report, rec);
		return true;
	case ETL_HOOK_IMAGE_LOAD:
	case ETL_HOOK_IMAGE_DC_START:
	case ETL_HOOK_IMAGE_DC_END:
		report_image(report, rec);
		return true;
	case ETL_HOOK_FAULT_TRANSITION:
	case ETL_HOOK_FAULT_DEMAND_ZERO:
	case ETL_HOOK_FAULT_COPY_ON_WRITE:
		report->faults[rec->id - ETL_HOOK_FAULT_TRANSITION]++;
		return true;
	case ETL_HOOK_HARD_FAULT:
		report->hard_faults++;
		return true;
	case ETL_HOOK_SYSCALL_ENTER:
		report->syscalls++;
		return true;
	case ETL_HOOK_SAMPLE:
		count_sample(report, rec);
		return true;
	}
	return false;
}

static bool is_kernel(const struct etl_record *rec)
{
	return rec->kind == ETL_KIND_SYSTEM || rec->kind == ETL_KIND_COMPACT ||
	       rec->kind == ETL_KIND_PERFINFO;
}

static void take_all(struct report *report, struct etl_cursor *cursor)
{
	struct etl_record rec;
	int ret;

	while (!report->no_memory && (ret = etl_next(cursor, &rec))) {
		if (ret < 0) {
			complain("report", etl_cursor_error(cursor));
			report->damaged++;
			continue;
		}
		if (rec.buffer->type != ETL_BUFFER_HEADER) {
			if (!report->first)
				report->first = rec.time;
			report->last = rec.time;
		}
		report->kernel_records += is_kernel(&rec) && take_event(report, &rec);
	}
}

static void take_facts(struct report *report, const struct etl_log *log)
{
	size_t i;

	for (i = 0; i < etl_file_count(log); i++) {
		const struct etl_facts *facts = etl_facts(log, i);

		if (!(facts->flags & ETL_FACTS_HEADER))
			continue;
		if (!report->timebase.type)
			report->timebase = facts->timebase;
		report->events_lost += facts->events_lost;
		report->buffers_lost += facts->buffers_lost;
	}
}

static int gather(struct report *report, struct etl_log *log)
{
	struct etl_cursor *cursor;
	struct etl_error err;

	take_facts(report, log);
	if (etl_cursor_open(&cursor, log, ETL_TIME_ORDER, NULL, &err))
		return complain("report", &err);
	take_all(report, cursor);
	etl_cursor_close(cursor);
	if (report->no_memory)
		return fail("report", "out of memory");
	if (!report->kernel_records)
		return fail("report", "%s has none of the kernel logger's events; 'wmitrace info' shows what it has",
			    etl_facts(log, 0)->path);
	report_finish(report);
	report_resolve(report);
	return COMMAND_OK;
}

static void release(struct report *report)
{
	size_t i;

	for (i = 0; i < report->thread_count; i++)
		free(report->threads[i].on_cpu);
	for (i = 0; i < report->cpu_count; i++)
		free(report->cpus[i].turns);
	free(report->processes);
	free(report->threads);
	free(report->routines);
	free(report->disks);
	free(report->images);
	free(report->pids.slots);
	free(report->tids.slots);
	free(report->cpus);
}

int cmd_report(int argc, char **argv)
{
	struct report report = { .first = 0 };
	size_t top = TOP;
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = &top,
		.least = 1,
		.most = FILES_MAX,
		.mixed = true,
		.words = "the file",
	};
	int status = arguments_parse(&arguments, argc, argv);
	struct etl_log *log;

	if (status != ARGUMENTS_GO_ON)
		return status;
	log = open_log("report", arguments.rest, arguments.count);
	if (!log)
		return COMMAND_FAILED;
	report.cpus = calloc(REPORT_CPUS, sizeof(*report.cpus));
	status = report.cpus ? gather(&report, log) : fail("report", "out of memory");
	if (status == COMMAND_OK) {
		if (arguments.json)
			report_json(&report);
		else
			report_print(&report, top);
		status = report.damaged ? COMMAND_FAILED : COMMAND_OK;
	}
	release(&report);
	etl_close(log);
	return status;
}
