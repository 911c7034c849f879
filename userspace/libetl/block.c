// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Encoding: buffers and records (etl-format sections 2 and 4), the inverse of record.c.
 */
#include <errno.h>

#include "private.h"

#define EXT_HEADER	((uint32_t)sizeof(struct etl_extended_item))

void etl_block_begin(struct etl_block *block, void *data, uint32_t size, uint16_t cpu,
		     uint16_t logger_id, uint64_t sequence)
{
	unsigned char *p = data;

	block->data = data;
	block->size = size;
	block->used = BUFFER_HEADER;
	memset(p, 0, BUFFER_HEADER);
	put32(p + offsetof(struct etl_buffer_header, buffer_size), size);
	put64(p + offsetof(struct etl_buffer_header, sequence_number), sequence);
	put16(p + offsetof(struct etl_buffer_header, processor), cpu);
	put16(p + offsetof(struct etl_buffer_header, logger_id), logger_id);
	put32(p + offsetof(struct etl_buffer_header, state), ETL_BUFFER_STATE_FLUSH);
	put16(p + offsetof(struct etl_buffer_header, flags), ETL_BUFFER_PROC_INDEX);
}

void etl_block_end(struct etl_block *block, uint64_t time_stamp)
{
	unsigned char *p = block->data;

	put32(p + offsetof(struct etl_buffer_header, saved_offset), block->used);
	put32(p + offsetof(struct etl_buffer_header, current_offset), block->size + block->used);
	put64(p + offsetof(struct etl_buffer_header, time_stamp), time_stamp);
	put32(p + offsetof(struct etl_buffer_header, offset), block->used);
	memset(p + block->used, ETL_FILL_BYTE, block->size - block->used);
}

/* ---- what each header type adds in front of the payload ------------------- */

static uint32_t message_parts(uint16_t flags)
{
	uint32_t size = 0;

	if (flags & ETL_MESSAGE_SEQUENCE)
		size += 4;
	if (flags & ETL_MESSAGE_COMPONENTID)
		size += 4;
	else if (flags & ETL_MESSAGE_GUID)
		size += 16;
	if (flags & ETL_MESSAGE_TIMESTAMP)
		size += 8;
	if (flags & ETL_MESSAGE_SYSTEMINFO)
		size += 8;
	return size;
}

/* Bytes in front of the payload, or 0 if @rec cannot be encoded. */
static uint32_t head_size(const struct etl_record *rec)
{
	switch (rec->header) {
	case ETL_HEADER_SYSTEM32:
	case ETL_HEADER_SYSTEM64:
		return sizeof(struct etl_system_header);
	case ETL_HEADER_COMPACT32:
	case ETL_HEADER_COMPACT64:
		return offsetof(struct etl_system_header, kernel_time);
	case ETL_HEADER_PERFINFO32:
	case ETL_HEADER_PERFINFO64:
		if (rec->ext_size % 8 || rec->ext_size > 7 * 8)
			return 0;
		return (uint32_t)sizeof(struct etl_perfinfo_header) + rec->ext_size +
		       (rec->has & ETL_HAS_PEBS ? 8 : 0);
	case ETL_HEADER_FULL32:
	case ETL_HEADER_FULL64:
		return sizeof(struct etl_full_header);
	case ETL_HEADER_INSTANCE32:
	case ETL_HEADER_INSTANCE64:
		return sizeof(struct etl_instance_header);
	case ETL_HEADER_ERROR:
		return 4;
	case ETL_HEADER_MESSAGE:
		return (uint32_t)sizeof(struct etl_message_header) + message_parts(rec->flags);
	case ETL_HEADER_EVENT32:
	case ETL_HEADER_EVENT64:
		if (rec->ext_size % 8 || rec->ext_size > ETL_RECORD_SIZE_MAX ||
		    !rec->ext_size != !(rec->flags & ETL_EVENT_EXTENDED_INFO))
			return 0;
		return (uint32_t)sizeof(struct etl_event_header) + rec->ext_size;
	}
	return 0;
}

static void put_guid(unsigned char *to, const unsigned char *guid)
{
	if (guid)
		memcpy(to, guid, 16);
	else
		memset(to, 0, 16);
}

static void put_system(unsigned char *p, const struct etl_record *rec, uint16_t size, bool compact)
{
	put16(p, rec->version);
	put16(p + 4, size);
	put16(p + 6, rec->id);
	put32(p + 0x08, rec->thread);
	put32(p + 0x0c, rec->process);
	put64(p + 0x10, rec->time);
	if (compact)
		return;
	put32(p + 0x18, rec->kernel_time);
	put32(p + 0x1c, rec->user_time);
}

static void put_perfinfo(unsigned char *p, const struct etl_record *rec, uint16_t size)
{
	bool pebs = rec->has & ETL_HAS_PEBS;

	put16(p, (uint16_t)((rec->version & 0xff) | rec->ext_size / 8 << 8 | pebs << 15));
	put16(p + 4, size);
	put16(p + 6, rec->id);
	put64(p + 8, rec->time);
	p += sizeof(struct etl_perfinfo_header);
	if (pebs) {
		put64(p, rec->pebs);
		p += 8;
	}
	if (rec->ext_size)
		memcpy(p, rec->ext, rec->ext_size);
}

static void put_full(unsigned char *p, const struct etl_record *rec, uint16_t size)
{
	put16(p, size);
	p[4] = rec->opcode;
	p[5] = rec->level;
	put16(p + 6, rec->version);
	put32(p + 0x08, rec->thread);
	put32(p + 0x0c, rec->process);
	put64(p + 0x10, rec->time);
	put_guid(p + 0x18, rec->guid);
	put32(p + 0x28, rec->kernel_time);
	put32(p + 0x2c, rec->user_time);
}

