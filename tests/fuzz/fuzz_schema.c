// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libetl: a TraceLogging schema and its values.  The first two bytes are the
 * schema's length.
 */
#include <stdlib.h>

#include "records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct etl_record rec = { .kind = ETL_KIND_EVENT, .header = ETL_HEADER_EVENT64 };
	unsigned char *items, *values;
	uint32_t used = 0;
	size_t schema;

	if (size < 2)
		return 0;
	schema = (data[0] | (size_t)data[1] << 8) % (size - 1);
	size -= 2 + schema;
	items = malloc(0x10000);
	values = malloc(size + 1);
	if (items && values && !etl_ext_put(items, 0x10000, &used, ETL_EXT_EVENT_SCHEMA, data + 2, schema)) {
		memcpy(values, data + 2 + schema, size);
		rec.ext = items;
		rec.ext_size = used;
		rec.payload = values;
		rec.payload_size = (uint32_t)size;
		touch_fields(&rec);
	}
	free(items);
	free(values);
	return 0;
}
