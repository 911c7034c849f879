// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Time order: the CPUs' streams of buffers, merged by record time.
 *
 * A walk over the buffer headers makes an index of 12 bytes a buffer: where
 * each lies, and which ones are a CPU's, in order.  Then a tree of losers over
 * the streams' next records tells whose turn it is: as many comparisons a record
 * as the tree is deep, none of them a branch that the processor could guess
 * wrong, against values whose place is known before the winner's new time is.
 * Equal times keep the order of the file: position decides.
 *
 * Header buffers are a stream of their own whose time counts as 0: first.
 * Stretches of a file in which no buffer was found are another, whose time
 * counts as the end.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "peek.h"
#include "reader.h"

#define FILE_SHIFT	48
#define OFFSET_MASK	(((uint64_t)1 << FILE_SHIFT) - 1)
#define FILES_MAX	0xffffu
#define NONE		UINT32_MAX
#define AT_END		((uint64_t)NONE << 32)	/* ranks from here on: streams that have nothing left */
#define NOBODY		UINT64_MAX		/* rank where no game was played yet */

/* Streams of a file besides those of its CPUs. */
#define HEADER_STREAM	CPUS
#define DAMAGE_STREAM	(CPUS + 1)
#define KINDS		(CPUS + 2)

/* A stream's next record among the others'. */
struct player {
	uint64_t key;			/* its time */
	uint64_t rank;			/* position of its buffer in the index << 32 | number of the stream */
};

/* What the index holds of a file. */
struct part {
	uint64_t end;			/* of the range that is read */
	size_t first;			/* index number of its first entry */
};

struct merge {
	uint64_t *places;		/* index: file << 48 | offset, in file order */
	uint32_t *order;		/* index numbers, stream after stream */
	size_t entries, capacity;
	struct part *parts;		/* one per file */
	struct stream *streams;
	uint8_t *kinds;			/* KIND_* of each stream */
	size_t stream_count, stream_capacity;
	struct player *losers;		/* [1 ..]: who lost there; below node n are 2n and 2n + 1 */
	struct player winner;		/* whose record is next */
	bool convert;			/* files with different clocks: compare FILETIMEs */
	bool stale;			/* the winner has moved on since its key was taken */
};

enum { KIND_CPU, KIND_HEADER, KIND_DAMAGE };

/* ---- building the index -------------------------------------------------------- */

/* What is needed while the index is built only. */
struct builder {
	struct etl_cursor *cursor;
	struct merge *merge;
	uint32_t *owners;		/* stream of each entry */
	uint32_t *streams;		/* of the current file, by CPU or HEADER_STREAM, DAMAGE_STREAM */
};

static int grow_entries(struct builder *b)
{
	struct merge *m = b->merge;
	size_t capacity = m->capacity ? 2 * m->capacity : 256;
	void *p;

	if (m->entries >= NONE - 1)
		return -EFBIG;
	p = reallocarray(m->places, capacity, sizeof(*m->places));
	if (!p)
		return -ENOMEM;
	m->places = p;
	p = reallocarray(b->owners, capacity, sizeof(*b->owners));
	if (!p)
		return -ENOMEM;
	b->owners = p;
	m->capacity = capacity;
	return 0;
}

static int grow_streams(struct merge *m)
{
	size_t capacity = m->stream_capacity ? 2 * m->stream_capacity : 16;
	void *p = reallocarray(m->streams, capacity, sizeof(*m->streams));

	if (!p)
		return -ENOMEM;
	m->streams = p;
	p = reallocarray(m->kinds, capacity, sizeof(*m->kinds));
	if (!p)
		return -ENOMEM;
	m->kinds = p;
	m->stream_capacity = capacity;
	return 0;
}

/* The stream of the current file that @kind (CPU, header, damage) stands for. */
static int find_stream(struct builder *b, const struct file *file, unsigned int kind,
		       uint32_t *number)
{
	struct merge *m = b->merge;
	struct stream *s;

	if (b->streams[kind] == NONE) {
		if (m->stream_count == m->stream_capacity && grow_streams(m))
			return -ENOMEM;
		s = &m->streams[m->stream_count];
		memset(s, 0, sizeof(*s));
		s->file = file;
		s->time = file->timebase->raw0;
		s->by_sequence = true;
		s->by_time = true;
		m->kinds[m->stream_count] = kind == HEADER_STREAM ? KIND_HEADER :
					    kind == DAMAGE_STREAM ? KIND_DAMAGE : KIND_CPU;
		b->streams[kind] = (uint32_t)m->stream_count++;
	}
	*number = b->streams[kind];
	return 0;
}