static void put_instance(unsigned char *p, const struct etl_record *rec, uint16_t size)
{
	put_full(p, rec, size);
	put32(p + 0x30, rec->instance);
	put32(p + 0x34, rec->parent_instance);
	put_guid(p + 0x38, rec->parent_guid);
}

static void put_message(unsigned char *p, const struct etl_record *rec, uint16_t size)
{
	put16(p, size);
	p[2] = 0;
	p[3] = ETL_MARKER_MESSAGE;
	put16(p + 4, rec->id);
	put16(p + 6, rec->flags);
	p += sizeof(struct etl_message_header);
	if (rec->flags & ETL_MESSAGE_SEQUENCE) {
		put32(p, rec->sequence);
		p += 4;
	}
	if (rec->flags & ETL_MESSAGE_COMPONENTID) {
		put32(p, rec->component);
		p += 4;
	} else if (rec->flags & ETL_MESSAGE_GUID) {
		put_guid(p, rec->guid);
		p += 16;
	}
	if (rec->flags & ETL_MESSAGE_TIMESTAMP) {
		put64(p, rec->time);
		p += 8;
	}
	if (rec->flags & ETL_MESSAGE_SYSTEMINFO) {
		put32(p, rec->thread);
		put32(p + 4, rec->process);
	}
}

static void put_event(unsigned char *p, const struct etl_record *rec, uint16_t size)
{
	put16(p, size);
	put16(p + 4, rec->flags);
	put16(p + 6, rec->property);
	put32(p + 0x08, rec->thread);
	put32(p + 0x0c, rec->process);
	put64(p + 0x10, rec->time);
	put_guid(p + 0x18, rec->guid);
	put16(p + 0x28, rec->id);
	p[0x2a] = (unsigned char)rec->version;
	p[0x2b] = rec->channel;
	p[0x2c] = rec->level;
	p[0x2d] = rec->opcode;
	put16(p + 0x2e, rec->task);
	put64(p + 0x30, rec->keyword);
	put32(p + 0x38, rec->kernel_time);
	put32(p + 0x3c, rec->user_time);
	put_guid(p + 0x40, rec->activity);
	if (rec->ext_size)
		memcpy(p + 0x50, rec->ext, rec->ext_size);
}

static void put_head(unsigned char *p, const struct etl_record *rec, uint16_t size)
{
	if (rec->header == ETL_HEADER_MESSAGE) {
		put_message(p, rec, size);
		return;
	}
	p[2] = rec->header;
	p[3] = ETL_MARKER_EVENT;
	switch (rec->header) {
	case ETL_HEADER_SYSTEM32:
	case ETL_HEADER_SYSTEM64:
		put_system(p, rec, size, false);
		break;
	case ETL_HEADER_COMPACT32:
	case ETL_HEADER_COMPACT64:
		put_system(p, rec, size, true);
		break;
	case ETL_HEADER_PERFINFO32:
	case ETL_HEADER_PERFINFO64:
		put_perfinfo(p, rec, size);
		break;
	case ETL_HEADER_FULL32:
	case ETL_HEADER_FULL64:
		put_full(p, rec, size);
		break;
	case ETL_HEADER_INSTANCE32:
	case ETL_HEADER_INSTANCE64:
		put_instance(p, rec, size);
		break;
	case ETL_HEADER_EVENT32:
	case ETL_HEADER_EVENT64:
		put_event(p, rec, size);
		break;
	case ETL_HEADER_ERROR:
		put16(p, size);
		break;
	}
}

int etl_block_put(struct etl_block *block, const struct etl_record *rec)
{
	uint32_t head = head_size(rec), size, step;
	unsigned char *p = block->data + block->used;

	if (!head || rec->payload_size > ETL_RECORD_SIZE_MAX - head)
		return -EINVAL;
	size = head + rec->payload_size;
	step = ETL_ALIGN(size);
	if (step > block->size - block->used)
		return -ENOSPC;
	put_head(p, rec, (uint16_t)size);
	if (rec->payload_size)
		memcpy(p + head, rec->payload, rec->payload_size);
	memset(p + size, 0, step - size);
	block->used += step;
	return (int)step;
}

/* ---- extended items --------------------------------------------------------- */

/* Where the last item begins; the items were put by etl_ext_put(). */
static unsigned char *last_item(unsigned char *items, uint32_t size)
{
	uint32_t at = 0;

	while (at + get16(items + at) < size)
		at += get16(items + at);
	return items + at;
}

int etl_ext_put(void *items, size_t capacity, uint32_t *size, uint16_t type, const void *data,
		size_t len)
{
	size_t total = ETL_ALIGN(EXT_HEADER + len);
	unsigned char *p;

	if (len > ETL_RECORD_SIZE_MAX || total > ETL_RECORD_SIZE_MAX)
		return -EINVAL;
	if (*size > capacity || total > capacity - *size)
		return -ENOSPC;
	if (*size)
		put16(last_item(items, *size) + offsetof(struct etl_extended_item, linkage), 1);
	p = (unsigned char *)items + *size;
	memset(p, 0, total);
	put16(p + offsetof(struct etl_extended_item, total), (uint16_t)total);
	put16(p + offsetof(struct etl_extended_item, type), type);
	put16(p + offsetof(struct etl_extended_item, size), (uint16_t)len);
	if (len)
		memcpy(p + EXT_HEADER, data, len);
	*size += (uint32_t)total;
	return 0;
}
