/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a CPU's ring held when its machine stopped: buffers as they go into a file. */
#ifndef WMITRACE_CRASH_RING_H
#define WMITRACE_CRASH_RING_H

#include "crash-pages.h"

/* A use of a buffer: docs/buffer-design.md has the terms. */
struct crash_use {
	uint16_t cpu;
	uint32_t seq;
	uint64_t number;		/* SequenceNumber; 0: it never got one */
	uint64_t time;			/* of the flush; rises with @seq */
	unsigned char *data;		/* the buffer of one that was not complete; NULL: in the dump */
	uint32_t used;
};

struct crash_uses {
	struct crash_use *uses;		/* ascending by @seq on each CPU */
	size_t count, capacity;
	uint64_t read;			/* uses that a reader had taken before */
	uint64_t partial;		/* that had not been handed over yet */
	uint64_t records;		/* of @partial */
	uint64_t unfinished;		/* of @records: that may be */
	uint64_t missing;		/* finished records that could not be found */
	uint64_t damaged;		/* uses that the dump does not hold whole */
	uint64_t lost;			/* events, as the session has counted them */
};

/* Adds what @ring holds.  False: out of memory. */
bool crash_ring_read(struct crash_uses *uses, struct memory_dump *dump,
		     const struct crash_ring *ring);
/* A buffer of the ring as it lies there; false: not all of it is in the dump. */
bool crash_ring_data(struct memory_dump *dump, const struct crash_ring *ring, uint32_t seq,
		     unsigned char *data);

#endif /* WMITRACE_CRASH_RING_H */
