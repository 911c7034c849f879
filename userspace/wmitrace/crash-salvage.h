/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The finished records of a buffer whose writers were stopped in the middle.
 *
 * A record that was reserved and not finished leaves a gap of unknown length, in
 * which anything may lie: nothing, what an earlier use of the buffer left, part of
 * the record.  What is known is how many records and bytes were finished.
 */
#ifndef WMITRACE_CRASH_SALVAGE_H
#define WMITRACE_CRASH_SALVAGE_H

#include <stdbool.h>
#include <stdint.h>

struct salvage {
	/* in */
	unsigned char *data;		/* the buffer; its header is not looked at */
	uint32_t end;			/* bytes reserved; of those behind it nothing is known */
	bool end_known;			/* false: @end is the buffer's size */
	bool counted;			/* @bytes and @records are known; else all up to @end is finished */
	uint32_t bytes, records;	/* of finished records */
	uint64_t time;			/* none is older: the last time before; out: the newest one */
	/* out */
	uint32_t used;			/* where the records end, gaps closed */
	uint32_t found;			/* records */
	uint32_t unfinished;		/* of these: that cannot be told from finished ones */
	uint32_t missing;		/* finished records that were not found */
};

/* Moves the records in @s->data together, behind the header.  False: out of memory. */
bool salvage_records(struct salvage *s);

#endif /* WMITRACE_CRASH_SALVAGE_H */
