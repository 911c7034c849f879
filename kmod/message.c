// SPDX-License-Identifier: GPL-2.0-only
/*
 * WmiTraceMessage and its relatives (wmi-api section 8).
 */
#include <linux/export.h>
#include <linux/sched.h>

#include "buffer.h"
#include "copy.h"
#include "trace.h"
#include "wmitrace/reserve.h"
#include "wmitrace/wmitrace.h"

/* A longer argument list has no terminator: stop before running up the stack (wmi-api 1.2). */
#define PAIRS_MAX	128

/* The items that nearly every caller asks for, WPP's among them: laid out without tests. */
#define USUAL_ITEMS	(TRACE_MESSAGE_GUID | TRACE_MESSAGE_TIMESTAMP | TRACE_MESSAGE_SYSTEMINFO)

/* bytes of arguments that a record with them has room for */
#define MESSAGE_MAX	(ETL_RECORD_SIZE_MAX - header_size(USUAL_ITEMS))

#define POINTER_FLAG	(sizeof(void *) == 8 ? TRACE_MESSAGE_POINTER64 : TRACE_MESSAGE_POINTER32)

/* A call. */
struct message {
	u32 flags;		/* the caller's, then the record's, less POINTER_FLAG */
	const GUID *guid;
	u16 number;
	u32 sequence;		/* with TRACE_MESSAGE_SEQUENCE */
	s64 arguments;		/* bytes of all of them; negative: the list has no end */
};

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

/* Writes header and items, in the order of wmi-api 8.1.  Returns where the arguments begin. */
static __always_inline u8 *put_header(u8 *p, const struct message *m, u32 flags, u32 size, u64 time)
{
	/* struct etl_message_header in two stores; one takes more to put together */
	put_unaligned_le32(size + ((u32)ETL_MARKER_MESSAGE << 24), p);
	put_unaligned_le32(m->number | (flags | POINTER_FLAG) << 16, p + 4);
	p += sizeof(struct etl_message_header);
	if (flags & TRACE_MESSAGE_SEQUENCE) {
		put_unaligned_le32(m->sequence, p);
		p += 4;
	}
	if (flags & TRACE_MESSAGE_COMPONENTID) {
		memcpy(p, m->guid, 4);
		p += 4;
	}
	if (flags & TRACE_MESSAGE_GUID) {
		wt_copy_guid(p, m->guid);
		p += 16;
	}
	if (flags & TRACE_MESSAGE_TIMESTAMP) {
		put_unaligned_le64(time, p);
		p += 8;
	}
	if (flags & TRACE_MESSAGE_SYSTEMINFO) {
		wt_put_ids(p);
		p += 8;
	}
	return p;
}

/* Counts a call that was malformed: not an event, so neither logged nor lost. */
static noinline NTSTATUS reject(struct wt_logger *l, NTSTATUS status)
{
	local64_inc(&this_cpu_ptr(l->cpus)->rejected);
	return status;
}

static noinline NTSTATUS too_large(struct wt_logger *l)
{
	local64_inc(&this_cpu_ptr(l->cpus)->lost_size);
	return STATUS_NO_MEMORY;
}

/*
 * Settles everything about a call that is not the usual one.  Returns a status
 * other than STATUS_SUCCESS where nothing is to be logged.
 */
static noinline NTSTATUS prepare_unusual(struct wt_logger *l, struct message *m)
{
	if (l->no_kernel)
		return reject(l, STATUS_NOT_SUPPORTED);
	if (m->arguments < 0)
		return reject(l, STATUS_INVALID_PARAMETER);
	if (!m->guid && (m->flags & (TRACE_MESSAGE_GUID | TRACE_MESSAGE_COMPONENTID)))
		return reject(l, STATUS_INVALID_PARAMETER);
	if (m->flags & TRACE_MESSAGE_COMPONENTID)	/* wins (A80) */
		m->flags &= ~TRACE_MESSAGE_GUID;
	/* Before the space: a message that is dropped leaves a gap (wmi-api 8.2). */
	if (m->flags & TRACE_MESSAGE_SEQUENCE)
		m->sequence = atomic_inc_return(l->sequence == WT_SEQUENCE_GLOBAL ?
						&wt_global_message_number : &l->message_number);
	return STATUS_SUCCESS;
}

