// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libetl: any bytes behind a sound header buffer.  The first byte says whether
 * the file is a compressed one.
 */
#include <stdlib.h>

#include "../lib/etl_build.h"
#include "records.h"

#define HEADER	1024u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct etl_facts facts;
	unsigned char *file;
	struct etl_log *log;

	if (!size || !(file = malloc(HEADER + size - 1)))
		return 0;
	facts = build_facts(HEADER, data[0] & 1 ? ETL_MODE_COMPRESSED : 0);
	if (etl_header_build(file, HEADER, &facts, 1, 2, 3))
		abort();
	memcpy(file + HEADER, data + 1, size - 1);
	if (etl_open_memory(&log, file, HEADER + size - 1, "fuzz", NULL))
		abort();
	if (read_records(log, ETL_FILE_ORDER) != read_records(log, ETL_TIME_ORDER))
		abort();
	etl_close(log);
	free(file);
	return 0;
}
