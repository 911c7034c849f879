// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace info: counting.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "info.h"

#define CPUS		(ETL_PROCESSOR_MASK + 1u)
#define PROVIDERS_MAX	65536u		/* counted one by one */
#define SLOTS		(2 * PROVIDERS_MAX)

/* Providers by GUID while counting: an open hash table of indices + 1. */
struct table {
	uint32_t *slots;
	size_t capacity;		/* of tally->providers */
	size_t latest;			/* index of the provider before: the next is often the same */
};

static uint32_t hash_guid(const unsigned char *guid)
{
	uint32_t hash = 2166136261u;
	int i;

	for (i = 0; i < 16; i++)
		hash = (hash ^ guid[i]) * 16777619u;
	return hash;
}

static bool is_provider(const struct tally_provider *provider, const unsigned char *guid)
{
	return guid ? provider->has_guid && !memcmp(provider->guid, guid, 16)
		    : !provider->has_guid;
}

static struct tally_provider *add_provider(struct tally *tally, struct table *table,
					   const unsigned char *guid)
{
	struct tally_provider *provider;

	if (tally->provider_count == table->capacity) {
		size_t capacity = table->capacity ? 2 * table->capacity : 64;
		void *more = reallocarray(tally->providers, capacity, sizeof(*tally->providers));

		if (!more)
			return NULL;
		tally->providers = more;
		table->capacity = capacity;
	}
	provider = &tally->providers[tally->provider_count++];
	memset(provider, 0, sizeof(*provider));
	if (guid) {
		memcpy(provider->guid, guid, 16);
		provider->has_guid = true;
	}
	return provider;
}

/* NULL if memory runs out or PROVIDERS_MAX are known. */
static struct tally_provider *find_provider(struct tally *tally, struct table *table,
					    const unsigned char *guid)
{
	struct tally_provider *provider;
	uint32_t at;

	if (tally->provider_count && is_provider(&tally->providers[table->latest], guid))
		return &tally->providers[table->latest];
	for (at = guid ? hash_guid(guid) % SLOTS : 0; table->slots[at]; at = (at + 1) % SLOTS) {
		provider = &tally->providers[table->slots[at] - 1];
		if (is_provider(provider, guid)) {
			table->latest = table->slots[at] - 1;
			return provider;
		}
	}
	if (tally->provider_count == PROVIDERS_MAX)
		return NULL;
	provider = add_provider(tally, table, guid);
	if (provider) {
		table->slots[at] = (uint32_t)tally->provider_count;
		table->latest = tally->provider_count - 1;
	}
	return provider;
}

static void name_provider(struct tally_provider *provider, const struct etl_record *rec)
{
	struct etl_names names;
	size_t size;

	if (!rec->guid || !etl_record_names(rec, &names) || !names.provider)
		return;
	size = names.provider_size < sizeof(provider->name) ? names.provider_size
							    : sizeof(provider->name) - 1;
	memcpy(provider->name, names.provider, size);
	provider->name[size] = '\0';
}

static void count_provider(struct tally *tally, struct table *table, const struct etl_record *rec)
{
	struct tally_provider *provider = find_provider(tally, table, rec->guid);

	if (!provider) {
		tally->other_records++;
		return;
	}
	if (!provider->records++)
		name_provider(provider, rec);
	provider->bytes += ETL_ALIGN(rec->size);
}

static void stretch(uint64_t *first, uint64_t *last, uint64_t time)
{
	if (!*first || time < *first)
		*first = time;
	if (time > *last)
		*last = time;
}

static void count_record(struct tally *tally, struct table *table, const struct etl_record *rec)
{
	struct tally_cpu *cpu = &tally->cpus[rec->buffer->cpu];
	uint64_t time = rec->timebase->type ? etl_record_filetime(rec) : rec->time;

	tally->records++;
	tally->bytes += ETL_ALIGN(rec->size);
	tally->kinds[rec->kind]++;
	count_provider(tally, table, rec);
	if (rec->buffer->type == ETL_BUFFER_HEADER)
		return;
	cpu->records++;
	cpu->bytes += ETL_ALIGN(rec->size);
	stretch(&cpu->first, &cpu->last, time);
	stretch(&tally->first, &tally->last, time);
}

static void count_buffer(struct tally *tally, const struct etl_buffer *buffer)
{
	bool compressed = buffer->flags & ETL_BUFFER_COMPRESSED;

	tally->buffers++;
	tally->room += buffer->size > buffer->used ? buffer->size : buffer->used;
	tally->used += buffer->used;
	tally->compressed_buffers += compressed;
	if (buffer->type == ETL_BUFFER_HEADER)
		return;
	tally->data_buffers++;
	stretch(&tally->first_sequence, &tally->last_sequence, buffer->sequence);
	tally->cpus[buffer->cpu].buffers++;
	if (buffer->cpu >= tally->cpu_count)
		tally->cpu_count = buffer->cpu + 1u;
}

static void keep_damage(struct tally *tally, const struct etl_cursor *cursor)
{
	uint64_t count = etl_cursor_stats(cursor)->damaged;

	if (count && count <= TALLY_DAMAGE)
		tally->damage[count - 1] = *etl_cursor_error(cursor);
}

static void count_all(struct tally *tally, struct table *table, struct etl_cursor *cursor)
{
	struct etl_buffer buffer;
	struct etl_record rec;
	int found, ret;

	while ((found = etl_next_buffer(cursor, &buffer))) {
		if (found < 0) {
			keep_damage(tally, cursor);
			continue;
		}
		count_buffer(tally, &buffer);
		while ((ret = etl_next(cursor, &rec))) {
			if (ret > 0)
				count_record(tally, table, &rec);
			else
				keep_damage(tally, cursor);
		}
	}
	tally->stats = *etl_cursor_stats(cursor);
}

static int by_records(const void *a, const void *b)
{
	const struct tally_provider *x = a, *y = b;

	if (x->records != y->records)
		return (x->records < y->records) - (x->records > y->records);
	return memcmp(x->guid, y->guid, 16);
}

int tally_log(struct tally *tally, struct etl_log *log, struct etl_error *err)
{
	struct table table = { calloc(SLOTS, sizeof(*table.slots)), 0, 0 };
	struct etl_cursor *cursor;
	int ret;

	memset(tally, 0, sizeof(*tally));
	tally->cpus = calloc(CPUS, sizeof(*tally->cpus));
	ret = etl_cursor_open(&cursor, log, ETL_FILE_ORDER, NULL, err);
	if (!ret && (!table.slots || !tally->cpus)) {
		strcpy(err->reason, "out of memory");
		*err->file = '\0';
		err->offset = ETL_NO_OFFSET;
		etl_cursor_close(cursor);
		ret = -ENOMEM;
	}
	if (!ret) {
		count_all(tally, &table, cursor);
		etl_cursor_close(cursor);
		if (tally->provider_count)
			qsort(tally->providers, tally->provider_count, sizeof(*tally->providers),
			      by_records);
	}
	free(table.slots);
	return ret;
}

void tally_free(struct tally *tally)
{
	free(tally->cpus);
	free(tally->providers);
}
