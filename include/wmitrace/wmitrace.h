/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tracing calls that wmitrace.ko exports to other modules.
 *
 * The numbers in brackets name sections and acceptance rows of wmi-api, the
 * reference that docs/api-conformance.md is a report on.
 */
#ifndef WMITRACE_WMITRACE_H
#define WMITRACE_WMITRACE_H

#include <linux/stdarg.h>

#include "map.h"
#include "ntdef.h"
#include "wmistr.h"
#include "evntrace.h"

/* ---- the logger handle [5] -------------------------------------------- */

/**
 * WmiGetLoggerId - the logger a handle addresses
 * @LoggerHandle: handle as it came in HistoricalContext
 *
 * Return: 1 to 31, or KERNEL_LOGGER_ID for the kernel logger; 0 for no logger [A12, A13].
 */
static inline USHORT WmiGetLoggerId(TRACEHANDLE LoggerHandle)
{
	return (USHORT)LoggerHandle;
}

/**
 * WmiGetLoggerEnableLevel - the level a provider was enabled with
 * @LoggerHandle: handle as it came in HistoricalContext
 *
 * The logger itself never compares levels [5].
 *
 * Return: 0 to 255 [A12].
 */
static inline UCHAR WmiGetLoggerEnableLevel(TRACEHANDLE LoggerHandle)
{
	return (UCHAR)(LoggerHandle >> 16);
}

/**
 * WmiGetLoggerEnableFlags - the flags a provider was enabled with
 * @LoggerHandle: handle as it came in HistoricalContext
 *
 * Return: 32 bits that only the provider gives a meaning [A12].
 */
static inline ULONG WmiGetLoggerEnableFlags(TRACEHANDLE LoggerHandle)
{
	return (ULONG)(LoggerHandle >> 32);
}

/**
 * WmiSetLoggerId - address another logger, level and flags as they were
 * @LoggerId: new logger id
 * @LoggerHandle: handle to change
 */
static inline void WmiSetLoggerId(USHORT LoggerId, TRACEHANDLE *LoggerHandle)
{
	*LoggerHandle = (*LoggerHandle & ~(TRACEHANDLE)0xFFFF) | LoggerId;
}

/* ---- messages [8] ------------------------------------------------------ */

/**
 * WmiTraceMessageVa - log a message, arguments in a va_list
 * @LoggerHandle: where to; only bits 0-15, the logger id, count [A19]
 * @MessageFlags: TRACE_MESSAGE_*: which items the record gets; bits above 15
 *	do not reach the record [A82]
 * @MessageGuid: class of the message (TRACE_MESSAGE_GUID), or where a u32
 *	component id lies (TRACE_MESSAGE_COMPONENTID); may be NULL without these
 * @MessageNumber: number of the message within its class
 * @MessageArgList: pairs of a pointer and a 32- or 64-bit length, of which 32
 *	bits count; a NULL pointer ends the list.  Indeterminate afterwards.
 *
 * Context: any, NMI included [A92].  Never sleeps, waits or allocates.
 * All memory stays the caller's and is read before the call returns.
 *
 * Return:
 * * STATUS_SUCCESS - logged
 * * STATUS_INVALID_HANDLE - no such session, or the kernel logger's [A16-A18, A102]
 * * STATUS_NO_MEMORY - no free buffer, or larger than a buffer can hold; the
 *   session's EventsLost says so too [A87, A91]
 * * STATUS_INVALID_PARAMETER - a GUID or component id is asked for, but
 *   @MessageGuid is NULL [A85]; or more than 128 pairs: the list has no end
 * * STATUS_NOT_SUPPORTED - the session uses paged memory [A103]
 */
NTSTATUS NTAPI WmiTraceMessageVa(TRACEHANDLE LoggerHandle, ULONG MessageFlags, LPCGUID MessageGuid,
				 USHORT MessageNumber, va_list MessageArgList);

/**
 * WmiTraceMessage - log a message
 * @LoggerHandle: as in WmiTraceMessageVa()
 * @MessageFlags: as in WmiTraceMessageVa()
 * @MessageGuid: as in WmiTraceMessageVa()
 * @MessageNumber: as in WmiTraceMessageVa()
 * @...: pairs of pointer and length, ended by NULL, 0 or by 0 or by nothing
 *
 * Context: any, NMI included [A92].
 *
 * Return: as WmiTraceMessageVa().
 */
