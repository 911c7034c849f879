/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What wmitrace verify's files share.  A rule is something that every file
 * written by Windows keeps (docs/etl-format.md); a breach is a place where one
 * is not kept.
 */
#ifndef WMITRACE_VERIFY_H
#define WMITRACE_VERIFY_H

#include "etl.h"
#include "json.h"

struct verify_options {
	bool json, quiet, all;
	bool finalised;			/* a file that was not finalised breaks a rule */
};

struct verify_cpu {
	uint64_t sequence;		/* of the last buffer */
	uint64_t time;			/* of the last record */
	bool seen, timed;
};

struct verify_sequence {
	uint64_t number, offset;
};

struct verify {
	const struct verify_options *options;
	struct json *json;
	const struct etl_facts *facts;
	uint64_t breaches;
	bool relogged;			/* flush times and logger ids are the relogger's */
	bool wrapped;			/* circular, and the oldest buffer is not the first */
	uint64_t buffers, records;
	struct etl_buffer last;		/* the data buffer before; no data before the first */
	uint64_t last_time;		/* latest record of the current buffer */
	uint64_t end;			/* of the last record in the current buffer */
	struct verify_cpu *cpus;
	struct verify_sequence *sequences;
	size_t sequence_count, sequence_capacity;
};

/* Reports that @rule is broken at file offset @offset. */
void verify_breach(struct verify *v, const char *rule, uint64_t offset, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The logfile header's values. */
void verify_facts(struct verify *v);
/* A buffer's header and fill; records come afterwards, then verify_buffer_end(). */
void verify_buffer(struct verify *v, const struct etl_buffer *buffer);
void verify_record(struct verify *v, const struct etl_record *rec);
void verify_buffer_end(struct verify *v, const struct etl_buffer *buffer, bool damaged);
/* What can be said when everything was seen. */
void verify_end(struct verify *v);

#endif /* WMITRACE_VERIFY_H */