static int add_entry(struct builder *b, const struct file *file, const struct etl_buffer *buffer,
		     bool damage)
{
	unsigned int kind = damage ? DAMAGE_STREAM :
			    buffer->type == ETL_BUFFER_HEADER ? HEADER_STREAM : buffer->cpu;
	struct merge *m = b->merge;
	struct stream *s;
	uint32_t number;
	int ret = m->entries == m->capacity ? grow_entries(b) : 0;

	if (!ret)
		ret = find_stream(b, file, kind, &number);
	if (ret)
		return ret;
	m->places[m->entries] = (uint64_t)buffer->file << FILE_SHIFT | buffer->offset;
	b->owners[m->entries++] = number;
	s = &m->streams[number];
	s->count++;
	if (kind >= CPUS)
		return 0;
	s->by_sequence = s->by_sequence && (s->count == 1 || buffer->sequence > s->last_sequence);
	s->by_time = s->by_time && buffer->time_stamp >= s->last_time;
	s->last_sequence = buffer->sequence;
	s->last_time = buffer->time_stamp;
	return 0;
}

/*
 * Reads the header of the buffer at @offset without touching the mapping, which
 * would map all pages around it.  False if there is anything particular about
 * it, or nothing to read from.
 */
static bool read_header(const struct file *file, uint64_t offset, uint64_t end,
			struct etl_buffer *buffer)
{
	unsigned char header[sizeof(struct etl_buffer_header)];

	if (!file->mapped || !file->stride || end - offset < file->stride ||
	    pread(file->fd, header, sizeof(header), (off_t)offset) != sizeof(header))
		return false;
	etl_buffer_parse(header, buffer);
	buffer->offset = offset;
	return buffer->size == file->stride && !etl_buffer_fault(buffer, file->stride);
}

static int index_file(struct builder *b, size_t number, uint64_t begin)
{
	struct etl_cursor *c = b->cursor;
	const struct file *file = &c->log->files[number];
	struct walk walk = {
		.file = file,
		.index = (uint32_t)number,
		.next = begin,
		.end = b->merge->parts[number].end,
	};
	struct stream seen = { .file = file };
	struct etl_stats stats = c->stats;
	const char *fault;
	int found, ret;

	memset(b->streams, 0xff, KINDS * sizeof(*b->streams));
	seen.buffer.file = (uint32_t)number;
	for (;;) {
		while (read_header(file, walk.next, walk.end, &seen.buffer)) {
			ret = add_entry(b, file, &seen.buffer, false);
			if (ret)
				return ret;
			walk.next += file->stride;
		}
		found = etl_walk_next(&walk, &seen.buffer, &fault);
		if (!found)
			break;
		ret = add_entry(b, file, &seen.buffer, found < 0);
		if (ret)
			return ret;
		if (found > 0)
			etl_stream_unload(c, &seen);
	}
	c->stats = stats;
	c->stats.unused += walk.unused;
	return 0;
}

static int by_sequence(const void *a, const void *b, void *context)
{
	const struct etl_cursor *c = context;
	const uint64_t *places = c->merge->places;
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const struct file *file = &c->log->files[places[x] >> FILE_SHIFT];
	const size_t at = offsetof(struct etl_buffer_header, sequence_number);
	uint64_t s = get64(file->data + (places[x] & OFFSET_MASK) + at);
	uint64_t t = get64(file->data + (places[y] & OFFSET_MASK) + at);

	return s != t ? (s > t) - (s < t) : (x > y) - (x < y);
}

/*
 * Lists each stream's entries.  They are in file order, unless neither
 * SequenceNumber nor flush time rises along it: then the file is circular and
 * SequenceNumber tells.
 */
static int sort_entries(struct builder *b)
{
	struct merge *m = b->merge;
	size_t i, first = 0;

	m->order = malloc((m->entries ? m->entries : 1) * sizeof(*m->order));
	if (!m->order)
		return -ENOMEM;
	for (i = 0; i < m->stream_count; i++) {
		m->streams[i].first = first;
		first += m->streams[i].count;
		m->streams[i].count = 0;
	}
	for (i = 0; i < m->entries; i++) {
		struct stream *s = &m->streams[b->owners[i]];

		m->order[s->first + s->count++] = (uint32_t)i;
	}
	for (i = 0; i < m->stream_count; i++) {
		struct stream *s = &m->streams[i];

		if (m->kinds[i] == KIND_CPU && !s->by_sequence && !s->by_time)
			qsort_r(m->order + s->first, s->count, sizeof(*m->order), by_sequence,
				b->cursor);
	}
	return 0;
}

