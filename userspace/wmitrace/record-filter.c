// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "failure.h"
#include "filetime.h"
#include "record-filter.h"

/* ---- options -------------------------------------------------------------- */

static bool parse_number(const char **text, uint32_t *value)
{
	char *end;
	unsigned long number;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	number = strtoul(*text, &end, strncmp(*text, "0x", 2) ? 10 : 16);
	if (errno || number > UINT32_MAX)
		return false;
	*text = end;
	*value = (uint32_t)number;
	return true;
}

static bool parse_numbers(const char *text, struct numbers *numbers)
{
	for (;;) {
		uint32_t low, high;

		if (numbers->count == FILTER_RANGES || !parse_number(&text, &low))
			return false;
		high = low;
		if (*text == '-' && (text++, !parse_number(&text, &high)))
			return false;
		if (high < low)
			return false;
		numbers->ranges[numbers->count].low = low;
		numbers->ranges[numbers->count++].high = high;
		if (!*text)
			return true;
		if (*text++ != ',')
			return false;
	}
}

static int take_numbers(const char *command, const char *value, struct numbers *numbers)
{
	if (parse_numbers(value, numbers))
		return COMMAND_OK;
	return misuse(command, "'%s' is no list of at most %d numbers and ranges like 1,4-7", value,
		      FILTER_RANGES);
}

static int take_provider(struct record_filter *filter, const char *command, const char *value)
{
	struct provider *provider = &filter->providers[filter->provider_count];

	if (filter->provider_count == FILTER_PROVIDERS)
		return misuse(command, "at most %d providers can be chosen", FILTER_PROVIDERS);
	filter->provider_count++;
	provider->name = etl_guid_parse(value, provider->guid) ? value : NULL;
	return COMMAND_OK;
}

static int take_level(struct record_filter *filter, const char *command, const char *value)
{
	uint32_t level;

	if (!parse_number(&value, &level) || *value || level > 255)
		return misuse(command, "a level is a number from 0 to 255");
	filter->level = (int)level;
	return COMMAND_OK;
}

bool record_filter_take(struct record_filter *filter, const char *command, int option,
			const char *value, int *status)
{
	*status = COMMAND_OK;
	switch (option) {
	case 'f':
		filter->from_text = value;
		break;
	case 't':
		filter->to_text = value;
		break;
	case 'p':
		*status = take_provider(filter, command, value);
		break;
	case 'i':
		*status = take_numbers(command, value, &filter->ids);
		break;
	case 'l':
		*status = take_level(filter, command, value);
		break;
	case 'c':
		*status = take_numbers(command, value, &filter->cpus);
		break;
	case 'P':
		*status = take_numbers(command, value, &filter->pids);
		break;
	case 'T':
		*status = take_numbers(command, value, &filter->tids);
		break;
	default:
		return false;
	}
	filter->active = true;
	return true;
}

static int set_time(const char *command, const char *text, const struct etl_facts *facts,
		    uint64_t *time)
{
	if (!text)
		return COMMAND_OK;
	if (!facts->timebase.type)
		return misuse(command, "%s has no logfile header, so its times are unknown",
			      facts->path);
	if (filetime_parse(text, facts->start_time, time))
		return COMMAND_OK;
	return misuse(command, "'%s' is no time like \"2025-12-19 01:28:04.5\" or +1.5", text);
}

int record_filter_times(struct record_filter *filter, const char *command,
			const struct etl_facts *facts)
{
	int status = set_time(command, filter->from_text, facts, &filter->from);

	return status ? status : set_time(command, filter->to_text, facts, &filter->to);
}

/* ---- records ---------------------------------------------------------------- */

static bool in_numbers(const struct numbers *numbers, bool present, uint32_t value)
{
	unsigned int i;

	if (!numbers->count)
		return true;
	for (i = 0; present && i < numbers->count; i++)
		if (value >= numbers->ranges[i].low && value <= numbers->ranges[i].high)
			return true;
	return false;
}

static bool has_name(const struct etl_record *rec, const char *name)
{
	struct etl_names names;
	size_t size = strlen(name);

	return etl_record_names(rec, &names) && names.provider && names.provider_size == size &&
	       !strncasecmp(names.provider, name, size);
}

static bool of_provider(const struct record_filter *filter, const struct etl_record *rec)
{
	unsigned int i;

	for (i = 0; i < filter->provider_count; i++) {
		const struct provider *provider = &filter->providers[i];

		if (provider->name ? has_name(rec, provider->name)
				   : rec->guid && !memcmp(rec->guid, provider->guid, 16))
			return true;
	}
	return !filter->provider_count;
}

static bool in_time(const struct record_filter *filter, const struct etl_record *rec)
{
	uint64_t time;

	if (!filter->from_text && !filter->to_text)
		return true;
	time = etl_record_filetime(rec);
	return time >= filter->from && time <= filter->to;
}

bool record_filter_match(const struct record_filter *filter, const struct etl_record *rec)
{
	bool thread = rec->has & ETL_HAS_THREAD;

	if (!filter->active)
		return true;
	return in_numbers(&filter->ids, true, rec->id) &&
	       in_numbers(&filter->cpus, true, rec->buffer->cpu) &&
	       in_numbers(&filter->pids, thread, rec->process) &&
	       in_numbers(&filter->tids, thread, rec->thread) &&
	       (filter->level < 0 ||
		((rec->has & ETL_HAS_LEVEL) && rec->level <= filter->level)) &&
	       of_provider(filter, rec) && in_time(filter, rec);
}