NTSTATUS NTAPI WmiTraceMessage(TRACEHANDLE LoggerHandle, ULONG MessageFlags, LPCGUID MessageGuid,
			       USHORT MessageNumber, ...);

/**
 * wmitrace_message - log a message, arguments in an array
 * @handle: as in WmiTraceMessageVa()
 * @flags: as in WmiTraceMessageVa()
 * @guid: as in WmiTraceMessageVa()
 * @number: as in WmiTraceMessageVa()
 * @list: a pointer, a length, a pointer, a length...; the list ends at the first
 *	NULL pointer or after @slots
 * @slots: elements of @list
 *
 * What calls of WmiTraceMessage turn into.  Context and return: as
 * WmiTraceMessageVa().
 */
NTSTATUS wmitrace_message(TRACEHANDLE handle, ULONG flags, LPCGUID guid, USHORT number,
			  const ULONG64 *list, ULONG slots);

/*
 * Calls go through a macro that puts the arguments into an array.  It costs
 * less than a variable argument list, and it makes every way to end the list
 * safe [1.2, A76]:
 *
 *	..., NULL, 0)	the documented pair;
 *	..., 0)		what WPP generates.  As a variable argument 0 is an int,
 *			whose 8-byte slot has an undefined upper half; here it is
 *			converted to 64 bits;
 *	...)		the array knows its length.
 *
 * At most 32 pairs.  A call through a function pointer, or of
 * (WmiTraceMessage)(...), is variadic and must bring its own end.
 */
#define WMITRACE_SLOT(argument)	((ULONG64)(uintptr_t)(argument))
#define WmiTraceMessage(handle, flags, guid, number, ...) \
	wmitrace_message((handle), (flags), (guid), (number), \
			 (const ULONG64 []){ WMITRACE_MAP(WMITRACE_SLOT, ##__VA_ARGS__, 0) }, \
			 WMITRACE_COUNT(__VA_ARGS__))

/* ---- events [9] -------------------------------------------------------- */

/**
 * IoWMIWriteEvent - log an event, or deliver it to consumers, or both
 * @WnodeEventItem: an EVENT_TRACE_HEADER (with WNODE_FLAG_TRACED_GUID) or a
 *	WNODE_HEADER, Flags at offset 44 saying which, and what follows it
 *
 * With WNODE_FLAG_TRACED_GUID in Flags the event goes to the session whose
 * handle lies in HistoricalContext and nowhere else [9.1].  The memory may be of
 * any kind, stays the caller's in every case and is not written to [A104, A121].
 *
 * With WNODE_FLAG_LOG_WNODE only, or neither, the event is logged as well [9.2],
 * or not [9.3], and delivered to consumers.  The memory comes from kmalloc() and
 * changes owner with STATUS_SUCCESS, when the module frees it after delivery;
 * with any other status it stays the caller's [A130, A131].
 *
 * Context: any, NMI included, with WNODE_FLAG_TRACED_GUID [A124]; otherwise
 * process context that may sleep [A137].
 *
 * Return:
 * * STATUS_SUCCESS - logged, or queued for consumers
 * * STATUS_INVALID_HANDLE - TRACED_GUID: no such session [A123]
 * * STATUS_INVALID_PARAMETER - Size less than 48 [A120], or a NULL GuidPtr [A111]
 * * STATUS_ARRAY_BOUNDS_EXCEEDED - more than MAX_MOF_FIELDS fields [A113]
 * * STATUS_BUFFER_OVERFLOW - more bytes than an event, a buffer or a delivery
 *   may have [A117, A133]; this is a warning, which NT_SUCCESS() refuses
 * * STATUS_NO_MEMORY - TRACED_GUID: no free buffer [A127]
 * * STATUS_INSUFFICIENT_RESOURCES - cannot queue
 * * STATUS_UNSUCCESSFUL - delivery is not available, or called from a context
 *   that must not sleep [A137]
 */
NTSTATUS NTAPI IoWMIWriteEvent(PVOID WnodeEventItem);

#endif /* WMITRACE_WMITRACE_H */
