/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module's own trace events: what drivers log, for ftrace and perf, on
 * their clock.  A long payload is cut off here (WT_TRACE_DATA), not in the log.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM wmitrace

#if !defined(WT_TRACEPOINTS_H) || defined(TRACE_HEADER_MULTI_READ)
#define WT_TRACEPOINTS_H

#include <linux/tracepoint.h>
#include <linux/types.h>

#define WT_TRACE_DATA	1024u

/* WmiTraceMessage and WPP */
TRACE_EVENT(wmi_message,
	TP_PROTO(u32 logger, u16 number, const u8 *guid, u32 sequence, const u8 *data, u32 size),
	TP_ARGS(logger, number, guid, sequence, data, size),
	TP_STRUCT__entry(
		__field(u32, logger)
		__field(u16, number)
		__field(u32, sequence)
		__array(u8, guid, 16)
		__field(u32, size)
		__dynamic_array(u8, data, min(size, WT_TRACE_DATA))
	),
	TP_fast_assign(
		__entry->logger = logger;
		__entry->number = number;
		__entry->sequence = sequence;
		memcpy(__entry->guid, guid, 16);
		__entry->size = size;
		memcpy(__get_dynamic_array(data), data, min(size, WT_TRACE_DATA));
	),
	TP_printk("logger=%u %pUl#%u sequence=%u size=%u data=%s", __entry->logger,
		  __entry->guid, __entry->number, __entry->sequence, __entry->size,
		  __print_hex(__get_dynamic_array(data), __get_dynamic_array_len(data)))
);

/* IoWMIWriteEvent */
TRACE_EVENT(wmi_event,
	TP_PROTO(u32 logger, const u8 *guid, u8 type, u8 level, u16 version, const u8 *data,
		 u32 size),
	TP_ARGS(logger, guid, type, level, version, data, size),
	TP_STRUCT__entry(
		__field(u32, logger)
		__array(u8, guid, 16)
		__field(u8, type)
		__field(u8, level)
		__field(u16, version)
		__field(u32, size)
		__dynamic_array(u8, data, min(size, WT_TRACE_DATA))
	),
	TP_fast_assign(
		__entry->logger = logger;
		memcpy(__entry->guid, guid, 16);
		__entry->type = type;
		__entry->level = level;
		__entry->version = version;
		__entry->size = size;
		memcpy(__get_dynamic_array(data), data, min(size, WT_TRACE_DATA));
	),
	TP_printk("logger=%u %pUl type=%u level=%u version=%u size=%u data=%s", __entry->logger,
		  __entry->guid, __entry->type, __entry->level, __entry->version, __entry->size,
		  __print_hex(__get_dynamic_array(data), __get_dynamic_array_len(data)))
);

/* EtwWrite and its family */
TRACE_EVENT(etw_event,
	TP_PROTO(u32 logger, const u8 *provider, u16 id, u8 level, u64 keyword, const u8 *data,
		 u32 size),
	TP_ARGS(logger, provider, id, level, keyword, data, size),
	TP_STRUCT__entry(
		__field(u32, logger)
		__array(u8, provider, 16)
		__field(u16, id)
		__field(u8, level)
		__field(u64, keyword)
		__field(u32, size)
		__dynamic_array(u8, data, min(size, WT_TRACE_DATA))
	),
	TP_fast_assign(
		__entry->logger = logger;
		memcpy(__entry->provider, provider, 16);
		__entry->id = id;
		__entry->level = level;
		__entry->keyword = keyword;
		__entry->size = size;
		memcpy(__get_dynamic_array(data), data, min(size, WT_TRACE_DATA));
	),
	TP_printk("logger=%u %pUl id=%u level=%u keyword=0x%llx size=%u data=%s",
		  __entry->logger, __entry->provider, __entry->id, __entry->level,
		  __entry->keyword, __entry->size,
		  __print_hex(__get_dynamic_array(data), __get_dynamic_array_len(data)))
);

#endif /* WT_TRACEPOINTS_H */

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE tracepoints
#include <trace/define_trace.h>