/*
 * Reserves a record and writes all but the arguments.  With a logger entered.
 * @to: where the arguments go
 */
static __always_inline NTSTATUS begin(struct wt_logger *l, struct message *m, struct wt_record *r,
				      u8 **to)
{
	NTSTATUS status;
	u64 size;

	m->flags &= l->message_flags;
	if (likely(m->flags == USUAL_ITEMS && m->guid && m->arguments >= 0 && !l->no_kernel)) {
		size = header_size(USUAL_ITEMS) + m->arguments;
		if (unlikely(size > ETL_RECORD_SIZE_MAX))
			return too_large(l);
		if (unlikely(!wt_reserve(l, size, r)))
			return STATUS_NO_MEMORY;
		*to = put_header(r->data, m, USUAL_ITEMS, size, r->time);
		return STATUS_SUCCESS;
	}
	status = prepare_unusual(l, m);
	if (status)
		return status;
	size = header_size(m->flags) + m->arguments;
	if (unlikely(size > ETL_RECORD_SIZE_MAX))
		return too_large(l);
	if (unlikely(!wt_reserve(l, size, r)))
		return STATUS_NO_MEMORY;
	*to = put_header(r->data, m, m->flags, size, r->time);
	return STATUS_SUCCESS;
}

/*
 * Is this a call for the short way, as far as its items are concerned?
 * @flags: counter_flags or wall_flags of the logger
 */
static __always_inline bool is_usual(u32 flags, const struct message *m)
{
	return m->guid && (m->flags & flags) == USUAL_ITEMS;
}

/*
 * The short way: reserves and writes all but the arguments, or has done nothing.
 * A function that takes it calls nothing and so needs no stack frame; whatever
 * is not usual leaves for a function that starts again: another clock for one
 * that is made for it, everything else for one that can do all.
 */
static __always_inline bool begin_usual(struct wt_cpu *c, enum wt_clock_source source,
					const struct message *m, u32 size, struct wt_record *r,
					u8 **to)
{
	if (unlikely(!wt_try_reserve(c, source, size, r)))
		return false;
	*to = put_header(r->data, m, USUAL_ITEMS, size, r->time);
	return true;
}

static __always_inline u64 array_bytes(const ULONG64 *list, ULONG slots, ULONG *used)
{
	u64 sum = 0;
	ULONG i;

	for (i = 0; i + 1 < slots && list[i]; i += 2)
		sum += (u32)list[i + 1];
	*used = i;
	return sum;
}

/* The arguments of the first @used slots. */
static __always_inline void copy_array(u8 *to, const ULONG64 *list, ULONG used)
{
	ULONG i;

	for (i = 0; i < used; i += 2) {
		u32 len = list[i + 1];

		if (len)	/* the pointer of an empty one need not be one (A73) */
			wt_copy(to, (const void *)(uintptr_t)list[i], len);
		to += len;
	}
}

/* The rest of finish() where somebody traces: a call at its end costs the usual way no frame. */
static noinline NTSTATUS finish_traced(struct wt_subbuf *sub, u8 *data)
{
	const struct wt_record r = {
		.data = data,
		.sub = sub,
		.len = ETL_ALIGN(le16_to_cpup((const __le16 *)data)),	/* its size */
	};

	wt_trace_message(&r);
	wt_commit(&r);
	wt_writer_exit();
	return STATUS_SUCCESS;
}

/* Commits a record whose every byte is written, and leaves the logger. */
static __always_inline NTSTATUS finish(const struct wt_record *r)
{
	if (wt_tracing(wmi_message))
		return finish_traced(r->sub, r->data);
	wt_commit(r);
	wt_writer_exit();
	return STATUS_SUCCESS;
}

/* Any call, with a logger entered, which it leaves. */
static noinline NTSTATUS log_array(struct wt_logger *l, ULONG flags, LPCGUID guid, USHORT number,
				   const ULONG64 *list, ULONG slots)
{
	struct message m = { .flags = flags, .guid = guid, .number = number };
	struct wt_record r;
	NTSTATUS status;
	ULONG used;
	u8 *to;

	m.arguments = array_bytes(list, slots, &used);
	status = begin(l, &m, &r, &to);
	if (unlikely(status)) {
		wt_writer_exit();
		return status;
	}
	copy_array(to, list, used);
	return finish(&r);
}

