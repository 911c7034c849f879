/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The system's time zone in the form that a logfile header has (etl-format 5.1). */
#ifndef LIBWMITRACE_TIMEZONE_H
#define LIBWMITRACE_TIMEZONE_H

#include <etl/layout.h>

/*
 * Translates a POSIX rule such as "CET-1CEST,M3.5.0,M10.5.0/3", the form in
 * TZ and at the end of zoneinfo files.  A rule by day of the year has no
 * counterpart and leaves daylight time out; a change at an hour outside 0-23
 * moves to the neighbouring weekday.  -EINVAL: not such a rule.
 */
int timezone_from_rule(const char *rule, struct etl_time_zone *zone);

/* TZ, else /etc/localtime, else the C library's present offset. */
void timezone_of_system(struct etl_time_zone *zone);

#endif /* LIBWMITRACE_TIMEZONE_H */
