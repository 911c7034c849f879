// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "record-index.h"

/* For each buffer of a file the number of its next record. */
struct part {
	uint64_t *next;
	size_t count;
};

struct record_index {
	size_t files;
	struct part parts[];
};

static bool reserve(struct part *part, uint64_t number)
{
	size_t count = part->count ? part->count : 64;
	uint64_t *next;

	if (number < part->count)
		return true;
	while (count <= number)
		count *= 2;
	next = reallocarray(part->next, count, sizeof(*next));
	if (!next)
		return false;
	memset(next + part->count, 0, (count - part->count) * sizeof(*next));
	part->next = next;
	part->count = count;
	return true;
}

static bool count_records(struct record_index *index, struct etl_cursor *cursor, uint64_t number)
{
	struct etl_buffer buffer;
	struct etl_record rec;
	int found, ret;

	while ((found = etl_next_buffer(cursor, &buffer))) {
		if (found < 0)
			continue;
		if (!reserve(&index->parts[buffer.file], buffer.number))
			return false;
		index->parts[buffer.file].next[buffer.number] = number;
		while ((ret = etl_next(cursor, &rec)))
			number += ret > 0;
	}
	return true;
}

struct record_index *record_index_new(struct etl_log *log, const struct etl_range *range,
				      uint64_t first)
{
	size_t files = etl_file_count(log);
	struct record_index *index = calloc(1, sizeof(*index) + files * sizeof(*index->parts));
	struct etl_cursor *cursor;
	bool done;

	if (!index)
		return NULL;
	index->files = files;
	if (etl_cursor_open(&cursor, log, ETL_FILE_ORDER, range, NULL)) {
		free(index);
		return NULL;
	}
	done = count_records(index, cursor, first);
	etl_cursor_close(cursor);
	if (done)
		return index;
	record_index_free(index);
	return NULL;
}

void record_index_free(struct record_index *index)
{
	size_t i;

	if (!index)
		return;
	for (i = 0; i < index->files; i++)
		free(index->parts[i].next);
	free(index);
}

uint64_t record_index_take(struct record_index *index, const struct etl_record *rec)
{
	return index->parts[rec->buffer->file].next[rec->buffer->number]++;
}
