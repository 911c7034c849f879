// SPDX-License-Identifier: GPL-2.0-only
/* WmiQueryTraceInformation, class by class (wmi-api section 10). */
#include <linux/ctype.h>
#include <linux/string.h>
#include <wmitrace/iowmi.h>
#include <wmitrace/wmitrace.h>

#include "provider_puppet.h"

#define GUARD	0x5a

static u8 answer[64];
static u32 required;

static void check(bool good, const char *what)
{
	puppet_say("%s - %s\n", good ? "ok" : "not ok", what);
}

/* Asks with a guard behind @length bytes of answer. */
static NTSTATUS ask(u32 class, u32 length, void *question)
{
	memset(answer, GUARD, sizeof(answer));
	required = 0;
	return WmiQueryTraceInformation(class, answer, length, &required, question);
}

static bool untouched_from(u32 offset)
{
	return !memchr_inv(answer + offset, GUARD, sizeof(answer) - offset);
}

static void query_handle(WNODE_HEADER *w)
{
	u64 handle = w->HistoricalContext;
	WNODE_HEADER bad = { .HistoricalContext = 0x1234500000000020 };
	u32 id;

	check(!ask(TraceIdClass, 4, w) && *(u32 *)answer == (u16)handle && untouched_from(4),
	      "TraceIdClass gives the id as a u32 [A141]");
	check(ask(TraceIdClass, 8, w) == STATUS_INFO_LENGTH_MISMATCH,
	      "TraceIdClass refuses 8 bytes [A142]");
	check(required == 4, "RequiredLength is set all the same [A156]");
	check(!WmiQueryTraceInformation(TraceIdClass, answer, 4, NULL, w),
	      "RequiredLength may be NULL [A156]");
	check(ask(TraceIdClass, 4, NULL) == STATUS_INVALID_PARAMETER_MIX,
	      "TraceIdClass wants a Buffer [A146]");
	check(ask(TraceHandleClass, 8, NULL) == STATUS_INVALID_PARAMETER_MIX &&
	      ask(TraceEnableFlagsClass, 4, NULL) == STATUS_INVALID_PARAMETER_MIX &&
	      ask(TraceEnableLevelClass, 4, NULL) == STATUS_INVALID_PARAMETER_MIX &&
	      ask(TraceHandleByNameClass, 8, NULL) == STATUS_INVALID_PARAMETER_MIX,
	      "so do handle, flags, level and name [A146]");
	check(ask(TraceIdClass, 4, &bad) == STATUS_INVALID_HANDLE &&
	      ask(TraceEnableFlagsClass, 4, &bad) == STATUS_INVALID_HANDLE &&
	      ask(TraceEnableLevelClass, 4, &bad) == STATUS_INVALID_HANDLE,
	      "a handle of no session is refused [A147]");
	id = (u16)handle;
	check(!ask(TraceHandleClass, 8, &id) && (u16)*(u64 *)answer == id,
	      "TraceHandleClass gives a handle with the id");
}

/* Whether there is a kernel logger is the script's to know. */
static void query_kernel(void)
{
	u32 id = 0;
	NTSTATUS status = ask(TraceHandleClass, 8, &id);

	puppet_say("kernel %#x %#llx\n", status, *(u64 *)answer);
}

static void query_level(WNODE_HEADER *w)
{
	u64 handle = w->HistoricalContext;
	u32 length;

	for (length = 4; length <= 16; length++) {
		if (ask(TraceEnableFlagsClass, length, w) || ask(TraceEnableLevelClass, length, w))
			break;
	}
	check(length == 17, "flags and level accept 4 bytes and more [A144]");
	check(ask(TraceEnableFlagsClass, 3, w) == STATUS_INFO_LENGTH_MISMATCH &&
	      ask(TraceEnableLevelClass, 3, w) == STATUS_INFO_LENGTH_MISMATCH,
	      "and refuse 3 [A144]");
	check(!ask(TraceEnableLevelClass, 4, w) && *(u32 *)answer == (u8)(handle >> 16) &&
	      untouched_from(4), "the level is four bytes [A145]");
	check(!ask(TraceEnableFlagsClass, 4, w) && *(u32 *)answer == handle >> 32,
	      "the flags are the handle's");
}

