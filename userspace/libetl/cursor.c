// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Iteration: the interface, and file order.
 */
#include <errno.h>
#include <stdlib.h>

#include "reader.h"

/* ---- file order -------------------------------------------------------------- */

static void enter_file(struct etl_cursor *c, size_t file, uint64_t begin)
{
	const struct file *f = &c->log->files[file];
	unsigned int cpu;

	c->file = file;
	c->walk = (struct walk){
		.file = f,
		.index = (uint32_t)file,
		.next = begin,
		.end = c->range_end && c->range_end < f->size ? c->range_end : f->size,
	};
	c->stream.file = f;
	for (cpu = 0; cpu < CPUS; cpu++)
		c->times[cpu] = f->timebase->raw0;
}

static void unload(struct etl_cursor *c)
{
	if (!c->loaded)
		return;
	c->loaded = false;
	c->times[c->stream.buffer.cpu] = c->stream.time;
	etl_stream_unload(c, &c->stream);
}

/* 1 with the next buffer loaded, 0 at the end, -EBADMSG. */
static int load_next(struct etl_cursor *c)
{
	struct etl_buffer buffer;
	const char *fault;
	int ret;

	unload(c);
	for (;;) {
		ret = etl_walk_next(&c->walk, &buffer, &fault);
		if (ret)
			break;
		c->stats.unused += c->walk.unused;
		c->walk.unused = 0;
		if (c->file >= c->last_file)
			return 0;
		enter_file(c, c->file + 1, 0);
	}
	if (ret < 0)
		return etl_cursor_damage(c, c->walk.file, buffer.offset, c->walk.next - buffer.offset,
					 fault);
	etl_stream_load(c, &c->stream, &buffer, fault);
	c->stream.time = c->times[buffer.cpu];
	c->loaded = true;
	return 1;
}

static int next_in_file(struct etl_cursor *c, struct etl_record *rec)
{
	int ret;

	for (;;) {
		if (c->loaded) {
			ret = etl_stream_next(c, &c->stream, rec);
			if (ret)
				return ret;
		}
		if (c->by_buffer)
			return 0;
		ret = load_next(c);
		if (ret <= 0)
			return ret;
	}
}

int etl_next_buffer(struct etl_cursor *c, struct etl_buffer *buffer)
{
	int ret;

	if (c->order != ETL_FILE_ORDER)
		return etl_fail(&c->error, -EINVAL, NULL, ETL_NO_OFFSET,
				"buffers have file order only");
	c->by_buffer = true;
	ret = load_next(c);
	if (ret > 0)
		*buffer = c->stream.buffer;
	return ret;
}

/* ---- both orders --------------------------------------------------------------- */

int etl_next(struct etl_cursor *c, struct etl_record *rec)
{
	return c->order == ETL_FILE_ORDER ? next_in_file(c, rec) : etl_merge_next(c, rec);
}

const struct etl_error *etl_cursor_error(const struct etl_cursor *c)
{
	return &c->error;
}

const struct etl_stats *etl_cursor_stats(const struct etl_cursor *c)
{
	return &c->stats;
}

void etl_cursor_close(struct etl_cursor *c)
{
	if (!c)
		return;
	etl_merge_close(c->merge);
	free(c->stream.expanded);
	free(c->touched);
	free(c->times);
	free(c);
}

static int open_in_file_order(struct etl_cursor *c, const struct etl_range *range)
{
	c->times = calloc(CPUS, sizeof(*c->times));
	if (!c->times)
		return -ENOMEM;
	c->range_end = range ? range->end : 0;
	c->last_file = range ? range->file : c->log->count - 1;
	enter_file(c, range ? range->file : 0, range ? range->begin : 0);
	return 0;
}

int etl_cursor_open(struct etl_cursor **cursor, struct etl_log *log, enum etl_order order,
		    const struct etl_range *range, struct etl_error *err)
{
	struct etl_cursor *c;
	int ret;

	if (range && (range->file >= log->count || range->begin > log->files[range->file].size))
		return etl_fail(err, -EINVAL, NULL, ETL_NO_OFFSET, "the range is outside the log");
	c = calloc(1, sizeof(*c));
	if (c)
		c->touched = calloc(log->count, sizeof(*c->touched));
	if (!c || !c->touched) {
		etl_cursor_close(c);
		return etl_fail(err, -ENOMEM, NULL, ETL_NO_OFFSET, "out of memory");
	}
	c->log = log;
	c->order = order;
	if (order == ETL_TIME_ORDER)
		ret = etl_merge_open(c, range, err);
	else if ((ret = open_in_file_order(c, range)))
		etl_fail(err, ret, NULL, ETL_NO_OFFSET, "out of memory");
	if (ret) {
		etl_cursor_close(c);
		return ret;
	}
	*cursor = c;
	return 0;
}
