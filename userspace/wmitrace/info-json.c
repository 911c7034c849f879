// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace info --json.  Times are FILETIMEs; null where unknown.
 */
#include <inttypes.h>

#include "info.h"
#include "json.h"
#include "mode.h"

static void number_or_null(struct json *json, const char *key, uint64_t value)
{
	if (value)
		json_number(json, key, value);
	else
		json_null(json, key);
}

static void put_header(struct json *json, const struct etl_facts *f)
{
	char mode[MODE_TEXT_MAX], os[32];

	snprintf(os, sizeof(os), "%u.%u.%u", f->os_major, f->os_minor, f->os_build);
	mode_format(f->mode, mode);
	json_string(json, "session", f->logger_name);
	json_string(json, "log_file", f->log_file_name);
	json_string(json, "os", os);
	json_number(json, "layout_major", f->layout_major);
	json_number(json, "layout_minor", f->layout_minor);
	json_number(json, "processors", f->processors);
	json_number(json, "cpu_mhz", f->cpu_mhz);
	json_number(json, "pointer_size", f->pointer_size);
	json_number(json, "mode", f->mode);
	json_string(json, "mode_names", mode);
	number_or_null(json, "max_file_size", f->max_file_size);
	json_string(json, "clock", info_clock(f->timebase.type, true));
	json_number(json, "perf_freq", f->perf_freq);
	json_number(json, "timer_resolution", f->timer_resolution);
	json_number(json, "boot_time", f->boot_time);
	json_number(json, "start_time", f->start_time);
	number_or_null(json, "end_time", f->end_time);
	json_number(json, "start_raw", f->timebase.raw0);
	json_signed(json, "bias", f->bias);
	json_string(json, "standard_name", f->standard_name);
	json_string(json, "daylight_name", f->daylight_name);
	number_or_null(json, "buffers_written", f->buffers_written);
	json_number(json, "events_lost", f->events_lost);
	json_number(json, "buffers_lost", f->buffers_lost);
}

static void put_file(struct json *json, const struct etl_facts *f)
{
	json_open(json, NULL, '{');
	json_string(json, "path", f->path);
	json_number(json, "size", f->size);
	json_number(json, "buffer_size", f->buffer_size);
	json_bool(json, "header", f->flags & ETL_FACTS_HEADER);
	json_bool(json, "finalised", f->flags & ETL_FACTS_FINALISED);
	json_bool(json, "compressed", f->flags & ETL_FACTS_COMPRESSED);
	if (f->flags & ETL_FACTS_HEADER)
		put_header(json, f);
	json_close(json, '}');
}

static void put_kinds(struct json *json, const struct tally *t)
{
	unsigned int kind;

	json_open(json, "kinds", '{');
	for (kind = 0; kind < ETL_KINDS; kind++)
		if (t->kinds[kind])
			json_number(json, etl_kind_name(kind), t->kinds[kind]);
	json_close(json, '}');
}

static void put_providers(struct json *json, const struct tally *t)
{
	size_t i;

	json_open(json, "providers", '[');
	for (i = 0; i < t->provider_count; i++) {
		const struct tally_provider *p = &t->providers[i];
		char guid[ETL_GUID_TEXT];

		json_open(json, NULL, '{');
		if (p->has_guid) {
			etl_guid_format(p->guid, guid);
			json_string(json, "guid", guid);
		} else {
			json_null(json, "guid");
		}
		if (*p->name)
			json_string(json, "name", p->name);
		json_number(json, "records", p->records);
		json_number(json, "bytes", p->bytes);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_number(json, "other_records", t->other_records);
}

static void put_cpus(struct json *json, const struct tally *t)
{
	unsigned int cpu;

	json_open(json, "cpus", '[');
	for (cpu = 0; cpu < t->cpu_count; cpu++) {
		const struct tally_cpu *c = &t->cpus[cpu];

		if (!c->buffers)
			continue;
		json_open(json, NULL, '{');
		json_number(json, "cpu", cpu);
		json_number(json, "buffers", c->buffers);
		json_number(json, "records", c->records);
		json_number(json, "bytes", c->bytes);
		number_or_null(json, "first", c->first);
		number_or_null(json, "last", c->last);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_damage(struct json *json, const struct tally *t)
{
	uint64_t i;

	json_number(json, "damaged", t->stats.damaged);
	json_number(json, "skipped_bytes", t->stats.skipped);
	json_number(json, "unused_bytes", t->stats.unused);
	json_open(json, "damage", '[');
	for (i = 0; i < t->stats.damaged && i < TALLY_DAMAGE; i++) {
		json_open(json, NULL, '{');
		json_string(json, "path", t->damage[i].file);
		json_number(json, "offset", t->damage[i].offset);
		json_string(json, "reason", t->damage[i].reason);
		json_close(json, '}');
	}
	json_close(json, ']');
}

void info_json(const struct etl_log *log, const struct tally *tally)
{
	struct json json = { .to = stdout };
	size_t i;

	json_open(&json, NULL, '{');
	json_open(&json, "files", '[');
	for (i = 0; i < etl_file_count(log); i++)
		put_file(&json, etl_facts(log, i));
	json_close(&json, ']');
	json_number(&json, "buffers", tally->buffers);
	json_number(&json, "data_buffers", tally->data_buffers);
	json_number(&json, "compressed_buffers", tally->compressed_buffers);
	json_number(&json, "bytes_room", tally->room);
	json_number(&json, "bytes_used", tally->used);
	number_or_null(&json, "first_sequence", tally->first_sequence);
	number_or_null(&json, "last_sequence", tally->last_sequence);
	json_number(&json, "records", tally->records);
	json_number(&json, "bytes_records", tally->bytes);
	number_or_null(&json, "first", tally->first);
	number_or_null(&json, "last", tally->last);
	put_kinds(&json, tally);
	put_providers(&json, tally);
	put_cpus(&json, tally);
	put_damage(&json, tally);
	json_close(&json, '}');
	putchar('\n');
}
