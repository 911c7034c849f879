// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * repack: what was pulled from debugfs with cat lies CPU after CPU; a file of
 * the daemon lies in the order of flush times (etl-format section 1).
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arguments.h"
#include "command.h"
#include "etl.h"
#include "failure.h"
#include "json.h"
#include "log-open.h"

static const char usage[] =
	"Usage: wmitrace repack -o FILE INPUT...\n"
	"Put the buffers of one session into the order in which they were flushed, each\n"
	"once, and complete the header.  The inputs are a file that was made with\n"
	"'cat header cpu*', or these files one by one, the header first.\n\n"
	"  -o, --output FILE       the new file\n";

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 }
};

struct piece {
	const unsigned char *data;
	uint32_t size;
	uint16_t cpu;
	uint64_t sequence;
	uint64_t time;
	size_t place;			/* among the inputs */
};

struct repack {
	const char *output;
	struct etl_log *log;
	const struct etl_facts *facts;		/* of the file with the header */
	struct piece header;
	struct piece *pieces;
	size_t count, capacity;
	size_t duplicates, damaged;
	uint64_t bytes;				/* written */
};

static int take_option(void *context, int option, const char *value)
{
	struct repack *repack = context;

	(void)option;
	repack->output = value;
	return COMMAND_OK;
}

/* ---- reading ---------------------------------------------------------------- */

static int find_header(struct repack *r)
{
	size_t i;

	for (i = 0; i < etl_file_count(r->log); i++) {
		const struct etl_facts *facts = etl_facts(r->log, i);

		if (facts->flags & ETL_FACTS_CONTINUES)
			continue;
		if (r->facts)
			return fail("repack", "%s and %s each begin with a header buffer: one session at a time",
				    r->facts->path, facts->path);
		r->facts = facts;
	}
	if (r->facts && (r->facts->flags & ETL_FACTS_HEADER))
		return COMMAND_OK;
	return fail("repack", "%s does not begin with a readable header buffer; give the session's 'header' first",
		    etl_facts(r->log, 0)->path);
}

static int add_piece(struct repack *r, const struct etl_buffer *buffer)
{
	struct piece piece = {
		.data = buffer->data,
		.size = buffer->size,
		.cpu = buffer->cpu,
		.sequence = buffer->sequence,
		.time = buffer->time_stamp,
		.place = r->count,
	};
	struct piece *more;

	if (buffer->type == ETL_BUFFER_HEADER) {
		r->header = piece;
		return 0;
	}
	if (r->count == r->capacity) {
		r->capacity = r->capacity ? 2 * r->capacity : 1024;
		more = realloc(r->pieces, r->capacity * sizeof(*more));
		if (!more)
			return -ENOMEM;
		r->pieces = more;
	}
	r->pieces[r->count++] = piece;
	return 0;
}

/* libetl gives what is there of a buffer that the file's end or damage has cut. */
static bool is_whole(const struct etl_buffer *buffer)
{
	struct etl_buffer_header head;

	if (buffer->size < sizeof(head))
		return false;
	memcpy(&head, buffer->data, sizeof(head));
	return le32toh(head.buffer_size) == buffer->size;
}

static int collect(struct repack *r)
{
	struct etl_buffer buffer;
	struct etl_cursor *cursor;
	struct etl_error error;
	int ret;

	if (etl_cursor_open(&cursor, r->log, ETL_FILE_ORDER, NULL, &error))
		return complain("repack", &error);
	while ((ret = etl_next_buffer(cursor, &buffer)) != 0) {
		if (ret < 0 || !is_whole(&buffer)) {
			if (ret < 0)
				complain("repack", etl_cursor_error(cursor));
			r->damaged++;
		} else if (add_piece(r, &buffer)) {
			etl_cursor_close(cursor);
			return fail("repack", "out of memory");
		}
	}
	etl_cursor_close(cursor);
	return COMMAND_OK;
}

/* ---- ordering ---------------------------------------------------------------- */

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_identity(const void *left, const void *right)
{
	const struct piece *a = left, *b = right;
	int order = compare(a->sequence, b->sequence);

	if (!order)
		order = compare(a->cpu, b->cpu);
	return order ? order : compare(a->time, b->time);
}

static int by_time(const void *left, const void *right)
{
	const struct piece *a = left, *b = right;
	int order = compare(a->time, b->time);

	return order ? order : compare(a->place, b->place);
}

/* The same buffer delivered twice: all is equal but the time of its flush and its flags. */
static bool same_piece(const struct piece *a, const struct piece *b)
{
	const size_t records = sizeof(struct etl_buffer_header);

	return a->sequence == b->sequence && a->cpu == b->cpu && a->size == b->size &&
	       !memcmp(a->data + records, b->data + records, a->size - records);
}