static int build_index(struct etl_cursor *c, const struct etl_range *range)
{
	struct builder b = { .cursor = c, .merge = c->merge };
	size_t i, first = range ? range->file : 0, last = range ? range->file : c->log->count - 1;
	int ret = 0;

	if (last > FILES_MAX)
		return -EFBIG;
	b.streams = malloc(KINDS * sizeof(*b.streams));
	c->merge->parts = calloc(c->log->count, sizeof(*c->merge->parts));
	if (!b.streams || !c->merge->parts)
		ret = -ENOMEM;
	for (i = first; !ret && i <= last; i++) {
		uint64_t end = c->log->files[i].size;

		if (range && range->end && range->end < end)
			end = range->end;
		c->merge->parts[i].end = end;
		c->merge->parts[i].first = c->merge->entries;
		ret = end > OFFSET_MASK ? -EFBIG : index_file(&b, i, range ? range->begin : 0);
	}
	if (!ret)
		ret = sort_entries(&b);
	free(b.streams);
	free(b.owners);
	return ret;
}

/* ---- the tree ---------------------------------------------------------------------- */

/* As one number each: compilers compare two words by two instructions then. */
static inline bool before(const struct player *a, const struct player *b)
{
	unsigned __int128 x = (unsigned __int128)a->key << 64 | a->rank;
	unsigned __int128 y = (unsigned __int128)b->key << 64 | b->rank;

	return x < y;
}

/* The streams' places are behind the tree's inner nodes: at stream_count + number. */
static inline size_t node_above(const struct merge *m, size_t number)
{
	return (m->stream_count + number) / 2;
}

/* @p comes in place of the winner, at the same stream: plays its games. */
static inline void replay(struct merge *m, struct player p)
{
	size_t at;

	for (at = node_above(m, (uint32_t)p.rank); at; at /= 2) {
		struct player *loser = &m->losers[at];
		uint64_t swap = -(uint64_t)before(loser, &p);
		uint64_t key = (loser->key ^ p.key) & swap, rank = (loser->rank ^ p.rank) & swap;

		loser->key ^= key;
		loser->rank ^= rank;
		p.key ^= key;
		p.rank ^= rank;
	}
	m->winner = p;
}

/* The first games of all: who comes to a node first waits there for the other. */
static void enter(struct merge *m, struct player p)
{
	size_t at;

	for (at = node_above(m, (uint32_t)p.rank); at && m->losers[at].rank != NOBODY; at /= 2) {
		struct player other = m->losers[at];

		if (before(&other, &p)) {
			m->losers[at] = p;
			p = other;
		}
	}
	if (at)
		m->losers[at] = p;
	else
		m->winner = p;
}

/* ---- streams ------------------------------------------------------------------------- */

/* The time by which what the stream has next is ordered; false if its buffer is at its end. */
static inline bool next_key(const struct merge *m, const struct stream *s, unsigned int kind,
			    uint64_t *key)
{
	size_t left = (size_t)(s->end - s->at);
	uint64_t time = s->time;

	if (left >= 4 && get32(s->at) != MARKER_FILL)
		time = peek_time(s->at, left, get32(s->at), time);
	else if (!s->before && !s->after)
		return false;
	if (kind != KIND_CPU)
		*key = kind == KIND_HEADER ? 0 : UINT64_MAX;
	else
		*key = m->convert ? etl_timebase_filetime(s->file->timebase, time) : time;
	return true;
}

/* Makes @s deliver entry @entry of the index: a buffer, or a stretch without one. */
static void load_entry(struct etl_cursor *c, struct stream *s, uint32_t entry)
{
	const struct merge *m = c->merge;
	uint32_t index = (uint32_t)(m->places[entry] >> FILE_SHIFT);
	struct walk walk = {
		.file = s->file,
		.index = index,
		.next = m->places[entry] & OFFSET_MASK,
		.end = m->parts[index].end,
		.number = entry - m->parts[index].first,
	};
	struct etl_buffer buffer = { 0 };
	const char *fault = NULL;

	if (etl_walk_next(&walk, &buffer, &fault) > 0) {
		etl_stream_load(c, s, &buffer, fault);
		return;
	}
	s->buffer = buffer;
	s->at = s->end;
	s->before = fault;
	s->passed = walk.next - buffer.offset;
}

