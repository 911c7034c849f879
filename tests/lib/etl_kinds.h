/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A record of every kind that libetl can encode, for tests that want variety.
 */
#ifndef TESTS_ETL_KINDS_H
#define TESTS_ETL_KINDS_H

#include <stdlib.h>

#include "etl.h"

#define KINDS_COUNT	17

/*
 * The TraceLogging event "sched_wakeup" of provider "Linux.sched": fields comm
 * (UTF-8), pid, prio; then the values of an event.
 */
static const unsigned char kinds_traits[] = "\x0e\0Linux.sched";
static const unsigned char kinds_schema[] =
	"\x23\0\0sched_wakeup\0comm\0\x82\x23pid\0\x87\x05prio\0\x07";
static const unsigned char kinds_values[] = "bash\0\xd2\x04\0\0\x78\0\0";
static const unsigned char kinds_counters[16] = { 1, 0, 0, 0, 0, 0, 0, 0, 2 };

static const char *const kinds_names[KINDS_COUNT] = {
	"system32", "system64", "compact32", "compact64", "perfinfo32", "perfinfo64", "counters",
	"full32", "full64", "instance32", "instance64", "message", "component", "bare",
	"event32", "tracelogging", "related",
};

static inline struct etl_record kinds_record(unsigned int which, const unsigned char *guid,
					     unsigned char items[128])
{
	static const struct etl_record records[KINDS_COUNT] = {
		{ .header = ETL_HEADER_SYSTEM32, .version = 2, .id = 0x0503 },
		{ .header = ETL_HEADER_SYSTEM64, .version = 3, .id = 0x0301, .kernel_time = 3, .user_time = 4 },
		{ .header = ETL_HEADER_COMPACT32, .version = 2, .id = 0x0501 },
		{ .header = ETL_HEADER_COMPACT64, .version = 2, .id = 0x0502 },
		{ .header = ETL_HEADER_PERFINFO32, .version = 2, .id = 0x0524 },
		{ .header = ETL_HEADER_PERFINFO64, .version = 2, .id = 0x0532 },
		{ .header = ETL_HEADER_PERFINFO64, .version = 2, .id = 0x0f2e, .has = ETL_HAS_PEBS,
		  .pebs = 77, .ext = kinds_counters, .ext_size = 16 },
		{ .header = ETL_HEADER_FULL32, .version = 1, .opcode = 10, .level = 4 },
		{ .header = ETL_HEADER_FULL64, .version = 1, .opcode = 11, .level = 5 },
		{ .header = ETL_HEADER_INSTANCE32, .opcode = 1, .instance = 5, .parent_instance = 6 },
		{ .header = ETL_HEADER_INSTANCE64, .opcode = 2, .instance = 7 },
		{ .header = ETL_HEADER_MESSAGE, .id = 10, .flags = 0x00ab, .sequence = 9 },
		{ .header = ETL_HEADER_MESSAGE, .id = 11, .flags = 0x004d, .component = 8, .sequence = 10 },
		{ .header = ETL_HEADER_MESSAGE, .id = 12, .flags = 0 },
		{ .header = ETL_HEADER_EVENT32, .id = 100, .version = 1, .level = 4, .task = 3,
		  .keyword = 0x8000000000000001 },
		{ .header = ETL_HEADER_EVENT64, .channel = 11, .level = 4, .keyword = 1,
		  .flags = ETL_EVENT_EXTENDED_INFO },
		{ .header = ETL_HEADER_EVENT64, .id = 7, .level = 2, .flags = ETL_EVENT_EXTENDED_INFO },
	};
	struct etl_record rec = records[which];
	uint32_t size = 0;

	rec.thread = 1000 + which;
	rec.process = 4;
	if (rec.header != ETL_HEADER_MESSAGE || rec.flags & ETL_MESSAGE_GUID)
		rec.guid = guid;
	if (rec.flags & ETL_EVENT_EXTENDED_INFO && rec.header == ETL_HEADER_EVENT64) {
		if (rec.channel == 11) {
			if (etl_ext_put(items, 128, &size, ETL_EXT_PROVIDER_TRAITS, kinds_traits, 14) ||
			    etl_ext_put(items, 128, &size, ETL_EXT_EVENT_SCHEMA, kinds_schema, 35))
				abort();
			rec.payload = kinds_values;
			rec.payload_size = 13;
		} else if (etl_ext_put(items, 128, &size, ETL_EXT_RELATED_ACTIVITY, guid, 16)) {
			abort();
		}
		rec.ext = items;
		rec.ext_size = size;
	}
	return rec;
}

/* A buffer with one record of each kind, at @time, @time + 1, …; payloads of 0 to 15 bytes. */
static inline void build_kinds(void *data, uint32_t size, uint16_t cpu, uint64_t sequence, uint64_t time)
{
	static const unsigned char guid[16] = {
		0x33, 0x19, 0x11, 0xd6, 0x9d, 0xd6, 0x3b, 0x55, 0x7c, 0xfb, 0x93, 0xda, 0xf4, 0xc6, 0xac, 0xbc,
	};
	struct etl_block block;
	unsigned int i;

	etl_block_begin(&block, data, size, cpu, 5, sequence);
	for (i = 0; i < KINDS_COUNT; i++) {
		unsigned char items[128];
		struct etl_record rec = kinds_record(i, guid, items);

		rec.time = time + i;
		if (!rec.payload) {
			rec.payload = guid;
			rec.payload_size = (i + (uint32_t)sequence) % 16;
		}
		if (etl_block_put(&block, &rec) < 0)
			abort();
	}
	etl_block_end(&block, time + KINDS_COUNT);
}

#endif /* TESTS_ETL_KINDS_H */
