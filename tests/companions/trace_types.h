/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace events with fields of every type that a format file can have; what they
 * print tells each field as NAME=VALUE.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM wt_types

#if !defined(TESTS_TRACE_TYPES_H) || defined(TRACE_HEADER_MULTI_READ)
#define TESTS_TRACE_TYPES_H

#include <linux/tracepoint.h>
#include <linux/cpumask.h>
#include <linux/types.h>

#include "compat.h"

/* A value that looks like none of its neighbours: field @f of event @n. */
#ifndef WT_VALUE
#define WT_VALUE(n, f)	(((u64)(n) * 64 + (f) + 1) * 0x9e3779b97f4a7c15ull)
#endif

TRACE_EVENT(wt_scalars,
	TP_PROTO(u32 n, const char *text),
	TP_ARGS(n, text),
	TP_STRUCT__entry(
		__field(u32, n)
		__field(s8, a_s8)
		__field(u8, a_u8)
		__field(s16, a_s16)
		__field(u16, a_u16)
		__field(s32, a_s32)
		__field(u32, a_u32)
		__field(s64, a_s64)
		__field(u64, a_u64)
		__field(long, a_long)
		__field(unsigned long, a_ulong)
		__field(bool, a_bool)
		__field(pid_t, a_pid)
		__field(dev_t, a_dev)
		__field(size_t, a_size)
		__field(const void *, a_pointer)
		__field(unsigned int, some_flags)
	),
	TP_fast_assign(
		__entry->n = n;
		__entry->a_s8 = WT_VALUE(n, 0);
		__entry->a_u8 = WT_VALUE(n, 1);
		__entry->a_s16 = WT_VALUE(n, 2);
		__entry->a_u16 = WT_VALUE(n, 3);
		__entry->a_s32 = WT_VALUE(n, 4);
		__entry->a_u32 = WT_VALUE(n, 5);
		__entry->a_s64 = WT_VALUE(n, 6);
		__entry->a_u64 = WT_VALUE(n, 7);
		__entry->a_long = WT_VALUE(n, 8);
		__entry->a_ulong = WT_VALUE(n, 9);
		__entry->a_bool = n & 1;
		__entry->a_pid = WT_VALUE(n, 11);
		__entry->a_dev = WT_VALUE(n, 12);
		__entry->a_size = WT_VALUE(n, 13);
		__entry->a_pointer = (const void *)(unsigned long)WT_VALUE(n, 14);
		__entry->some_flags = WT_VALUE(n, 15);
	),
	TP_printk("n=%u a_s8=%d a_u8=%u a_s16=%d a_u16=%u a_s32=%d a_u32=%u a_s64=%lld a_u64=%llu a_long=%ld a_ulong=%lu a_bool=%d a_pid=%d a_dev=%u a_size=%zu a_pointer=0x%lx some_flags=0x%x",
		  __entry->n, __entry->a_s8, __entry->a_u8, __entry->a_s16, __entry->a_u16,
		  __entry->a_s32, __entry->a_u32, __entry->a_s64, __entry->a_u64, __entry->a_long,
		  __entry->a_ulong, __entry->a_bool, __entry->a_pid, __entry->a_dev,
		  __entry->a_size, (unsigned long)__entry->a_pointer, __entry->some_flags)
);

TRACE_EVENT(wt_arrays,
	TP_PROTO(u32 n, const char *text),
	TP_ARGS(n, text),
	TP_STRUCT__entry(
		__field(u32, n)
		__array(char, text, 16)
		__array(u8, bytes, 6)
		__array(s16, words, 3)
		__array(u32, dwords, 2)
		__array(u64, qwords, 2)
	),
	TP_fast_assign(
		int i;

		__entry->n = n;
		memset(__entry->text, 0, sizeof(__entry->text));
		memcpy(__entry->text, text, strnlen(text, sizeof(__entry->text)));
		for (i = 0; i < 6; i++)
			__entry->bytes[i] = WT_VALUE(n, i);
		for (i = 0; i < 3; i++)
			__entry->words[i] = WT_VALUE(n, 6 + i);
		for (i = 0; i < 2; i++)
			__entry->dwords[i] = WT_VALUE(n, 9 + i);
		for (i = 0; i < 2; i++)
			__entry->qwords[i] = WT_VALUE(n, 11 + i);
	),
	TP_printk("n=%u text=%.16s bytes=%s words=%s dwords=%s qwords=%s", __entry->n,
		  __entry->text, __print_array(__entry->bytes, 6, 1),
		  __print_array(__entry->words, 3, 2), __print_array(__entry->dwords, 2, 4),
		  __print_array(__entry->qwords, 2, 8))
);

