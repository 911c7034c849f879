// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace convert: buffers, one being filled for each CPU, in the order of
 * their flush times as everywhere.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "convert.h"

/* Behind the logfile header: the masks, as in the module's header buffer. */
static int put_masks(unsigned char *header, const struct etl_facts *facts, const struct etl_masks *masks)
{
	struct etl_buffer_header head;
	struct etl_block block = { .data = header, .size = CONVERT_BUFFER };
	struct etl_record rec = {
		.header = ETL_HEADER_SYSTEM64,
		.kind = ETL_KIND_SYSTEM,
		.id = ETL_HOOK_MASKS,
		.version = 2,
		.time = facts->timebase.raw0,
		.thread = (uint32_t)getpid(),
		.process = (uint32_t)getpid(),
		.payload = (const unsigned char *)masks,
		.payload_size = sizeof(*masks),
	};
	int taken;

	memcpy(&head, header, sizeof(head));
	block.used = le32toh(head.offset);
	taken = etl_block_put(&block, &rec);
	if (taken < 0)
		return taken;
	head.offset = head.saved_offset = head.current_offset = htole32(block.used);
	memcpy(header, &head, sizeof(head));
	return 0;
}

int convert_writer_open(struct convert_writer *w, const char *path, const struct etl_facts *facts,
			const struct etl_masks *masks)
{
	unsigned char *header = malloc(CONVERT_BUFFER);

	w->blocks = calloc(facts->processors, sizeof(*w->blocks));
	w->cpus = facts->processors;
	w->err = header && w->blocks ? 0 : -ENOMEM;
	if (w->err)
		strcpy(w->error.reason, "out of memory");
	if (!w->err) {
		w->err = etl_header_build(header, CONVERT_BUFFER, facts, (uint32_t)getpid(),
					  (uint32_t)getpid(), 0);
		if (!w->err)
			w->err = put_masks(header, facts, masks);
		if (w->err)
			strcpy(w->error.reason, "the names do not fit into the file's header");
	}
	if (!w->err)
		w->err = etl_writer_create(&w->writer, path, header, CONVERT_BUFFER, NULL, &w->error);
	free(header);
	return w->err;
}

static void flush(struct convert_writer *w, struct etl_block *block, uint64_t time)
{
	etl_block_end(block, time);
	w->err = etl_writer_append(w->writer, block->data, 1, NULL, &w->error);
	block->used = 0;
}

static void begin(struct convert_writer *w, struct etl_block *block, uint32_t cpu)
{
	unsigned char *data = block->data ? block->data : malloc(CONVERT_BUFFER);

	if (!data) {
		w->err = -ENOMEM;
		strcpy(w->error.reason, "out of memory");
		return;
	}
	etl_block_begin(block, data, CONVERT_BUFFER, (uint16_t)cpu, 0, ++w->sequence);
}

void convert_put(struct convert_writer *w, uint32_t cpu, struct etl_record *rec)
{
	struct etl_block *block = &w->blocks[cpu < w->cpus ? cpu : 0];
	int taken;

	if (w->err)
		return;
	if (!block->used)
		begin(w, block, cpu);
	taken = w->err ? w->err : etl_block_put(block, rec);
	if (taken == -ENOSPC) {
		flush(w, block, rec->time);
		if (!w->err)
			begin(w, block, cpu);
		taken = w->err ? w->err : etl_block_put(block, rec);
	}
	if (w->err)
		return;
	if (taken < 0)
		w->too_large++;
	else
		w->records++;
}

void convert_perfinfo(struct convert_writer *w, uint32_t cpu, uint64_t time, uint16_t hook,
		      uint16_t version, const void *payload, uint32_t size)
{
	struct etl_record rec = {
		.header = ETL_HEADER_PERFINFO64,
		.kind = ETL_KIND_PERFINFO,
		.time = time,
		.id = hook,
		.version = version,
		.payload = payload,
		.payload_size = size,
	};

	convert_put(w, cpu, &rec);
}

void convert_system(struct convert_writer *w, uint32_t cpu, uint64_t time, uint16_t hook,
		    uint16_t version, uint32_t tid, uint32_t pid, const void *payload, uint32_t size)
{
	struct etl_record rec = {
		.header = ETL_HEADER_SYSTEM64,
		.kind = ETL_KIND_SYSTEM,
		.time = time,
		.id = hook,
		.version = version,
		.thread = tid,
		.process = pid,
		.payload = payload,
		.payload_size = size,
	};

	convert_put(w, cpu, &rec);
}

int convert_writer_close(struct convert_writer *w, uint64_t end, uint64_t end_filetime)
{
	struct etl_totals totals = {
		.end_time = end_filetime,
		.events_lost = w->events_lost + w->too_large,
		.buffers_lost = w->gaps,
	};
	uint32_t cpu;

	for (cpu = 0; cpu < w->cpus && w->blocks; cpu++) {
		if (w->blocks[cpu].used && !w->err)
			flush(w, &w->blocks[cpu], end);
		free(w->blocks[cpu].data);
	}
	if (w->writer && !w->err)
		w->err = etl_writer_finalise(w->writer, &totals, &w->error);
	if (w->writer)
		etl_writer_close(w->writer);
	free(w->blocks);
	return w->err;
}
