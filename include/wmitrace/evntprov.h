/* SPDX-License-Identifier: GPL-2.0-only */
/* The newer provider API: events with a descriptor (wmi-api 4.7, 14). */
#ifndef WMITRACE_EVNTPROV_H
#define WMITRACE_EVNTPROV_H

#include <linux/compiler.h>
#include <linux/export.h>

#include "ntdef.h"

typedef ULONGLONG	REGHANDLE, *PREGHANDLE;

typedef struct _EVENT_DESCRIPTOR {
	USHORT	Id;
	UCHAR	Version;
	UCHAR	Channel;
	UCHAR	Level;
	UCHAR	Opcode;
	USHORT	Task;
	ULONGLONG Keyword;
} EVENT_DESCRIPTOR, *PEVENT_DESCRIPTOR;

typedef const EVENT_DESCRIPTOR *PCEVENT_DESCRIPTOR;

typedef struct _EVENT_DATA_DESCRIPTOR {
	ULONGLONG Ptr;
	ULONG	Size;
	ULONG	Reserved;
} EVENT_DATA_DESCRIPTOR, *PEVENT_DATA_DESCRIPTOR;

/* Control codes of an enable callback */
#define EVENT_CONTROL_CODE_DISABLE_PROVIDER	0
#define EVENT_CONTROL_CODE_ENABLE_PROVIDER	1
#define EVENT_CONTROL_CODE_CAPTURE_STATE	2

WMITRACE_SIZE(EVENT_DESCRIPTOR, 16);
WMITRACE_OFFSET(EVENT_DESCRIPTOR, Version, 2);
WMITRACE_OFFSET(EVENT_DESCRIPTOR, Channel, 3);
WMITRACE_OFFSET(EVENT_DESCRIPTOR, Level, 4);
WMITRACE_OFFSET(EVENT_DESCRIPTOR, Opcode, 5);
WMITRACE_OFFSET(EVENT_DESCRIPTOR, Task, 6);
WMITRACE_OFFSET(EVENT_DESCRIPTOR, Keyword, 8);
WMITRACE_SIZE(EVENT_DATA_DESCRIPTOR, 16);
WMITRACE_OFFSET(EVENT_DATA_DESCRIPTOR, Size, 8);
WMITRACE_OFFSET(EVENT_DATA_DESCRIPTOR, Reserved, 12);

/* ---- registration ------------------------------------------------------ */

typedef struct _EVENT_FILTER_DESCRIPTOR {
	ULONGLONG Ptr;
	ULONG	Size;
	ULONG	Type;
} EVENT_FILTER_DESCRIPTOR, *PEVENT_FILTER_DESCRIPTOR;

/**
 * typedef ETWENABLECALLBACK - hears that sessions enable or disable a provider
 * @SourceId: all zeros
 * @ControlCode: EVENT_CONTROL_CODE_*
 * @Level: highest level of all sessions; 0 if one of them wants every level
 * @MatchAnyKeyword: keywords of any session
 * @MatchAllKeyword: keywords of all sessions
 * @FilterData: NULL
 * @CallbackContext: as registered
 *
 * Process context; may sleep.  Events written by it are logged, when it is told
 * of the end of a session also there.
 */
typedef VOID ETWENABLECALLBACK(LPCGUID SourceId, ULONG ControlCode, UCHAR Level,
			       ULONGLONG MatchAnyKeyword, ULONGLONG MatchAllKeyword,
			       PEVENT_FILTER_DESCRIPTOR FilterData, PVOID CallbackContext);
typedef ETWENABLECALLBACK *PETWENABLECALLBACK;

/* @EnableContext points to the logger handle. */
typedef NTSTATUS ETWCLASSICCALLBACK(LPCGUID Guid, UCHAR ControlCode, PVOID EnableContext,
				    PVOID CallbackContext);
typedef ETWCLASSICCALLBACK *PETWCLASSICCALLBACK;

NTSTATUS wmitrace_etw_register(LPCGUID guid, PETWENABLECALLBACK callback, PVOID context,
			       PREGHANDLE handle, struct module *owner);
