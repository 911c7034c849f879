// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Opening files: mapping or reading them, and finding out what they are.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reader.h"

#define READ_STEP	((size_t)1 << 20)
/* How far into a file the first sound buffer may lie behind a damaged one. */
#define SEARCH_MAX	((uint64_t)ETL_BUFFER_SIZE_MAX + 2 * BUFFER_HEADER)

/* ---- content ------------------------------------------------------------------ */

/* Reads what is there to read; *@grown tells whether that was anything. */
static int read_more(struct file *f, bool *grown, struct etl_error *err)
{
	*grown = false;
	for (;;) {
		ssize_t n;

		if (f->capacity - f->size < READ_STEP) {
			size_t capacity = 2 * f->capacity + READ_STEP;
			unsigned char *heap = realloc(f->heap, capacity);

			if (!heap)
				return etl_fail(err, -ENOMEM, f->path, ETL_NO_OFFSET,
						"out of memory for what is no mappable file");
			f->heap = heap;
			f->capacity = capacity;
		}
		n = read(f->fd, f->heap + f->size, READ_STEP);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return etl_fail_errno(err, -errno, f->path, "read");
		if (!n)
			break;
		f->size += (size_t)n;
		*grown = true;
	}
	f->data = f->heap;
	return 0;
}

/* Maps the file's first @size bytes, in place of what was mapped. */
static bool map(struct file *f, uint64_t size)
{
	void *p;

	if (!size || size > SIZE_MAX)
		return false;
	if (f->mapped)
		p = mremap((void *)(uintptr_t)f->data, f->mapped, (size_t)size, MREMAP_MAYMOVE);
	else
		p = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, f->fd, 0);
	if (p == MAP_FAILED)
		return false;
	f->data = p;
	f->size = size;
	f->mapped = (size_t)size;
	return true;
}

static int open_content(struct file *f, struct etl_error *err)
{
	struct stat st;
	bool grown;

	f->fd = open(f->path, O_RDONLY | O_CLOEXEC);
	if (f->fd < 0 || fstat(f->fd, &st))
		return etl_fail_errno(err, -errno, f->path, "open");
	if (S_ISREG(st.st_mode) && map(f, (uint64_t)st.st_size))
		return 0;
	return read_more(f, &grown, err);
}

/* ---- what it is ------------------------------------------------------------------ */

static bool sound_at(const struct file *f, uint64_t offset)
{
	return offset < f->size && etl_buffer_sound(f->data + offset, f->size - offset);
}

/*
 * The size that all buffers of the file have, or 0: @first is the first
 * buffer's BufferSize or 0 if its header is damaged, @header the logfile
 * header's or 0.
 */
static uint32_t find_stride(const struct file *f, uint32_t first, uint32_t header)
{
	if (f->facts.flags & ETL_FACTS_COMPRESSED)
		return 0;
	if (first && sound_at(f, first)) {
		const unsigned char *next = f->data + first;

		return get32(next) == first &&
		       !(get16(next + offsetof(struct etl_buffer_header, flags)) &
			 ETL_BUFFER_COMPRESSED) ? first : 0;
	}
	if (header >= BUFFER_HEADER && header <= ETL_BUFFER_SIZE_MAX &&
	    (header == first || header == f->size || sound_at(f, header)))
		return header;
	return first && first <= ETL_BUFFER_SIZE_MAX ? first : 0;
}

static void no_facts(struct file *f)
{
	free(f->text);
	f->text = NULL;
	f->facts = (struct etl_facts){
		.path = f->path,
		.pointer_size = 8,
		.standard_name = "",
		.daylight_name = "",
		.logger_name = "",
		.log_file_name = "",
	};
}

/* Reads the logfile header if the first buffer has one: its type says so or is damaged. */
static int read_facts(struct file *f, bool expect, struct etl_error *err)
{
	const char *reason;
	int ret = 0;

	no_facts(f);
	if (expect)
		ret = etl_facts_parse(f->data, f->size, &f->facts, &f->text, &reason);
	if (ret == -ENOMEM)
		return etl_fail(err, ret, f->path, ETL_NO_OFFSET, "out of memory");
	f->facts.size = f->size;
	return 0;
}

/* Finds facts and buffer size of a file that is not empty. */
static int recognise(struct file *f, struct etl_error *err)
{
	struct etl_buffer first = { 0 };
	const char *fault;
	uint64_t at;
	int ret;

	if (f->size < BUFFER_HEADER)
		return etl_fail(err, -EBADMSG, f->path, 0, "too short to be an .etl file");
	etl_buffer_parse(f->data, &first);
	fault = etl_buffer_fault(&first, UINT64_MAX);
	ret = read_facts(f, fault || first.type == ETL_BUFFER_HEADER, err);
	if (ret)
		return ret;
	if (fault)
		first.size = 0;
	f->stride = find_stride(f, first.size, f->facts.buffer_size);
	if (fault && !(f->facts.flags & ETL_FACTS_HEADER)) {
		at = etl_buffer_find(f, 0, f->size < SEARCH_MAX ? f->size : SEARCH_MAX, f->size);
		if (!sound_at(f, at))
			return etl_fail(err, -EBADMSG, f->path, 0, "not an .etl file: %s", fault);
		first.size = get32(f->data + at);
		f->stride = at % first.size ? 0 : find_stride(f, first.size, 0);
	}
	if (!(f->facts.flags & ETL_FACTS_HEADER))
		f->facts.buffer_size = f->stride ? f->stride : first.size;
	return 0;
}

