// SPDX-License-Identifier: GPL-2.0-only
/*
 * WmiQueryTraceInformation (wmi-api section 10).
 *
 * Any context but NMI: sessions are found as writers find them, through
 * wt_writers, and what is read of them is either fixed while they are published
 * or a single word.  So callbacks may ask whoever holds wt_control_mutex.
 *
 * Checks come in the order class, Buffer, length, handle.
 */
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "buffer.h"
#include "session.h"
#include "wmitrace/iowmi.h"
#include "wmitrace/wmitrace.h"

/* How many bytes a class answers with, and what it wants. */
struct query_class {
	u32 size;
	bool exact;		/* the length must be that, not at least that */
	bool asks;		/* Buffer is needed */
	NTSTATUS (*answer)(void *out, u32 length, const void *question);
};

/* The logger of a handle, under RCU; the kernel logger has an id of its own in handles. */
static struct wt_logger *find(u64 handle)
{
	u32 id = handle & 0xffff;

	if (id == WMITRACE_KERNEL_HANDLE)
		id = WMITRACE_KERNEL_LOGGER;
	else if (!id || id >= WMITRACE_LOGGERS)
		return NULL;
	return rcu_dereference_sched(wt_writers[id]);
}

static u64 handle_of(u32 id)
{
	return id == WMITRACE_KERNEL_LOGGER ? WMITRACE_KERNEL_HANDLE : id;
}

/* Level and flags are the handle's, not the session's: but the session must run. */
static NTSTATUS checked_handle(const void *wnode, u64 *handle)
{
	*handle = ((const WNODE_HEADER *)wnode)->HistoricalContext;
	return find(*handle) ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}

static NTSTATUS answer_id(void *out, u32 length, const void *question)
{
	u64 handle;
	NTSTATUS status = checked_handle(question, &handle);

	if (!status)
		*(u32 *)out = WmiGetLoggerId(handle);
	return status;
}

static NTSTATUS answer_handle(void *out, u32 length, const void *question)
{
	u32 id = *(const u32 *)question;

	if (id >= WMITRACE_LOGGERS || !find(handle_of(id)))
		return STATUS_INVALID_HANDLE;
	*(u64 *)out = handle_of(id);
	return STATUS_SUCCESS;
}

static NTSTATUS answer_flags(void *out, u32 length, const void *question)
{
	u64 handle;
	NTSTATUS status = checked_handle(question, &handle);

	if (!status)
		*(u32 *)out = WmiGetLoggerEnableFlags(handle);
	return status;
}

static NTSTATUS answer_level(void *out, u32 length, const void *question)
{
	u64 handle;
	NTSTATUS status = checked_handle(question, &handle);

	if (!status)
		*(u32 *)out = WmiGetLoggerEnableLevel(handle);
	return status;
}

static NTSTATUS answer_global(void *out, u32 length, const void *question)
{
	static const struct wt_name name = { "GlobalLogger", 12, 12 };
	struct wt_logger *l = find(WMI_GLOBAL_LOGGER_ID);

	if (!l || !wt_name_equal(&l->name, &name))
		return STATUS_NOT_FOUND;
	*(u64 *)out = WMI_GLOBAL_LOGGER_ID;
	return STATUS_SUCCESS;
}

static NTSTATUS answer_all(void *out, u32 length, const void *question)
{
	u32 id, count = 0, room = length / sizeof(u64);

	for (id = 0; id < WMITRACE_LOGGERS; id++) {
		if (!find(handle_of(id)))
			continue;
		if (count == room)
			return STATUS_MORE_ENTRIES;
		((u64 *)out)[count++] = handle_of(id);
	}
	memset((u64 *)out + count, 0, (room - count) * sizeof(u64));
	return STATUS_SUCCESS;
}

static NTSTATUS answer_by_name(void *out, u32 length, const void *question)
{
	const UNICODE_STRING *name = question;
	u32 id;

	if (!name->Buffer || !name->Length || name->Length % sizeof(WCHAR))
		return STATUS_INVALID_PARAMETER;
	for (id = 0; id < WMITRACE_LOGGERS; id++) {
		struct wt_logger *l = find(handle_of(id));

		if (l && wt_name_equal_utf16(&l->name, name->Buffer,
					     name->Length / sizeof(WCHAR))) {
			*(u64 *)out = handle_of(id);
			return STATUS_SUCCESS;
		}
	}
	return STATUS_INVALID_PARAMETER;
}

