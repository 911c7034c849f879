/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building .etl content for tests: a header buffer, buffers of messages.
 * Every record's payload is its number and that number's complement, so that
 * a record can be told from any other bytes.
 */
#ifndef TESTS_ETL_BUILD_H
#define TESTS_ETL_BUILD_H

#include <stdlib.h>
#include <string.h>

#include "etl.h"

#define BUILD_START	134105812840355567ull	/* FILETIME of 2025-12-19 01:28:04.0355567 */
#define BUILD_RAW0	1000000ull		/* its raw time */

static const unsigned char build_guid[16] = {
	0x08, 0xef, 0x18, 0x28, 0x54, 0x6a, 0x6f, 0x39, 0x22, 0x44, 0x5a, 0x6e, 0xa4, 0xa9, 0x8c, 0xf0,
};

/* A session on 4 CPUs whose performance counter runs at 10 MHz. */
static inline struct etl_facts build_facts(uint32_t buffer_size, uint32_t mode)
{
	struct etl_facts facts = {
		.buffer_size = buffer_size,
		.os_major = 10,
		.layout_major = ETL_LAYOUT_MAJOR,
		.layout_minor = ETL_LAYOUT_MINOR,
		.os_build = 19041,
		.processors = 4,
		.pointer_size = 8,
		.mode = mode,
		.start_buffers = 1,
		.cpu_mhz = 3000,
		.timer_resolution = 156250,
		.perf_freq = 10000000,
		.boot_time = BUILD_START - BUILD_RAW0,
		.timebase = { ETL_CLOCK_PERF, 10000000, 10000000, BUILD_RAW0, BUILD_START },
		.bias = -60,
		.standard_name = "Zuhause",
		.daylight_name = "Sommer",
		.logger_name = "Gr\xc3\xbc\xc3\x9f" "e",
		.log_file_name = "/var/log/x.etl",
	};

	return facts;
}

struct build_payload {
	uint32_t number;
	uint32_t complement;
};

static inline struct build_payload build_payload(uint32_t number)
{
	return (struct build_payload){ number, ~number };
}

/* A message with GUID, time and thread; @payload is not copied. */
static inline struct etl_record build_message(uint64_t time, const struct build_payload *payload)
{
	struct etl_record rec = {
		.time = time,
		.header = ETL_HEADER_MESSAGE,
		.kind = ETL_KIND_MESSAGE,
		.id = 43,
		.flags = ETL_MESSAGE_GUID | ETL_MESSAGE_TIMESTAMP | ETL_MESSAGE_SYSTEMINFO |
			 ETL_MESSAGE_POINTER64,
		.guid = build_guid,
		.thread = 17,
		.process = 4,
		.payload = (const unsigned char *)payload,
		.payload_size = sizeof(*payload),
	};

	return rec;
}

/* A whole buffer of @size bytes at @data with messages @first … of @count at @time, @time + 1, … */
static inline void build_buffer(void *data, uint32_t size, uint16_t cpu, uint64_t sequence,
				uint64_t time, uint32_t first, uint32_t count)
{
	struct etl_block block;
	uint32_t i;

	etl_block_begin(&block, data, size, cpu, 5, sequence);
	for (i = 0; i < count; i++) {
		struct build_payload payload = build_payload(first + i);
		struct etl_record rec = build_message(time + i, &payload);

		if (etl_block_put(&block, &rec) < 0)
			abort();
	}
	etl_block_end(&block, time + count);
}

/* The number in a record's payload, or UINT32_MAX if it is none of ours. */
static inline uint32_t build_number(const struct etl_record *rec)
{
	struct build_payload payload;

	if (rec->payload_size != sizeof(payload))
		return UINT32_MAX;
	memcpy(&payload, rec->payload, sizeof(payload));
	return payload.complement == ~payload.number ? payload.number : UINT32_MAX;
}

#endif /* TESTS_ETL_BUILD_H */
