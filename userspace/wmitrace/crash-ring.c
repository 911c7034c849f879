// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include <etl/layout.h>

#include "crash-ring.h"
#include "crash-salvage.h"
#include "etl.h"

#define FIRST		((uint32_t)sizeof(struct etl_buffer_header))
#define CLOSED		0x80000000u	/* in a position's offset: kmod/buffer.h */

/* What is known about the buffer that a use lies in. */
struct state {
	uint64_t commit, number;
	uint32_t seq, used, done;
};

/* Where a ring is being read. */
struct reading {
	struct crash_uses *uses;
	struct memory_dump *dump;
	const struct crash_ring *ring;
	uint32_t last;			/* the use that the position is in */
	uint32_t offset;		/* of the position */
	uint64_t time, number;		/* of the use before: its flush */
};

static uint64_t read_number(struct memory_dump *dump, uint64_t address, size_t size, bool *good)
{
	uint64_t value = 0;		/* the dump's machine is little-endian, as the format is */

	if (size > sizeof(value) || !memory_dump_read(dump, address, &value, size))
		*good = false;
	return le64toh(value);
}

static uint64_t read_field(const struct reading *r, uint32_t index, struct etl_crash_field field,
			   bool *good)
{
	return read_number(r->dump, r->ring->states[index] + le16toh(field.offset),
			   le16toh(field.size), good);
}

static bool read_state(const struct reading *r, uint32_t seq, struct state *state)
{
	const struct etl_crash_cpu *at = &r->ring->at;
	uint32_t index = seq & (r->ring->buffers - 1);
	bool good = true;

	state->commit = read_field(r, index, at->commit, &good);
	state->number = read_field(r, index, at->number, &good);
	state->seq = read_field(r, index, at->seq, &good);
	state->used = read_field(r, index, at->used, &good);
	state->done = read_field(r, index, at->done, &good);
	return good;
}

bool crash_ring_data(struct memory_dump *dump, const struct crash_ring *ring, uint32_t seq,
		     unsigned char *data)
{
	uint32_t pieces = ring->buffer_size / ETL_CRASH_PAGE, i;
	uint64_t first = (uint64_t)(seq & (ring->buffers - 1)) * pieces;

	for (i = 0; i < pieces; i++)
		if (!memory_dump_read(dump, ring->data[first + i], data + i * ETL_CRASH_PAGE,
				      ETL_CRASH_PAGE))
			return false;
	return true;
}

static bool add_use(struct reading *r, const struct crash_use *use)
{
	struct crash_uses *uses = r->uses;

	if (uses->count == uses->capacity) {
		size_t capacity = uses->capacity ? 2 * uses->capacity : 256;
		struct crash_use *more = realloc(uses->uses, capacity * sizeof(*more));

		if (!more)
			return false;
		uses->uses = more;
		uses->capacity = capacity;
	}
	uses->uses[uses->count++] = *use;
	r->time = use->time;
	if (use->number)
		r->number = use->number;
	return true;
}

/* Of a buffer that was handed over its header says all. */
static bool add_published(struct reading *r, uint32_t seq, const struct state *state, uint32_t consumed)
{
	const struct crash_ring *ring = r->ring;
	uint32_t index = seq & (ring->buffers - 1);
	struct etl_buffer_header h;
	struct crash_use use = { .cpu = ring->cpu, .seq = seq, .number = state->number };

	if (!memory_dump_read(r->dump,
			      ring->data[(uint64_t)index * (ring->buffer_size / ETL_CRASH_PAGE)], &h,
			      sizeof(h)) ||
	    le32toh(h.buffer_size) != ring->buffer_size || le64toh(h.sequence_number) != state->number ||
	    le32toh(h.offset) < FIRST || le32toh(h.offset) > ring->buffer_size ||
	    state->number <= r->number) {
		r->uses->damaged++;
		return true;
	}
	use.used = le32toh(h.offset);
	use.time = le64toh(h.time_stamp) > r->time ? le64toh(h.time_stamp) : r->time;
	r->uses->read += (int32_t)(seq - consumed) < 0;
	return add_use(r, &use);
}

/*
 * What the commit count says about a use that is open, or closed and not handed
 * over (kmod/buffer.h has its parts).  False: nothing was finished in it.
 */
