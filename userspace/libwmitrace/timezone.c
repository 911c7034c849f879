// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "timezone.h"

#define ZONE_FOLDER	"/usr/share/zoneinfo"
#define ZONE_FILE_MAX	65536
#define RULE_MAX	128
#define NAME_UNITS	32

/* ",M3.2.0,M11.1.0" is what a rule without dates means (tzset(3)). */
#define DEFAULT_DATES	",M3.2.0,M11.1.0"

static void set_name(__le16 name[NAME_UNITS], const char *text, size_t len)
{
	size_t i;

	memset(name, 0, NAME_UNITS * sizeof(*name));
	for (i = 0; i < len && i < NAME_UNITS - 1; i++)
		name[i] = htole16((unsigned char)text[i]);
}

/* "CET" or "<+03>" */
static const char *take_name(const char *p, __le16 name[NAME_UNITS])
{
	const char *begin = p;

	if (*p == '<') {
		p = strchr(++begin, '>');
		if (!p)
			return NULL;
		set_name(name, begin, p - begin);
		return p + 1;
	}
	while (isalpha((unsigned char)*p))
		p++;
	if (p - begin < 3)
		return NULL;
	set_name(name, begin, p - begin);
	return p;
}

/* "[+-]hh[:mm[:ss]]" in minutes; seconds are dropped. */
static const char *take_minutes(const char *p, int *minutes)
{
	int sign = *p == '-' ? -1 : 1, total;
	char *end;

	p += *p == '-' || *p == '+';
	if (!isdigit((unsigned char)*p))
		return NULL;
	total = 60 * strtol(p, &end, 10);
	if (*end == ':' && isdigit((unsigned char)end[1]))
		total += strtol(end + 1, &end, 10);
	if (*end == ':' && isdigit((unsigned char)end[1]))
		strtol(end + 1, &end, 10);
	*minutes = sign * total;
	return end;
}

/* ",Mmonth.week.weekday[/time]" */
static const char *take_date(const char *p, struct etl_system_time *date)
{
	int month, week, weekday, used = 0, minutes = 2 * 60, day;

	if (sscanf(p, ",M%d.%d.%d%n", &month, &week, &weekday, &used) < 3 || !used)
		return NULL;
	if (month < 1 || month > 12 || week < 1 || week > 5 || weekday < 0 || weekday > 6)
		return NULL;
	p += used;
	if (*p == '/') {
		p = take_minutes(p + 1, &minutes);
		if (!p)
			return NULL;
	}
	day = minutes >= 0 ? minutes / 1440 : -((1439 - minutes) / 1440);
	minutes -= day * 1440;
	date->month = htole16(month);
	date->day = htole16(week);
	date->weekday = htole16(((weekday + day) % 7 + 7) % 7);
	date->hour = htole16(minutes / 60);
	date->minute = htole16(minutes % 60);
	return p;
}

static int take_daylight(const char *p, int standard, struct etl_time_zone *zone)
{
	struct etl_system_time begin = { 0 }, end = { 0 };
	int summer = standard - 60;

	p = take_name(p, zone->daylight_name);
	if (p && *p && *p != ',')
		p = take_minutes(p, &summer);
	if (!p)
		return -EINVAL;
	if (!*p)
		p = DEFAULT_DATES;
	if (p[0] == ',' && p[1] != 'M')
		return 0;
	p = take_date(p, &begin);
	if (p)
		p = take_date(p, &end);
	if (!p || *p)
		return -EINVAL;
	zone->daylight_date = begin;
	zone->standard_date = end;
	zone->daylight_bias = htole32(summer - standard);
	return 0;
}

int timezone_from_rule(const char *rule, struct etl_time_zone *zone)
{
	struct etl_time_zone result;
	const char *p;
	int standard = 0;

	memset(&result, 0, sizeof(result));
	p = take_name(rule, result.standard_name);
	if (p)
		p = take_minutes(p, &standard);
	if (!p)
		return -EINVAL;
	result.bias = htole32(standard);
	memcpy(result.daylight_name, result.standard_name, sizeof(result.daylight_name));
	if (*p && take_daylight(p, standard, &result))
		return -EINVAL;
	*zone = result;
	return 0;
}

/* The rule that ends a zoneinfo file: its last line, between two newlines. */
static int read_rule(const char *path, char rule[RULE_MAX])
{
	char *data = malloc(ZONE_FILE_MAX), *begin;
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = -EINVAL;
	ssize_t len;

	if (fd < 0 || !data)
		goto out;
	len = read(fd, data, ZONE_FILE_MAX);
	if (len < 8 || memcmp(data, "TZif", 4) || data[len - 1] != '\n')
		goto out;
	data[len - 1] = '\0';
	begin = memrchr(data, '\n', len - 1);
	if (!begin || !begin[1] || data + len - begin - 1 > RULE_MAX)
		goto out;
	strcpy(rule, begin + 1);
	err = 0;
out:
	if (fd >= 0)
		close(fd);
	free(data);
	return err;
}

static int find_rule(char rule[RULE_MAX])
{
	const char *tz = getenv("TZ");
	char path[256];

	if (!tz || !*tz)
		return read_rule("/etc/localtime", rule);
	tz += *tz == ':';
	snprintf(path, sizeof(path), "%s%s", *tz == '/' ? "" : ZONE_FOLDER "/", tz);
	if (!read_rule(path, rule))
		return 0;
	if (strlen(tz) >= RULE_MAX)
		return -EINVAL;
	strcpy(rule, tz);
	return 0;
}

void timezone_of_system(struct etl_time_zone *zone)
{
	char rule[RULE_MAX];
	time_t now = time(NULL);
	struct tm tm;

	if (!find_rule(rule) && !timezone_from_rule(rule, zone))
		return;
	memset(zone, 0, sizeof(*zone));
	if (!localtime_r(&now, &tm))
		return;
	zone->bias = htole32(-tm.tm_gmtoff / 60);
	set_name(zone->standard_name, tm.tm_zone, strlen(tm.tm_zone));
	memcpy(zone->daylight_name, zone->standard_name, sizeof(zone->daylight_name));
}
