// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Taking up a file that exists: after a crash, or to append a new session.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "writer.h"

/* What a walk over the buffers of a file found. */
struct scan {
	uint64_t buffers;	/* up to and including the last sound one */
	uint64_t seam;		/* first slot older than the one before it; 0 = none */
};

static int file_size(struct etl_writer *w, uint64_t *size, struct etl_error *err)
{
	struct stat st;

	*size = 0;
	if (fstat(w->fd, &st))
		return etl_fail_errno(err, -errno, w->path, "examine");
	*size = (uint64_t)st.st_size;
	return 0;
}

/* Learns sequence numbers; in append mode only from buffers of this session. */
static void learn(struct etl_writer *w, const struct etl_buffer *buffer)
{
	if (MODE(w, APPEND) && buffer->time_stamp < w->facts.timebase.raw0)
		return;
	if (buffer->sequence > w->sequences[buffer->cpu])
		w->sequences[buffer->cpu] = buffer->sequence;
}

static int scan_buffers(struct etl_writer *w, uint64_t slots, struct scan *scan, struct etl_error *err)
{
	unsigned char head[sizeof(struct etl_buffer_header)];
	uint64_t slot, before = 0;

	scan->buffers = 1;
	scan->seam = 0;
	for (slot = 1; slot < slots; slot++) {
		struct etl_buffer buffer = { 0 };
		int ret = etl_pread(w->fd, head, sizeof(head), slot * w->buffer_size);

		if (ret)
			return etl_fail_errno(err, ret, w->path, "read");
		etl_buffer_parse(head, &buffer);
		if (buffer.size != w->buffer_size || etl_buffer_fault(&buffer, w->buffer_size))
			continue;
		if (buffer.time_stamp < before && !scan->seam)
			scan->seam = slot;
		before = buffer.time_stamp;
		scan->buffers = slot + 1;
		learn(w, &buffer);
	}
	return 0;
}

/* Scans the open file of @size bytes, cuts its tail, and puts the writer behind the newest buffer. */
static int take_up(struct etl_writer *w, uint64_t size, struct etl_error *err)
{
	struct scan scan;
	uint64_t sound;
	int ret = scan_buffers(w, size / w->buffer_size, &scan, err);

	if (ret)
		return ret;
	sound = scan.buffers * w->buffer_size;
	if (size > sound && ftruncate(w->fd, (off_t)sound))
		return etl_fail_errno(err, -errno, w->path, "cut off the torn end of");
	w->stats.cut = size - sound;
	w->stats.buffers = scan.buffers;
	w->stats.size = sound;
	w->stats.files = 1;
	w->next = scan.buffers;
	if (MODE(w, CIRCULAR) && w->limit && scan.buffers >= w->limit && scan.seam)
		w->next = scan.seam;
	w->newest = w->next - 1;
	return w->newest ? etl_writer_mark(w, w->newest, false, err) : 0;
}

/* Reads the header buffer that the open file has. */
static int read_header(struct etl_writer *w, struct etl_facts *facts, char **text,
		       struct etl_error *err)
{
	unsigned char *data = malloc(w->buffer_size);
	const char *reason;
	int ret;

	if (!data)
		return etl_fail(err, -ENOMEM, w->path, ETL_NO_OFFSET, "out of memory");
	ret = etl_pread(w->fd, data, w->buffer_size, 0);
	if (ret) {
		free(data);
		return etl_fail_errno(err, ret, w->path, "read the header buffer of");
	}
	memset(facts, 0, sizeof(*facts));
	ret = etl_facts_parse(data, w->buffer_size, facts, text, &reason);
	if (!ret && get32(data) != w->buffer_size)
		ret = etl_fail(err, -ESTALE, w->path, 0, "the file has another buffer size");
	else if (ret == -EBADMSG)
		ret = etl_fail(err, -ESTALE, w->path, BUFFER_HEADER, "%s", reason);
	else if (ret)
		ret = etl_fail(err, ret, w->path, ETL_NO_OFFSET, "out of memory");
	if (ret) {
		free(*text);
		*text = NULL;
	}
	free(data);
	return ret;
}

static bool same_session(const struct etl_facts *a, const struct etl_facts *b)
{
	return a->timebase.type == b->timebase.type && a->timebase.raw0 == b->timebase.raw0 &&
	       a->start_time == b->start_time && !strcmp(a->logger_name, b->logger_name);
}

static bool can_append(const struct etl_facts *file, const struct etl_facts *session)
{
	return file->timebase.type == ETL_CLOCK_SYSTEM &&
	       session->timebase.type == ETL_CLOCK_SYSTEM && file->pointer_size == 8 &&
	       file->processors == session->processors;
}

/* ---- after a crash -------------------------------------------------------------------- */

