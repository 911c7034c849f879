// SPDX-License-Identifier: GPL-2.0-only
/*
 * WmiTraceMessage and WmiTraceMessageVa (wmi-api section 8).
 */
#include <linux/export.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "buffer.h"
#include "wmitrace/wmitrace.h"

/* A longer argument list has no terminator: stop before running up the stack (wmi-api 1.2). */
#define PAIRS_MAX	128

/* Items of the record, in the order in which they lie there (wmi-api 8.1). */
#define ITEMS	(TRACE_MESSAGE_SEQUENCE | TRACE_MESSAGE_COMPONENTID | TRACE_MESSAGE_GUID | \
		 TRACE_MESSAGE_TIMESTAMP | TRACE_MESSAGE_SYSTEMINFO)

#define POINTER_FLAG	(sizeof(void *) == 8 ? TRACE_MESSAGE_POINTER64 : TRACE_MESSAGE_POINTER32)

/*
 * OptionFlags of the record: what the caller asked for, less what will not be
 * there (A80, A81, A94), and the writer's pointer size (A83).
 */
static __always_inline u32 option_flags(const struct wt_logger *l, u32 flags)
{
	flags &= TRACE_MESSAGE_FLAG_MASK & ~(TRACE_MESSAGE_PERFORMANCE_TIMESTAMP |
					     TRACE_MESSAGE_POINTER32 | TRACE_MESSAGE_POINTER64);
	if (l->sequence == WT_SEQUENCE_NONE)
		flags &= ~TRACE_MESSAGE_SEQUENCE;
	if (flags & TRACE_MESSAGE_COMPONENTID)
		flags &= ~TRACE_MESSAGE_GUID;
	return flags | POINTER_FLAG;
}

static __always_inline u32 header_size(u32 flags)
{
	u32 size = sizeof(struct etl_message_header);

	if (flags & TRACE_MESSAGE_SEQUENCE)
		size += 4;
	if (flags & TRACE_MESSAGE_COMPONENTID)
		size += 4;
	if (flags & TRACE_MESSAGE_GUID)
		size += 16;
	if (flags & TRACE_MESSAGE_TIMESTAMP)
		size += 8;
	if (flags & TRACE_MESSAGE_SYSTEMINFO)
		size += 8;
	return size;
}

/* Sum of the arguments' lengths, or -1 if the list does not end. */
static s64 arguments_size(va_list args)
{
	s64 sum = 0;
	int i;

	for (i = 0; i < PAIRS_MAX; i++) {
		if (!va_arg(args, const void *))
			return sum;
		sum += (u32)va_arg(args, size_t);
	}
	return va_arg(args, const void *) ? -1 : sum;
}

static __always_inline u32 next_number(struct wt_logger *l)
{
	return atomic_inc_return(l->sequence == WT_SEQUENCE_GLOBAL ? &wt_global_message_number :
								     &l->message_number);
}

/* Writes the header and its items.  Returns where the arguments begin. */
static __always_inline u8 *put_header(u8 *p, u32 size, u32 flags, const GUID *guid, u16 number,
				      u32 sequence, u64 time)
{
	*(struct etl_message_header *)p = (struct etl_message_header){
		.size = cpu_to_le16(size),
		.marker = ETL_MARKER_MESSAGE,
		.number = cpu_to_le16(number),
		.flags = cpu_to_le16(flags),
	};
	p += sizeof(struct etl_message_header);
	if (flags & TRACE_MESSAGE_SEQUENCE) {
		put_unaligned_le32(sequence, p);
		p += 4;
	}
	if (flags & TRACE_MESSAGE_COMPONENTID) {
		memcpy(p, guid, 4);
		p += 4;
	}
	if (flags & TRACE_MESSAGE_GUID) {
		memcpy(p, guid, 16);
		p += 16;
	}
	if (flags & TRACE_MESSAGE_TIMESTAMP) {
		put_unaligned_le64(time, p);
		p += 8;
	}
	if (flags & TRACE_MESSAGE_SYSTEMINFO) {
		put_unaligned_le32(current->pid, p);
		put_unaligned_le32(current->tgid, p + 4);
		p += 8;
	}
	return p;
}

static void put_arguments(u8 *p, va_list args)
{
	for (;;) {
		const void *data = va_arg(args, const void *);
		u32 len;

		if (!data)
			return;
		len = va_arg(args, size_t);
		if (len) {	/* the pointer of an empty one need not be one (A73, A76) */
			memcpy(p, data, len);
			p += len;
		}
	}
}

/* Counts a call that was malformed: not an event, so neither logged nor lost. */
static NTSTATUS reject(struct wt_logger *l, NTSTATUS status)
{
	local64_inc(&this_cpu_ptr(l->cpus)->rejected);
	return status;
}

/* With a logger entered. */
static NTSTATUS write_message(struct wt_logger *l, u32 flags, const GUID *guid, u16 number,
			      s64 arguments, va_list args)
{
	struct wt_record r;
	u32 sequence = 0;
	u64 size;

	if (unlikely(l->no_kernel))
		return reject(l, STATUS_NOT_SUPPORTED);
	if (unlikely(arguments < 0))
		return reject(l, STATUS_INVALID_PARAMETER);
	if (unlikely(!guid && (flags & (TRACE_MESSAGE_GUID | TRACE_MESSAGE_COMPONENTID))))
		return reject(l, STATUS_INVALID_PARAMETER);

	flags = option_flags(l, flags);
	size = header_size(flags) + arguments;
	/* Before the space: a message that is dropped leaves a gap (wmi-api 8.2). */
	if (flags & TRACE_MESSAGE_SEQUENCE)
		sequence = next_number(l);
	if (unlikely(size > ETL_RECORD_SIZE_MAX)) {
		local64_inc(&this_cpu_ptr(l->cpus)->lost_size);
		return STATUS_NO_MEMORY;
	}
	if (unlikely(!wt_reserve(l, size, &r)))
		return STATUS_NO_MEMORY;
	put_arguments(put_header(r.data, size, flags, guid, number, sequence, r.time), args);
	wt_commit(&r);
	return STATUS_SUCCESS;
}

NTSTATUS WmiTraceMessageVa(TRACEHANDLE LoggerHandle, ULONG MessageFlags, LPCGUID MessageGuid,
			   USHORT MessageNumber, va_list MessageArgList)
{
	struct wt_logger *l = wt_writer_enter(LoggerHandle);
	NTSTATUS status;
	va_list sizes;
	s64 size;

	if (unlikely(!l))
		return STATUS_INVALID_HANDLE;
	va_copy(sizes, MessageArgList);
	size = arguments_size(sizes);
	va_end(sizes);
	status = write_message(l, MessageFlags, MessageGuid, MessageNumber, size, MessageArgList);
	wt_writer_exit();
	return status;
}
EXPORT_SYMBOL_GPL(WmiTraceMessageVa);

NTSTATUS (WmiTraceMessage)(TRACEHANDLE LoggerHandle, ULONG MessageFlags, LPCGUID MessageGuid,
			   USHORT MessageNumber, ...)
{
	NTSTATUS status;
	va_list args;

	va_start(args, MessageNumber);
	status = WmiTraceMessageVa(LoggerHandle, MessageFlags, MessageGuid, MessageNumber, args);
	va_end(args);
	return status;
}
EXPORT_SYMBOL_GPL(WmiTraceMessage);
