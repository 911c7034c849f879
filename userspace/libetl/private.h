/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the library's files share among themselves.  None of it is exported.
 */
#ifndef ETL_PRIVATE_H
#define ETL_PRIVATE_H

#include "bytes.h"
#include "etl.h"

#define BUFFER_HEADER	((uint32_t)sizeof(struct etl_buffer_header))
#define CPUS		(ETL_PROCESSOR_MASK + 1u)

/* Offsets of the logfile header's patched fields in the header buffer. */
#define FILE_PAYLOAD		(BUFFER_HEADER + (uint32_t)sizeof(struct etl_system_header))
#define FILE_END_TIME		(FILE_PAYLOAD + (uint32_t)offsetof(struct etl_logfile_header, end_time))
#define FILE_BUFFERS_WRITTEN	(FILE_PAYLOAD + (uint32_t)offsetof(struct etl_logfile_header, buffers_written))
#define FILE_EVENTS_LOST	(FILE_PAYLOAD + (uint32_t)offsetof(struct etl_logfile_header, events_lost))
#define FILE_BUFFERS_LOST	(FILE_PAYLOAD + (uint32_t)offsetof(struct etl_logfile_header, buffers_lost))

/* etl_fail() for a system call that left errno: "cannot WHAT: strerror". */
int etl_fail_errno(struct etl_error *err, int code, const char *file, const char *what);

/*
 * Reads the logfile header from the header buffer at @data.  Sets everything
 * in @facts but path and size; the strings live in *@text, to be freed by the
 * caller.  -EBADMSG with *@reason if there is none.
 */
int etl_facts_parse(const unsigned char *data, size_t avail, struct etl_facts *facts, char **text,
		    const char **reason);

/* The class GUID that a group of the kernel stands for; NULL if it has a name only. */
const unsigned char *etl_group_guid(unsigned int group);

/* Bytes written for the character @c. */
size_t etl_utf8_encode(uint32_t c, unsigned char out[4]);
/* Steps over a character at *@at < @end; what is ill-formed is one byte long and U+FFFD. */
uint32_t etl_utf8_next(const unsigned char **at, const unsigned char *end);

/* Reads the buffer header at @data, BUFFER_HEADER bytes, but for offset, number, file and data. */
void etl_buffer_parse(const unsigned char *data, struct etl_buffer *buffer);
/* NULL if @buffer can be one of a file with @room bytes from it on; else what is wrong. */
const char *etl_buffer_fault(const struct etl_buffer *buffer, uint64_t room);

/* @size bytes, at most, that the records of a compressed buffer can need. */
#define ETL_BUFFER_USED_MAX	(ETL_BUFFER_SIZE_MAX + BUFFER_HEADER)

#endif /* ETL_PRIVATE_H */
