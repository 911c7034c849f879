// SPDX-License-Identifier: GPL-2.0-or-later
/* libetl: any bytes behind an EVENT header that announces extended items. */
#include <stdlib.h>

#include "records.h"

#define HEAD	0x50u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t total = HEAD + size;
	unsigned char *record;
	struct etl_record rec = { 0 };
	const char *reason;

	if (total > 0xffff || !(record = calloc(1, total)))
		return 0;
	record[0] = (unsigned char)total;
	record[1] = (unsigned char)(total >> 8);
	record[2] = ETL_HEADER_EVENT64;
	record[3] = ETL_MARKER_EVENT;
	record[4] = ETL_EVENT_EXTENDED_INFO;
	if (size)
		memcpy(record + HEAD, data, size);
	if (etl_record_parse(record, total, &rec, &reason) > 0)
		touch_record(&rec);
	free(record);
	return 0;
}
