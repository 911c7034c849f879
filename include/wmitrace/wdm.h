/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few routines and names of <wdm.h> that tracing code uses besides the
 * tracing calls (wmi-api 1.3, 1.4).
 */
#ifndef WMITRACE_WDM_H
#define WMITRACE_WDM_H

#include <linux/atomic.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "ntdef.h"

/* Opaque: a provider stands in for the device object, a request for the IRP. */
typedef struct wmi_provider	DEVICE_OBJECT, *PDEVICE_OBJECT;
typedef struct wmi_request	IRP, *PIRP;

/* ---- pool -------------------------------------------------------------- */

/*
 * Pool is kmalloc() memory and nothing else: IoWMIWriteEvent frees an event
 * that it takes over with kfree().  The kind of pool and the tag have no
 * counterpart.  Not for NMI context, as on Windows above DISPATCH_LEVEL.
 */
typedef enum _POOL_TYPE {
	NonPagedPool	= 0,
	PagedPool	= 1,
	NonPagedPoolNx	= 512,
} POOL_TYPE;

typedef ULONG64	POOL_FLAGS;

#define POOL_FLAG_UNINITIALIZED	0x0000000000000002ULL
#define POOL_FLAG_NON_PAGED	0x0000000000000040ULL
#define POOL_FLAG_PAGED		0x0000000000000100ULL

static inline gfp_t wmitrace_pool_gfp(void)
{
	return preemptible() ? GFP_KERNEL : GFP_ATOMIC;
}

static inline PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
	return kmalloc(NumberOfBytes, wmitrace_pool_gfp());
}

static inline PVOID ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag)
{
	gfp_t zero = Flags & POOL_FLAG_UNINITIALIZED ? 0 : __GFP_ZERO;

	return kmalloc(NumberOfBytes, wmitrace_pool_gfp() | zero);
}

static inline void ExFreePoolWithTag(PVOID P, ULONG Tag)
{
	kfree(P);
}

static inline void ExFreePool(PVOID P)
{
	kfree(P);
}

/* ---- time, memory, atomics --------------------------------------------- */

/* 100 ns since 1601-01-01 UTC; any context, NMI included. */
static inline VOID KeQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
	CurrentTime->QuadPart = ktime_get_real_fast_ns() / 100 + 116444736000000000LL;
}

#define RtlZeroMemory(Destination, Length)		memset((Destination), 0, (Length))
#define RtlFillMemory(Destination, Length, Fill)	memset((Destination), (Fill), (Length))
#define RtlCopyMemory(Destination, Source, Length)	memcpy((Destination), (Source), (Length))
#define RtlMoveMemory(Destination, Source, Length)	memmove((Destination), (Source), (Length))

/* The number of leading bytes that are equal. */
static inline SIZE_T RtlCompareMemory(const VOID *Source1, const VOID *Source2, SIZE_T Length)
{
	const UCHAR *a = Source1, *b = Source2;
	SIZE_T n = 0;

	while (n < Length && a[n] == b[n])
		n++;
	return n;
}

/* SourceString is UTF-16 with a terminator, which MaximumLength covers. */
static inline VOID RtlInitUnicodeString(PUNICODE_STRING DestinationString, PCWSTR SourceString)
{
	USHORT length = 0;

	if (SourceString)
		while (length < 0xFFFC && SourceString[length / 2])
			length += 2;
	DestinationString->Length = length;
	DestinationString->MaximumLength = SourceString ? length + 2 : 0;
	DestinationString->Buffer = (PWSTR)SourceString;
}

static inline LONG InterlockedIncrement(LONG volatile *Addend)
{
	return atomic_inc_return((atomic_t *)Addend);
}

static inline LONG InterlockedDecrement(LONG volatile *Addend)
{
	return atomic_dec_return((atomic_t *)Addend);
}

static inline LONG InterlockedExchange(LONG volatile *Target, LONG Value)
{
	return xchg(Target, Value);
}

static inline LONG InterlockedCompareExchange(LONG volatile *Destination, LONG Exchange,
					      LONG Comparand)
{
	return cmpxchg(Destination, Comparand, Exchange);
}

static inline LONG64 InterlockedExchange64(LONG64 volatile *Target, LONG64 Value)
{
	return xchg(Target, Value);
}

#endif /* WMITRACE_WDM_H */
