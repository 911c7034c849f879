/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What wmitrace info's files share: what it counts, and two ways to show it. */
#ifndef WMITRACE_INFO_H
#define WMITRACE_INFO_H

#include "etl.h"

#define TALLY_DAMAGE	20	/* places that are kept */

struct tally_cpu {
	uint64_t buffers, records, bytes;	/* bytes of records, padding included */
	uint64_t first, last;			/* FILETIMEs of records; raw times if there is no header */
};

/* Records of a provider, a class or a kind of message. */
struct tally_provider {
	unsigned char guid[16];
	bool has_guid;			/* false: all records without GUID */
	uint64_t records, bytes;
	char name[64];			/* "" = unknown */
};

struct tally {
	uint64_t records, bytes;
	uint64_t kinds[ETL_KINDS];
	uint64_t buffers, data_buffers, compressed_buffers;
	uint64_t room, used;		/* bytes of buffers, and of them in use (after decompression) */
	uint64_t first_sequence, last_sequence;
	uint64_t first, last;		/* FILETIMEs of records in data buffers, as in tally_cpu */
	struct tally_cpu *cpus;		/* cpu_count of them; those without buffers are zero */
	unsigned int cpu_count;
	struct tally_provider *providers;	/* most records first after tally_log() */
	size_t provider_count;
	uint64_t other_records;		/* of providers beyond what is counted one by one */
	struct etl_error damage[TALLY_DAMAGE];
	struct etl_stats stats;
};

/* Counts everything in @log.  Returns 0, or -errno with @err. */
int tally_log(struct tally *tally, struct etl_log *log, struct etl_error *err);
void tally_free(struct tally *tally);

/* "performance counter" …, for people and as a word. */
const char *info_clock(uint32_t type, bool word);

void info_print(const struct etl_log *log, const struct tally *tally);
void info_json(const struct etl_log *log, const struct tally *tally);

#endif /* WMITRACE_INFO_H */
