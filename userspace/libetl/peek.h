/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The little of a record that merging needs for each, inlined there.
 */
#ifndef ETL_PEEK_H
#define ETL_PEEK_H

#include "bytes.h"
#include "etl.h"

#define MARKER_FILL	0xffffffffu
#define HEADER_TYPES	0x16		/* one more than the highest */

/* Offset of the time stamp by header type; 0 = it has none, or there is no such type. */
extern const unsigned char etl_time_at[HEADER_TYPES];

static inline bool is_typed(uint32_t marker)
{
	return marker >> 30 == 3;
}

static inline bool is_message(uint32_t marker)
{
	return marker >> 28 == 9;
}

/* Bytes of a message in front of its time stamp: with a component id it has no GUID. */
static inline uint32_t message_time_at(uint16_t flags)
{
	static const unsigned char parts[] = { 0, 4, 16, 20, 4, 8, 4, 8 };

	_Static_assert(ETL_MESSAGE_SEQUENCE == 1 && ETL_MESSAGE_GUID == 2 &&
		       ETL_MESSAGE_COMPONENTID == 4, "they are the table's index");
	return (uint32_t)sizeof(struct etl_message_header) + parts[flags & 7];
}

/*
 * The time stamp of the record that begins with @marker at @p, without looking
 * at anything else: a damaged record may have one, too.  @before if it has none.
 */
static inline uint64_t peek_time(const unsigned char *p, size_t avail, uint32_t marker,
				 uint64_t before)
{
	uint32_t at = 0;

	if (avail < 16)
		return before;
	if (is_typed(marker)) {
		uint32_t type = marker >> 16 & 0xff;

		at = type < HEADER_TYPES ? etl_time_at[type] : 0;
	} else if (is_message(marker)) {
		uint16_t flags = get16(p + 6);

		at = flags & ETL_MESSAGE_TIMESTAMP ? message_time_at(flags) : 0;
	}
	return at && avail >= at + 8 ? get64(p + at) : before;
}

#endif /* ETL_PEEK_H */
