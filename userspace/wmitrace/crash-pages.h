/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sessions in a memory dump, from the pages that the module leaves in memory
 * (include/etl/crash.h).  Nothing in a dump is believed before it was checked.
 */
#ifndef WMITRACE_CRASH_PAGES_H
#define WMITRACE_CRASH_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include <etl/crash.h>

#include "memory-dump.h"

/* A CPU's ring of buffers. */
struct crash_ring {
	uint32_t cpu;
	struct etl_crash_cpu at;	/* addresses; sizes are those below */
	uint32_t buffer_size, buffers;
	uint64_t *values;		/* from the pages; those below are in it */
	const uint64_t *states;		/* address of each buffer's state */
	const uint64_t *data;		/* of each piece of ETL_CRASH_PAGE bytes */
};

struct crash_session {
	uint64_t id;			/* a random number */
	unsigned char *header;		/* a whole header buffer */
	uint32_t buffer_size;
	struct crash_ring *rings;	/* ascending by CPU */
	unsigned int ring_count;
};

struct crash_pages {
	struct crash_session *sessions;
	unsigned int count;
	unsigned int damaged;		/* CPUs and sessions that had to be left out */
	uint64_t unreadable;		/* bytes that the dump says it has, and has not */
};

/* False: out of memory.  To be freed with crash_pages_free() in any case. */
bool crash_pages_find(struct crash_pages *pages, struct memory_dump *dump);
void crash_pages_free(struct crash_pages *pages);

#endif /* WMITRACE_CRASH_PAGES_H */