static void query_classes(void)
{
	u32 class, good = 0;
	NTSTATUS status;

	for (class = 16; class < 64; class++)
		good += ask(class, 8, answer) == STATUS_INVALID_INFO_CLASS;
	good += ask(U32_MAX, 8, answer) == STATUS_INVALID_INFO_CLASS;
	check(good == 49, "classes from 16 up do not exist [A148]");
	check(ask(EventLoggerHandleClass, 8, answer) == STATUS_INVALID_INFO_CLASS &&
	      ask(DiskIoNotifyRoutinesClass, 8, answer) == STATUS_INVALID_INFO_CLASS &&
	      ask(WdfNotifyRoutinesClass, 8, answer) == STATUS_INVALID_INFO_CLASS,
	      "internal classes are refused");
	check(ask(GlobalLoggerHandleClass, 4, NULL) == STATUS_INFO_LENGTH_MISMATCH,
	      "GlobalLoggerHandleClass wants 8 bytes");
	status = ask(GlobalLoggerHandleClass, 8, NULL);
	puppet_say("global %#x %#llx\n", status, *(u64 *)answer);
}

/* Expects exactly two sessions. */
static void query_all(u64 handle)
{
	u64 *all = (u64 *)answer;

	check(!ask(AllLoggerHandlesClass, 16, NULL) && all[0] && all[1] && all[0] != all[1] &&
	      ((u16)all[0] == (u16)handle || (u16)all[1] == (u16)handle) && untouched_from(16),
	      "AllLoggerHandlesClass gives both sessions [A151]");
	check(required == 16, "it says what it needs");
	check(ask(AllLoggerHandlesClass, 12, NULL) == STATUS_MORE_ENTRIES && all[0] &&
	      untouched_from(8), "with room for one and a half it gives one [A152]");
	check(NT_SUCCESS(STATUS_MORE_ENTRIES), "which is a success");
	check(ask(AllLoggerHandlesClass, 0, NULL) == STATUS_MORE_ENTRIES && untouched_from(0),
	      "with no room none [A152]");
}

static void query_name(const char *session, u64 handle)
{
	WCHAR wide[80];
	UNICODE_STRING name = { .Buffer = wide };
	u32 i;

	for (i = 0; session[i] && i < ARRAY_SIZE(wide) - 4; i++)
		wide[i] = i % 2 ? toupper(session[i]) : tolower(session[i]);
	memcpy(&wide[i], L"xyz", 6);
	name.Length = 2 * i;
	name.MaximumLength = sizeof(wide);
	check(!ask(TraceHandleByNameClass, 8, &name) && (u16)*(u64 *)answer == (u16)handle,
	      "a name finds its session in any letter case [A153]");
	check(!WmiTraceMessage(*(u64 *)answer, 0, NULL, 153, NULL, 0),
	      "and its handle logs [A153]");
	check(ask(TraceHandleByNameClass, 4, &name) == STATUS_INFO_LENGTH_MISMATCH &&
	      required == 8, "the handle takes 8 bytes [A156]");
	name.Length += 2;
	check(ask(TraceHandleByNameClass, 8, &name) == STATUS_INVALID_PARAMETER,
	      "an unknown name is refused [A154]");
	check(name.Length == 2 * (i + 1) && wide[i],
	      "what lies behind Length did not count before [A155]");
	name.Length = 2 * (i - 1);
	check(ask(TraceHandleByNameClass, 8, &name) == STATUS_INVALID_PARAMETER,
	      "nor is a shorter one found [A155]");
}

static void query_settings(u64 handle)
{
	ETW_TRACE_SESSION_SETTINGS *s = (void *)answer;
	u32 id = (u16)handle;

	check(ask(TraceSessionSettingsClass, 31, &handle) == STATUS_INFO_LENGTH_MISMATCH,
	      "settings take 32 bytes");
	check(!ask(TraceSessionSettingsClass, 32, &handle) && untouched_from(32), "and give them");
	puppet_say("settings buffer_size=%u minimum=%u maximum=%u mode=%#x flush=%u clock=%u\n",
		   s->BufferSize, s->MinimumBuffers, s->MaximumBuffers, s->LoggerMode,
		   s->FlushTimer, s->ClockType);
	check(!ask(LoggerEventsLostClass, 4, &id) && !*(u32 *)answer, "no events are lost");
	check(!ask(LoggerEventsLoggedClass, 8, &id), "and some are logged");
	puppet_say("logged %llu\n", *(u64 *)answer);
}

void puppet_query(const char *session, u64 handle)
{
	WNODE_HEADER w = { .BufferSize = sizeof(w), .HistoricalContext = handle };

	query_handle(&w);
	query_kernel();
	query_level(&w);
	query_classes();
	query_all(handle);
	query_name(session, handle);
	query_settings(handle);
}
