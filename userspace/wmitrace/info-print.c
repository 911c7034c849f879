// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace info for people.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "colors.h"
#include "info.h"
#include "mode.h"

#define PROVIDERS_SHOWN	40u
#define SECOND		10000000.0

static void label(const char *name)
{
	printf("  %-12s", name);
}

static void row(const char *name, const char *text)
{
	label(name);
	puts(text);
}

static void print_bytes(uint64_t bytes)
{
	static const char units[] = "KMGT";
	double value = (double)bytes;
	int unit = -1;

	while (value >= 1024 && unit < 3) {
		value /= 1024;
		unit++;
	}
	if (unit < 0)
		printf("%" PRIu64 " bytes", bytes);
	else
		printf(value < 10 && value != (int)value ? "%.1f %cB" : "%.0f %cB", value, units[unit]);
}

static void print_count(uint64_t count, const char *what)
{
	printf("%" PRIu64 " %s%s", count, what, count == 1 ? "" : "s");
}

static void print_time(uint64_t time, bool known)
{
	char text[ETL_FILETIME_TEXT];

	if (!known) {
		printf("%" PRIu64, time);
		return;
	}
	etl_filetime_format(time, text);
	fputs(text, stdout);
}

const char *info_clock(uint32_t type, bool word)
{
	switch (type) {
	case ETL_CLOCK_PERF:
		return word ? "perf" : "performance counter";
	case ETL_CLOCK_SYSTEM:
		return word ? "system" : "system time";
	case ETL_CLOCK_CYCLES:
		return word ? "cycles" : "CPU cycles";
	}
	return word ? "unknown" : "unknown: there is no logfile header, times are raw";
}

/* ---- a file ---------------------------------------------------------------------- */

static void print_times(const struct etl_facts *f)
{
	label("started");
	print_time(f->start_time, true);
	puts(" UTC");
	label("ended");
	if (!f->end_time) {
		puts("unknown: the file was not finalised");
		return;
	}
	print_time(f->end_time, true);
	printf(" UTC, after %.3f s\n", (double)(int64_t)(f->end_time - f->start_time) / SECOND);
}

static void print_clock(const struct etl_facts *f)
{
	label("clock");
	fputs(info_clock(f->timebase.type, false), stdout);
	if (f->timebase.type == ETL_CLOCK_PERF)
		printf(", %" PRIu64 " Hz", f->perf_freq);
	if (f->timebase.type == ETL_CLOCK_CYCLES)
		printf(", %u MHz", f->cpu_mhz);
	putchar('\n');
}

/* Bias is what local time lacks to UTC, in minutes. */
static void print_zone(const struct etl_facts *f)
{
	int64_t minutes = -(int64_t)f->bias, size = minutes < 0 ? -minutes : minutes;

	label("time zone");
	printf("UTC%c%02d:%02d", minutes < 0 ? '-' : '+', (int)(size / 60), (int)(size % 60));
	if (*f->standard_name)
		printf(", %s", f->standard_name);
	if (*f->daylight_name)
		printf(" / %s", f->daylight_name);
	putchar('\n');
}

static void print_mode(const struct etl_facts *f)
{
	char text[MODE_TEXT_MAX];

	mode_format(f->mode, text);
	label("mode");
	printf("%s (0x%08x)", text, f->mode);
	if (f->max_file_size) {
		fputs(", at most ", stdout);
		print_bytes(f->max_file_size);
	}
	putchar('\n');
}

static void print_lost(const struct etl_facts *f)
{
	bool lost = f->events_lost || f->buffers_lost;

	label("lost");
	fputs(lost ? colors.alarm : "", stdout);
	print_count(f->events_lost, "event");
	fputs(", ", stdout);
	print_count(f->buffers_lost, "buffer");
	fputs(lost ? colors.plain : "", stdout);
	if (!(f->flags & ETL_FACTS_FINALISED))
		fputs(" so far: the file was not finalised", stdout);
	putchar('\n');
}

static void print_file(const struct etl_facts *f)
{
	printf("%s%s%s\n", colors.bold, f->path, colors.plain);
	label("size");
	print_bytes(f->size);
	printf(f->buffer_size ? ", buffers of " : "\n");
	if (f->buffer_size) {
		print_bytes(f->buffer_size);
		putchar('\n');
	}
	if (!(f->flags & ETL_FACTS_HEADER)) {
		row("session", f->flags & ETL_FACTS_CONTINUES ?
			       "that of the file before" : "unknown: there is no logfile header");
		return;
	}
	row("session", f->logger_name);
	if (*f->log_file_name)
		row("log file", f->log_file_name);
	label("system");
	printf("%u.%u build %u, %u-bit, ", f->os_major, f->os_minor, f->os_build,
	       8 * f->pointer_size);
	print_count(f->processors, "processor");
	printf(" of %u MHz; layout %u.%u\n", f->cpu_mhz, f->layout_major, f->layout_minor);
	print_times(f);
	print_clock(f);
	print_zone(f);
	print_mode(f);
	print_lost(f);
}

