// SPDX-License-Identifier: GPL-2.0-only
/* Events that go to consumers in the kernel (wmi-api 7.3, 9.2-9.4, 13). */
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <wmitrace/iowmi.h>
#include <wmitrace/wmilib.h>
#include <wmitrace/wmitrace.h>

#include "wmi_rows.h"

#define NOTIFICATION	(WMIGUID_NOTIFICATION | SYNCHRONIZE)

/* e7000000-1111-4222-8333-444455556666 */
static const GUID event_guid =
	{ 0xe7000000, 0x1111, 0x4222, { 0x83, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x66 } };

/* ---- the provider -------------------------------------------------------- */

static u32 enables, disables, last_flags;

static NTSTATUS dispatch(UCHAR MinorFunction, PVOID DataPath, ULONG BufferLength, PVOID Buffer,
			 PVOID Context, PULONG Size)
{
	WMIREGINFOW *info = Buffer;

	switch (MinorFunction) {
	case IRP_MN_REGINFO:
		info->BufferSize = sizeof(*info) + sizeof(WMIREGGUIDW);
		info->GuidCount = 1;
		info->WmiRegGuid[0].Guid = event_guid;
		*Size = info->BufferSize;
		return STATUS_SUCCESS;
	case IRP_MN_ENABLE_EVENTS:
		enables++;
		last_flags = ((WNODE_HEADER *)Buffer)->Flags;
		return STATUS_SUCCESS;
	case IRP_MN_DISABLE_EVENTS:
		disables++;
		return STATUS_SUCCESS;
	}
	return STATUS_INVALID_DEVICE_REQUEST;
}

static DEVICE_OBJECT device = WMI_PROVIDER_INIT("wmi rows", dispatch);

/* ---- the consumer -------------------------------------------------------- */

static DECLARE_COMPLETION(delivered);
static u32 deliveries;
static u8 seen[512];
static void *close_inside;

static VOID notify(PVOID Wnode, PVOID Context)
{
	WNODE_HEADER *w = Wnode;

	deliveries += Context == &deliveries;
	memcpy(seen, w, min_t(u32, w->BufferSize, sizeof(seen)));
	if (close_inside) {
		ObDereferenceObject(close_inside);
		close_inside = NULL;
	}
	complete(&delivered);
}

/* Whether exactly one event comes, now that one was sent. */
static bool comes(void)
{
	bool came = wait_for_completion_timeout(&delivered, 20 * HZ);

	return came && !completion_done(&delivered);
}

/* An event is behind this one in the queue: what did not come before it never will. */
static bool nothing_came(void)
{
	u32 before = deliveries;

	WmiFireEvent(&device, &event_guid, 4711, 0, NULL);
	return comes() && deliveries == before + 1 &&
	       ((WNODE_SINGLE_INSTANCE *)seen)->InstanceIndex == 4711;
}

static WNODE_HEADER *new_event(u32 size, u32 flags)
{
	WNODE_HEADER *w = ExAllocatePoolWithTag(NonPagedPool, size, 0);

	memset(w, 0xa5, size);
	w->BufferSize = size;
	w->Guid = event_guid;
	w->Flags = flags;
	w->HistoricalContext = wmi_handle;
	w->TimeStamp.QuadPart = 0x0102030405060708;
	return w;
}

static u64 logged(void)
{
	u32 id = (u16)wmi_handle;
	u64 count = 0;

	WmiQueryTraceInformation(LoggerEventsLoggedClass, &count, sizeof(count), NULL, &id);
	return count;
}

/* ---- rows ---------------------------------------------------------------- */