/* A call for the short way, with a logger entered, which it leaves. */
static __always_inline NTSTATUS log_usual(struct wt_logger *l, enum wt_clock_source source,
					  const struct message *m, const ULONG64 *list,
					  ULONG slots)
{
	struct wt_record r;
	ULONG used;
	u64 bytes;
	u32 size;
	u8 *to;

	bytes = array_bytes(list, slots, &used);
	if (unlikely(bytes > MESSAGE_MAX))
		goto any;
	size = header_size(USUAL_ITEMS) + bytes;
	if (unlikely(!begin_usual(this_cpu_ptr(l->cpus), source, m, size, &r, &to))) {
		if (!wt_drop_if_full(l, size))
			goto any;
		wt_writer_exit();
		return STATUS_NO_MEMORY;
	}
	copy_array(to, list, used);
	return finish(&r);

any:
	return log_array(l, m->flags, m->guid, m->number, list, slots);
}

/* The callers of log_usual() share no registers, so each saves no more than it needs. */
static noinline NTSTATUS log_by_counter(struct wt_logger *l, ULONG flags, LPCGUID guid,
					USHORT number, const ULONG64 *list, ULONG slots)
{
	struct message m = { .flags = flags, .guid = guid, .number = number };

	return log_usual(l, WT_SOURCE_COUNTER, &m, list, slots);
}

static noinline NTSTATUS log_by_wall_clock(struct wt_logger *l, ULONG flags, LPCGUID guid,
					   USHORT number, const ULONG64 *list, ULONG slots)
{
	struct message m = { .flags = flags, .guid = guid, .number = number };

	return log_usual(l, WT_SOURCE_REAL, &m, list, slots);
}

NTSTATUS wmitrace_message(TRACEHANDLE handle, ULONG flags, LPCGUID guid, USHORT number,
			  const ULONG64 *list, ULONG slots)
{
	struct message m = { .flags = flags, .guid = guid, .number = number };
	struct wt_logger *l = wt_writer_enter(handle);

	if (unlikely(!l))
		return STATUS_INVALID_HANDLE;
	if (likely(is_usual(l->counter_flags, &m)))
		return log_by_counter(l, flags, guid, number, list, slots);
	if (is_usual(l->wall_flags, &m))
		return log_by_wall_clock(l, flags, guid, number, list, slots);
	return log_array(l, flags, guid, number, list, slots);
}
EXPORT_SYMBOL_GPL(wmitrace_message);

/*
 * What keeps a record between the two calls: its sub-buffer, and in the bits
 * that the alignment leaves, how far in front of the arguments it begins.
 */
#define HEADER_BITS	63ul
static_assert(__alignof__(struct wt_subbuf) > HEADER_BITS);

static __always_inline struct wmitrace_reserved keep(const struct wt_record *r, u8 *to)
{
	return (struct wmitrace_reserved){
		.to = to,
		.opaque = (unsigned long)r->sub | (to - r->data),
	};
}

/* Any call, with a logger entered, which a failure leaves. */
static noinline struct wmitrace_reserved reserve_any(struct wt_logger *l, ULONG flags, LPCGUID guid,
						     USHORT number, u32 bytes)
{
	struct message m = { .flags = flags, .guid = guid, .number = number, .arguments = bytes };
	struct wt_record record;
	u8 *to;

	if (likely(!begin(l, &m, &record, &to)))
		return keep(&record, to);
	wt_writer_exit();
	return (struct wmitrace_reserved){};
}

/* The short way, with a logger entered.  False: nothing has happened. */
static __always_inline bool reserve_usual(struct wt_cpu *c, enum wt_clock_source source,
					  const struct message *m, u32 bytes,
					  struct wmitrace_reserved *reserved)
{
	struct wt_record r;
	u8 *to;

	if (unlikely(bytes > MESSAGE_MAX))
		return false;
	if (unlikely(!begin_usual(c, source, m, header_size(USUAL_ITEMS) + bytes, &r, &to)))
		return false;
	*reserved = keep(&r, to);
	return true;
}

