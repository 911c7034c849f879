/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The physical memory in a dump of a machine: ELF as QEMU and /proc/vmcore give
 * it, and what makedumpfile and QEMU compress.
 */
#ifndef WMITRACE_MEMORY_DUMP_H
#define WMITRACE_MEMORY_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEMORY_DUMP_PAGE	4096u

struct memory_dump;

/*
 * Returns NULL with *@reason, a text for free() or NULL where there is no memory
 * for one.  Weak: a program that is linked statically has no libkdumpfile, and
 * then no memory_dump_open() (test it against NULL) nor the others.
 */
struct memory_dump *memory_dump_open(const char *path, char **reason) __attribute__((weak));
void memory_dump_close(struct memory_dump *dump) __attribute__((weak));

/* Of the memory that it is a dump of. */
uint64_t memory_dump_bytes(const struct memory_dump *dump) __attribute__((weak));

/* Bytes that it says it has, and, being cut off, has not; more may turn out to be unreadable. */
uint64_t memory_dump_missing(const struct memory_dump *dump) __attribute__((weak));

/*
 * Moves *@address, a multiple of MEMORY_DUMP_PAGE, up to a page in the dump of which
 * nothing is missing; false: there is none.
 */
bool memory_dump_next(struct memory_dump *dump, uint64_t *address) __attribute__((weak));

/*
 * False where not all @size bytes at the physical @address are in the dump.  Pages
 * that were left out of it on purpose are zeros.
 */
bool memory_dump_read(struct memory_dump *dump, uint64_t address, void *data, size_t size)
	__attribute__((weak));

#endif /* WMITRACE_MEMORY_DUMP_H */
