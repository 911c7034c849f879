// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Segments of an ELF core file that end behind the end of the file.
 */
#include <elf.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core-gaps.h"

static bool read_at(int fd, void *data, size_t size, uint64_t offset)
{
	return offset <= INT64_MAX && pread(fd, data, size, offset) == (ssize_t)size;
}

/* More than 65,534 are counted in the first section. */
static uint32_t segments(int fd, const Elf64_Ehdr *head)
{
	Elf64_Shdr first;

	if (le16toh(head->e_phnum) != PN_XNUM)
		return le16toh(head->e_phnum);
	return read_at(fd, &first, sizeof(first), le64toh(head->e_shoff)) ?
	       le32toh(first.sh_info) : 0;
}

/* Whether a segment is of memory that the file, of @size bytes, lacks: @gap. */
static bool lacks(const Elf64_Phdr *segment, uint64_t size, struct core_gap *gap)
{
	uint64_t offset = le64toh(segment->p_offset), length = le64toh(segment->p_filesz);
	uint64_t there = offset < size ? size - offset : 0;

	if (le32toh(segment->p_type) != PT_LOAD || length <= there)
		return false;
	if (__builtin_add_overflow(le64toh(segment->p_paddr), there, &gap->from))
		return false;
	if (__builtin_add_overflow(le64toh(segment->p_paddr), length, &gap->to))
		gap->to = UINT64_MAX;
	return true;
}

bool core_gaps_find(int fd, struct core_gaps *found)
{
	struct core_gap *more;
	Elf64_Phdr segment;
	Elf64_Ehdr head;
	struct stat file;
	uint32_t i, count;

	memset(found, 0, sizeof(*found));
	if (fstat(fd, &file) || !read_at(fd, &head, sizeof(head), 0) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) || head.e_ident[EI_CLASS] != ELFCLASS64 ||
	    head.e_ident[EI_DATA] != ELFDATA2LSB)
		return true;
	count = segments(fd, &head);
	for (i = 0; i < count; i++) {
		uint64_t at = le64toh(head.e_phoff) + (uint64_t)i * le16toh(head.e_phentsize);
		struct core_gap gap;

		if (!read_at(fd, &segment, sizeof(segment), at))
			break;
		if (!lacks(&segment, file.st_size, &gap))
			continue;
		more = reallocarray(found->gaps, found->count + 1, sizeof(*more));
		if (!more)
			return false;
		found->gaps = more;
		found->gaps[found->count++] = gap;
	}
	return true;
}

const struct core_gap *core_gaps_touch(const struct core_gaps *gaps, uint64_t address, size_t size)
{
	size_t i;

	for (i = 0; i < gaps->count; i++)
		if (address < gaps->gaps[i].to && gaps->gaps[i].from < address + size)
			return &gaps->gaps[i];
	return NULL;
}

uint64_t core_gaps_bytes(const struct core_gaps *gaps)
{
	uint64_t bytes = 0;
	size_t i;

	for (i = 0; i < gaps->count; i++)
		if (__builtin_add_overflow(bytes, gaps->gaps[i].to - gaps->gaps[i].from, &bytes))
			return UINT64_MAX;
	return bytes;
}
