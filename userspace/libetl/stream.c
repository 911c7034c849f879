// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The records of one buffer, decompressed if need be.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lz77.h"
#include "reader.h"

#define EXPANDED_MAX	((size_t)1 << 30)	/* of all streams together */
#define GIVE_BACK	((uint64_t)8 << 20)	/* mapped bytes to read before giving back */
/* How far ahead to ask for the bytes of a stream: processors do not across pages. */
#define AHEAD		512

int etl_cursor_damage(struct etl_cursor *cursor, const struct file *file, uint64_t offset,
		      uint64_t skipped, const char *reason)
{
	cursor->stats.damaged++;
	cursor->stats.skipped += skipped;
	return etl_fail(&cursor->error, -EBADMSG, file->path, offset, "%s", reason);
}

/* Makes room for @size decompressed bytes; the old ones are not needed any more. */
static bool reserve(struct etl_cursor *cursor, struct stream *stream, size_t size)
{
	if (size <= stream->capacity)
		return true;
	cursor->expanded -= stream->capacity;
	free(stream->expanded);
	stream->capacity = 0;
	stream->expanded = size <= EXPANDED_MAX - cursor->expanded ? malloc(size) : NULL;
	if (!stream->expanded)
		return false;
	stream->capacity = size;
	cursor->expanded += size;
	return true;
}

static void expand(struct etl_cursor *cursor, struct stream *stream)
{
	const struct etl_buffer *buffer = &stream->buffer;
	size_t size = buffer->used - BUFFER_HEADER, made;

	if (!reserve(cursor, stream, size)) {
		stream->at = stream->end = NULL;
		stream->after = "decompressing needs more memory than there is or 1 GB in all";
		return;
	}
	made = etl_lz77_expand(buffer->data + BUFFER_HEADER, buffer->size - BUFFER_HEADER,
			       stream->expanded, size);
	stream->at = stream->expanded;
	stream->end = stream->expanded + made;
	stream->base = stream->expanded - BUFFER_HEADER;
	if (made < size && !stream->after)
		stream->after = "the compressed data is damaged";
}

void etl_stream_load(struct etl_cursor *cursor, struct stream *stream,
		     const struct etl_buffer *buffer, const char *fault)
{
	uint32_t used = buffer->used < buffer->size ? buffer->used : buffer->size;

	stream->buffer = *buffer;
	stream->passed = 0;
	stream->before = fault == etl_torn ? NULL : fault;
	stream->after = fault == etl_torn ? fault : NULL;
	if (buffer->flags & ETL_BUFFER_COMPRESSED) {
		expand(cursor, stream);
		return;
	}
	stream->base = buffer->data;
	stream->at = buffer->data + BUFFER_HEADER;
	stream->end = buffer->data + used;
}

/* Where in the file a place in the buffer is; compressed: where the buffer is. */
static uint64_t file_offset(const struct stream *stream)
{
	if (stream->buffer.flags & ETL_BUFFER_COMPRESSED)
		return stream->buffer.offset;
	return stream->buffer.offset + (uint64_t)(stream->at - stream->base);
}

static int tell_before(struct etl_cursor *cursor, struct stream *stream)
{
	const char *reason = stream->before;

	stream->before = NULL;
	return etl_cursor_damage(cursor, stream->file, stream->buffer.offset, stream->passed, reason);
}

static int tell_after(struct etl_cursor *cursor, struct stream *stream)
{
	const struct etl_buffer *buffer = &stream->buffer;
	const char *reason = stream->after;

	stream->after = NULL;
	return etl_cursor_damage(cursor, stream->file,
				 reason == etl_torn ? buffer->offset + buffer->size : buffer->offset,
				 0, reason);
}

/* A record of known size is skipped, otherwise the rest of the buffer. */
static int tell_record(struct etl_cursor *cursor, struct stream *stream,
		       const struct etl_record *rec, const char *reason)
{
	uint64_t place = file_offset(stream), left = (uint64_t)(stream->end - stream->at);
	uint64_t skip = rec->size && ETL_ALIGN(rec->size) < left ? ETL_ALIGN(rec->size) : left;

	stream->at += skip;
	return etl_cursor_damage(cursor, stream->file, place, skip, reason);
}

int etl_stream_next(struct etl_cursor *cursor, struct stream *stream, struct etl_record *rec)
{
	const char *reason;
	size_t left;
	int step;

	if (stream->before)
		return tell_before(cursor, stream);
	left = (size_t)(stream->end - stream->at);
	rec->time = stream->time;
	step = etl_record_parse(stream->at, left, rec, &reason);
	if (step > 0) {
		rec->buffer = &stream->buffer;
		rec->timebase = stream->file->timebase;
		rec->offset = (uint32_t)(stream->at - stream->base);
		stream->time = rec->time;
		stream->at += (size_t)step < left ? (size_t)step : left;
		cursor->stats.records++;
		__builtin_prefetch(stream->at + AHEAD);
		return 1;
	}
	/* A torn buffer's last record is cut off by the tear and nothing else. */
	if (step < 0 && stream->after != etl_torn)
		return tell_record(cursor, stream, rec, reason);
	stream->at = stream->end;
	return stream->after ? tell_after(cursor, stream) : 0;
}

void etl_stream_unload(struct etl_cursor *cursor, struct stream *stream)
{
	const struct etl_buffer *buffer = &stream->buffer;
	struct touched *touched = &cursor->touched[buffer->file];
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), low;

	cursor->stats.buffers++;
	cursor->stats.bytes += buffer->size;
	if (!stream->file->mapped)
		return;
	if (!touched->bytes || buffer->offset < touched->low)
		touched->low = buffer->offset;
	if (buffer->offset + buffer->size > touched->high)
		touched->high = buffer->offset + buffer->size;
	touched->bytes += buffer->size;
	if (touched->bytes < GIVE_BACK)
		return;
	low = touched->low - touched->low % page;
	madvise((void *)(uintptr_t)(stream->file->data + low), touched->high - low, MADV_DONTNEED);
	memset(touched, 0, sizeof(*touched));
}
