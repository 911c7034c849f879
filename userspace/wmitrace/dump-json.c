// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace dump --json: an object per line, with the keys that
 * docs/etl-format.md lists.
 */
#include <string.h>

#include <nettle/sha2.h>

#include "dump.h"

/* Keys are string constants. */
#define put_key(out, key) output_literal(out, ",\"" key "\":")
#define put_number(out, key, value) (put_key(out, key), output_number(out, value))
#define put_optional(out, key, present, value) \
	(put_key(out, key), put_number_or_null(out, present, value))

static void put_number_or_null(struct output *out, bool present, uint64_t value)
{
	if (present)
		output_number(out, value);
	else
		output_literal(out, "null");
}

static void put_guid(struct output *out, const unsigned char *guid)
{
	put_key(out, "guid");
	if (!guid) {
		output_literal(out, "null");
		return;
	}
	output_char(out, '"');
	output_guid(out, guid);
	output_char(out, '"');
}

static void put_items(struct output *out, const struct etl_record *rec)
{
	struct etl_ext item = { 0 };
	bool more = false;

	put_key(out, "ext");
	output_char(out, '[');
	while (etl_ext_next(rec, &item)) {
		if (more)
			output_char(out, ',');
		more = true;
		output_char(out, '[');
		output_number(out, item.type);
		output_char(out, ',');
		output_number(out, item.size);
		output_char(out, ']');
	}
	output_char(out, ']');
}

static void put_payload(struct output *out, const struct etl_record *rec)
{
	struct sha256_ctx state;
	unsigned char digest[SHA256_DIGEST_SIZE];

	put_number(out, "len", rec->payload_size);
	sha256_init(&state);
	sha256_update(&state, rec->payload_size, rec->payload);
	sha256_digest(&state, sizeof(digest), digest);
	put_key(out, "sha256");
	output_char(out, '"');
	output_hex_bytes(out, digest, sizeof(digest));
	output_char(out, '"');
	put_key(out, "payload");
	output_char(out, '"');
	output_hex_bytes(out, rec->payload, rec->payload_size);
	output_char(out, '"');
}

#define put_text(out, key, text, size) (put_key(out, key), put_quoted(out, text, size))

static void put_quoted(struct output *out, const char *text, size_t size)
{
	output_char(out, '"');
	output_json_escaped(out, text, size);
	output_char(out, '"');
}

/* What the golden has not: names and fields, where they are known. */
static void put_decoded(struct output *out, const struct etl_record *rec)
{
	struct etl_fields fields;
	struct etl_names names;

	if (!etl_record_names(rec, &names))
		return;
	if (names.provider)
		put_text(out, "provider", names.provider, names.provider_size);
	if (names.event)
		put_text(out, "event", names.event, names.event_size);
	if (!etl_fields_begin(&fields, rec))
		return;
	put_key(out, "fields");
	output_char(out, '{');
	dump_fields(out, &fields, true);
	output_char(out, '}');
	if (fields.reason)
		put_text(out, "undecoded", fields.reason, strlen(fields.reason));
}

static void put_message(struct dump *dump, const struct etl_record *rec)
{
	const struct etl_tmf_message *message = dump_message_find(dump, rec);

	if (!message)
		return;
	put_text(&dump->out, "provider", message->module, strlen(message->module));
	put_text(&dump->out, "event", message->tag, strlen(message->tag));
	put_text(&dump->out, "text", dump->text, dump_message_text(dump, message, rec));
}

void dump_json(struct dump *dump, const struct etl_record *rec)
{
	struct output *out = &dump->out;
	const unsigned int has = rec->has;

	output_literal(out, "{\"i\":");
	output_number(out, dump->index);
	put_number(out, "buf", rec->buffer->number);
	put_number(out, "off", rec->offset);
	put_number(out, "cpu", rec->buffer->cpu);
	put_key(out, "hdr");
	output_char(out, '"');
	output_string(out, etl_header_name(rec->header));
	output_char(out, '"');
	put_number(out, "size", rec->size);
	put_guid(out, rec->guid);
	put_optional(out, "id", rec->kind != ETL_KIND_ERROR, rec->id);
	put_optional(out, "op", has & ETL_HAS_OPCODE, rec->opcode);
	put_optional(out, "level", has & ETL_HAS_LEVEL, rec->level);
	put_optional(out, "ver", has & ETL_HAS_VERSION, rec->version);
	put_optional(out, "tid", has & ETL_HAS_THREAD, rec->thread);
	put_optional(out, "pid", has & ETL_HAS_THREAD, rec->process);
	put_number(out, "ts", rec->time);
	put_optional(out, "ft", rec->timebase->type, etl_record_filetime(rec));
	put_optional(out, "flags", has & ETL_HAS_FLAGS, rec->flags);
	put_optional(out, "seq", has & ETL_HAS_SEQUENCE, rec->sequence);
	put_items(out, rec);
	put_payload(out, rec);
	put_decoded(out, rec);
	put_message(dump, rec);
	output_literal(out, "}\n");
}