/* A file shorter than its header buffer holds the start of ours, or it is not ours. */
static int resume_torn_header(struct etl_writer *w, uint64_t size, struct etl_error *err)
{
	unsigned char *data = malloc(size + 1);
	int ret;

	if (!data)
		return etl_fail(err, -ENOMEM, w->path, ETL_NO_OFFSET, "out of memory");
	ret = etl_pread(w->fd, data, size, 0);
	if (ret)
		ret = etl_fail_errno(err, ret, w->path, "read");
	else if (memcmp(data, w->header, size))
		ret = etl_fail(err, -ESTALE, w->path, 0, "the file is not this session's");
	free(data);
	if (ret)
		return ret;
	ret = etl_writer_begin(w, err);
	w->stats.cut = size;
	return ret;
}

/* Whether a finalised file of append mode has buffers of this session; they are learnt. */
static bool holds_session(struct etl_writer *w, uint64_t size)
{
	struct scan scan;
	unsigned int cpu;

	if (scan_buffers(w, size / w->buffer_size, &scan, NULL))
		return false;
	for (cpu = 0; cpu < CPUS; cpu++)
		if (w->sequences[cpu])
			return true;
	return false;
}

/* -ESTALE if a file with header @facts cannot be the one that the session left. */
static int check_owner(struct etl_writer *w, const struct etl_facts *facts, uint64_t size,
		       struct etl_error *err)
{
	bool finalised = facts->flags & ETL_FACTS_FINALISED;

	if (same_session(facts, &w->facts))
		return 0;
	if (MODE(w, APPEND) && can_append(facts, &w->facts) &&
	    (!finalised || holds_session(w, size)))
		return 0;
	return etl_fail(err, -ESTALE, w->path, BUFFER_HEADER,
			"the file is another session's: '%.60s'", facts->logger_name);
}

/* Goes on with w->path, which is open.  *@finalised: it is this session's, but complete. */
static int resume_file(struct etl_writer *w, bool *finalised, struct etl_error *err)
{
	struct etl_facts facts;
	char *text = NULL;
	uint64_t size = 0;
	int ret = file_size(w, &size, err);

	*finalised = false;
	if (ret)
		return ret;
	if (size < w->buffer_size)
		return resume_torn_header(w, size, err);
	ret = read_header(w, &facts, &text, err);
	if (ret)
		return ret;
	ret = check_owner(w, &facts, size, err);
	free(text);
	if (ret)
		return ret;
	if (MODE(w, APPEND)) {
		w->old_events_lost = facts.events_lost;
		w->old_buffers_lost = facts.buffers_lost;
	}
	*finalised = facts.flags & ETL_FACTS_FINALISED;
	return *finalised ? 0 : take_up(w, size, err);
}

static void close_file(struct etl_writer *w)
{
	close(w->fd);
	w->fd = -1;
}

/* The file counts as unfinished from here on, so that a crash shows. */
static int reopen_header(struct etl_writer *w, struct etl_error *err)
{
	static const unsigned char zero[8];
	int ret = etl_pwrite(w->fd, zero, 8, FILE_END_TIME, NULL);

	if (!ret)
		ret = etl_pwrite(w->fd, zero, 4, FILE_BUFFERS_WRITTEN, NULL);
	return ret ? etl_fail_errno(err, ret, w->path, "write the header buffer of") : 0;
}

/* Goes on with w->path, which the session's earlier drain has finalised. */
static int reopen(struct etl_writer *w, struct etl_error *err)
{
	uint64_t size;
	int ret = file_size(w, &size, err);

	if (!ret)
		ret = take_up(w, size, err);
	return ret ? ret : reopen_header(w, err);
}

static int resume_single(struct etl_writer *w, struct etl_error *err)
{
	bool finalised;
	int ret = etl_writer_name(w, 1, err);

	if (!ret)
		ret = etl_writer_open(w, 0, err);
	if (!ret)
		ret = resume_file(w, &finalised, err);
	if (ret || !finalised)
		return ret;
	if (w->options.flags & ETL_WRITER_REOPEN)
		return reopen(w, err);
	return etl_fail(err, -EALREADY, w->path, FILE_END_TIME,
			"the session's file is finalised already");
}

/* ---- after a crash, newfile -------------------------------------------------------------- */

/* The number that stands for %d in @name, or 0 if @name does not fit "prefix%dsuffix". */
static unsigned int number_in(const char *name, const char *pattern)
{
	const char *place = strstr(pattern, "%d");
	size_t prefix = (size_t)(place - pattern);
	unsigned long number;
	char *end;

	if (strncmp(name, pattern, prefix) || name[prefix] < '1' || name[prefix] > '9')
		return 0;
	number = strtoul(name + prefix, &end, 10);
	return number > UINT32_MAX - 1 || strcmp(end, place + 2) ? 0 : (unsigned int)number;
}

static int by_number_descending(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a, y = *(const unsigned int *)b;

	return (x < y) - (x > y);
}

/* All numbers for which a file exists, descending; the caller frees *@numbers. */
static int list_numbers(const struct etl_writer *w, unsigned int **numbers, size_t *count,
			struct etl_error *err)
{
	const char *slash = strrchr(w->pattern, '/');
	char *folder = slash ? strndup(w->pattern, (size_t)(slash - w->pattern) + 1) : strdup(".");
	DIR *dir = folder ? opendir(folder) : NULL;
	struct dirent *entry;
	int ret = 0;

