// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory dumps, read with libkdumpfile.  It does not know makedumpfile's
 * flattened form, in which QEMU writes what it compresses: such a dump is
 * rearranged in a temporary file first.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libkdumpfile/kdumpfile.h>

#include "core-gaps.h"
#include "memory-dump.h"

#define FLAT_HEADER	4096		/* bytes before the first piece */
#define FLAT_SIGNATURE	"makedumpfile"
#define PIECE		(1024 * 1024)
#define ADDRESS_BITS	52		/* of x86-64's physical addresses */

struct memory_dump {
	kdump_ctx_t *context;
	kdump_bmp_t *pages;		/* in the file */
	struct core_gaps gaps;
	uint64_t bytes;
	int fd;
};

/* What precedes a piece in the flattened form; both are -1 at the end. */
struct flat {
	int64_t offset, size;		/* big-endian */
};

static struct memory_dump *refuse(struct memory_dump *dump, char **reason, const char *format,
				  const char *detail)
{
	if (asprintf(reason, format, detail) < 0)
		*reason = NULL;
	memory_dump_close(dump);
	return NULL;
}

static bool read_all(int fd, void *data, size_t size)
{
	char *p = data;

	while (size) {
		ssize_t n = read(fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n ? errno : ENODATA;
			return false;
		}
		p += n;
		size -= n;
	}
	return true;
}

