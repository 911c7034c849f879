// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Writing a file of whole buffers: sequential, circular, newfile
 * (etl-format sections 5.2, 6 and 11).
 *
 * What a killed process can leave behind, and why it does no harm:
 * - an appended buffer that is not complete: the file's size says so, and
 *   etl_writer_resume() cuts it off;
 * - a slot of a circular file being overwritten: its header says "empty" from
 *   before the first byte of the new content until after the last one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "writer.h"

#define PERMISSIONS	0640

int etl_pread(int fd, void *data, size_t size, uint64_t offset)
{
	unsigned char *p = data;

	while (size) {
		ssize_t n = pread(fd, p, size, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -ENODATA;
		p += n;
		size -= (size_t)n;
		offset += (size_t)n;
	}
	return 0;
}

int etl_pwrite(int fd, const void *data, size_t size, uint64_t offset, size_t *done)
{
	const unsigned char *p = data;
	size_t written = 0;
	int ret = 0;

	while (written < size) {
		ssize_t n = pwrite(fd, p + written, size - written, (off_t)(offset + written));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			ret = n ? -errno : -EIO;
			break;
		}
		written += (size_t)n;
	}
	if (done)
		*done = written;
	return ret;
}

static uint64_t filetime_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return ETL_FILETIME_UNIX + (uint64_t)now.tv_sec * 10000000 + (uint64_t)now.tv_nsec / 100;
}

/* ---- the object --------------------------------------------------------------- */

static int check_pattern(const struct etl_writer *w, struct etl_error *err)
{
	const char *found = strstr(w->pattern, "%d");

	if (!MODE(w, NEWFILE) || (found && !strstr(found + 2, "%d")))
		return 0;
	return etl_fail(err, -EINVAL, w->pattern, ETL_NO_OFFSET,
			"a file name for newfile mode needs exactly one %%d");
}

static int check_header(struct etl_writer *w, size_t size, struct etl_error *err)
{
	struct etl_buffer buffer = { 0 };
	const char *reason;
	int ret;

	if (size < BUFFER_HEADER)
		return etl_fail(err, -EINVAL, w->pattern, ETL_NO_OFFSET,
				"the header buffer is too short");
	etl_buffer_parse(w->header, &buffer);
	reason = etl_buffer_fault(&buffer, size);
	if (!reason && (buffer.type != ETL_BUFFER_HEADER || buffer.size != size))
		reason = "not one whole header buffer";
	if (reason)
		return etl_fail(err, -EINVAL, w->pattern, ETL_NO_OFFSET, "header buffer: %s", reason);
	ret = etl_facts_parse(w->header, size, &w->facts, &w->text, &reason);
	if (ret)
		return etl_fail(err, ret == -EBADMSG ? -EINVAL : ret, w->pattern, ETL_NO_OFFSET,
				"header buffer: %s", ret == -EBADMSG ? reason : "out of memory");
	return 0;
}

int etl_writer_new(struct etl_writer **writer, const char *path, const void *header, size_t size,
		   const struct etl_writer_options *options, struct etl_error *err)
{
	struct etl_writer *w = calloc(1, sizeof(*w));
	uint64_t max;
	int ret;

	if (!w)
		return etl_fail(err, -ENOMEM, path, ETL_NO_OFFSET, "out of memory");
	w->fd = -1;
	w->pattern = strdup(path);
	w->header = malloc(size ? size : 1);
	if (!w->pattern || !w->header) {
		etl_writer_close(w);
		return etl_fail(err, -ENOMEM, path, ETL_NO_OFFSET, "out of memory");
	}
	memcpy(w->header, header, size);
	ret = check_header(w, size, err);
	if (!ret)
		ret = check_pattern(w, err);
	if (ret) {
		etl_writer_close(w);
		return ret;
	}
	if (options)
		w->options = *options;
	w->buffer_size = (uint32_t)size;
	max = w->options.max_size ? w->options.max_size : w->facts.max_file_size;
	if (max)
		w->limit = max / size < 2 ? 2 : max / size;
	*writer = w;
	return 0;
}

void etl_writer_close(struct etl_writer *w)
{
	if (!w)
		return;
	if (w->fd >= 0)
		close(w->fd);
	free(w->pattern);
	free(w->path);
	free(w->header);
	free(w->text);
	free(w);
}

/* ---- files ------------------------------------------------------------------------ */

