// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace dump: a line per record for people.
 */
#include "dump.h"
#include "filetime.h"

#define HEX_MAX		32	/* bytes of payload that a line shows */

static void put_time(struct output *out, const struct etl_record *rec)
{
	char time[FILETIME_TEXT];

	if (rec->timebase->type) {
		filetime_format(etl_record_filetime(rec), time);
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
	put_pair(out, "id", rec->id);
	if (rec->has & ETL_HAS_VERSION)
		put_pair(out, "v", rec->version);
	if (rec->has & ETL_HAS_LEVEL)
		put_pair(out, "level", rec->level);
	if (rec->has & ETL_HAS_SEQUENCE)
		put_pair(out, "seq", rec->sequence);
	if (rec->has & ETL_HAS_COMPONENT)
		put_pair(out, "component", rec->component);
}

static void put_payload(struct output *out, const struct etl_record *rec)
{
	uint32_t shown = rec->payload_size < HEX_MAX ? rec->payload_size : HEX_MAX;

	if (!shown)
		return;
	output_string(out, "  ");
	output_hex_bytes(out, rec->payload, shown);
	if (shown == rec->payload_size)
		return;
	output_string(out, "... (");
	output_number(out, rec->payload_size);
	output_string(out, " bytes)");
}

void dump_text(struct dump *dump, const struct etl_record *rec)
{
	struct output *out = &dump->out;

	put_time(out, rec);
	put_source(out, rec);
	put_identity(out, rec);
	put_payload(out, rec);
	output_char(out, '\n');
}
