// SPDX-License-Identifier: GPL-2.0-only
/* EtwRegister and its family, status by status (wmi-api section 14). */
#include <wmitrace/evntprov.h>
#include <wmitrace/wmitrace.h>

#include "wmi_rows.h"

/* e7e00000-1111-4222-8333-444455556666: the script enables it with level 3, any 0x30, all 0x10 */
static const GUID on_guid =
	{ 0xe7e00000, 0x1111, 0x4222, { 0x83, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x66 } };
static const GUID off_guid =
	{ 0xe7e00001, 0x1111, 0x4222, { 0x83, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x66 } };

static REGHANDLE on, off;
static NTSTATUS unregistered_inside;
static u32 calls;

static VOID enabled(LPCGUID SourceId, ULONG ControlCode, UCHAR Level, ULONGLONG MatchAnyKeyword,
		    ULONGLONG MatchAllKeyword, PEVENT_FILTER_DESCRIPTOR FilterData,
		    PVOID CallbackContext)
{
	calls++;
	unregistered_inside = EtwUnregister(on);
	wmi_check(on && CallbackContext == &on && ControlCode == 1 && Level == 3 &&
		  MatchAnyKeyword == 0x30 && MatchAllKeyword == 0x10,
		  "14 the callback hears of the session before EtwRegister returns");
}

static void register_rows(void)
{
	REGHANDLE handle = 1;

	wmi_check(EtwRegister(NULL, NULL, NULL, &handle) == STATUS_INVALID_PARAMETER,
		  "14 a provider has a GUID");
	wmi_check(EtwRegister(&off_guid, NULL, NULL, NULL) == STATUS_INVALID_PARAMETER,
		  "14 and a handle");
	wmi_check(!EtwRegister(&on_guid, enabled, &on, &on) && calls == 1,
		  "14 one that is enabled is called once");
	wmi_check(unregistered_inside == STATUS_INVALID_DEVICE_REQUEST,
		  "14 EtwUnregister from the callback is refused");
	wmi_check(!EtwRegister(&off_guid, NULL, NULL, &off) && off != on, "14 a callback is optional");
}

/* What every call says of a handle. */
static void status_rows(REGHANDLE handle, NTSTATUS wanted, const char *what)
{
	EVENT_DESCRIPTOR d = { .Id = 1, .Level = 3 };
	EVENT_DATA_DESCRIPTOR data = { .Ptr = (ULONG_PTR)&d, .Size = sizeof(d) };

	wmi_check(EtwWrite(handle, &d, NULL, 1, &data) == wanted &&
		  EtwWriteTransfer(handle, &d, NULL, NULL, 0, NULL) == wanted &&
		  EtwWriteEx(handle, &d, 0, 0, NULL, NULL, 0, NULL) == wanted &&
		  EtwWriteString(handle, 3, 0, NULL, L"text") == wanted,
		  "14 writing with %s: %#x", what, wanted);
}

static void enabled_rows(void)
{
	static const struct {
		u8 level;
		u64 keyword;
		bool wanted;
	} cases[] = {
		{ 3, 0, true }, { 0, 0, true }, { 4, 0, false }, { 3, 0x10, true },
		{ 3, 0x20, false }, { 3, 0x30, true }, { 3, 0x50, true }, { 3, 0x40, false },
		{ 4, 0x10, false },
	};
	u32 i, good = 0;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		EVENT_DESCRIPTOR d = { .Level = cases[i].level, .Keyword = cases[i].keyword };

		good += EtwProviderEnabled(on, d.Level, d.Keyword) == cases[i].wanted &&
			EtwEventEnabled(on, &d) == cases[i].wanted &&
			!EtwProviderEnabled(off, d.Level, d.Keyword) &&
			!EtwEventEnabled(off, &d) && !EtwEventEnabled(0, &d) &&
			!EtwEventEnabled(on + 1, &d) && !EtwEventEnabled(~0ull, &d);
	}
	wmi_check(good == ARRAY_SIZE(cases), "14 who wants what, by level and keyword (%u)", good);
}