static bool write_all(int fd, const void *data, size_t size, int64_t offset)
{
	const char *p = data;

	while (size) {
		ssize_t n = pwrite(fd, p, size, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		p += n;
		size -= n;
		offset += n;
	}
	return true;
}

/* A file without a name, which is gone when it is closed. */
static int temporary_file(void)
{
	const char *folder = getenv("TMPDIR");
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/wmitrace-XXXXXX", folder && *folder ? folder : "/var/tmp");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

/* Copies the pieces that follow in @from to where they belong in @to.  errno says what failed. */
static bool copy_pieces(int from, int to)
{
	char *data = malloc(PIECE);
	bool good = data;
	struct flat flat;

	while (good && (good = read_all(from, &flat, sizeof(flat)))) {
		int64_t offset = be64toh(flat.offset), left = be64toh(flat.size);

		if (offset == -1 && left == -1)
			break;
		if (offset < 0 || left < 0 || left > INT64_MAX - offset) {
			errno = EBADMSG;
			good = false;
		}
		for (; good && left > 0; ) {
			size_t part = left < PIECE ? left : PIECE;

			good = read_all(from, data, part) && write_all(to, data, part, offset);
			offset += part;
			left -= part;
		}
	}
	free(data);
	return good;
}

/* Replaces a flattened dump's descriptor by one of what it stands for.  False: errno says why. */
static bool unflatten(int *fd)
{
	char start[sizeof(FLAT_SIGNATURE) - 1];
	int to;

	if (pread(*fd, start, sizeof(start), 0) != sizeof(start) ||
	    memcmp(start, FLAT_SIGNATURE, sizeof(start)))
		return true;
	to = temporary_file();
	if (to < 0)
		return false;
	if (lseek(*fd, FLAT_HEADER, SEEK_SET) < 0 || !copy_pieces(*fd, to)) {
		close(to);
		return false;
	}
	close(*fd);
	*fd = to;
	return true;
}

/* Bytes of memory that the dump is of; pages that are not in the file, too. */
static uint64_t memory_bytes(kdump_ctx_t *context)
{
	kdump_attr_t pages = { .type = KDUMP_BITMAP };
	kdump_addr_t from = 0, to;
	uint64_t count = 0;

	if (kdump_get_typed_attr(context, KDUMP_ATTR_MEMORY_PAGEMAP, &pages) != KDUMP_OK)
		return 0;
	while (kdump_bmp_find_set(pages.val.bitmap, &from) == KDUMP_OK) {
		to = from;
		if (kdump_bmp_find_clear(pages.val.bitmap, &to) != KDUMP_OK)
			break;
		count += to - from;
		from = to;
	}
	return count * MEMORY_DUMP_PAGE;
}

struct memory_dump *memory_dump_open(const char *path, char **reason)
{
	struct memory_dump *dump = calloc(1, sizeof(*dump));
	kdump_attr_t pages = { .type = KDUMP_BITMAP };
	kdump_num_t page_size;

	if (!dump)
		return refuse(NULL, reason, "%s", strerror(ENOMEM));
	dump->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (dump->fd < 0)
		return refuse(dump, reason, "cannot open: %s", strerror(errno));
	if (!unflatten(&dump->fd))
		return refuse(dump, reason, errno == ENODATA || errno == EBADMSG ?
			      "it is cut off or damaged%s" :
			      "cannot unpack it into a temporary file: %s (TMPDIR names another folder)",
			      errno == ENODATA || errno == EBADMSG ? "" : strerror(errno));
	dump->context = kdump_new();
	if (!dump->context)
		return refuse(dump, reason, "%s", strerror(ENOMEM));
	if (!core_gaps_find(dump->fd, &dump->gaps))
		return refuse(dump, reason, "%s", strerror(ENOMEM));
	/* Mapped, a file that is cut off ends the program with SIGBUS. */
	if (kdump_set_number_attr(dump->context, KDUMP_ATTR_FILE_MMAP_POLICY, KDUMP_MMAP_NEVER) !=
	    KDUMP_OK)
		return refuse(dump, reason, "%s", kdump_get_err(dump->context));
	if (kdump_open_fd(dump->context, dump->fd) != KDUMP_OK)
		return refuse(dump, reason, "no memory dump that libkdumpfile can read: %s",
			      kdump_get_err(dump->context));
	if (kdump_get_number_attr(dump->context, KDUMP_ATTR_PAGE_SIZE, &page_size) != KDUMP_OK ||
	    page_size != MEMORY_DUMP_PAGE)
		return refuse(dump, reason, "%s", "its pages are not those of x86-64");
	if (kdump_get_typed_attr(dump->context, KDUMP_ATTR_FILE_PAGEMAP, &pages) != KDUMP_OK)
		return refuse(dump, reason, "its map of pages cannot be read: %s",
			      kdump_get_err(dump->context));
	dump->pages = pages.val.bitmap;
	dump->bytes = memory_bytes(dump->context);
	/* makedumpfile leaves pages of zeros out. */
	if (kdump_set_number_attr(dump->context, KDUMP_ATTR_ZERO_EXCLUDED, 1) != KDUMP_OK)
		return refuse(dump, reason, "%s", kdump_get_err(dump->context));
	return dump;
}

void memory_dump_close(struct memory_dump *dump)
{
	if (!dump)
		return;
	if (dump->context)
		kdump_free(dump->context);
	if (dump->fd >= 0)
		close(dump->fd);
	free(dump->gaps.gaps);
	free(dump);
}

uint64_t memory_dump_bytes(const struct memory_dump *dump)
{
	return dump->bytes;
}

bool memory_dump_next(struct memory_dump *dump, uint64_t *address)
{
	kdump_addr_t page = *address / MEMORY_DUMP_PAGE;
	const struct core_gap *gap;

	while (kdump_bmp_find_set(dump->pages, &page) == KDUMP_OK &&
	       page < (1ULL << ADDRESS_BITS) / MEMORY_DUMP_PAGE) {
		gap = core_gaps_touch(&dump->gaps, page * MEMORY_DUMP_PAGE, MEMORY_DUMP_PAGE);
		if (!gap) {
			*address = page * MEMORY_DUMP_PAGE;
			return true;
		}
		page = gap->to / MEMORY_DUMP_PAGE + !!(gap->to % MEMORY_DUMP_PAGE);
	}
	return false;
}

uint64_t memory_dump_missing(const struct memory_dump *dump)
{
	return core_gaps_bytes(&dump->gaps);
}

bool memory_dump_read(struct memory_dump *dump, uint64_t address, void *data, size_t size)
{
	size_t got = size;

	if (core_gaps_touch(&dump->gaps, address, size))
		return false;
	if (kdump_read(dump->context, KDUMP_MACHPHYSADDR, address, data, &got) == KDUMP_OK)
		return got == size;
	kdump_clear_err(dump->context);
	return false;
}
