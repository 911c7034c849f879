/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers of records in file order, for whoever reads them in time order.
 */
#ifndef WMITRACE_RECORD_INDEX_H
#define WMITRACE_RECORD_INDEX_H

#include "etl.h"

struct record_index;

/*
 * Counts the records of each buffer in @range (NULL: the whole log); the first
 * record there is number @first.  NULL if memory runs out.
 */
struct record_index *record_index_new(struct etl_log *log, const struct etl_range *range,
				      uint64_t first);
void record_index_free(struct record_index *index);
/* The number of @rec.  To be called once for each record of a time order cursor, in its order. */
uint64_t record_index_take(struct record_index *index, const struct etl_record *rec);

#endif /* WMITRACE_RECORD_INDEX_H */
