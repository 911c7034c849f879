// SPDX-License-Identifier: GPL-2.0-only
/*
 * EtwWrite and its family (wmi-api section 14; the record: etl-format 4.6).
 *
 * Any context, NMI included, no locks.  Callers come here when their provider
 * is enabled, as far as they can see (evntprov.h).
 */
#include <linux/export.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uuid.h>

#include "buffer.h"
#include "copy.h"
#include "etw.h"
#include "trace.h"

#define DESCRIPTORS_MAX	128u

/* Flags of the record beside ETL_EVENT_EXTENDED_INFO */
#define EVENT_STRING_ONLY	0x0004u

/* What a call writes, the same for all sessions. */
struct event {
	const EVENT_DESCRIPTOR *descriptor;
	const EVENT_DATA_DESCRIPTOR *data;
	u32 count;
	u32 flags;
	GUID activity;
	const GUID *related;		/* or NULL */
	const struct wt_etw_traits *traits;	/* or NULL */
	u64 payload;			/* bytes of @data */
	u32 extended;			/* bytes of extended items */
};

/* Level 0 of the session is every level, keyword 0 of the event every keyword. */
static __always_inline bool wants(const struct wt_enablement *s, u8 level, u64 keyword)
{
	if (s->level && level > s->level)
		return false;
	return !keyword || ((keyword & s->any) && (keyword & s->all) == s->all);
}

static u32 item_size(u32 bytes)
{
	return ETL_ALIGN(sizeof(struct etl_extended_item) + bytes);
}

static u8 *put_item(u8 *to, u32 type, const void *data, u32 bytes, bool more)
{
	u32 total = item_size(bytes);

	*(struct etl_extended_item *)to = (struct etl_extended_item){
		.total = cpu_to_le16(total),
		.type = cpu_to_le16(type),
		.linkage = cpu_to_le16(more),
		.size = cpu_to_le16(bytes),
	};
	memcpy(to + sizeof(struct etl_extended_item), data, bytes);
	memset(to + sizeof(struct etl_extended_item) + bytes, 0,
	       total - sizeof(struct etl_extended_item) - bytes);
	return to + total;
}

static u8 *put_header(u8 *to, const struct event *e, const GUID *provider, u32 size, u64 time)
{
	const EVENT_DESCRIPTOR *d = e->descriptor;
	struct etl_event_header *h = (struct etl_event_header *)to;

	*h = (struct etl_event_header){
		.size = cpu_to_le16(size),
		.header_type = sizeof(void *) == 8 ? ETL_HEADER_EVENT64 : ETL_HEADER_EVENT32,
		.marker = ETL_MARKER_EVENT,
		.flags = cpu_to_le16(e->flags | (e->extended ? ETL_EVENT_EXTENDED_INFO : 0)),
		.thread_id = cpu_to_le32(current->pid),
		.process_id = cpu_to_le32(current->tgid),
		.time_stamp = cpu_to_le64(time),
		.id = cpu_to_le16(d->Id),
		.version = d->Version,
		.channel = d->Channel,
		.level = d->Level,
		.opcode = d->Opcode,
		.task = cpu_to_le16(d->Task),
		.keyword = cpu_to_le64(d->Keyword),
	};
	wt_copy_guid(&h->provider, provider);
	wt_copy_guid(&h->activity, &e->activity);
	to += sizeof(*h);
	if (e->related)
		to = put_item(to, ETL_EXT_RELATED_ACTIVITY, e->related, sizeof(*e->related),
			      e->traits);
	if (e->traits)
		to = put_item(to, ETL_EXT_PROVIDER_TRAITS, e->traits->data, e->traits->size, false);
	return to;
}

/*
 * Copies the descriptors' data.  They are the caller's memory, which may change
 * since the sum was made: no more than @room bytes, and all of them.
 */
static void put_payload(u8 *to, const struct event *e, u32 room)
{
	u32 i;

	for (i = 0; i < e->count; i++) {
		u32 len = min(READ_ONCE(e->data[i].Size), room);

		if (len)	/* the pointer of an empty field need not be one */
			wt_copy(to, (const void *)(uintptr_t)e->data[i].Ptr, len);
		to += len;
		room -= len;
	}
	memset(to, 0, room);
}

static NTSTATUS write_to(struct wt_logger *l, const struct event *e, const GUID *provider)
{
	u64 size = sizeof(struct etl_event_header) + e->extended + e->payload;
	struct wt_record r;

	if (unlikely(l->no_kernel)) {
		local64_inc(&this_cpu_ptr(l->cpus)->rejected);
		return STATUS_NOT_SUPPORTED;
	}
	if (unlikely(size > ETL_RECORD_SIZE_MAX || ETL_ALIGN((u32)size) > l->usable)) {
		local64_inc(&this_cpu_ptr(l->cpus)->lost_size);
		return STATUS_BUFFER_OVERFLOW;
	}
	if (unlikely(!wt_reserve(l, size, &r)))
		return STATUS_NO_MEMORY;
	put_payload(put_header(r.data, e, provider, size, r.time), e, e->payload);
	if (wt_tracing(etw_event))
		wt_trace_etw(&r, e->payload);
	wt_commit(&r);
	return STATUS_SUCCESS;
}

