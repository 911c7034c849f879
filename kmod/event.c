// SPDX-License-Identifier: GPL-2.0-only
/*
 * IoWMIWriteEvent (wmi-api section 9).
 */
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "buffer.h"
#include "consumer.h"
#include "copy.h"
#include "trace.h"
#include "uapi/wmitrace.h"
#include "wmitrace/wmitrace.h"

static unsigned int max_event_size = 1024;
module_param(max_event_size, uint, 0644);
MODULE_PARM_DESC(max_event_size,
		 "largest event delivered to consumers, in bytes with its WNODE (default 1024)");

/* What the record's header says beside times and ids. */
struct event {
	ULONG class;		/* Type, Level, Version, lowest byte first */
	ULONG flags;
	u64 time;		/* with WNODE_FLAG_USE_TIMESTAMP */
	const GUID *guid;
};

static __always_inline u8 *put_header(u8 *to, const struct event *e, u32 size, u64 time)
{
	struct etl_full_header *h = (struct etl_full_header *)to;
	u64 class = e->class;

	/* size, header type, marker, class in one store */
	put_unaligned_le64(size | (u64)(sizeof(void *) == 8 ? ETL_HEADER_FULL64 :
							       ETL_HEADER_FULL32) << 16 |
			   (u64)ETL_MARKER_EVENT << 24 | class << 32, to);
	wt_put_ids(&h->thread_id);	/* and process_id */
	h->time_stamp = cpu_to_le64(e->flags & WNODE_FLAG_USE_TIMESTAMP ? e->time : time);
	wt_copy_guid(&h->guid, e->guid);
	put_unaligned(0ULL, (u64 *)&h->kernel_time);	/* and user_time */
	return to + sizeof(*h);
}

/* Counts a malformed call, which is neither logged nor lost. */
static noinline NTSTATUS reject(struct wt_logger *l, NTSTATUS status)
{
	local64_inc(&this_cpu_ptr(l->cpus)->rejected);
	return status;
}

static noinline NTSTATUS too_large(struct wt_logger *l)
{
	local64_inc(&this_cpu_ptr(l->cpus)->lost_size);
	return STATUS_BUFFER_OVERFLOW;
}

/* Reserves an event of @payload bytes and writes its header.  @to: where the payload goes. */
static __always_inline NTSTATUS begin(struct wt_logger *l, const struct event *e, u64 payload,
				      struct wt_record *r, u8 **to)
{
	u64 size = sizeof(struct etl_full_header) + payload;

	if (unlikely(size > ETL_RECORD_SIZE_MAX || ETL_ALIGN((u32)size) > l->usable))
		return too_large(l);
	if (unlikely(!wt_reserve(l, size, r)))
		return STATUS_NO_MEMORY;
	*to = put_header(r->data, e, size, r->time);
	return STATUS_SUCCESS;
}

/* commit() where somebody traces: a call at its end costs the usual way no registers. */
static noinline NTSTATUS commit_traced(struct wt_subbuf *sub, u8 *data)
{
	const struct wt_record r = {
		.data = data,
		.sub = sub,
		.len = ETL_ALIGN(le16_to_cpu(((struct etl_full_header *)data)->size)),
	};

	wt_trace_event(&r);
	wt_commit(&r);
	return STATUS_SUCCESS;
}

/* Commits a record whose every byte is written. */
static __always_inline NTSTATUS commit(const struct wt_record *r)
{
	if (wt_tracing(wmi_event))
		return commit_traced(r->sub, r->data);
	wt_commit(r);
	return STATUS_SUCCESS;
}

/*
 * Logs the concatenation of the fields of a MOF array.  The array is read once:
 * the caller's memory may change under us, and the sum must be what is copied.
 * A partial field at the end is not looked at (A115).
 */
static noinline NTSTATUS log_fields(struct wt_logger *l, const struct event *e, const void *array,
				    u32 bytes)
{
	u32 i, count = bytes / sizeof(MOF_FIELD);
	MOF_FIELD field[MAX_MOF_FIELDS];
	struct wt_record r;
	NTSTATUS status;
	u64 sum = 0;
	u8 *to;

	if (count > MAX_MOF_FIELDS)
		return reject(l, STATUS_ARRAY_BOUNDS_EXCEEDED);
	memcpy(field, array, count * sizeof(MOF_FIELD));
	for (i = 0; i < count; i++)
		sum += field[i].Length;
	status = begin(l, e, sum, &r, &to);
	if (status)
		return status;
	for (i = 0; i < count; i++) {
		u32 len = field[i].Length;

		if (len)	/* the pointer of an empty field need not be one (A116) */
			wt_copy(to, (const void *)(uintptr_t)field[i].DataPtr, len);
		to += len;
	}
	return commit(&r);
}

