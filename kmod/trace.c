// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's own trace events: taken from finished records, so that they say
 * what the log says.
 */
#include <linux/string.h>

#include "compat.h"
#include "trace.h"

#define CREATE_TRACE_POINTS
#include "tracepoints.h"

static u32 logger_of(const struct wt_record *r)
{
	return r->sub->cpu->logger->id;
}

/* The items of a message lie in the order of wmi-api 8.1. */
void wt_trace_message(const struct wt_record *r)
{
	const struct etl_message_header *h = (const struct etl_message_header *)r->data;
	const u32 flags = le16_to_cpu(h->flags);
	const u8 *p = r->data + sizeof(*h);
	u8 guid[16] = {};
	u32 sequence = 0;

	if (flags & ETL_MESSAGE_SEQUENCE) {
		sequence = get_unaligned_le32(p);
		p += 4;
	}
	if (flags & ETL_MESSAGE_COMPONENTID) {
		memcpy(guid, p, 4);
		p += 4;
	}
	if (flags & ETL_MESSAGE_GUID) {
		memcpy(guid, p, 16);
		p += 16;
	}
	if (flags & ETL_MESSAGE_TIMESTAMP)
		p += 8;
	if (flags & ETL_MESSAGE_SYSTEMINFO)
		p += 8;
	trace_wmi_message(logger_of(r), le16_to_cpu(h->number), guid, sequence, p,
			  r->data + le16_to_cpu(h->size) - p);
}

void wt_trace_event(const struct wt_record *r)
{
	const struct etl_full_header *h = (const struct etl_full_header *)r->data;

	trace_wmi_event(logger_of(r), (const u8 *)&h->guid, h->type, h->level,
			le16_to_cpu(h->version), (const u8 *)(h + 1),
			le16_to_cpu(h->size) - sizeof(*h));
}

void wt_trace_etw(const struct wt_record *r, u32 payload)
{
	const struct etl_event_header *h = (const struct etl_event_header *)r->data;

	trace_etw_event(logger_of(r), (const u8 *)&h->provider, le16_to_cpu(h->id), h->level,
			le64_to_cpu(h->keyword), r->data + le16_to_cpu(h->size) - payload,
			payload);
}
