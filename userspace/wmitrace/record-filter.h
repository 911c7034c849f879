/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which records a command shows: the options that choose them. */
#ifndef WMITRACE_RECORD_FILTER_H
#define WMITRACE_RECORD_FILTER_H

#include <stdbool.h>

#include "etl.h"

#define FILTER_RANGES	16
#define FILTER_PROVIDERS 8

/* Numbers, as "1,4-7" lists them; empty = all. */
struct numbers {
	unsigned int count;
	struct { uint32_t low, high; } ranges[FILTER_RANGES];
};

struct provider {
	const char *name;	/* NULL: the GUID counts */
	unsigned char guid[16];
};

struct record_filter {
	struct numbers ids, cpus, pids, tids;
	struct provider providers[FILTER_PROVIDERS];
	unsigned int provider_count;
	int level;			/* highest, or -1 */
	const char *from_text, *to_text;/* as given, until record_filter_times() */
	uint64_t from, to;		/* FILETIMEs: from <= time <= to */
	bool active;
};

#define RECORD_FILTER_NONE	{ .level = -1, .to = UINT64_MAX }

/* getopt's entries and help lines for what record_filter_take() understands. */
#define RECORD_FILTER_OPTIONS \
	{ "from", required_argument, NULL, 'f' }, \
	{ "to", required_argument, NULL, 't' }, \
	{ "provider", required_argument, NULL, 'p' }, \
	{ "id", required_argument, NULL, 'i' }, \
	{ "level", required_argument, NULL, 'l' }, \
	{ "cpu", required_argument, NULL, 'c' }, \
	{ "pid", required_argument, NULL, 'P' }, \
	{ "tid", required_argument, NULL, 'T' }
#define RECORD_FILTER_HELP \
	"Records to show (all that are given must hold; LIST is like 1,4-7):\n" \
	"  -f, --from TIME         not before TIME: \"2025-12-19 01:28:04.5\" (UTC), or +SECONDS\n" \
	"                          from the session's start\n" \
	"  -t, --to TIME           not after TIME\n" \
	"  -p, --provider GUID     of this provider, class or message GUID, or of a provider or\n" \
	"                          class of this name; may be repeated\n" \
	"  -i, --id LIST           event ids, message numbers, hook ids; 0x… is hexadecimal\n" \
	"  -l, --level N           level N or below (more severe); records without level are left out\n" \
	"  -c, --cpu LIST          from these CPUs\n" \
	"  -P, --pid LIST          of these processes\n" \
	"  -T, --tid LIST          of these threads\n"

/* True if @option is one of the filter's; then *@status is COMMAND_OK, or it complained. */
bool record_filter_take(struct record_filter *filter, const char *command, int option,
			const char *value, int *status);
/* Makes the times absolute; COMMAND_OK, or COMMAND_USAGE after complaining. */
int record_filter_times(struct record_filter *filter, const char *command,
			const struct etl_facts *facts);
bool record_filter_match(const struct record_filter *filter, const struct etl_record *rec);

#endif /* WMITRACE_RECORD_FILTER_H */