/*
 * Logs an event to an entered logger.  @body follows the caller's 48-byte
 * header; @bytes of it count.  Any context.
 */
static __always_inline NTSTATUS log_event(struct wt_logger *l, const struct event *e,
					  const void *body, u32 bytes)
{
	struct wt_record r;
	NTSTATUS status;
	u8 *to;

	if (unlikely(l->no_kernel))
		return reject(l, STATUS_NOT_SUPPORTED);
	if (unlikely(!e->guid))
		return reject(l, STATUS_INVALID_PARAMETER);
	if (e->flags & WNODE_FLAG_USE_MOF_PTR)
		return log_fields(l, e, body, bytes);
	status = begin(l, e, bytes, &r, &to);
	if (unlikely(status))
		return status;
	wt_copy(to, body, bytes);
	return commit(&r);
}

/* The Guid field, or what it points to. */
static const GUID *event_guid(const void *field, ULONG flags)
{
	if (!(flags & WNODE_FLAG_USE_GUID_PTR))
		return field;
	return (const GUID *)(uintptr_t)get_unaligned((const u64 *)field);
}

/* WNODE_FLAG_TRACED_GUID: any event, with a logger entered, which it leaves. */
static __always_inline NTSTATUS log_traced(struct wt_logger *l, const EVENT_TRACE_HEADER *h,
					   ULONG flags)
{
	struct event e = {
		.class = h->Version,
		.flags = flags,
		.time = h->TimeStamp.QuadPart,
		.guid = event_guid(&h->Guid, flags),
	};
	u32 size = READ_ONCE(h->Size);
	NTSTATUS status;

	if (size < sizeof(*h))
		status = reject(l, STATUS_INVALID_PARAMETER);
	else
		status = log_event(l, &e, h + 1, size - sizeof(*h));
	wt_writer_exit();
	return status;
}

/* With a logger entered, which it leaves. */
static noinline NTSTATUS go_on_unusual(struct wt_logger *l, const EVENT_TRACE_HEADER *h,
				       ULONG flags)
{
	return log_traced(l, h, flags);
}

static noinline NTSTATUS write_unusual(const EVENT_TRACE_HEADER *h, ULONG flags)
{
	struct wt_logger *l = wt_writer_enter(((const WNODE_HEADER *)h)->HistoricalContext);

	return l ? log_traced(l, h, flags) : STATUS_INVALID_HANDLE;
}

/* The same for the end of log_usual(). */
static noinline NTSTATUS finish_traced(struct wt_subbuf *sub, u8 *data)
{
	commit_traced(sub, data);
	wt_writer_exit();
	return STATUS_SUCCESS;
}

/* What log_usual() could not do, with a logger entered, which it leaves. */
static noinline NTSTATUS log_again(struct wt_logger *l, const EVENT_TRACE_HEADER *h, u32 size)
{
	if (!wt_drop_if_full(l, size))
		return go_on_unusual(l, h, ((const WNODE_HEADER *)h)->Flags);
	wt_writer_exit();
	return STATUS_NO_MEMORY;
}

/* An event's record is as large as the event. */
static_assert(sizeof(EVENT_TRACE_HEADER) == sizeof(struct etl_full_header));

/*
 * The usual event of @size bytes, with a logger entered, which it leaves.  What it
 * begins again with is found from @c and @h, and so is what it needs of @h: few
 * registers have to outlive the counter's reading.
 */
static __always_inline NTSTATUS log_usual(struct wt_cpu *c, enum wt_clock_source source,
					  const EVENT_TRACE_HEADER *h, ULONG flags, u32 size)
{
	struct event e = { .guid = event_guid(&h->Guid, flags) };
	struct wt_record r;

	if (unlikely(!e.guid))
		return go_on_unusual(c->logger, h, flags);
	if (unlikely(!wt_try_reserve(c, source, size, &r)))
		return log_again(c->logger, h, size);
	e.class = h->Version;
	wt_copy(put_header(r.data, &e, size, r.time), h + 1, size - sizeof(*h));
	if (wt_tracing(wmi_event))
		return finish_traced(r.sub, r.data);
	wt_commit(&r);
	wt_writer_exit();
	return STATUS_SUCCESS;
}