static void argument_rows(void)
{
	static EVENT_DATA_DESCRIPTOR many[129];
	EVENT_DESCRIPTOR d = { .Id = 2, .Level = 1 };

	wmi_check(!EtwWrite(on, &d, NULL, 128, many), "14 128 descriptors are possible");
	wmi_check(EtwWrite(on, &d, NULL, 129, many) == STATUS_INVALID_PARAMETER, "14 129 are not");
	wmi_check(EtwWrite(on, NULL, NULL, 0, NULL) == STATUS_INVALID_PARAMETER,
		  "14 an event has a descriptor");
	wmi_check(EtwWrite(on, &d, NULL, 1, NULL) == STATUS_INVALID_PARAMETER,
		  "14 data that is announced is there");
	wmi_check(EtwWriteEx(on, &d, 0, 1, NULL, NULL, 0, NULL) == STATUS_INVALID_PARAMETER,
		  "14 EtwWriteEx has no flags");
	wmi_check(EtwWriteString(on, 1, 0, NULL, NULL) == STATUS_INVALID_PARAMETER,
		  "14 a string is one");
	many[0] = (EVENT_DATA_DESCRIPTOR){ .Ptr = (ULONG_PTR)many, .Size = 0x80000000 };
	many[1] = many[0];
	wmi_check(EtwWrite(on, &d, NULL, 2, many) == STATUS_BUFFER_OVERFLOW,
		  "14 sizes are added up in 64 bits");
	many[0] = (EVENT_DATA_DESCRIPTOR){ .Ptr = 0 };
	many[1] = many[0];
	wmi_check(EtwSetInformation(on, EventProviderSetTraits, many, 1) ==
		  STATUS_INVALID_PARAMETER && EtwSetInformation(on, 0, many, 2) ==
		  STATUS_NOT_SUPPORTED, "14 traits have a size, other classes are not there");
}

static void activity_rows(void)
{
	static const GUID none;
	GUID first = { 0xac700001 }, id = first, old;

	wmi_check(!EtwActivityIdControl(EVENT_ACTIVITY_CTRL_GET_SET_ID, &id) &&
		  IsEqualGUID(&id, &none), "14 a thread has no activity at first");
	wmi_check(!EtwActivityIdControl(EVENT_ACTIVITY_CTRL_GET_ID, &id) &&
		  IsEqualGUID(&id, &first), "14 then what it set");
	wmi_check(!EtwActivityIdControl(EVENT_ACTIVITY_CTRL_CREATE_SET_ID, &id) &&
		  IsEqualGUID(&id, &first), "14 CREATE_SET gives the old one");
	wmi_check(!EtwActivityIdControl(EVENT_ACTIVITY_CTRL_GET_ID, &id) &&
		  !IsEqualGUID(&id, &first) && !IsEqualGUID(&id, &none), "14 and sets a new one");
	wmi_check(!EtwActivityIdControl(EVENT_ACTIVITY_CTRL_CREATE_ID, &old) &&
		  !IsEqualGUID(&id, &old), "14 CREATE makes others");
	id = none;
	EtwActivityIdControl(EVENT_ACTIVITY_CTRL_SET_ID, &id);
	wmi_check(EtwActivityIdControl(0, &id) == STATUS_INVALID_PARAMETER &&
		  EtwActivityIdControl(6, &id) == STATUS_INVALID_PARAMETER &&
		  EtwActivityIdControl(1, NULL) == STATUS_INVALID_PARAMETER,
		  "14 other codes there are not");
}

void wmi_etw_rows(void)
{
	calls = 0;
	on = 0;
	status_rows(0, STATUS_INVALID_HANDLE, "no handle");
	register_rows();
	status_rows(on, STATUS_SUCCESS, "an enabled provider's");
	status_rows(off, STATUS_SUCCESS, "a disabled provider's");
	status_rows(on + 1, STATUS_INVALID_HANDLE, "a handle of nobody");
	status_rows(~0ull, STATUS_INVALID_HANDLE, "another of nobody");
	enabled_rows();
	argument_rows();
	activity_rows();
	wmi_check(!EtwUnregister(on) && !EtwUnregister(off), "14 providers can be unregistered");
	status_rows(on, STATUS_INVALID_HANDLE, "an enabled provider's that is gone");
	status_rows(off, STATUS_INVALID_HANDLE, "a disabled provider's that is gone");
	wmi_check(EtwUnregister(on) == STATUS_INVALID_HANDLE &&
		  EtwUnregister(0) == STATUS_INVALID_HANDLE, "14 once");
}