NTSTATUS wmitrace_etw_register_classic(LPCGUID guid, PETWCLASSICCALLBACK callback, PVOID context,
				       PREGHANDLE handle, struct module *owner);

/**
 * EtwRegister - register a provider that several sessions can enable
 * @ProviderId: its GUID
 * @EnableCallback: may be NULL; may be called before this returns
 * @CallbackContext: for it
 * @RegHandle: set before the callback is called
 *
 * Process context; may sleep.  Return: STATUS_SUCCESS, STATUS_INVALID_PARAMETER,
 * STATUS_INSUFFICIENT_RESOURCES.
 */
#define EtwRegister(ProviderId, EnableCallback, CallbackContext, RegHandle)	\
	wmitrace_etw_register((ProviderId), (EnableCallback), (CallbackContext),	\
			      (RegHandle), THIS_MODULE)

/* For a provider that keeps the handle of one session, as newer WPP code registers. */
#define EtwRegisterClassicProvider(ProviderGuid, Type, Callback, CallbackContext, RegHandle) \
	((void)(Type), wmitrace_etw_register_classic((ProviderGuid), (Callback),	\
						     (CallbackContext), (RegHandle), THIS_MODULE))

/**
 * EtwUnregister - the opposite
 *
 * Process context.  Waits for a callback that runs; none runs afterwards.
 * Return: STATUS_SUCCESS; STATUS_INVALID_HANDLE; STATUS_INVALID_DEVICE_REQUEST
 * from inside the callback.
 */
NTSTATUS EtwUnregister(REGHANDLE RegHandle);

/* ---- events ------------------------------------------------------------- */

#define WMITRACE_ETW_REGISTRATIONS	1024u	/* a power of two */

/*
 * Of each registration that no session has enabled its handle, at the index
 * that the handle ends in: what the calls below look at before they call
 * anything.  So a disabled provider costs a load, a comparison and a branch.
 */
extern u64 wmitrace_etw_idle[WMITRACE_ETW_REGISTRATIONS];

static __always_inline bool wmitrace_etw_is_idle(REGHANDLE handle)
{
	return likely(READ_ONCE(wmitrace_etw_idle[handle % WMITRACE_ETW_REGISTRATIONS]) ==
		      handle);
}

BOOLEAN wmitrace_etw_enabled(REGHANDLE handle, UCHAR level, ULONGLONG keyword);
NTSTATUS wmitrace_etw_write(REGHANDLE handle, PCEVENT_DESCRIPTOR descriptor, LPCGUID activity,
			    LPCGUID related, ULONG count, const EVENT_DATA_DESCRIPTOR *data);
NTSTATUS wmitrace_etw_write_string(REGHANDLE handle, UCHAR level, ULONGLONG keyword,
				   LPCGUID activity, PCWSTR string);

/* Whether a session wants it.  Any context. */
static __always_inline BOOLEAN EtwProviderEnabled(REGHANDLE RegHandle, UCHAR Level,
						  ULONGLONG Keyword)
{
	return !wmitrace_etw_is_idle(RegHandle) && wmitrace_etw_enabled(RegHandle, Level, Keyword);
}

/* The same for an event. */
static __always_inline BOOLEAN EtwEventEnabled(REGHANDLE RegHandle,
					       PCEVENT_DESCRIPTOR EventDescriptor)
{
	return EtwProviderEnabled(RegHandle, EventDescriptor->Level, EventDescriptor->Keyword);
}

/**
 * EtwWriteTransfer - write an event to all sessions that want it
 * @RegHandle: of the provider
 * @EventDescriptor: id, level, keyword, ...
 * @ActivityId: NULL: the thread's
 * @RelatedActivityId: the activity that this one comes from; may be NULL
 * @UserDataCount: at most 128
 * @UserData: the payload's parts, in order
 *
 * Any context, NMI included.  Never sleeps, waits or allocates.
 *
 * Return: STATUS_SUCCESS, also if nobody wants it; STATUS_INVALID_HANDLE;
 * STATUS_INVALID_PARAMETER; STATUS_NO_MEMORY - no free buffer in one of the
 * sessions; STATUS_BUFFER_OVERFLOW - larger than an event or a buffer can be.
 */