static noinline NTSTATUS log_by_wall_clock(struct wt_logger *l, const EVENT_TRACE_HEADER *h,
					   ULONG flags, u32 size)
{
	if (unlikely(!l->wall_flags))
		return go_on_unusual(l, h, flags);
	return log_usual(this_cpu_ptr(l->cpus), WT_SOURCE_REAL, h, flags, size);
}

/*
 * WNODE_FLAG_TRACED_GUID: log only, memory stays the caller's (wmi-api 9.1).
 * Calls nothing for the usual event and so needs no stack frame; whatever is
 * not usual leaves for a function that starts again.
 */
static __always_inline NTSTATUS write_traced(const EVENT_TRACE_HEADER *h, ULONG flags)
{
	u32 size = READ_ONCE(h->Size);
	struct wt_logger *l;

	if (unlikely((flags & (WNODE_FLAG_USE_MOF_PTR | WNODE_FLAG_USE_TIMESTAMP)) ||
		     size < sizeof(*h)))
		return write_unusual(h, flags);
	l = wt_writer_enter(((const WNODE_HEADER *)h)->HistoricalContext);
	if (unlikely(!l))
		return STATUS_INVALID_HANDLE;
	if (unlikely(!l->counter_flags))
		return log_by_wall_clock(l, h, flags, size);
	return log_usual(this_cpu_ptr(l->cpus), WT_SOURCE_COUNTER, h, flags, size);
}

/*
 * WNODE_FLAG_LOG_WNODE: the log part of an event that goes to consumers too.
 * Without a session there is nothing to log; a loss is counted and does not
 * stop delivery (wmi-api 9.2).
 */
static void log_wnode(const WNODE_HEADER *w, ULONG flags)
{
	/* Bytes 4-7 are a ProviderId in these bodies, else the event's class (A221). */
	bool has_provider = flags & (WNODE_FLAG_EVENT_ITEM | WNODE_FLAG_EVENT_REFERENCE);
	struct event e = {
		.class = has_provider ? 0 : w->ProviderId,
		.flags = flags,
		.time = w->TimeStamp.QuadPart,
		.guid = event_guid(&w->Guid, flags),
	};
	struct wt_logger *l = wt_writer_enter(w->HistoricalContext);

	if (!l)
		return;
	log_event(l, &e, w + 1, w->BufferSize - sizeof(*w));
	wt_writer_exit();
}

/* Consumers get the event in process context only (wmi-api section 2). */
static bool may_sleep(void)
{
	return !in_nmi() && !in_hardirq() && !in_serving_softirq() && !irqs_disabled() &&
	       (!IS_ENABLED(CONFIG_PREEMPT_COUNT) || preemptible());
}

/*
 * Events that go to consumers: memory changes owner on success (wmi-api 9.2, 9.3).
 * Not inline: what is only logged saves no registers for it.
 */
static noinline NTSTATUS write_wnode(WNODE_HEADER *w, ULONG flags, void *caller)
{
	const GUID *guid = event_guid(&w->Guid, flags);
	struct wt_delivery *delivery;
	NTSTATUS status;

	if (WARN_ONCE(!may_sleep(), "%pS: event for consumers from a context that cannot sleep\n",
		      caller))
		return STATUS_UNSUCCESSFUL;
	if (w->BufferSize < sizeof(*w) || !guid)
		return STATUS_INVALID_PARAMETER;
	if (w->BufferSize > min(READ_ONCE(max_event_size), WMITRACE_EVENT_SIZE_MAX))
		return STATUS_BUFFER_OVERFLOW;
	if ((flags & WNODE_FLAG_USE_GUID_PTR) && !(flags & WNODE_FLAG_LOG_WNODE))
		return STATUS_INVALID_PARAMETER;	/* A136 */
	/* What can fail comes first: an event is not logged and then refused. */
	status = wt_delivery_prepare(w, guid, &delivery);
	if (status)
		return status;
	if (flags & WNODE_FLAG_LOG_WNODE)
		log_wnode(w, flags);
	if (delivery)
		wt_delivery_queue(delivery, w);
	else
		kfree(w);		/* nobody listens (A132) */
	return STATUS_SUCCESS;
}

NTSTATUS IoWMIWriteEvent(PVOID WnodeEventItem)
{
	ULONG flags = ((const WNODE_HEADER *)WnodeEventItem)->Flags;

	if (flags & WNODE_FLAG_TRACED_GUID)
		return write_traced(WnodeEventItem, flags);
	return write_wnode(WnodeEventItem, flags, __builtin_return_address(0));
}
EXPORT_SYMBOL_GPL(IoWMIWriteEvent);