static bool begin_salvage(const struct reading *r, uint32_t seq, const struct state *state,
			  struct salvage *s)
{
	uint32_t size = r->ring->buffer_size, token = le32toh(r->ring->at.close_token);
	bool opened = state->seq == seq && state->number > r->number;
	bool closed = seq != r->last || r->offset & CLOSED;
	uint32_t bytes = (uint32_t)state->commit, head = opened ? FIRST : 0;

	s->records = state->commit >> 32;
	s->counted = true;
	s->end_known = true;
	if (!closed) {
		s->end = r->offset;
	} else if (bytes % ETL_RECORD_ALIGN == token % ETL_RECORD_ALIGN) {
		s->end = state->used;
		head += token + size - state->used;
	} else if (!bytes && opened) {
		/* All is counted and the count cleared; handing it over was next. */
		s->end = state->used;
		s->counted = false;
		head = 0;
	} else {
		/* Left, but where it ends was not stored yet. */
		s->end = size;
		s->end_known = false;
	}
	if (s->end < FIRST || s->end > size || s->end % ETL_RECORD_ALIGN || bytes < head)
		return false;
	s->bytes = bytes - head;
	return !s->counted || s->records;
}

/*
 * Time of the newest record before the next use; 0: not known.  The flush time
 * does not tell it: events go on while a buffer is handed over.
 */
static uint64_t newest_time(const struct reading *r, unsigned char *data)
{
	const struct crash_uses *uses = r->uses;
	const struct crash_use *last = uses->uses + uses->count - 1;
	struct etl_record rec = { .time = 0 };
	uint32_t at = FIRST;
	const char *reason;
	int size = 1;

	if (!uses->count || last->cpu != r->ring->cpu ||
	    (!last->data && !crash_ring_data(r->dump, r->ring, last->seq, data)))
		return 0;
	if (last->data)
		memcpy(data, last->data, r->ring->buffer_size);
	for (; size > 0 && at < last->used; at += size)
		size = etl_record_parse(data + at, last->used - at, &rec, &reason);
	return rec.time;
}

static bool add_partial(struct reading *r, uint32_t seq, const struct state *state)
{
	struct crash_use use = { .cpu = r->ring->cpu, .seq = seq };
	struct salvage s = { 0 };

	if (!begin_salvage(r, seq, state, &s))
		return true;
	s.data = malloc(r->ring->buffer_size);
	if (!s.data)
		return false;
	s.time = newest_time(r, s.data);
	if (!crash_ring_data(r->dump, r->ring, seq, s.data)) {
		r->uses->damaged++;
		free(s.data);
		return true;
	}
	if (!salvage_records(&s)) {
		free(s.data);
		return false;
	}
	if (state->seq == seq && state->number > r->number)
		use.number = state->number;
	use.time = s.time > r->time ? s.time : r->time;
	use.data = s.data;
	use.used = s.used;
	r->uses->partial++;
	r->uses->records += s.found;
	r->uses->unfinished += s.unfinished;
	r->uses->missing += s.missing;
	if (add_use(r, &use))
		return true;
	free(s.data);
	return false;
}

bool crash_ring_read(struct crash_uses *uses, struct memory_dump *dump,
		     const struct crash_ring *ring)
{
	struct reading r = { .uses = uses, .dump = dump, .ring = ring };
	bool good = true;
	uint64_t pos = read_number(dump, le64toh(ring->at.pos), sizeof(pos), &good);
	uint32_t consumed = read_number(dump, le64toh(ring->at.consumed), 4, &good);
	uint32_t seq;
	int i;

	for (i = 0; i < 3; i++)
		uses->lost += read_number(dump, le64toh(ring->at.lost[i]), 8, &good);
	if (!good) {
		uses->damaged += ring->buffers;
		return true;
	}
	r.last = pos >> 32;
	r.offset = pos;
	for (seq = r.last - (ring->buffers - 1); seq != r.last + 1; seq++) {
		struct state state;

		if (!read_state(&r, seq, &state))
			uses->damaged++;
		else if (state.done == seq + 1 && state.number)
			good = add_published(&r, seq, &state, consumed);
		else if (state.done != seq + 1)
			good = add_partial(&r, seq, &state);
		if (!good)
			return false;
	}
	return true;
}