/* What the short way could not do, with a logger entered, which a failure leaves. */
static noinline struct wmitrace_reserved reserve_again(struct wt_logger *l, LPCGUID guid,
						       USHORT number, u32 bytes)
{
	if (bytes > MESSAGE_MAX || !wt_drop_if_full(l, header_size(USUAL_ITEMS) + bytes))
		return reserve_any(l, USUAL_ITEMS, guid, number, bytes);
	wt_writer_exit();
	return (struct wmitrace_reserved){};
}

static noinline struct wmitrace_reserved reserve_by_wall_clock(struct wt_logger *l, ULONG flags,
							       LPCGUID guid, USHORT number,
							       u32 bytes)
{
	struct message m = { .flags = flags, .guid = guid, .number = number };
	struct wmitrace_reserved r;

	if (unlikely(!is_usual(l->wall_flags, &m)))
		return reserve_any(l, flags, guid, number, bytes);
	if (likely(reserve_usual(this_cpu_ptr(l->cpus), WT_SOURCE_REAL, &m, bytes, &r)))
		return r;
	return reserve_again(l, guid, number, bytes);
}

struct wmitrace_reserved wmitrace_message_reserve(TRACEHANDLE handle, ULONG flags, LPCGUID guid,
						  USHORT number, u32 bytes)
{
	struct message m = { .flags = flags, .guid = guid, .number = number };
	struct wt_logger *l = wt_writer_enter(handle);
	struct wmitrace_reserved r;
	struct wt_cpu *c;

	if (unlikely(!l))
		return (struct wmitrace_reserved){};
	if (unlikely(!is_usual(l->counter_flags, &m)))
		return reserve_by_wall_clock(l, flags, guid, number, bytes);
	c = this_cpu_ptr(l->cpus);
	if (likely(reserve_usual(c, WT_SOURCE_COUNTER, &m, bytes, &r)))
		return r;
	/* With what is at hand: @l and @flags need not outlive the counter's reading. */
	return reserve_again(c->logger, guid, number, bytes);
}
EXPORT_SYMBOL_GPL(wmitrace_message_reserve);

static __always_inline struct wt_record record_of(u8 *to, unsigned long opaque)
{
	u8 *data = to - (opaque & HEADER_BITS);

	return (struct wt_record){
		.data = data,
		.sub = (struct wt_subbuf *)(opaque & ~HEADER_BITS),
		.len = ETL_ALIGN(le16_to_cpup((const __le16 *)data)),	/* its size */
	};
}

static noinline void commit_traced(u8 *to, unsigned long opaque)
{
	const struct wt_record r = record_of(to, opaque);

	finish_traced(r.sub, r.data);
}

/* wmitrace_message_commit(), by members: the whole would have the stack aligned for it. */
void wmitrace_message_committed(u8 *to, unsigned long opaque)
{
	struct wt_record r;

	if (wt_tracing(wmi_message)) {
		commit_traced(to, opaque);
		return;
	}
	r = record_of(to, opaque);
	wt_commit(&r);
	wt_writer_exit();
}
EXPORT_SYMBOL_GPL(wmitrace_message_committed);

/* Sum of the arguments' lengths, or -1 if the list does not end. */
static s64 list_size(va_list args)
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

static void put_list(u8 *to, va_list args)
{
	for (;;) {
		const void *data = va_arg(args, const void *);
		u32 len;

		if (!data)
			return;
		len = va_arg(args, size_t);
		if (len)
			wt_copy(to, data, len);
		to += len;
	}
}

NTSTATUS WmiTraceMessageVa(TRACEHANDLE LoggerHandle, ULONG MessageFlags, LPCGUID MessageGuid,
			   USHORT MessageNumber, va_list MessageArgList)
{
	struct message m = { .flags = MessageFlags, .guid = MessageGuid, .number = MessageNumber };
	struct wt_logger *l = wt_writer_enter(LoggerHandle);
	struct wt_record r;
	NTSTATUS status;
	va_list sizes;
	u8 *to;

	if (unlikely(!l))
		return STATUS_INVALID_HANDLE;
	va_copy(sizes, MessageArgList);
	m.arguments = list_size(sizes);
	va_end(sizes);
	status = begin(l, &m, &r, &to);
	if (unlikely(status)) {
		wt_writer_exit();
		return status;
	}
	put_list(to, MessageArgList);
	return finish(&r);
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