static __always_inline NTSTATUS
EtwWriteTransfer(REGHANDLE RegHandle, PCEVENT_DESCRIPTOR EventDescriptor, LPCGUID ActivityId,
		 LPCGUID RelatedActivityId, ULONG UserDataCount, PEVENT_DATA_DESCRIPTOR UserData)
{
	if (wmitrace_etw_is_idle(RegHandle))
		return STATUS_SUCCESS;
	return wmitrace_etw_write(RegHandle, EventDescriptor, ActivityId, RelatedActivityId,
				  UserDataCount, UserData);
}

/* The same without a related activity. */
static __always_inline NTSTATUS EtwWrite(REGHANDLE RegHandle, PCEVENT_DESCRIPTOR EventDescriptor,
					 LPCGUID ActivityId, ULONG UserDataCount,
					 PEVENT_DATA_DESCRIPTOR UserData)
{
	return EtwWriteTransfer(RegHandle, EventDescriptor, ActivityId, NULL, UserDataCount,
				UserData);
}

/* The same again; @Filter has no effect, @Flags must be 0. */
static __always_inline NTSTATUS
EtwWriteEx(REGHANDLE RegHandle, PCEVENT_DESCRIPTOR EventDescriptor, ULONG64 Filter, ULONG Flags,
	   LPCGUID ActivityId, LPCGUID RelatedActivityId, ULONG UserDataCount,
	   PEVENT_DATA_DESCRIPTOR UserData)
{
	if (Flags)
		return STATUS_INVALID_PARAMETER;
	return EtwWriteTransfer(RegHandle, EventDescriptor, ActivityId, RelatedActivityId,
				UserDataCount, UserData);
}

/* An event that is nothing but a terminated string. */
static __always_inline NTSTATUS EtwWriteString(REGHANDLE RegHandle, UCHAR Level,
					       ULONGLONG Keyword, LPCGUID ActivityId,
					       PCWSTR String)
{
	if (wmitrace_etw_is_idle(RegHandle))
		return STATUS_SUCCESS;
	return wmitrace_etw_write_string(RegHandle, Level, Keyword, ActivityId, String);
}

#define EVENT_ACTIVITY_CTRL_GET_ID		1
#define EVENT_ACTIVITY_CTRL_SET_ID		2
#define EVENT_ACTIVITY_CTRL_CREATE_ID		3
#define EVENT_ACTIVITY_CTRL_GET_SET_ID		4
#define EVENT_ACTIVITY_CTRL_CREATE_SET_ID	5

/* The thread's activity id.  Any context but NMI, where it can only be read. */
NTSTATUS EtwActivityIdControl(ULONG ControlCode, LPGUID ActivityId);

typedef enum _EVENT_INFO_CLASS {
	EventProviderBinaryTrackInfo,
	EventProviderSetReserved1,
	EventProviderSetTraits,		/* u16 size of all, provider's name, NUL, traits */
	EventProviderUseDescriptorType,
	MaxEventInfo
} EVENT_INFO_CLASS;

/* Traits go with every event from now on.  Process context. */
NTSTATUS EtwSetInformation(REGHANDLE RegHandle, EVENT_INFO_CLASS InformationClass,
			   PVOID EventInformation, ULONG InformationLength);

static inline VOID EventDescCreate(PEVENT_DESCRIPTOR EventDescriptor, USHORT Id, UCHAR Version,
				   UCHAR Channel, UCHAR Level, USHORT Task, UCHAR Opcode,
				   ULONGLONG Keyword)
{
	*EventDescriptor = (EVENT_DESCRIPTOR){
		Id, Version, Channel, Level, Opcode, Task, Keyword
	};
}

static inline VOID EventDataDescCreate(PEVENT_DATA_DESCRIPTOR EventDataDescriptor,
				       const VOID *DataPtr, ULONG DataSize)
{
	EventDataDescriptor->Ptr = (ULONG_PTR)DataPtr;
	EventDataDescriptor->Size = DataSize;
	EventDataDescriptor->Reserved = 0;
}

#endif /* WMITRACE_EVNTPROV_H */
