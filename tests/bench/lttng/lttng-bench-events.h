/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench_trace.h as LTTng wants it: the events' names begin with their system's. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM bench

#if !defined(LTTNG_BENCH_EVENTS_H) || defined(TRACE_HEADER_MULTI_READ)
#define LTTNG_BENCH_EVENTS_H

#include <lttng/tracepoint-event.h>

LTTNG_TRACEPOINT_EVENT(bench_16,
	TP_PROTO(const u8 *data),
	TP_ARGS(data),
	TP_FIELDS(ctf_array(uint8_t, data, data, 16))
)
LTTNG_TRACEPOINT_EVENT(bench_64,
	TP_PROTO(const u8 *data),
	TP_ARGS(data),
	TP_FIELDS(ctf_array(uint8_t, data, data, 64))
)
LTTNG_TRACEPOINT_EVENT(bench_256,
	TP_PROTO(const u8 *data),
	TP_ARGS(data),
	TP_FIELDS(ctf_array(uint8_t, data, data, 256))
)
LTTNG_TRACEPOINT_EVENT(bench_1024,
	TP_PROTO(const u8 *data),
	TP_ARGS(data),
	TP_FIELDS(ctf_array(uint8_t, data, data, 1024))
)

#endif

#define TRACE_INCLUDE_FILE lttng-bench-events
#include <lttng/define_trace.h>
