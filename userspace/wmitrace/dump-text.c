// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace dump: a line per record for people.
 */
#include <string.h>

#include "colors.h"
#include "dump.h"

#define HEX_MAX		32	/* bytes of payload that a line shows */

static void put_time(struct output *out, const struct etl_record *rec)
{
	char time[ETL_FILETIME_TEXT];

	if (rec->timebase->type) {
		etl_filetime_format(etl_record_filetime(rec), time);
		output_string(out, time);
	} else {
		output_padded(out, rec->time, 20);
	}
}

static void put_source(struct output *out, const struct etl_record *rec)
{
	output_string(out, " [");
	output_padded(out, rec->buffer->cpu, 3);
	output_string(out, "] ");
	if (rec->has & ETL_HAS_THREAD) {
		output_number(out, rec->process);
		output_char(out, '.');
		output_number(out, rec->thread);
	} else {
		output_char(out, '-');
	}
	output_char(out, ' ');
}

static void put_pair(struct output *out, const char *name, uint64_t value)
{
	output_char(out, ' ');
	output_string(out, name);
	output_char(out, '=');
	output_number(out, value);
}

static void put_identity(struct output *out, const struct etl_record *rec)
{
	output_string(out, etl_header_name(rec->header));
	if (rec->guid) {
		output_char(out, ' ');
		output_guid(out, rec->guid);
	}
	if (rec->kind != ETL_KIND_ERROR)
		put_pair(out, "id", rec->id);
	if (rec->has & ETL_HAS_VERSION)
		put_pair(out, "version", rec->version);
}

/* PROVIDER/EVENT, or what identifies the event without names. */
static void put_name(struct dump *dump, const struct etl_record *rec, const struct etl_names *names,
		     const struct etl_tmf_message *message)
{
	struct output *out = &dump->out;

	if (dump->color)
		output_string(out, COLOR_BOLD);
	if (names->provider && names->event) {
		output_json_escaped(out, names->provider, names->provider_size);
		output_char(out, '/');
		output_json_escaped(out, names->event, names->event_size);
	} else if (names->provider) {
		output_json_escaped(out, names->provider, names->provider_size);
		put_pair(out, "id", rec->id);
	} else if (message) {
		output_json_escaped(out, message->module, strlen(message->module));
		output_char(out, '/');
		output_json_escaped(out, message->tag, strlen(message->tag));
	} else if (rec->kind == ETL_KIND_MESSAGE && rec->guid) {
		output_guid(out, rec->guid);
		output_char(out, '#');
		output_number(out, rec->id);
	} else {
		put_identity(out, rec);
	}
	if (dump->color)
		output_string(out, COLOR_PLAIN);
}

static void put_attributes(struct output *out, const struct etl_record *rec)
{
	if (rec->has & ETL_HAS_LEVEL)
		put_pair(out, "level", rec->level);
	if (rec->has & ETL_HAS_SEQUENCE)
		put_pair(out, "sequence", rec->sequence);
	if (rec->has & ETL_HAS_COMPONENT)
		put_pair(out, "component", rec->component);
	if (rec->has & ETL_HAS_RELATED)
		put_pair(out, "instance", rec->instance);
}

static void put_bytes(struct output *out, const unsigned char *data, uint32_t size)
{
	uint32_t shown = size < HEX_MAX ? size : HEX_MAX;

	if (!shown)
		return;
	output_string(out, "  ");
	output_hex_bytes(out, data, shown);
	if (shown == size)
		return;
	output_string(out, "...(");
	output_number(out, size);
	output_string(out, " bytes)");
}

static void put_content(struct output *out, const struct etl_record *rec)
{
	struct etl_fields fields;

	if (!etl_fields_begin(&fields, rec)) {
		put_bytes(out, rec->payload, rec->payload_size);
		return;
	}
	output_string(out, "  ");
	dump_fields(out, &fields, false);
	if (fields.reason) {
		output_string(out, " (");
		output_string(out, fields.reason);
		output_char(out, ')');
	}
	put_bytes(out, fields.rest, fields.rest_size);
}

void dump_text(struct dump *dump, const struct etl_record *rec)
{
	struct output *out = &dump->out;
	const struct etl_tmf_message *message = dump_message_find(dump, rec);
	struct etl_names names;

	etl_record_names(rec, &names);
	put_time(out, rec);
	put_source(out, rec);
	put_name(dump, rec, &names, message);
	put_attributes(out, rec);
	if (message) {
		output_string(out, "  ");
		output_json_escaped(out, dump->text, dump_message_text(dump, message, rec));
	} else {
		put_content(out, rec);
	}
	output_char(out, '\n');
}
