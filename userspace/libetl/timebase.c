// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Raw time stamps to FILETIMEs and back in exact integers (etl-format section 7).
 */
#include "private.h"

/*
 * ticks * num / den for ticks >= 0, without overflow as long as num * den fits
 * 64 bits (etl_facts_parse() sees to that); *@rest tells whether it was rounded.
 */
static uint64_t scale(uint64_t ticks, uint64_t num, uint64_t den, bool *rest)
{
	uint64_t part = ticks % den * num;

	*rest = part % den != 0;
	return ticks / den * num + part / den;
}

uint64_t etl_timebase_filetime(const struct etl_timebase *base, uint64_t raw)
{
	int64_t delta = (int64_t)(raw - base->raw0);
	uint64_t back;
	bool rest;

	if (!base->type)
		return 0;
	if (base->num == base->den)
		return base->start + (uint64_t)delta;
	if (delta >= 0)
		return base->start + scale((uint64_t)delta, base->num, base->den, &rest);
	back = scale(0 - (uint64_t)delta, base->num, base->den, &rest);
	return base->start - back - rest;
}

uint64_t etl_timebase_raw(const struct etl_timebase *base, uint64_t filetime)
{
	uint64_t ticks;
	bool rest;

	if (!base->type)
		return 0;
	if (filetime >= base->start) {
		uint64_t ahead = filetime - base->start;

		if (ahead / base->num >= UINT64_MAX / base->den)
			return UINT64_MAX;
		ticks = scale(ahead, base->den, base->num, &rest);
		return base->raw0 > UINT64_MAX - ticks - rest ? UINT64_MAX
							      : base->raw0 + ticks + rest;
	}
	if ((base->start - filetime) / base->num >= UINT64_MAX / base->den)
		return 0;
	ticks = scale(base->start - filetime, base->den, base->num, &rest);
	return ticks > base->raw0 ? 0 : base->raw0 - ticks;
}