int etl_writer_name(struct etl_writer *w, unsigned int number, struct etl_error *err)
{
	const char *place = MODE(w, NEWFILE) ? strstr(w->pattern, "%d") : NULL;
	char *path = NULL;
	int ret;

	if (place)
		ret = asprintf(&path, "%.*s%u%s", (int)(place - w->pattern), w->pattern, number,
			       place + 2);
	else
		ret = asprintf(&path, "%s", w->pattern);
	if (ret < 0)
		return etl_fail(err, -ENOMEM, w->pattern, ETL_NO_OFFSET, "out of memory");
	free(w->path);
	w->path = path;
	w->number = number;
	return 0;
}

int etl_writer_open(struct etl_writer *w, int flags, struct etl_error *err)
{
	mode_t permissions = w->options.permissions ? w->options.permissions : PERMISSIONS;
	int fd = open(w->path, O_RDWR | O_CLOEXEC | O_NONBLOCK | flags, permissions);
	struct stat st;
	int ret;

	if (fd < 0)
		return etl_fail_errno(err, -errno, w->path, flags & O_CREAT ? "create" : "open");
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return etl_fail(err, -EINVAL, w->path, ETL_NO_OFFSET, "not a regular file");
	}
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		ret = -errno;
		close(fd);
		if (ret == -EWOULDBLOCK)
			return etl_fail(err, -EBUSY, w->path, ETL_NO_OFFSET,
					"another writer has the file open");
		return etl_fail_errno(err, ret, w->path, "lock");
	}
	w->fd = fd;
	return 0;
}

static int preallocate(struct etl_writer *w, struct etl_error *err)
{
	if (!MODE(w, PREALLOCATE) || !w->limit)
		return 0;
	if (fallocate(w->fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)(w->limit * w->buffer_size)))
		return etl_fail_errno(err, -errno, w->path, "reserve the file's maximum size");
	return 0;
}

int etl_writer_begin(struct etl_writer *w, struct etl_error *err)
{
	int ret;

	if (ftruncate(w->fd, 0))
		return etl_fail_errno(err, -errno, w->path, "empty");
	ret = preallocate(w, err);
	if (ret)
		return ret;
	/* Until it is finalised; the kernel's header counts what lies in memory. */
	put64(w->header + FILE_END_TIME, 0);
	put32(w->header + FILE_BUFFERS_WRITTEN, 0);
	ret = etl_pwrite(w->fd, w->header, w->buffer_size, 0, NULL);
	if (ret) {
		if (ftruncate(w->fd, 0))
			return etl_fail_errno(err, -errno, w->path, "undo a short write to");
		return etl_fail_errno(err, ret, w->path, "write the header buffer to");
	}
	w->next = 1;
	w->newest = 0;
	w->stats.buffers = 1;
	w->stats.size = w->buffer_size;
	w->stats.files++;
	return 0;
}

static int begin_file(struct etl_writer *w, unsigned int number, struct etl_error *err)
{
	bool keep = w->options.flags & ETL_WRITER_KEEP;
	int ret = etl_writer_name(w, number, err);

	if (!ret)
		ret = etl_writer_open(w, O_CREAT | (keep ? O_EXCL : 0), err);
	if (!ret)
		ret = etl_writer_begin(w, err);
	if (ret && w->fd >= 0) {
		if (keep)
			unlink(w->path);
		close(w->fd);
		w->fd = -1;
	}
	if (ret)
		w->number = number - 1;		/* tried again under the same name */
	return ret;
}

int etl_writer_create(struct etl_writer **writer, const char *path, const void *header, size_t size,
		      const struct etl_writer_options *options, struct etl_error *err)
{
	struct etl_writer *w;
	int ret = etl_writer_new(&w, path, header, size, options, err);

	if (ret)
		return ret;
	ret = begin_file(w, 1, err);
	if (ret) {
		etl_writer_close(w);
		return ret;
	}
	*writer = w;
	return 0;
}

/* ---- buffers ------------------------------------------------------------------------ */

static bool is_duplicate(const struct etl_writer *w, const struct etl_buffer *buffer)
{
	return buffer->sequence <= w->sequences[buffer->cpu];
}

static const char *data_fault(const struct etl_writer *w, const struct etl_buffer *buffer)
{
	if (buffer->size != w->buffer_size)
		return "BufferSize is not the session's";
	if (buffer->type == ETL_BUFFER_HEADER)
		return "a header buffer among data buffers";
	return etl_buffer_fault(buffer, w->buffer_size);
}

