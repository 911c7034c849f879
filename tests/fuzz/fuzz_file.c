// SPDX-License-Identifier: GPL-2.0-or-later
/* libetl: any bytes as a file, in both orders, with everything decoded. */
#include <stdlib.h>

#include "records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct etl_log *log;
	uint64_t in_file;

	if (etl_open_memory(&log, data, size, "fuzz", NULL))
		return 0;
	in_file = read_records(log, ETL_FILE_ORDER);
	if (read_records(log, ETL_TIME_ORDER) != in_file)
		abort();
	etl_close(log);
	return 0;
}