static void *open_rows(void)
{
	static GUID unknown = { 1 };
	void *one = NULL, *two = NULL, *block = NULL;
	GUID guid = event_guid;

	wmi_check(IoWMIOpenBlock(&unknown, NOTIFICATION, &one) == STATUS_WMI_GUID_NOT_FOUND,
		  "13 an unknown GUID cannot be opened");
	wmi_check(IoWMIOpenBlock(&guid, WMIGUID_NOTIFICATION, &one) == STATUS_ACCESS_DENIED,
		  "13 nor for notification without SYNCHRONIZE");
	wmi_check(!IoWMIOpenBlock(&guid, WMIGUID_QUERY, &block) && !enables,
		  "13 opening for queries enables nothing");
	wmi_check(IoWMISetNotificationCallback(block, notify, NULL) == STATUS_ACCESS_DENIED,
		  "13 nor does it allow a callback");
	wmi_check(IoWMISetNotificationCallback(&guid, notify, NULL) == STATUS_INVALID_HANDLE,
		  "13 what is no block is refused");
	ObDereferenceObject(block);
	wmi_check(!IoWMIOpenBlock(&guid, NOTIFICATION, &one) && enables == 1,
		  "A64 the first consumer makes an ENABLE");
	wmi_check(!(last_flags & WNODE_FLAG_TRACED_GUID), "A63 with TRACED_GUID clear");
	wmi_check(!IoWMIOpenBlock(&guid, NOTIFICATION, &two) && enables == 1,
		  "A64 the second none");
	ObDereferenceObject(two);
	wmi_check(!disables, "A64 leaving makes no DISABLE while one is left");
	ObDereferenceObject(one);
	wmi_check(enables == 1 && disables == 1, "A64 the last one does");
	wmi_check(!IoWMIOpenBlock(&guid, NOTIFICATION, &one) && enables == 2,
		  "A64 and the next one enables again");
	wmi_check(!IoWMISetNotificationCallback(one, notify, &deliveries),
		  "13 a callback is set");
	wmi_check(IoWMISetNotificationCallback(one, notify, NULL) == STATUS_INVALID_DEVICE_REQUEST,
		  "13 once");
	return one;
}

static void write_rows(void)
{
	WNODE_HEADER *w = (WNODE_HEADER *)seen;
	u64 before = logged();
	WNODE_HEADER *event;

	wmi_check(!IoWMIWriteEvent(new_event(100, WNODE_FLAG_LOG_WNODE)) && comes(),
		  "A129 LOG_WNODE alone is delivered");
	wmi_check(logged() == before + 1, "A129 and in the log");
	wmi_check(w->BufferSize == 100 && IsEqualGUID(&w->Guid, &event_guid) &&
		  !memchr_inv(seen + sizeof(*w), 0xa5, 52), "A129 as it was written");
	wmi_check(!IoWMIWriteEvent(new_event(60, WNODE_FLAG_LOG_WNODE |
					     WNODE_FLAG_USE_TIMESTAMP)) && comes() &&
		  w->TimeStamp.QuadPart == 0x0102030405060708,
		  "A135 with USE_TIMESTAMP the delivery has the driver's TimeStamp");
	before = logged();
	wmi_check(!IoWMIWriteEvent(new_event(64, WNODE_FLAG_SINGLE_INSTANCE |
					     WNODE_FLAG_EVENT_ITEM)) && comes() &&
		  logged() == before, "9.3 a plain event is delivered, not logged");
	event = new_event(80, WNODE_FLAG_TRACED_GUID | WNODE_FLAG_LOG_WNODE);
	wmi_check(!IoWMIWriteEvent(event) && logged() == before + 1 && nothing_came(),
		  "A125 TRACED_GUID with LOG_WNODE: consumers get nothing");
	kfree(event);
	event = new_event(1025, WNODE_FLAG_LOG_WNODE);
	wmi_check(IoWMIWriteEvent(event) == STATUS_BUFFER_OVERFLOW && nothing_came(),
		  "A133 more than 1 KB is refused");
	wmi_check(!memchr_inv(event + 1, 0xa5, 1025 - sizeof(*event)),
		  "A131 and the block is still the caller's");
	kfree(event);
	wmi_check(!IoWMIWriteEvent(new_event(1024, WNODE_FLAG_LOG_WNODE)) && comes(),
		  "A133 1 KB is not");
	event = new_event(64, WNODE_FLAG_SINGLE_INSTANCE | WNODE_FLAG_USE_GUID_PTR);
	wmi_check(IoWMIWriteEvent(event) == STATUS_INVALID_PARAMETER && nothing_came(),
		  "A136 USE_GUID_PTR without a trace flag is refused");
	kfree(event);
}

/* What consumers get has no pointers in it. */
static void pointer_rows(void)
{
	WNODE_HEADER *event = new_event(sizeof(*event) + 2 * sizeof(MOF_FIELD),
					WNODE_FLAG_LOG_WNODE | WNODE_FLAG_USE_GUID_PTR |
					WNODE_FLAG_USE_MOF_PTR);
	MOF_FIELD *field = (MOF_FIELD *)(event + 1);
	WNODE_HEADER *w = (WNODE_HEADER *)seen;
	const GUID *pointer = &event_guid;

	memcpy(&event->Guid, &pointer, sizeof(pointer));
	field[0] = (MOF_FIELD){ .DataPtr = (uintptr_t)"abc", .Length = 3 };
	field[1] = (MOF_FIELD){ .DataPtr = (uintptr_t)"defgh", .Length = 5 };
	wmi_check(!IoWMIWriteEvent(event) && comes() && IsEqualGUID(&w->Guid, &event_guid) &&
		  w->BufferSize == 56 && !memcmp(seen + 48, "abcdefgh", 8) &&
		  !(w->Flags & (WNODE_FLAG_USE_GUID_PTR | WNODE_FLAG_USE_MOF_PTR)),
		  "9.2 consumers get the GUID and the fields, not pointers to them");
}