static int check_data(const struct etl_writer *w, const unsigned char *data, size_t count,
		      struct etl_error *err)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct etl_buffer buffer = { 0 };
		const char *reason;

		etl_buffer_parse(data + i * w->buffer_size, &buffer);
		reason = data_fault(w, &buffer);
		if (reason)
			return etl_fail(err, -EINVAL, w->path, ETL_NO_OFFSET,
					"buffer %zu of %zu offered for writing: %s", i, count, reason);
	}
	return 0;
}

/* How many buffers from @data on, at most @count, are one CPU's and in ascending order. */
static size_t run_length(const struct etl_writer *w, const unsigned char *data, size_t count)
{
	struct etl_buffer first = { 0 }, buffer = { 0 };
	uint64_t last;
	size_t n;

	etl_buffer_parse(data, &first);
	last = first.sequence;
	for (n = 1; n < count; n++) {
		etl_buffer_parse(data + n * w->buffer_size, &buffer);
		if (buffer.cpu != first.cpu || buffer.sequence <= last)
			break;
		last = buffer.sequence;
	}
	return n;
}

/* Books the buffers at @data as written from slot w->next on. */
static void account(struct etl_writer *w, const unsigned char *data, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct etl_buffer buffer = { 0 };

		etl_buffer_parse(data + i * w->buffer_size, &buffer);
		w->sequences[buffer.cpu] = buffer.sequence;
		w->stats.written++;
		w->newest = w->next++;
		if (w->next > w->stats.buffers)
			w->stats.buffers = w->next;
		else
			w->stats.overwritten++;
	}
	w->stats.size = w->stats.buffers * w->buffer_size;
}

/* Appends behind the end of the file; *@done counts whole buffers also on error. */
static int extend(struct etl_writer *w, const unsigned char *data, size_t count, size_t *done,
		  struct etl_error *err)
{
	uint64_t offset = w->next * w->buffer_size;
	size_t bytes = 0;
	int ret = etl_pwrite(w->fd, data, count * w->buffer_size, offset, &bytes);

	*done = bytes / w->buffer_size;
	account(w, data, *done);
	if (!ret)
		return 0;
	if (bytes % w->buffer_size && ftruncate(w->fd, (off_t)w->stats.size))
		return etl_fail_errno(err, -errno, w->path, "undo a short write to");
	return etl_fail_errno(err, ret, w->path, "write to");
}

/* Replaces slot w->next by the buffer at @data, with an empty buffer in between. */
static int overwrite(struct etl_writer *w, const unsigned char *data, struct etl_error *err)
{
	uint64_t offset = w->next * w->buffer_size;
	unsigned char old[sizeof(struct etl_buffer_header)];
	int ret = etl_pread(w->fd, old, sizeof(old), offset);

	if (ret)
		return etl_fail_errno(err, ret, w->path, "read the oldest buffer of");
	put32(old + offsetof(struct etl_buffer_header, offset), BUFFER_HEADER);
	put32(old + offsetof(struct etl_buffer_header, saved_offset), BUFFER_HEADER);
	ret = etl_pwrite(w->fd, old, sizeof(old), offset, NULL);
	if (!ret)
		ret = etl_pwrite(w->fd, data + BUFFER_HEADER, w->buffer_size - BUFFER_HEADER,
				 offset + BUFFER_HEADER, NULL);
	if (!ret)
		ret = etl_pwrite(w->fd, data, BUFFER_HEADER, offset, NULL);
	if (ret)
		return etl_fail_errno(err, ret, w->path, "overwrite the oldest buffer of");
	account(w, data, 1);
	return 0;
}

/* Sees to it that slot w->next may be written, by whatever the mode does at the limit. */
static int make_room(struct etl_writer *w, struct etl_error *err)
{
	int ret;

	if (w->fd < 0 && !MODE(w, NEWFILE))
		return etl_fail(err, -EBADF, w->path, ETL_NO_OFFSET, "the file is finalised");
	if (w->fd < 0)
		return begin_file(w, w->number + 1, err);
	if (!w->limit || w->next < w->limit)
		return 0;
	if (MODE(w, NEWFILE)) {
		struct etl_totals totals = w->totals;

		totals.end_time = 0;
		ret = etl_writer_finalise(w, &totals, err);
		return ret ? ret : begin_file(w, w->number + 1, err);
	}
	if (!MODE(w, CIRCULAR))
		return etl_fail(err, -EFBIG, w->path, ETL_NO_OFFSET,
				"the maximum file size is reached");
	w->next = 1;
	return 0;
}

static int write_run(struct etl_writer *w, const unsigned char *data, size_t count, size_t *done,
		     struct etl_error *err)
{
	int ret = make_room(w, err);