static void unload(struct etl_cursor *c, struct stream *s, unsigned int kind)
{
	if (kind != KIND_DAMAGE)
		etl_stream_unload(c, s);
}

/* What stream @number has next, from the next buffer that has anything to give. */
static struct player load_next(struct etl_cursor *c, uint32_t number)
{
	struct merge *m = c->merge;
	struct stream *s = &m->streams[number];
	struct player p = { .rank = number };

	while (s->count) {
		uint32_t entry = m->order[s->first++];

		s->count--;
		load_entry(c, s, entry);
		p.rank = (uint64_t)entry << 32 | number;
		if (next_key(m, s, m->kinds[number], &p.key))
			return p;
		unload(c, s, m->kinds[number]);
	}
	c->expanded -= s->capacity;
	free(s->expanded);
	s->expanded = NULL;
	s->capacity = 0;
	return (struct player){ UINT64_MAX, AT_END | number };
}

/* Brings the winner up to date with its stream, and finds the next one. */
static inline void settle(struct etl_cursor *c)
{
	struct merge *m = c->merge;
	struct player p = m->winner;
	uint32_t number = (uint32_t)p.rank;

	m->stale = false;
	if (!next_key(m, &m->streams[number], m->kinds[number], &p.key)) {
		unload(c, &m->streams[number], m->kinds[number]);
		p = load_next(c, number);
	}
	replay(m, p);
}

int etl_merge_next(struct etl_cursor *c, struct etl_record *rec)
{
	struct merge *m = c->merge;
	int ret;

	for (;;) {
		if (m->stale)
			settle(c);
		if (m->winner.rank >= AT_END)
			return 0;
		m->stale = true;
		ret = etl_stream_next(c, &m->streams[(uint32_t)m->winner.rank], rec);
		if (ret)
			return ret;
	}
}

/* ---- open and close --------------------------------------------------------------------- */

/* Whether raw times of two files compare: the same clock of the same boot, or no header. */
static bool same_clock(const struct file *a, const struct file *b)
{
	const struct etl_timebase *x = a->timebase, *y = b->timebase;

	if (x == y || !x->type || !y->type)
		return true;
	if (x->type != y->type || x->num != y->num || x->den != y->den)
		return false;
	return x->type == ETL_CLOCK_SYSTEM || a->facts.boot_time == b->facts.boot_time;
}

static bool must_convert(const struct etl_log *log)
{
	size_t i;

	for (i = 1; i < log->count; i++)
		if (!same_clock(&log->files[0], &log->files[i]))
			return true;
	return false;
}

static int plant_tree(struct etl_cursor *c)
{
	struct merge *m = c->merge;
	uint32_t number;

	m->winner.rank = NOBODY;
	m->losers = malloc((m->stream_count + 1) * sizeof(*m->losers));
	if (!m->losers)
		return -ENOMEM;
	for (number = 0; number < m->stream_count; number++)
		m->losers[number].rank = NOBODY;
	for (number = 0; number < m->stream_count; number++)
		enter(m, load_next(c, number));
	return 0;
}

int etl_merge_open(struct etl_cursor *c, const struct etl_range *range, struct etl_error *err)
{
	int ret;

	c->merge = calloc(1, sizeof(*c->merge));
	if (!c->merge)
		return etl_fail(err, -ENOMEM, NULL, ETL_NO_OFFSET, "out of memory");
	ret = build_index(c, range);
	if (!ret) {
		c->merge->convert = must_convert(c->log);
		ret = plant_tree(c);
	}
	if (!ret)
		return 0;
	return etl_fail(err, ret, c->log->files[0].path, ETL_NO_OFFSET,
			ret == -EFBIG ? "too many buffers or files for time order"
				      : "out of memory for the index of buffers");
}

void etl_merge_close(struct merge *m)
{
	size_t i;

	if (!m)
		return;
	for (i = 0; i < m->stream_count; i++)
		free(m->streams[i].expanded);
	free(m->places);
	free(m->order);
	free(m->parts);
	free(m->streams);
	free(m->kinds);
	free(m->losers);
	free(m);
}