static NTSTATUS counts_of(const void *question, struct wt_counts *counts)
{
	u32 id = *(const u32 *)question;
	struct wt_logger *l = id < WMITRACE_LOGGERS ? find(handle_of(id)) : NULL;

	if (!l)
		return STATUS_INVALID_HANDLE;
	wt_session_counts(l, counts);
	return STATUS_SUCCESS;
}

static NTSTATUS answer_lost(void *out, u32 length, const void *question)
{
	struct wt_counts counts;
	NTSTATUS status = counts_of(question, &counts);

	if (!status)
		*(u32 *)out = min_t(u64, wt_counts_lost(&counts), U32_MAX);
	return status;
}

/* 64 bits for who has room for them. */
static NTSTATUS answer_logged(void *out, u32 length, const void *question)
{
	struct wt_counts counts;
	NTSTATUS status = counts_of(question, &counts);

	if (status)
		return status;
	if (length >= sizeof(u64))
		*(u64 *)out = counts.logged;
	else
		*(u32 *)out = min_t(u64, counts.logged, U32_MAX);
	return STATUS_SUCCESS;
}

static NTSTATUS answer_settings(void *out, u32 length, const void *question)
{
	struct wt_logger *l = find(*(const u64 *)question);
	u32 total = 0, unused = 0;
	unsigned int cpu;

	if (!l)
		return STATUS_INVALID_HANDLE;
	for_each_possible_cpu(cpu)
		wt_buffer_usage(l, cpu, &total, &unused);
	*(ETW_TRACE_SESSION_SETTINGS *)out = (ETW_TRACE_SESSION_SETTINGS){
		.BufferSize = l->subbuf_size / 1024,
		.MinimumBuffers = l->min_buffers,
		.MaximumBuffers = total,
		.LoggerMode = READ_ONCE(l->mode),
		.FlushTimer = READ_ONCE(l->flush_timer),
		.ClockType = l->clock.type,
	};
	return STATUS_SUCCESS;
}

static const struct query_class classes[MaxTraceInformationClass] = {
	[TraceIdClass]			= { 4, true, true, answer_id },
	[TraceHandleClass]		= { 8, true, true, answer_handle },
	[TraceEnableFlagsClass]		= { 4, false, true, answer_flags },
	[TraceEnableLevelClass]		= { 4, false, true, answer_level },
	[GlobalLoggerHandleClass]	= { 8, true, false, answer_global },
	[AllLoggerHandlesClass]		= { 0, false, false, answer_all },
	[TraceHandleByNameClass]	= { 8, true, true, answer_by_name },
	[LoggerEventsLostClass]		= { 4, false, true, answer_lost },
	[TraceSessionSettingsClass]	= { sizeof(ETW_TRACE_SESSION_SETTINGS), false, true,
					    answer_settings },
	[LoggerEventsLoggedClass]	= { 4, false, true, answer_logged },
};

/* What all sessions' handles take now. */
static u32 all_handles_size(void)
{
	u32 id, size = 0;

	for (id = 0; id < WMITRACE_LOGGERS; id++)
		if (find(handle_of(id)))
			size += sizeof(u64);
	return size;
}

static NTSTATUS query(const struct query_class *class, void *out, u32 length, u32 *required,
		      const void *question)
{
	u32 size = class->answer == answer_all ? all_handles_size() : class->size;

	if (required)
		*required = size;
	if (class->asks && !question)
		return STATUS_INVALID_PARAMETER_MIX;
	if (length < class->size || (class->exact && length != class->size))
		return STATUS_INFO_LENGTH_MISMATCH;
	if (!out)
		return STATUS_INVALID_PARAMETER;
	return class->answer(out, length, question);
}

NTSTATUS WmiQueryTraceInformation(TRACE_INFORMATION_CLASS TraceInformationClass,
				  PVOID TraceInformation, ULONG TraceInformationLength,
				  PULONG RequiredLength, PVOID Buffer)
{
	NTSTATUS status;

	if ((u32)TraceInformationClass >= ARRAY_SIZE(classes) ||
	    !classes[TraceInformationClass].answer)
		return STATUS_INVALID_INFO_CLASS;
	rcu_read_lock_sched();
	status = query(&classes[TraceInformationClass], TraceInformation, TraceInformationLength,
		       RequiredLength, Buffer);
	rcu_read_unlock_sched();
	return status;
}
EXPORT_SYMBOL_GPL(WmiQueryTraceInformation);
