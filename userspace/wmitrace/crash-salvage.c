// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include <etl/layout.h>

#include "crash-salvage.h"
#include "etl.h"

#define FIRST		((uint32_t)sizeof(struct etl_buffer_header))
#define NESTED		4u		/* contexts that interrupt one another: gaps, at most */
#define DROP_MAX	8u		/* records before a gap that may be no records */
#define STEPS_MAX	4000000u	/* of a search that finds nothing */

struct place {
	uint32_t offset, size;
	uint64_t time;
};

struct walk {
	const struct salvage *s;
	struct place *places;
	uint32_t count;			/* of them */
	uint32_t bytes;			/* of them */
	uint32_t steps;
};

static bool add_place(struct walk *w, uint64_t *time, uint32_t offset)
{
	struct etl_record rec = { .time = *time };
	const char *reason;
	int size = etl_record_parse(w->s->data + offset, w->s->end - offset, &rec, &reason);

	w->steps++;
	if (size <= 0 || (uint32_t)size > w->s->end - offset || rec.time < *time)
		return false;
	*time = rec.time;
	w->places[w->count++] = (struct place){ offset, size, rec.time };
	w->bytes += size;
	return true;
}

/* Do the records found go together with what was counted?  @at is where they end. */
static bool fits(const struct walk *w, uint32_t at)
{
	const struct salvage *s = w->s;

	if (!s->counted)
		return at == s->end;
	if (!s->end_known)
		return w->count == s->records && w->bytes == s->bytes;
	if (at != s->end || w->count < s->records || w->count - s->records > NESTED)
		return false;
	return w->count == s->records ? w->bytes == s->bytes : w->bytes > s->bytes;
}

static void drop_to(struct walk *w, uint32_t count)
{
	while (w->count > count)
		w->bytes -= w->places[--w->count].size;
}

/*
 * Walks from @at on.  Where there is no record a gap begins, or has begun with one
 * of the records before that is none.  @gap: bytes of gaps that there can be.
 */
static bool walk(struct walk *w, uint32_t at, uint64_t time, uint32_t gap, unsigned int nested)
{
	uint32_t begin = w->count, reached, length, kept, dropped;
	uint64_t from = time;

	while (!fits(w, at) && at < w->s->end && add_place(w, &time, at))
		at += w->places[w->count - 1].size;
	if (fits(w, at))
		return true;
	reached = w->count;
	for (dropped = 0; nested && dropped <= DROP_MAX && dropped <= reached - begin; dropped++) {
		kept = reached - dropped;
		if (dropped)
			at = w->places[kept].offset;	/* walks change what lies behind @kept only */
		for (length = ETL_RECORD_ALIGN; length <= gap && length <= w->s->end - at;
		     length += ETL_RECORD_ALIGN) {
			drop_to(w, kept);
			if (walk(w, at + length, kept > begin ? w->places[kept - 1].time : from,
				 gap - length, nested - 1))
				return true;
			if (w->steps > STEPS_MAX)
				return false;
		}
		drop_to(w, kept);
	}
	return false;
}

/* Nothing fits: what can be read from the start. */
static void walk_as_far_as_possible(struct walk *w)
{
	uint64_t time = w->s->time;
	uint32_t at = FIRST;

	drop_to(w, 0);
	while (at < w->s->end && (!w->s->counted || w->bytes < w->s->bytes) &&
	       add_place(w, &time, at))
		at += w->places[w->count - 1].size;
}

bool salvage_records(struct salvage *s)
{
	struct walk w = { .s = s };
	uint32_t i, at = FIRST, gap = s->end - FIRST;

	w.places = malloc((s->end / ETL_RECORD_ALIGN + 1) * sizeof(*w.places));
	if (!w.places)
		return false;
	if (s->counted && s->end_known)
		gap = s->bytes <= gap ? gap - s->bytes : 0;
	if (!walk(&w, FIRST, s->time, gap, s->counted ? NESTED : 0))
		walk_as_far_as_possible(&w);
	for (i = 0; i < w.count; i++) {
		memmove(s->data + at, s->data + w.places[i].offset, w.places[i].size);
		at += w.places[i].size;
		s->time = w.places[i].time;
	}
	s->used = at;
	s->found = w.count;
	s->unfinished = s->counted && w.count > s->records ? w.count - s->records : 0;
	s->missing = s->counted && w.count < s->records ? s->records - w.count : 0;
	free(w.places);
	return true;
}
