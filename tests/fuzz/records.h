/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What fuzzers do with records: read every byte that the library shows them. */
#ifndef TESTS_FUZZ_RECORDS_H
#define TESTS_FUZZ_RECORDS_H

#include <stdlib.h>
#include <string.h>

#include "etl.h"

static volatile unsigned int records_sum;

static inline void touch_bytes(const void *data, size_t size)
{
	const unsigned char *p = data;

	while (size--)
		records_sum += *p++;
}

static inline void touch_fields(const struct etl_record *rec)
{
	struct etl_fields fields;
	struct etl_field field;
	char text[64];

	if (!etl_fields_begin(&fields, rec))
		return;
	while (etl_fields_next(&fields, &field) > 0) {
		touch_bytes(field.name, field.name_size);
		touch_bytes(field.data, field.size);
		if (field.type != ETL_TYPE_STRUCT)
			etl_field_text(&field, text, sizeof(text));
	}
	touch_bytes(fields.rest, fields.rest_size);
}

static inline void touch_record(const struct etl_record *rec)
{
	struct etl_ext item = { 0 };
	struct etl_names names;

	touch_bytes(rec->data, rec->size);
	touch_bytes(rec->payload, rec->payload_size);
	if (rec->guid)
		touch_bytes(rec->guid, 16);
	if (rec->activity)
		touch_bytes(rec->activity, 16);
	if (rec->parent_guid)
		touch_bytes(rec->parent_guid, 16);
	while (etl_ext_next(rec, &item))
		touch_bytes(item.data, item.size);
	if (etl_record_names(rec, &names)) {
		touch_bytes(names.provider, names.provider ? names.provider_size : 0);
		touch_bytes(names.event, names.event ? names.event_size : 0);
	}
	touch_fields(rec);
	etl_record_filetime(rec);
}

/* Returns the number of records. */
static inline uint64_t read_records(struct etl_log *log, enum etl_order order)
{
	struct etl_cursor *cursor;
	struct etl_record rec;
	uint64_t count;
	int ret;

	if (etl_cursor_open(&cursor, log, order, NULL, NULL))
		abort();
	while ((ret = etl_next(cursor, &rec)))
		if (ret > 0)
			touch_record(&rec);
	count = etl_cursor_stats(cursor)->records;
	etl_cursor_close(cursor);
	return count;
}

#endif /* TESTS_FUZZ_RECORDS_H */
