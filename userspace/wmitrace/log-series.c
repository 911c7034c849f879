// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log-series.h"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The number that stands in @name for the %d of @pattern, or 0. */
static unsigned long number_of(const char *name, const char *pattern)
{
	const char *place = strstr(pattern, "%d");
	size_t before = place ? (size_t)(place - pattern) : 0;
	unsigned long number;
	char *end;

	if (!place || strncmp(name, pattern, before) || !isdigit((unsigned char)name[before]))
		return 0;
	number = strtoul(name + before, &end, 10);
	return strcmp(end, place + 2) ? 0 : number;
}

static bool is_full(const struct etl_facts *facts)
{
	return facts->size + facts->buffer_size > facts->max_file_size;
}

char *log_series_next(const struct etl_facts *facts)
{
	const char *name = base_name(facts->path), *pattern = base_name(facts->log_file_name);
	unsigned long number = number_of(name, pattern);
	const char *place = strstr(pattern, "%d");
	char *path;

	if (!(facts->mode & ETL_MODE_NEWFILE) || !number || !is_full(facts))
		return NULL;
	if (asprintf(&path, "%.*s%.*s%lu%s", (int)(name - facts->path), facts->path,
		     (int)(place - pattern), pattern, number + 1, place + 2) < 0)
		return NULL;
	return path;
}
