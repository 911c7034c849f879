// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Formats and arguments that do not fit: TMF text, a NUL, then the payload of
 * a record, which every message of the text is made to read.
 */
#include <stdlib.h>
#include <string.h>

#include "tmf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct etl_buffer buffer = { .cpu = 3 };
static const struct etl_timebase timebase = { .type = 2, .num = 1, .den = 1 };
static const struct etl_tmf_style styles[] = {
	{ NULL, 0 },
	{ ETL_TMF_PREFIX, ETL_TMF_HIRES },
	{ "%1!s!%2!-9s!%3!x!%4!s!%5!d!%6!d!%7!d!%8!d!%9!d!%!FUNC!%0", ETL_TMF_UTC | ETL_TMF_LOCAL_ITEMS },
};

static void check(size_t len, const char *text, size_t size)
{
	size_t written = strnlen(text, size);

	if (written >= size || written > len)
		abort();
}

/* The record lies in memory of its own size, the text in rooms of several. */
static int visit(void *context, const struct etl_tmf_message *m)
{
	static const size_t rooms[] = { 1, 2, 17, 4096 };
	const struct etl_record *rec = context;
	struct etl_record copy = *rec;
	char *text;
	size_t i;

	copy.guid = m->guid;
	copy.id = m->number;
	for (i = 0; i < 4; i++) {
		text = malloc(rooms[i]);
		check(etl_tmf_format(m, &copy, &styles[i % 3], text, rooms[i]), text, rooms[i]);
		check(etl_tmf_format_argument(m, &copy, &styles[i % 3], i, text, rooms[i]), text, rooms[i]);
		check(etl_tmf_format_prefix(m, &copy, &styles[i % 3], text, rooms[i]), text, rooms[i]);
		free(text);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, 0, size);
	struct etl_record rec = { .buffer = &buffer, .timebase = &timebase, .kind = ETL_KIND_MESSAGE,
				  .has = ETL_HAS_GUID | ETL_HAS_TIME, .time = 132223104000000000 };
	struct etl_error err;
	struct etl_tmf *tmf;
	uint8_t *payload;

	if (!end || etl_tmf_new(&tmf))
		return 0;
	rec.payload_size = data + size - end - 1;
	rec.pointer_size = rec.payload_size & 1 ? 4 : 8;
	payload = malloc(rec.payload_size);
	if (rec.payload_size)
		memcpy(payload, end + 1, rec.payload_size);
	rec.payload = payload;
	etl_tmf_parse(tmf, (const char *)data, end - data, "fuzz", &err);
	etl_tmf_each(tmf, visit, &rec);
	etl_tmf_free(tmf);
	free(payload);
	return 0;
}