static void drop_duplicates(struct repack *r)
{
	size_t kept = 0, i;

	qsort(r->pieces, r->count, sizeof(*r->pieces), by_identity);
	for (i = 0; i < r->count; i++) {
		if (kept && same_piece(&r->pieces[kept - 1], &r->pieces[i]))
			r->duplicates++;
		else
			r->pieces[kept++] = r->pieces[i];
	}
	r->count = kept;
}

/* ---- writing ------------------------------------------------------------------ */

static int write_all(int fd, const void *data, size_t size)
{
	const char *p = data;

	while (size) {
		ssize_t n = write(fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		size -= n;
	}
	return 0;
}

/* Writes @piece with its last-buffer flag set or cleared. */
static int write_piece(struct repack *r, int fd, const struct piece *piece, bool last)
{
	struct etl_buffer_header head;
	uint16_t flags;
	int err;

	memcpy(&head, piece->data, sizeof(head));
	flags = le16toh(head.flags) & ~ETL_BUFFER_FLUSH_MARKER;
	head.flags = htole16(flags | (last ? ETL_BUFFER_FLUSH_MARKER : 0));
	err = write_all(fd, &head, sizeof(head));
	if (!err)
		err = write_all(fd, piece->data + sizeof(head), piece->size - sizeof(head));
	r->bytes += piece->size;
	return err;
}

/* A header from before the session's end gets the time of its last flush. */
static int write_header(struct repack *r, int fd)
{
	const size_t at = sizeof(struct etl_buffer_header) + sizeof(struct etl_system_header);
	unsigned char *copy = malloc(r->header.size);
	struct piece header = r->header;
	struct etl_logfile_header *logfile;
	uint64_t newest;
	int err;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, header.data, header.size);
	header.data = copy;
	logfile = (struct etl_logfile_header *)(copy + at);
	newest = r->count ? r->pieces[r->count - 1].time : r->facts->timebase.raw0;
	if (!logfile->end_time)
		logfile->end_time = htole64(etl_timebase_filetime(&r->facts->timebase, newest));
	logfile->buffers_written = htole32(r->count + 1);
	err = write_piece(r, fd, &header, true);
	free(copy);
	return err;
}

static int write_pieces(struct repack *r, int fd)
{
	int err = write_header(r, fd);
	size_t i;

	for (i = 0; !err && i < r->count; i++)
		err = write_piece(r, fd, &r->pieces[i], i == r->count - 1);
	return err;
}

/* Under another name first: the output may be one of the inputs. */
static int write_file(struct repack *r)
{
	char part[PATH_MAX];
	int fd, err;

	if (snprintf(part, sizeof(part), "%s.part", r->output) >= (int)sizeof(part))
		return fail("repack", "%s: the name is too long", r->output);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	err = fd < 0 ? -errno : write_pieces(r, fd);
	if (fd >= 0 && close(fd) && !err)
		err = -errno;
	if (!err && rename(part, r->output))
		err = -errno;
	if (!err)
		return COMMAND_OK;
	if (fd >= 0)
		unlink(part);
	return fail("repack", "cannot write %s: %s", r->output, strerror(-err));
}

static void report(const struct repack *r, bool as_json)
{
	struct json json = { .to = stdout };

	if (!as_json) {
		printf("repacked %s: %zu buffers, %zu duplicates left out, %zu damaged\n", r->output,
		       r->count + 1, r->duplicates, r->damaged);
		return;
	}
	json_open(&json, NULL, '{');
	json_string(&json, "file", r->output);
	json_number(&json, "buffers", r->count + 1);
	json_number(&json, "size", r->bytes);
	json_number(&json, "duplicates", r->duplicates);
	json_number(&json, "damaged", r->damaged);
	json_close(&json, '}');
	putchar('\n');
}

static int repack(struct repack *r)
{
	int status = find_header(r);

	if (status == COMMAND_OK)
		status = collect(r);
	if (status != COMMAND_OK)
		return status;
	drop_duplicates(r);
	if (r->count)
		qsort(r->pieces, r->count, sizeof(*r->pieces), by_time);
	return write_file(r);
}

int cmd_repack(int argc, char **argv)
{
	struct repack r = { .output = NULL };
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = &r,
		.least = 1,
		.most = INT_MAX,
		.mixed = true,
		.words = "a file",
	};
	int status = arguments_parse(&arguments, argc, argv);

	if (status != ARGUMENTS_GO_ON)
		return status;
	if (!r.output)
		return misuse("repack", "-o FILE is missing");
	r.log = open_log("repack", arguments.rest, arguments.count);
	if (!r.log)
		return COMMAND_FAILED;
	status = repack(&r);
	if (status == COMMAND_OK)
		report(&r, arguments.json);
	if (status == COMMAND_OK && r.damaged)
		status = COMMAND_FAILED;
	free(r.pieces);
	etl_close(r.log);
	return status;
}
