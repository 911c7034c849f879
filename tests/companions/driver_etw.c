// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver of the newer kind: EtwRegister.  Each number is logged three times:
 * by EtwWrite with the thread's activity, by EtwWriteTransfer with two given
 * ones, by EtwWriteString.
 */
#include <wmitrace/evntprov.h>
#include <wmitrace/evntrace.h>

#include "driver.h"

enum { EVENT_PLAIN = 1, EVENT_TRANSFER = 2, EVENT_LOW_LEVEL = 3, EVENT_OTHER_KEYWORD = 4 };

#define KEYWORD_MINE	0x8000000000000010ull
#define KEYWORD_OTHER	0x20ull

/* d1000000-0004-4000-8000-000000000001 */
static const GUID DriverProviderGuid =
	{ 0xd1000000, 0x0004, 0x4000, { 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01 } };

static const GUID ThreadActivity =
	{ 0xac000001, 0, 0, { 0, 0, 0, 0, 0, 0, 0, 1 } };
static const GUID GivenActivity =
	{ 0xac000002, 0, 0, { 0, 0, 0, 0, 0, 0, 0, 2 } };
static const GUID RelatedActivity =
	{ 0xac000003, 0, 0, { 0, 0, 0, 0, 0, 0, 0, 3 } };

static REGHANDLE RegHandle;

/* Others may log, and be called back, before EtwRegister() returns. */
static REGHANDLE handle(void)
{
	return READ_ONCE(RegHandle);
}

static void write(u16 id, u8 level, u64 keyword, u16 number, LPCGUID activity, LPCGUID related)
{
	struct driver_facts facts;
	EVENT_DESCRIPTOR descriptor;
	EVENT_DATA_DESCRIPTOR data[2];

	EventDescCreate(&descriptor, id, 7, 0x10, level, number, 9, keyword);
	driver_fill(&facts, number);
	EventDataDescCreate(&data[0], &facts, 5);
	EventDataDescCreate(&data[1], (UCHAR *)&facts + 5, sizeof(facts) - 5);
	EtwWriteTransfer(handle(), &descriptor, activity, related, 2, data);
}

static void write_plain(u16 number)
{
	struct driver_facts facts;
	EVENT_DESCRIPTOR descriptor;
	EVENT_DATA_DESCRIPTOR data;
	GUID id = ThreadActivity;

	EventDescCreate(&descriptor, EVENT_PLAIN, 7, 0x10, TRACE_LEVEL_INFORMATION, number, 9,
			KEYWORD_MINE);
	driver_fill(&facts, number);
	EventDataDescCreate(&data, &facts, sizeof(facts));
	EtwActivityIdControl(EVENT_ACTIVITY_CTRL_GET_SET_ID, &id);
	EtwWrite(handle(), &descriptor, NULL, 1, &data);
	EtwActivityIdControl(EVENT_ACTIVITY_CTRL_SET_ID, &id);
}

void driver_log(u16 number)
{
	if (!EtwProviderEnabled(handle(), TRACE_LEVEL_INFORMATION, KEYWORD_MINE))
		return;
	write_plain(number);
	write(EVENT_TRANSFER, TRACE_LEVEL_INFORMATION, KEYWORD_MINE, number, &GivenActivity,
	      &RelatedActivity);
	/* Neither of these is wanted by a session that is enabled with level 4, flags 0x10. */
	write(EVENT_LOW_LEVEL, TRACE_LEVEL_VERBOSE, KEYWORD_MINE, number, NULL, NULL);
	write(EVENT_OTHER_KEYWORD, TRACE_LEVEL_INFORMATION, KEYWORD_OTHER, number, NULL, NULL);
	EtwWriteString(handle(), TRACE_LEVEL_INFORMATION, 0, NULL, L"driver text");
}

/* What a driver says about its state when a session comes or goes is part of the session. */
static ETWENABLECALLBACK EnableCallback;
static VOID EnableCallback(LPCGUID SourceId, ULONG ControlCode, UCHAR Level,
			   ULONGLONG MatchAnyKeyword, ULONGLONG MatchAllKeyword,
			   PEVENT_FILTER_DESCRIPTOR FilterData, PVOID CallbackContext)
{
	pr_info("driver_etw: control %u level %u any %#llx all %#llx context %s\n", ControlCode,
		Level, MatchAnyKeyword, MatchAllKeyword,
		CallbackContext == &RegHandle ? "good" : "bad");
	write(10 + ControlCode, TRACE_LEVEL_CRITICAL, 0, ControlCode, NULL, NULL);
}

static const struct {
	u16 Size;
	char Name[11];
} __packed Traits = { sizeof(Traits), "driver_etw" };

int driver_entry(void)
{
	NTSTATUS Status = EtwRegister(&DriverProviderGuid, EnableCallback, &RegHandle, &RegHandle);

	if (!NT_SUCCESS(Status))
		return -EINVAL;
	EtwSetInformation(RegHandle, EventProviderSetTraits, (PVOID)&Traits, sizeof(Traits));
	return 0;
}

void driver_unload(void)
{
	EtwUnregister(RegHandle);
}

DRIVER_MODULE("EtwRegister style");