	*done = 0;
	if (ret)
		return ret;
	if (w->next < w->stats.buffers) {
		ret = overwrite(w, data, err);
		*done = !ret;
		return ret;
	}
	if (w->limit && count > w->limit - w->next)
		count = w->limit - w->next;
	return extend(w, data, count, done, err);
}

int etl_writer_append(struct etl_writer *w, const void *data, size_t count, size_t *taken,
		      struct etl_error *err)
{
	const unsigned char *p = data;
	int ret = check_data(w, p, count, err);
	size_t i = 0;

	while (!ret && i < count) {
		const unsigned char *at = p + i * w->buffer_size;
		struct etl_buffer buffer = { 0 };
		size_t done;

		etl_buffer_parse(at, &buffer);
		if (is_duplicate(w, &buffer)) {
			w->stats.duplicates++;
			i++;
			continue;
		}
		ret = write_run(w, at, run_length(w, at, count - i), &done, err);
		i += done;
	}
	if (taken)
		*taken = i;
	return ret;
}

/* When the file ends, at @time (0 = now): not before it began, where the clock was set back. */
static uint64_t end_time(const struct etl_writer *w, uint64_t time)
{
	if (!time)
		time = filetime_now();
	return time > w->facts.start_time ? time : w->facts.start_time;
}

/* ---- the end ---------------------------------------------------------------------------- */

int etl_writer_mark(struct etl_writer *w, uint64_t slot, bool last, struct etl_error *err)
{
	uint64_t offset = slot * w->buffer_size + offsetof(struct etl_buffer_header, flags);
	unsigned char flags[2];
	int ret = etl_pread(w->fd, flags, sizeof(flags), offset);

	if (ret)
		return etl_fail_errno(err, ret, w->path, "read the last buffer of");
	put16(flags, (uint16_t)(last ? get16(flags) | ETL_BUFFER_FLUSH_MARKER
				     : get16(flags) & ~ETL_BUFFER_FLUSH_MARKER));
	ret = etl_pwrite(w->fd, flags, sizeof(flags), offset, NULL);
	return ret ? etl_fail_errno(err, ret, w->path, "mark the last buffer of") : 0;
}

static uint32_t saturate(uint64_t a, uint64_t b)
{
	return a + b > UINT32_MAX || a + b < a ? UINT32_MAX : (uint32_t)(a + b);
}

int etl_writer_finalise(struct etl_writer *w, const struct etl_totals *totals, struct etl_error *err)
{
	unsigned char head[FILE_BUFFERS_LOST + 4];
	int ret;

	if (w->fd < 0)
		return 0;
	ret = w->newest ? etl_writer_mark(w, w->newest, true, err) : 0;
	if (ret)
		return ret;
	ret = etl_pread(w->fd, head, sizeof(head), 0);
	if (ret)
		return etl_fail_errno(err, ret, w->path, "read the header buffer of");
	put64(head + FILE_END_TIME, end_time(w, totals->end_time));
	put32(head + FILE_BUFFERS_WRITTEN, saturate(w->stats.buffers, 0));
	put32(head + FILE_EVENTS_LOST, saturate(w->old_events_lost, totals->events_lost));
	put32(head + FILE_BUFFERS_LOST, saturate(w->old_buffers_lost, totals->buffers_lost));
	ret = etl_pwrite(w->fd, head, sizeof(head), 0, NULL);
	if (ret)
		return etl_fail_errno(err, ret, w->path, "complete the header buffer of");
	if (MODE(w, PREALLOCATE) && ftruncate(w->fd, (off_t)w->stats.size))
		return etl_fail_errno(err, -errno, w->path, "give back space of");
	ret = close(w->fd) ? -errno : 0;	/* with -EIO and -EDQUOT, too, it is closed */
	w->fd = -1;
	return ret ? etl_fail_errno(err, ret, w->path, "close") : 0;
}

/* ---- what is asked about it ---------------------------------------------------------------- */

void etl_writer_totals(struct etl_writer *w, const struct etl_totals *totals)
{
	w->totals = *totals;
}

uint64_t etl_writer_sequence(const struct etl_writer *w, uint16_t cpu)
{
	return cpu < CPUS ? w->sequences[cpu] : 0;
}

const struct etl_writer_stats *etl_writer_stats(const struct etl_writer *w)
{
	return &w->stats;
}

const char *etl_writer_path(const struct etl_writer *w)
{
	return w->path;
}
