/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What drivers log, as Linux trace events too (tracepoints.h).  Where nobody
 * traces, asking costs one instruction that does nothing.
 */
#ifndef WT_TRACE_H
#define WT_TRACE_H

#include <linux/tracepoint-defs.h>

#include "buffer.h"

DECLARE_TRACEPOINT(wmi_message);
DECLARE_TRACEPOINT(wmi_event);
DECLARE_TRACEPOINT(etw_event);

#define wt_tracing(name)	tracepoint_enabled(name)

/* For a record whose every byte is written and which is not committed yet.  Any context. */
void wt_trace_message(const struct wt_record *r);
void wt_trace_event(const struct wt_record *r);
/* @payload: bytes of it, the last of the record */
void wt_trace_etw(const struct wt_record *r, u32 payload);

#endif
