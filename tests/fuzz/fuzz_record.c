// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libetl: any bytes as a record.  What can be parsed is encoded again, and the
 * encoding must parse to the same.
 */
#include <stdlib.h>

#include "records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void encode_again(const struct etl_record *rec)
{
	static unsigned char block_data[0x11000];
	struct etl_record again = { .time = rec->time };
	struct etl_block block;
	const char *reason;

	/* Items that do not end at a multiple of 8 are read, but not written. */
	if (rec->ext_size % 8)
		return;
	etl_block_begin(&block, block_data, sizeof(block_data), 0, 0, 1);
	if (etl_block_put(&block, rec) < 0 ||
	    etl_record_parse(block_data + 0x48, block.used - 0x48, &again, &reason) <= 0)
		abort();
	if (again.size != rec->size || again.kind != rec->kind || again.time != rec->time ||
	    again.id != rec->id || again.has != rec->has || again.thread != rec->thread ||
	    again.payload_size != rec->payload_size || again.ext_size != rec->ext_size ||
	    memcmp(again.payload, rec->payload, rec->payload_size))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *exact = malloc(size ? size : 1);
	struct etl_record rec = { 0 };
	const char *reason;

	if (!exact)
		return 0;
	if (size)
		memcpy(exact, data, size);
	if (etl_record_parse(exact, size, &rec, &reason) > 0) {
		touch_record(&rec);
		encode_again(&rec);
	}
	free(exact);
	return 0;
}
