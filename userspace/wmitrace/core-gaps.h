/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an ELF core file says it has and, being cut off, has not.  libkdumpfile
 * gives zeros for it.
 */
#ifndef WMITRACE_CORE_GAPS_H
#define WMITRACE_CORE_GAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct core_gap {
	uint64_t from, to;	/* physical addresses: from <= x < to */
};

struct core_gaps {
	struct core_gap *gaps;
	size_t count;
};

/*
 * Of the file behind @fd; none for what is no ELF core of 64 bits, or has no such
 * segments as its header says.  False: out of memory.  @found->gaps is for free().
 */
bool core_gaps_find(int fd, struct core_gaps *found);

/* The one that @size bytes at @address are in, or some of them; or NULL. */
const struct core_gap *core_gaps_touch(const struct core_gaps *gaps, uint64_t address, size_t size);

/* All of them together. */
uint64_t core_gaps_bytes(const struct core_gaps *gaps);

#endif /* WMITRACE_CORE_GAPS_H */