static void fire_rows(void)
{
	WNODE_SINGLE_INSTANCE *w = (WNODE_SINGLE_INSTANCE *)seen;
	char *data = ExAllocatePoolWithTag(NonPagedPool, 10, 0);

	memcpy(data, "ten bytes", 10);
	wmi_check(!WmiFireEvent(&device, &event_guid, 7, 10, data) && comes(),
		  "A139 WmiFireEvent is delivered");
	wmi_check((w->WnodeHeader.Flags & (WNODE_FLAG_SINGLE_INSTANCE | WNODE_FLAG_EVENT_ITEM)) ==
		  (WNODE_FLAG_SINGLE_INSTANCE | WNODE_FLAG_EVENT_ITEM) && w->InstanceIndex == 7 &&
		  w->DataBlockOffset == 64 && w->SizeDataBlock == 10 &&
		  !memcmp(w->VariableData, "ten bytes", 10) && w->WnodeHeader.BufferSize == 74,
		  "A139 as a single instance with index and data");
	wmi_check(w->WnodeHeader.ProviderId == IoWMIDeviceObjectToProviderId(&device) &&
		  w->WnodeHeader.ProviderId, "13 with the device's provider id");
	wmi_check(!WmiFireEvent(&device, &event_guid, 0, 0, NULL) && comes() &&
		  !w->SizeDataBlock && w->WnodeHeader.BufferSize == 64,
		  "A140 with NULL and 0 without data");
	data = ExAllocatePoolWithTag(NonPagedPool, 2000, 0);
	wmi_check(WmiFireEvent(&device, &event_guid, 0, 2000, data) == STATUS_BUFFER_OVERFLOW,
		  "A138 one that is too large fails, with its data freed");
}

/* Enough of them that a leak shows and a second free meets the allocator's checks. */
static void free_rows(void *block)
{
	u32 i, good = 0, before = deliveries;

	for (i = 0; i < 10000; i++) {
		WNODE_HEADER *event = new_event(1000, WNODE_FLAG_SINGLE_INSTANCE |
						WNODE_FLAG_EVENT_ITEM);

		good += !IoWMIWriteEvent(event) && comes();
	}
	wmi_check(good == 10000 && deliveries == before + 10000,
		  "A130 10000 events are delivered and freed");
	for (i = 0; i < 10000; i++) {
		char *data = ExAllocatePoolWithTag(NonPagedPool, 2000, 0);

		WmiFireEvent(&device, &event_guid, 0, 2000, data);
	}
	close_inside = block;
	WmiFireEvent(&device, &event_guid, 0, 0, NULL);
	wmi_check(comes() && disables == 2, "13 a callback may close its own block");
	before = deliveries;
	for (i = good = 0; i < 10000; i++)
		good += !IoWMIWriteEvent(new_event(1000, WNODE_FLAG_SINGLE_INSTANCE |
						   WNODE_FLAG_EVENT_ITEM));
	wmi_check(good == 10000 && deliveries == before,
		  "A132 without a consumer events succeed and are freed");
}

static void id_rows(void)
{
	GUID guid = { 0xfeed };
	ULONG one = 99, two = 99, other = 99;

	IoWMIAllocateInstanceIds(&guid, 5, &one);
	IoWMIAllocateInstanceIds(&guid, 2, &two);
	guid.Data2 = (u16)jiffies | 1;
	IoWMIAllocateInstanceIds(&guid, 1, &other);
	wmi_check(two == one + 5, "13 instance ids of a GUID are consecutive");
	wmi_check(IoWMIQueryAllData(NULL, NULL, NULL) == STATUS_NOT_SUPPORTED,
		  "13 queries are not supported");
}

void wmi_consumer_rows(void)
{
	void *block;

	enables = 0;
	disables = 0;
	wmi_check(!IoWMIRegistrationControl(&device, WMIREG_ACTION_REGISTER),
		  "a provider registers");
	block = open_rows();
	if (block) {
		write_rows();
		pointer_rows();
		fire_rows();
		free_rows(block);
	}
	id_rows();
	IoWMIRegistrationControl(&device, WMIREG_ACTION_DEREGISTER);
}
