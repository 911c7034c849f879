// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "filetime.h"

#define SECOND		10000000u
#define DAY		(86400ull * SECOND)
#define DAYS_400	146097u		/* days of 400 Gregorian years */
#define DAYS_100	36524u
#define DAYS_4		1461u
/* Days from 0000-03-01, where the reckoning below begins, to 1601-01-01. */
#define EPOCH		584694u

/* Years begin with March here, so that the leap day is the last one. */
static void civil(uint64_t days, unsigned int *year, unsigned int *month, unsigned int *day)
{
	uint64_t era, rest, century, cycle, years, in_year, m;

	days += EPOCH;
	era = days / DAYS_400;
	rest = days % DAYS_400;
	century = rest / DAYS_100 < 3 ? rest / DAYS_100 : 3;
	rest -= century * DAYS_100;
	cycle = rest / DAYS_4;
	rest %= DAYS_4;
	years = rest / 365 < 3 ? rest / 365 : 3;
	in_year = rest - years * 365;
	m = (5 * in_year + 2) / 153;
	*day = (unsigned int)(in_year - (153 * m + 2) / 5 + 1);
	*month = (unsigned int)(m < 10 ? m + 3 : m - 9);
	*year = (unsigned int)(era * 400 + century * 100 + cycle * 4 + years + (*month <= 2));
}

static uint64_t days_of(unsigned int year, unsigned int month, unsigned int day)
{
	uint64_t y = year - (month <= 2);
	uint64_t m = month > 2 ? month - 3 : month + 9;

	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - EPOCH;
}

static char *put(char *at, unsigned int value, int digits)
{
	int i;

	for (i = digits - 1; i >= 0; i--) {
		at[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return at + digits;
}

void filetime_format(uint64_t filetime, char text[FILETIME_TEXT])
{
	unsigned int year, month, day, second = (unsigned int)(filetime % DAY / SECOND);
	char *at = text;

	civil(filetime / DAY, &year, &month, &day);
	at = put(at, year, year < 10000 ? 4 : 5);
	*at++ = '-';
	at = put(at, month, 2);
	*at++ = '-';
	at = put(at, day, 2);
	*at++ = ' ';
	at = put(at, second / 3600, 2);
	*at++ = ':';
	at = put(at, second / 60 % 60, 2);
	*at++ = ':';
	at = put(at, second % 60, 2);
	*at++ = '.';
	at = put(at, (unsigned int)(filetime % SECOND), 7);
	*at = '\0';
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
