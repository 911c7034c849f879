// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "filetime.h"

#define SECOND		10000000u
#define DAY		(86400ull * SECOND)
/* Days from 0000-03-01, where the reckoning below begins, to 1601-01-01. */
#define EPOCH		584694u

/* Years begin with March here, so that the leap day is the last one. */
static uint64_t days_of(unsigned int year, unsigned int month, unsigned int day)
{
	uint64_t y = year - (month <= 2);
	uint64_t m = month > 2 ? month - 3 : month + 9;

	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - EPOCH;
}

/* ".5" at @text: 100 ns units, and *@end behind it; digits beyond the seventh are ignored. */
static uint64_t fraction(const char *text, const char **end)
{
	uint64_t value = 0, unit = SECOND;

	if (*text != '.') {
		*end = text;
		return 0;
	}
	for (text++; *text >= '0' && *text <= '9'; text++) {
		unit /= 10;
		value += unit * (uint64_t)(*text - '0');
	}
	*end = text;
	return value;
}

static bool parse_offset(const char *text, uint64_t start, uint64_t *filetime)
{
	uint64_t seconds = 0;
	const char *end;

	if (*text < '0' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (seconds > UINT32_MAX)
			return false;
		seconds = 10 * seconds + (uint64_t)(*text - '0');
	}
	*filetime = start + seconds * SECOND + fraction(text, &end);
	return !*end;
}

bool filetime_parse(const char *text, uint64_t start, uint64_t *filetime)
{
	unsigned int year, month, day, hour, minute, second = 0;
	uint64_t part;
	const char *end;
	int used = 0;

	if (*text == '+')
		return parse_offset(text + 1, start, filetime);
	if (sscanf(text, "%4u-%2u-%2u%*1[ T]%2u:%2u%n", &year, &month, &day, &hour, &minute,
		   &used) < 5 || !used)
		return false;
	text += used;
	if (sscanf(text, ":%2u%n", &second, &used) == 1)
		text += used;
	part = fraction(text, &end);
	if (*end == 'Z')
		end++;
	if (*end || year < 1601 || !month || month > 12 || !day || day > 31 || hour > 23 ||
	    minute > 59 || second > 60)
		return false;
	*filetime = days_of(year, month, day) * DAY +
		    (hour * 3600ull + minute * 60 + second) * SECOND + part;
	return true;
}
