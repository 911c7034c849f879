// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Buffer headers: reading them and telling them from anything else
 * (etl-format section 2).
 */
#include "private.h"

#define FLAGS_KNOWN	0x007fu
#define STATE_MAX	6u
#define TYPE_MAX	ETL_BUFFER_DBG_INFO

void etl_buffer_parse(const unsigned char *p, struct etl_buffer *buffer)
{
	uint16_t cpu = get16(p + offsetof(struct etl_buffer_header, processor));

	buffer->size = get32(p + offsetof(struct etl_buffer_header, buffer_size));
	buffer->saved_offset = get32(p + offsetof(struct etl_buffer_header, saved_offset));
	buffer->current_offset = get32(p + offsetof(struct etl_buffer_header, current_offset));
	buffer->time_stamp = get64(p + offsetof(struct etl_buffer_header, time_stamp));
	buffer->sequence = get64(p + offsetof(struct etl_buffer_header, sequence_number));
	buffer->logger_id = get16(p + offsetof(struct etl_buffer_header, logger_id));
	buffer->state = get32(p + offsetof(struct etl_buffer_header, state));
	buffer->used = get32(p + offsetof(struct etl_buffer_header, offset));
	buffer->flags = get16(p + offsetof(struct etl_buffer_header, flags));
	buffer->type = get16(p + offsetof(struct etl_buffer_header, type));
	/* Vista and 7: the high byte is the record alignment. */
	buffer->cpu = buffer->flags & ETL_BUFFER_PROC_INDEX ? cpu & ETL_PROCESSOR_MASK : cpu & 0xff;
}

const char *etl_buffer_fault(const struct etl_buffer *buffer, uint64_t room)
{
	if (buffer->size < BUFFER_HEADER)
		return "BufferSize is smaller than a buffer header";
	if (buffer->size > ETL_BUFFER_SIZE_MAX + BUFFER_HEADER)
		return "BufferSize is larger than any buffer";
	if (buffer->type > TYPE_MAX)
		return "BufferType is unknown";
	if (buffer->flags & ~FLAGS_KNOWN)
		return "BufferFlag has unknown bits";
	if (buffer->state > STATE_MAX)
		return "State is unknown";
	if (buffer->used < BUFFER_HEADER)
		return "Offset is smaller than a buffer header";
	if (buffer->used > (buffer->flags & ETL_BUFFER_COMPRESSED ? ETL_BUFFER_USED_MAX : buffer->size))
		return "Offset is beyond the buffer";
	if (buffer->size > room)
		return "the file ends inside the buffer";
	return NULL;
}