/* For an enabled provider.  The result is the first failure's. */
static noinline NTSTATUS write_to_all(const struct wt_etw *reg, const struct wt_enablements *s,
				      struct event *e)
{
	NTSTATUS status, result = STATUS_SUCCESS;
	u32 i;

	for (i = 0; i < e->count; i++)
		e->payload += e->data[i].Size;
	e->traits = rcu_dereference_sched(reg->traits);
	if (e->related)
		e->extended += item_size(sizeof(*e->related));
	if (e->traits)
		e->extended += item_size(e->traits->size);
	for (i = 0; i < s->count; i++) {
		struct wt_logger *l;

		if (!wants(&s->of[i], e->descriptor->Level, e->descriptor->Keyword))
			continue;
		l = wt_writer_enter(s->of[i].id);
		status = l ? write_to(l, e, &reg->guid) : STATUS_INVALID_HANDLE;
		if (l)
			wt_writer_exit();
		if (status && !result)
			result = status;
	}
	return result;
}

/* All that comes before: an enabled provider, sound arguments. */
static __always_inline NTSTATUS write_event(u64 handle, const EVENT_DESCRIPTOR *descriptor,
					    const GUID *activity, const GUID *related, u32 count,
					    const EVENT_DATA_DESCRIPTOR *data, u32 flags)
{
	const struct wt_enablements *s = NULL;
	const struct wt_etw *reg;
	NTSTATUS status;

	preempt_disable_notrace();
	reg = wt_etw_find(handle);
	if (likely(reg))
		s = rcu_dereference_sched(reg->sessions);
	if (likely(!s)) {
		status = reg ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
	} else if (!descriptor || count > DESCRIPTORS_MAX || (count && !data)) {
		status = STATUS_INVALID_PARAMETER;
	} else {
		struct event e = {
			.descriptor = descriptor,
			.data = data,
			.count = count,
			.flags = flags,
			.related = related,
		};

		if (activity)
			e.activity = *activity;
		else
			wt_activity_get(&e.activity);
		status = write_to_all(reg, s, &e);
	}
	preempt_enable_notrace();
	return status;
}

/* EtwWrite, EtwWriteTransfer, EtwWriteEx; see there. */
NTSTATUS wmitrace_etw_write(REGHANDLE handle, PCEVENT_DESCRIPTOR descriptor, LPCGUID activity,
			    LPCGUID related, ULONG count, const EVENT_DATA_DESCRIPTOR *data)
{
	return write_event(handle, descriptor, activity, related, count, data, 0);
}
EXPORT_SYMBOL_GPL(wmitrace_etw_write);

/* EtwWriteString; see there. */
NTSTATUS wmitrace_etw_write_string(REGHANDLE handle, UCHAR level, ULONGLONG keyword,
				   LPCGUID activity, PCWSTR string)
{
	EVENT_DESCRIPTOR descriptor = { .Level = level, .Keyword = keyword };
	EVENT_DATA_DESCRIPTOR data = { .Ptr = (uintptr_t)string };

	if (!string)
		return STATUS_INVALID_PARAMETER;
	/* A string that nobody wants is not looked at; others only as far as an event goes. */
	if (wmitrace_etw_enabled(handle, level, keyword)) {
		while (data.Size < ETL_RECORD_SIZE_MAX && string[data.Size / 2])
			data.Size += 2;
		data.Size += 2;
	}
	return write_event(handle, &descriptor, activity, NULL, 1, &data, EVENT_STRING_ONLY);
}
EXPORT_SYMBOL_GPL(wmitrace_etw_write_string);

/* EtwProviderEnabled, EtwEventEnabled; see there. */
BOOLEAN wmitrace_etw_enabled(REGHANDLE handle, UCHAR level, ULONGLONG keyword)
{
	const struct wt_enablements *s;
	const struct wt_etw *reg;
	bool found = false;
	u32 i;

	preempt_disable_notrace();
	reg = wt_etw_find(handle);
	s = reg ? rcu_dereference_sched(reg->sessions) : NULL;
	for (i = 0; s && i < s->count && !found; i++)
		found = wants(&s->of[i], level, keyword);
	preempt_enable_notrace();
	return found;
}
EXPORT_SYMBOL_GPL(wmitrace_etw_enabled);
