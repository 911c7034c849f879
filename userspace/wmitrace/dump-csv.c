// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace dump --csv: RFC 4180, with a heading.
 */
#include "dump.h"

static void put_optional(struct output *out, bool present, uint64_t value)
{
	output_char(out, ',');
	if (present)
		output_number(out, value);
}

void dump_csv_heading(struct dump *dump)
{
	output_string(&dump->out, "time,buf,off,cpu,hdr,size,guid,id,op,level,ver,tid,pid,ts,ft,"
				  "flags,seq,len,payload\r\n");
}

void dump_csv(struct dump *dump, const struct etl_record *rec)
{
	struct output *out = &dump->out;
	const unsigned int has = rec->has;
	uint64_t filetime = etl_record_filetime(rec);
	char time[ETL_FILETIME_TEXT];

	if (rec->timebase->type) {
		etl_filetime_format(filetime, time);
		output_string(out, time);
	}
	put_optional(out, true, rec->buffer->number);
	put_optional(out, true, rec->offset);
	put_optional(out, true, rec->buffer->cpu);
	output_char(out, ',');
	output_string(out, etl_header_name(rec->header));
	put_optional(out, true, rec->size);
	output_char(out, ',');
	if (rec->guid)
		output_guid(out, rec->guid);
	put_optional(out, rec->kind != ETL_KIND_ERROR, rec->id);
	put_optional(out, has & ETL_HAS_OPCODE, rec->opcode);
	put_optional(out, has & ETL_HAS_LEVEL, rec->level);
	put_optional(out, has & ETL_HAS_VERSION, rec->version);
	put_optional(out, has & ETL_HAS_THREAD, rec->thread);
	put_optional(out, has & ETL_HAS_THREAD, rec->process);
	put_optional(out, true, rec->time);
	put_optional(out, rec->timebase->type, filetime);
	put_optional(out, has & ETL_HAS_FLAGS, rec->flags);
	put_optional(out, has & ETL_HAS_SEQUENCE, rec->sequence);
	put_optional(out, true, rec->payload_size);
	output_char(out, ',');
	output_hex_bytes(out, rec->payload, rec->payload_size);
	output_string(out, "\r\n");
}