	free(folder);
	*numbers = NULL;
	*count = 0;
	if (!dir)
		return etl_fail_errno(err, -errno, w->pattern, "list the folder of");
	while (!ret && (entry = readdir(dir))) {
		unsigned int number = number_in(entry->d_name, slash ? slash + 1 : w->pattern);
		unsigned int *more;

		if (!number)
			continue;
		more = realloc(*numbers, (*count + 1) * sizeof(**numbers));
		if (!more) {
			ret = etl_fail(err, -ENOMEM, w->pattern, ETL_NO_OFFSET, "out of memory");
			break;
		}
		*numbers = more;
		(*numbers)[(*count)++] = number;
	}
	closedir(dir);
	if (*count)
		qsort(*numbers, *count, sizeof(**numbers), by_number_descending);
	return ret;
}

/* Learns what w->path holds, if it is this session's. */
static int learn_file(struct etl_writer *w, struct etl_error *err)
{
	struct etl_facts facts;
	char *text = NULL;
	struct scan scan;
	uint64_t size = 0;
	int ret = file_size(w, &size, err);

	if (!ret)
		ret = read_header(w, &facts, &text, err);
	if (!ret && same_session(&facts, &w->facts))
		ret = scan_buffers(w, size / w->buffer_size, &scan, err);
	free(text);
	return ret == -ESTALE || ret == -ENODATA ? 0 : ret;
}

/*
 * All the session's files count: what is delivered again may have been written
 * before the last change of files.
 */
static int learn_files(struct etl_writer *w, const unsigned int *numbers, size_t count,
		       struct etl_error *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < count; i++) {
		ret = etl_writer_name(w, numbers[i], err);
		if (!ret)
			ret = etl_writer_open(w, 0, err);
		if (ret)
			break;
		ret = learn_file(w, err);
		close_file(w);
	}
	return ret;
}

/* Opens the session's file with the highest number. */
static int resume_last(struct etl_writer *w, const unsigned int *numbers, size_t count,
		       struct etl_error *err)
{
	int ret = etl_fail(err, -ENOENT, w->pattern, ETL_NO_OFFSET,
			   "there is no file of this session");
	bool finalised = false;
	size_t i;

	for (i = 0; i < count; i++) {
		ret = etl_writer_name(w, numbers[i], err);
		if (!ret)
			ret = etl_writer_open(w, 0, err);
		if (!ret)
			ret = resume_file(w, &finalised, err);
		if (ret != -ESTALE)
			break;
		close_file(w);
	}
	if (!ret && finalised)
		close_file(w);
	return ret;
}

static int resume_numbered(struct etl_writer *w, struct etl_error *err)
{
	unsigned int *numbers;
	size_t count;
	int ret = list_numbers(w, &numbers, &count, err);

	if (!ret)
		ret = learn_files(w, numbers, count, err);
	if (!ret)
		ret = resume_last(w, numbers, count, err);
	free(numbers);
	return ret;
}

int etl_writer_resume(struct etl_writer **writer, const char *path, const void *header, size_t size,
		      const struct etl_writer_options *options, struct etl_error *err)
{
	struct etl_writer *w;
	int ret = etl_writer_new(&w, path, header, size, options, err);

	if (ret)
		return ret;
	ret = MODE(w, NEWFILE) ? resume_numbered(w, err) : resume_single(w, err);
	if (ret) {
		etl_writer_close(w);
		return ret;
	}
	*writer = w;
	return 0;
}

/* ---- append mode -------------------------------------------------------------------------- */

static int append_file(struct etl_writer *w, struct etl_error *err)
{
	struct etl_facts facts;
	char *text = NULL;
	uint64_t size = 0;
	int ret = file_size(w, &size, err);

	if (!ret)
		ret = read_header(w, &facts, &text, err);
	if (ret == -ESTALE)
		ret = err ? (err->code = -EINVAL) : -EINVAL;
	if (ret)
		return ret;
	if (!can_append(&facts, &w->facts))
		ret = etl_fail(err, -EINVAL, w->path, BUFFER_HEADER,
			       "appending needs clock type 2 and the same number of processors");
	else if (!(facts.flags & ETL_FACTS_FINALISED))
		ret = etl_fail(err, -EINVAL, w->path, FILE_END_TIME, "the file is not finalised");
	w->old_events_lost = facts.events_lost;
	w->old_buffers_lost = facts.buffers_lost;
	free(text);
	if (!ret)
		ret = take_up(w, size, err);
	memset(w->sequences, 0, sizeof(w->sequences));
	return ret ? ret : reopen_header(w, err);
}

int etl_writer_append_to(struct etl_writer **writer, const char *path, const void *header,
			 size_t size, const struct etl_writer_options *options, struct etl_error *err)
{
	struct etl_writer *w;
	int ret = etl_writer_new(&w, path, header, size, options, err);

	if (ret)
		return ret;
	ret = etl_writer_name(w, 1, err);
	if (!ret)
		ret = etl_writer_open(w, 0, err);
	if (!ret)
		ret = append_file(w, err);
	if (ret) {
		etl_writer_close(w);
		return ret;
	}
	*writer = w;
	return 0;
}
