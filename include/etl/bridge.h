/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later */
/*
 * From a record of a Linux trace event to the payload of a TraceLogging event:
 * the program that user space makes of the event's format file, and what runs it,
 * in the module and in 'wmitrace convert' (kernel-events 11.4, 11.6).
 */
#ifndef ETL_BRIDGE_H
#define ETL_BRIDGE_H

#include <uapi/wmitrace.h>

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

/* A range of the record that a __data_loc or __rel_loc word tells; empty if it is not inside. */
static inline const __u8 *etl_bridge_range(const struct wmitrace_bridge_op *op, const __u8 *record,
					   __u32 size, __u32 *length)
{
	__u32 word, at;

	*length = 0;
	if (op->offset + sizeof(word) > size)
		return record;
	memcpy(&word, record + op->offset, sizeof(word));
	at = word & 0xffff;
	if (op->kind & WMITRACE_BRIDGE_RELATIVE)
		at += op->offset + sizeof(word);
	if (at + (word >> 16) > size)
		return record;
	*length = word >> 16;
	return record + at;
}

/* Bytes at @to after a 16-bit number and @length bytes; nothing is written if @to is NULL. */
static inline __u32 etl_bridge_counted(__u8 *to, __u32 number, const __u8 *from, __u32 length)
{
	if (to) {
		to[0] = (__u8)number;
		to[1] = (__u8)(number >> 8);
		memcpy(to + 2, from, length);
	}
	return 2 + length;
}

/* At most @op->size bytes at @op->offset; what the record does not have is zero. */
static inline __u32 etl_bridge_fixed(const struct wmitrace_bridge_op *op, const __u8 *record,
				     __u32 size, __u8 *to)
{
	__u32 there = op->offset < size ? size - op->offset : 0;

	if (there > op->size)
		there = op->size;
	if (to) {
		memcpy(to, record + op->offset, there);
		memset(to + there, 0, op->size - there);
	}
	return op->size;
}

static inline __u32 etl_bridge_text(const struct wmitrace_bridge_op *op, const __u8 *record,
				    __u32 size, __u8 *to)
{
	__u32 there = op->offset < size ? size - op->offset : 0;
	__u32 length;

	if (there > op->size)
		there = op->size;
	length = there ? (__u32)strnlen((const char *)record + op->offset, there) : 0;
	if (to) {
		memcpy(to, record + op->offset, length);
		to[length] = 0;
	}
	return length + 1;
}

static inline __u32 etl_bridge_run_one(const struct wmitrace_bridge_op *op, const __u8 *record,
				       __u32 size, __u8 *to)
{
	const __u8 *from;
	__u32 length;

	switch (op->kind & ~WMITRACE_BRIDGE_RELATIVE) {
	case WMITRACE_BRIDGE_COPY:
		return etl_bridge_fixed(op, record, size, to);
	case WMITRACE_BRIDGE_TEXT:
		return etl_bridge_text(op, record, size, to);
	case WMITRACE_BRIDGE_BINARY:
		if (to) {
			to[0] = (__u8)op->size;
			to[1] = (__u8)(op->size >> 8);
		}
		return 2 + etl_bridge_fixed(op, record, size, to ? to + 2 : NULL);
	case WMITRACE_BRIDGE_DYNAMIC_TEXT:
		from = etl_bridge_range(op, record, size, &length);
		length = (__u32)strnlen((const char *)from, length);
		return etl_bridge_counted(to, length, from, length);
	case WMITRACE_BRIDGE_DYNAMIC_ARRAY:
		from = etl_bridge_range(op, record, size, &length);
		length -= length % op->size;
		return etl_bridge_counted(to, length / op->size, from, length);
	case WMITRACE_BRIDGE_DYNAMIC_BINARY:
		from = etl_bridge_range(op, record, size, &length);
		return etl_bridge_counted(to, length, from, length);
	}
	return 0;
}

/*
 * Runs @count operations on @record.  Returns the payload's bytes, which it
 * writes to @to unless that is NULL.  Any context.
 */
static inline __u32 etl_bridge_run(const struct wmitrace_bridge_op *ops, __u32 count,
				   const __u8 *record, __u32 size, __u8 *to)
{
	__u32 i, bytes = 0;

	for (i = 0; i < count; i++)
		bytes += etl_bridge_run_one(&ops[i], record, size, to ? to + bytes : NULL);
	return bytes;
}

/* Whether @op is one that etl_bridge_run() can be given. */
static inline int etl_bridge_check(const struct wmitrace_bridge_op *op)
{
	__u16 kind = op->kind & ~WMITRACE_BRIDGE_RELATIVE;

	if (op->reserved || kind > WMITRACE_BRIDGE_DYNAMIC_BINARY)
		return 0;
	if ((op->kind & WMITRACE_BRIDGE_RELATIVE) && kind < WMITRACE_BRIDGE_DYNAMIC_TEXT)
		return 0;
	return op->size || kind == WMITRACE_BRIDGE_DYNAMIC_TEXT ||
	       kind == WMITRACE_BRIDGE_DYNAMIC_BINARY;
}

#endif /* ETL_BRIDGE_H */
