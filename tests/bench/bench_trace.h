/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trace events whose only field is an array of so many bytes. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM wmitrace_bench

#if !defined(BENCH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define BENCH_TRACE_H

#include <linux/tracepoint.h>

#define BENCH_EVENT(size)							\
TRACE_EVENT(bench_##size,							\
	TP_PROTO(const u8 *data),						\
	TP_ARGS(data),								\
	TP_STRUCT__entry(__array(u8, data, size)),				\
	TP_fast_assign(bench_copy(__entry->data, data, size);),			\
	TP_printk("%u", __entry->data[0])					\
)

BENCH_EVENT(16);
BENCH_EVENT(64);
BENCH_EVENT(256);
BENCH_EVENT(1024);

#undef BENCH_EVENT

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE bench_trace
#include <trace/define_trace.h>
