// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * FILETIMEs as dates: the Gregorian calendar since 1601.
 */
#include "private.h"

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

static char *put(char *at, unsigned int value, int digits)
{
	int i;

	for (i = digits - 1; i >= 0; i--) {
		at[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return at + digits;
}

void etl_filetime_format(uint64_t filetime, char text[ETL_FILETIME_TEXT])
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