/* Files without a header buffer take the time base of the file before. */
static void settle_timebases(struct etl_log *log)
{
	size_t i;

	for (i = 0; i < log->count; i++) {
		struct file *f = &log->files[i];
		bool own = f->facts.flags & ETL_FACTS_HEADER || !i;

		f->timebase = own ? &f->facts.timebase : log->files[i - 1].timebase;
		if (!own)
			f->facts.flags |= ETL_FACTS_CONTINUES;
	}
}

/* ---- the interface ------------------------------------------------------------------ */

static struct etl_log *new_log(size_t count)
{
	struct etl_log *log = calloc(1, sizeof(*log) + count * sizeof(*log->files));
	size_t i;

	if (!log)
		return NULL;
	log->count = count;
	for (i = 0; i < count; i++)
		log->files[i].fd = -1;
	return log;
}

void etl_close(struct etl_log *log)
{
	size_t i;

	if (!log)
		return;
	for (i = 0; i < log->count; i++) {
		struct file *f = &log->files[i];

		if (f->mapped)
			munmap((void *)(uintptr_t)f->data, f->mapped);
		if (f->fd >= 0)
			close(f->fd);
		free(f->heap);
		free(f->text);
		free(f->path);
	}
	free(log);
}

/* Of several files all but the first may be empty: CPU streams without events. */
static int open_file(struct etl_log *log, size_t number, const char *path, struct etl_error *err)
{
	struct file *f = &log->files[number];
	int ret;

	f->path = strdup(path);
	if (!f->path)
		return etl_fail(err, -ENOMEM, path, ETL_NO_OFFSET, "out of memory");
	no_facts(f);
	ret = open_content(f, err);
	if (ret)
		return ret;
	if (f->size)
		ret = recognise(f, err);
	else if (!number)
		ret = etl_fail(err, -EBADMSG, path, 0, "the file is empty");
	if (!f->mapped)
		f->facts.flags |= ETL_FACTS_STREAM;
	return ret;
}

int etl_open(struct etl_log **log, const char *const *paths, size_t count, struct etl_error *err)
{
	struct etl_log *l;
	size_t i;
	int ret = 0;

	if (!count)
		return etl_fail(err, -EINVAL, NULL, ETL_NO_OFFSET, "no file was named");
	l = new_log(count);
	if (!l)
		return etl_fail(err, -ENOMEM, paths[0], ETL_NO_OFFSET, "out of memory");
	for (i = 0; !ret && i < count; i++)
		ret = open_file(l, i, paths[i], err);
	if (ret) {
		etl_close(l);
		return ret;
	}
	settle_timebases(l);
	*log = l;
	return 0;
}

int etl_open_memory(struct etl_log **log, const void *data, size_t size, const char *name,
		    struct etl_error *err)
{
	struct etl_log *l = new_log(1);
	struct file *f;
	int ret;

	if (!l || !(l->files[0].path = strdup(name))) {
		etl_close(l);
		return etl_fail(err, -ENOMEM, name, ETL_NO_OFFSET, "out of memory");
	}
	f = &l->files[0];
	f->data = data;
	f->size = size;
	ret = size ? recognise(f, err) : etl_fail(err, -EBADMSG, name, 0, "the file is empty");
	if (ret) {
		etl_close(l);
		return ret;
	}
	settle_timebases(l);
	*log = l;
	return 0;
}

static int refresh_content(struct file *f, bool *grown, struct etl_error *err)
{
	struct stat st;

	*grown = false;
	if (!f->mapped)
		return read_more(f, grown, err);
	if (fstat(f->fd, &st))
		return etl_fail_errno(err, -errno, f->path, "examine");
	if ((uint64_t)st.st_size < f->size)
		return etl_fail(err, -ESTALE, f->path, (uint64_t)st.st_size,
				"the file was cut off while it was being read");
	*grown = (uint64_t)st.st_size > f->size;
	if (*grown && !map(f, (uint64_t)st.st_size))
		return etl_fail_errno(err, -errno, f->path, "map");
	return 0;
}

static int refresh_file(struct file *f, struct etl_error *err)
{
	uint32_t flags = f->facts.flags & ~ETL_FACTS_CONTINUES;
	uint64_t end_time = f->facts.end_time;
	bool grown;
	int ret;

	if (f->fd < 0)
		return 0;
	ret = refresh_content(f, &grown, err);
	if (ret || !f->size)
		return ret;
	ret = recognise(f, err);
	if (ret)
		return ret;
	f->facts.flags |= flags & ETL_FACTS_STREAM;
	return grown || f->facts.flags != flags || f->facts.end_time != end_time;
}

int etl_refresh(struct etl_log *log, struct etl_error *err)
{
	bool changed = false;
	size_t i;
	int ret = 0;

	for (i = 0; ret >= 0 && i < log->count; i++) {
		ret = refresh_file(&log->files[i], err);
		changed = changed || ret > 0;
	}
	settle_timebases(log);
	return ret < 0 ? ret : changed;
}

size_t etl_file_count(const struct etl_log *log)
{
	return log->count;
}

const struct etl_facts *etl_facts(const struct etl_log *log, size_t file)
{
	return &log->files[file].facts;
}