TRACE_EVENT(wt_dynamic,
	TP_PROTO(u32 n, const char *text),
	TP_ARGS(n, text),
	TP_STRUCT__entry(
		__field(u32, n)
		__string(text, text)
		__dynamic_array(u8, bytes, n % 5)
		__dynamic_array(s16, words, 1 + n % 3)
		__dynamic_array(u32, dwords, n % 2)
		__dynamic_array(u64, qwords, 2)
		__bitmask(mask, 64)
	),
	TP_fast_assign(
		unsigned long mask = WT_VALUE(n, 20);
		u32 i;

		__entry->n = n;
		COMPANION_ASSIGN_STR(text, text);
		for (i = 0; i < n % 5; i++)
			((u8 *)__get_dynamic_array(bytes))[i] = WT_VALUE(n, i);
		for (i = 0; i < 1 + n % 3; i++)
			((s16 *)__get_dynamic_array(words))[i] = WT_VALUE(n, 6 + i);
		for (i = 0; i < n % 2; i++)
			((u32 *)__get_dynamic_array(dwords))[i] = WT_VALUE(n, 9 + i);
		for (i = 0; i < 2; i++)
			((u64 *)__get_dynamic_array(qwords))[i] = WT_VALUE(n, 11 + i);
		__assign_bitmask(mask, &mask, 64);
	),
	TP_printk("n=%u text=%s bytes=%s words=%s dwords=%s qwords=%s mask=%s", __entry->n,
		  __get_str(text),
		  __print_array(__get_dynamic_array(bytes), __get_dynamic_array_len(bytes), 1),
		  __print_array(__get_dynamic_array(words), __get_dynamic_array_len(words) / 2, 2),
		  __print_array(__get_dynamic_array(dwords), __get_dynamic_array_len(dwords) / 4, 4),
		  __print_array(__get_dynamic_array(qwords), __get_dynamic_array_len(qwords) / 8, 8),
		  __get_bitmask(mask))
);

TRACE_EVENT(wt_relative,
	TP_PROTO(u32 n, const char *text),
	TP_ARGS(n, text),
	TP_STRUCT__entry(
		__field(u32, n)
		__rel_string(text, text)
		__rel_dynamic_array(u8, bytes, n % 5)
		__field(u16, between)
		__rel_dynamic_array(s16, words, 1 + n % 3)
		__rel_dynamic_array(u64, qwords, 2)
		__rel_bitmask(mask, 64)
	),
	TP_fast_assign(
		unsigned long mask = WT_VALUE(n, 20);
		u32 i;

		__entry->n = n;
		COMPANION_ASSIGN_REL_STR(text, text);
		for (i = 0; i < n % 5; i++)
			((u8 *)__get_rel_dynamic_array(bytes))[i] = WT_VALUE(n, i);
		__entry->between = WT_VALUE(n, 5);
		for (i = 0; i < 1 + n % 3; i++)
			((s16 *)__get_rel_dynamic_array(words))[i] = WT_VALUE(n, 6 + i);
		for (i = 0; i < 2; i++)
			((u64 *)__get_rel_dynamic_array(qwords))[i] = WT_VALUE(n, 11 + i);
		__assign_rel_bitmask(mask, &mask, 64);
	),
	TP_printk("n=%u text=%s bytes=%s between=%u words=%s qwords=%s mask=%s", __entry->n,
		  __get_rel_str(text),
		  __print_array(__get_rel_dynamic_array(bytes), __get_rel_dynamic_array_len(bytes), 1),
		  __entry->between,
		  __print_array(__get_rel_dynamic_array(words), __get_rel_dynamic_array_len(words) / 2, 2),
		  __print_array(__get_rel_dynamic_array(qwords), __get_rel_dynamic_array_len(qwords) / 8, 8),
		  __get_rel_bitmask(mask))
);

#endif /* TESTS_TRACE_TYPES_H */

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace_types
#include <trace/define_trace.h>
