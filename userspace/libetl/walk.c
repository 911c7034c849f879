// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Finding the buffers of a file, also behind damage.
 *
 * The buffers of an uncompressed file have one size and lie at its multiples:
 * a damaged header is found out by the grid, its buffer's records are tried
 * all the same, and the next buffer is where it must be.  A compressed file is
 * a chain; behind damage the next thing is searched that looks like a buffer
 * in every respect.
 */
#include <errno.h>

#include "reader.h"

const char etl_torn[] = "the file ends inside the buffer";

/* ---- one buffer ----------------------------------------------------------- */

static bool all_zero(const unsigned char *p, uint64_t size)
{
	return !size || (!*p && (size == 1 || !memcmp(p, p + 1, size - 1)));
}

static bool record_at(const unsigned char *p, uint64_t room)
{
	struct etl_record rec;
	const char *reason;

	return room > BUFFER_HEADER &&
	       etl_record_parse(p + BUFFER_HEADER, room - BUFFER_HEADER, &rec, &reason) > 0;
}

bool etl_buffer_sound(const unsigned char *p, uint64_t room)
{
	struct etl_buffer buffer;

	if (room < BUFFER_HEADER || get32(p + offsetof(struct etl_buffer_header, state)) > 3 ||
	    get32(p + offsetof(struct etl_buffer_header, reference_count)))
		return false;
	etl_buffer_parse(p, &buffer);
	if (etl_buffer_fault(&buffer, room))
		return false;
	if (buffer.flags & ETL_BUFFER_COMPRESSED)
		return buffer.state && buffer.size > BUFFER_HEADER;
	return buffer.used == BUFFER_HEADER ? buffer.state != 0 : record_at(p, buffer.used);
}

/* On the grid the size is known: whether a header that says otherwise is wrong. */
static bool wrong_size(const struct file *file, const struct etl_buffer *buffer, uint64_t end)
{
	uint64_t next = buffer->offset + file->stride;

	if (buffer->size == file->stride || buffer->offset % file->stride)
		return false;
	return next == end || (next < end && etl_buffer_sound(file->data + next, end - next));
}

/*
 * In a chain: whether BufferSize leads into the middle of nothing, past the
 * beginning of another buffer.  Then the size is set right.
 */
static bool missed_next(const struct file *file, struct etl_buffer *buffer, uint64_t end)
{
	uint64_t next = buffer->offset + buffer->size, found;

	if (next == end || (next < end && etl_buffer_sound(file->data + next, end - next)))
		return false;
	if (next > end)
		next = end;
	found = etl_buffer_find(file, buffer->offset + BUFFER_HEADER - 1, next, end);
	if (found >= next)
		return false;
	buffer->size = (uint32_t)(found - buffer->offset);
	return true;
}

/* Whether flags, type and state are all that can be wrong: a newer Windows may have new ones. */
static bool has_its_sizes(const struct etl_buffer *buffer, uint64_t room)
{
	struct etl_buffer known = *buffer;

	known.flags &= ETL_BUFFER_COMPRESSED;
	known.type = ETL_BUFFER_GENERIC;
	known.state = ETL_BUFFER_STATE_FLUSH;
	return !etl_buffer_fault(&known, room);
}

/* In a chain: whether @buffer leads to another one, or to the end. */
static bool leads_on(const struct file *file, const struct etl_buffer *buffer, uint64_t room)
{
	uint64_t left = room - buffer->size;
	struct etl_buffer next = { 0 };

	if (!left)
		return true;
	if (left < BUFFER_HEADER)
		return false;
	etl_buffer_parse(file->data + buffer->offset + buffer->size, &next);
	return has_its_sizes(&next, left);
}

/* What to make of a buffer with @fault: 1 if its records can be tried. */
static int salvage(const struct file *file, struct etl_buffer *buffer, uint64_t room,
		   const char *fault)
{
	uint64_t size = file->stride;

	if (fault == etl_torn) {
		buffer->size = (uint32_t)room;
		return 1;
	}
	if (!size && has_its_sizes(buffer, room) && leads_on(file, buffer, room))
		return 1;
	if (!size || buffer->offset % size)
		return -EBADMSG;
	if (size > room)
		size = room;
	if (!record_at(buffer->data, size))
		return -EBADMSG;
	buffer->size = (uint32_t)size;
	if (buffer->used < BUFFER_HEADER || buffer->used > size)
		buffer->used = buffer->size;
	buffer->flags &= (uint16_t)~ETL_BUFFER_COMPRESSED;
	return 1;
}

int etl_buffer_at(const struct file *file, uint64_t offset, uint64_t end, struct etl_buffer *buffer,
		  const char **fault)
{
	uint64_t room = end - offset;

	buffer->offset = offset;
	buffer->number = file->stride ? offset / file->stride : 0;
	buffer->data = file->data + offset;
	*fault = "the file ends inside a buffer header";
	if (room < BUFFER_HEADER)
		return -EBADMSG;
	etl_buffer_parse(buffer->data, buffer);
	*fault = etl_buffer_fault(buffer, UINT64_MAX);
	if (!*fault && file->stride && wrong_size(file, buffer, end))
		*fault = "BufferSize is not that of the file's buffers";
	if (!*fault && !file->stride && missed_next(file, buffer, end)) {
		*fault = "BufferSize reaches beyond the next buffer";
		return 1;
	}
	if (!*fault && buffer->size > room)
		*fault = etl_torn;
	return *fault ? salvage(file, buffer, room, *fault) : 1;
}

/* ---- one after the other ------------------------------------------------------ */

uint64_t etl_buffer_find(const struct file *file, uint64_t from, uint64_t to, uint64_t end)
{
	uint32_t stride = file->stride;
	uint64_t at;

	if (stride) {
		for (at = (from / stride + 1) * stride; at < to; at += stride)
			if (etl_buffer_sound(file->data + at, end - at) ||
			    (end - at < stride && record_at(file->data + at, end - at)))
				return at;
		return to;
	}
	for (at = from + 1; at < to && at + BUFFER_HEADER <= end; at++)
		if (etl_buffer_sound(file->data + at, end - at))
			return at;
	return to;
}

/* Zeros to the end of the range: space that a preallocated file never used. */
static bool unused_tail(struct walk *walk)
{
	const unsigned char *p = walk->file->data + walk->next;
	uint64_t room = walk->end - walk->next;

	if (get32(p) || !all_zero(p, room))
		return false;
	walk->unused = room;
	walk->next = walk->end;
	return true;
}

int etl_walk_next(struct walk *walk, struct etl_buffer *buffer, const char **fault)
{
	uint64_t room = walk->end - walk->next;
	int ret;

	*fault = NULL;
	if (!room || (room >= 4 && unused_tail(walk)))
		return 0;
	ret = etl_buffer_at(walk->file, walk->next, walk->end, buffer, fault);
	buffer->file = walk->index;
	if (!walk->file->stride)
		buffer->number = walk->number++;
	if (ret < 0) {
		walk->next = etl_buffer_find(walk->file, walk->next, walk->end, walk->end);
		return ret;
	}
	walk->next += buffer->size;
	return ret;
}