/* ---- everything -------------------------------------------------------------------- */

/* What finalised files say that they have. */
static uint64_t announced_buffers(const struct etl_log *log)
{
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < etl_file_count(log); i++) {
		if (!(etl_facts(log, i)->flags & ETL_FACTS_FINALISED))
			return 0;
		count += etl_facts(log, i)->buffers_written;
	}
	return count;
}

static void print_buffers(const struct etl_log *log, const struct tally *t)
{
	uint64_t announced = announced_buffers(log);

	label("buffers");
	printf("%" PRIu64, t->buffers);
	if (announced && announced != t->buffers)
		printf("%s (%" PRIu64 " by the header)%s", colors.alarm, announced, colors.plain);
	if (t->data_buffers)
		printf(", of data %" PRIu64 " with sequence numbers %" PRIu64 " to %" PRIu64,
		       t->data_buffers, t->first_sequence, t->last_sequence);
	if (t->compressed_buffers)
		printf(", %" PRIu64 " compressed", t->compressed_buffers);
	if (t->room)
		printf("; %.0f %% in use", 100.0 * (double)t->used / (double)t->room);
	putchar('\n');
}

static void print_records(const struct etl_log *log, const struct tally *t)
{
	bool known = etl_facts(log, 0)->timebase.type;

	label("records");
	printf("%" PRIu64 ", ", t->records);
	print_bytes(t->bytes);
	putchar('\n');
	if (!t->first)
		return;
	label("first");
	print_time(t->first, known);
	putchar('\n');
	label("last");
	print_time(t->last, known);
	if (known)
		printf(", %.6f s later", (double)(t->last - t->first) / SECOND);
	putchar('\n');
}

static void print_damage(const struct tally *t)
{
	uint64_t i;

	label("damage");
	if (!t->stats.damaged) {
		puts(t->stats.unused ? "none; a preallocated rest was never used" : "none");
		return;
	}
	fputs(colors.alarm, stdout);
	print_count(t->stats.damaged, "place");
	printf("%s, ", colors.plain);
	print_count(t->stats.skipped, "byte");
	puts(" passed over");
	for (i = 0; i < t->stats.damaged && i < TALLY_DAMAGE; i++) {
		char text[sizeof(struct etl_error) + 64];

		etl_error_format(&t->damage[i], text, sizeof(text));
		printf("                %s\n", text);
	}
}

static void print_kinds(const struct tally *t)
{
	unsigned int kind;

	printf("\n%srecords  kind%s\n", colors.bold, colors.plain);
	for (kind = 0; kind < ETL_KINDS; kind++)
		if (t->kinds[kind])
			printf("%7" PRIu64 "  %s\n", t->kinds[kind], etl_kind_name(kind));
}

static void print_providers(const struct tally *t)
{
	size_t i;

	printf("\n%srecords       bytes  provider or class%s\n", colors.bold, colors.plain);
	for (i = 0; i < t->provider_count && i < PROVIDERS_SHOWN; i++) {
		const struct tally_provider *p = &t->providers[i];
		char guid[ETL_GUID_TEXT] = "none";

		if (p->has_guid)
			etl_guid_format(p->guid, guid);
		printf("%7" PRIu64 " %11" PRIu64 "  %s%s%s\n", p->records, p->bytes, guid,
		       *p->name ? " " : "", p->name);
	}
	if (i < t->provider_count)
		printf("                     and %zu more (--json lists them)\n", t->provider_count - i);
}

static void print_cpus(const struct etl_log *log, const struct tally *t)
{
	bool known = etl_facts(log, 0)->timebase.type;
	unsigned int cpu;

	printf("\n%scpu  buffers  records       bytes  %-27s  last%s\n", colors.bold, "first",
	       colors.plain);
	for (cpu = 0; cpu < t->cpu_count; cpu++) {
		const struct tally_cpu *c = &t->cpus[cpu];

		if (!c->buffers)
			continue;
		printf("%3u %8" PRIu64 " %8" PRIu64 " %11" PRIu64, cpu, c->buffers, c->records, c->bytes);
		if (c->records) {
			fputs("  ", stdout);
			print_time(c->first, known);
			fputs("  ", stdout);
			print_time(c->last, known);
		}
		putchar('\n');
	}
}

void info_print(const struct etl_log *log, const struct tally *tally)
{
	size_t i;

	colors_choose();
	for (i = 0; i < etl_file_count(log); i++)
		print_file(etl_facts(log, i));
	if (i > 1)
		printf("%stogether%s\n", colors.bold, colors.plain);
	print_buffers(log, tally);
	print_records(log, tally);
	print_damage(tally);
	if (!tally->records)
		return;
	print_kinds(tally);
	print_providers(tally);
	if (tally->cpu_count)
		print_cpus(log, tally);
}
