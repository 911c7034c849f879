/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Windows' basic types for kernel modules (wmi-api 1.1) and the NTSTATUS
 * values that the tracing routines use (wmi-api 3.9).
 *
 * ULONG and LONG are 32 bits wide, always.  WCHAR is a UTF-16LE unit, which in
 * kernel code is also what L"x" consists of: the kernel is built with
 * -fshort-wchar.
 */
#ifndef WMITRACE_NTDEF_H
#define WMITRACE_NTDEF_H

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>

#include "guiddef.h"

/* The layouts below are ABI: each header asserts its own. */
#define WMITRACE_SIZE(type, bytes)		static_assert(sizeof(type) == (bytes))
#define WMITRACE_OFFSET(type, member, bytes)	static_assert(offsetof(type, member) == (bytes))

/* ---- words of the calling convention, annotations: all empty ---------- */

#ifndef NTAPI
#define NTAPI
#define NTKERNELAPI
#define NTSYSAPI
#define WINAPI
#define FASTCALL
#endif

#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif
#ifndef CONST
#define CONST			const
#endif
#ifndef FORCEINLINE
#define FORCEINLINE		static __always_inline
#endif

#ifndef _In_
#define _In_
#define _In_opt_
#define _In_z_
#define _In_reads_(count)
#define _In_reads_opt_(count)
#define _In_reads_bytes_(bytes)
#define _In_reads_bytes_opt_(bytes)
#define _Inout_
#define _Inout_opt_
#define _Inout_updates_bytes_(bytes)
#define _Out_
#define _Out_opt_
#define _Out_writes_(count)
#define _Out_writes_bytes_(bytes)
#define _Out_writes_bytes_opt_(bytes)
#define _Out_writes_bytes_to_(bytes, used)
#define _Outptr_
#define _Must_inspect_result_
#define _Use_decl_annotations_
#define _Function_class_(name)
#define _When_(condition, annotation)
#define _IRQL_requires_(level)
#define _IRQL_requires_max_(level)
#define _IRQL_requires_same_
#endif

#ifndef UNREFERENCED_PARAMETER
#define UNREFERENCED_PARAMETER(p)	((void)(p))
#endif
#ifndef PAGED_CODE
#define PAGED_CODE()			might_sleep()
#endif

/* ---- scalars ---------------------------------------------------------- */

#ifndef VOID
#define VOID			void
#endif
#ifndef TRUE
#define TRUE			1
#endif
#ifndef FALSE
#define FALSE			0
#endif

typedef u8	UCHAR, *PUCHAR;
typedef u8	BOOLEAN, *PBOOLEAN;	/* 0 or 1 is produced, any non-zero accepted */
typedef u8	BYTE;
typedef char	CHAR, *PCHAR, *PSTR;
typedef char	CCHAR;
typedef const char *PCSTR;
typedef s16	SHORT, *PSHORT;
typedef u16	USHORT, *PUSHORT;
typedef u16	WCHAR, *PWCHAR, *PWSTR;
typedef const u16 *PCWSTR;
typedef s32	LONG, *PLONG;
typedef u32	ULONG, *PULONG;
typedef u32	DWORD;
typedef s64	LONGLONG, LONG64;
typedef u64	ULONGLONG, ULONG64, *PULONGLONG, *PULONG64;
typedef void	*PVOID;
typedef void	*HANDLE;
typedef uintptr_t ULONG_PTR, *PULONG_PTR;
typedef size_t	SIZE_T, *PSIZE_T;

typedef union _LARGE_INTEGER {
	struct {
		ULONG	LowPart;
		LONG	HighPart;
	};
	struct {
		ULONG	LowPart;
		LONG	HighPart;
	} u;
	LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

/* Lengths count bytes; no terminator is promised. */
typedef struct _UNICODE_STRING {
	USHORT	Length;
	USHORT	MaximumLength;
	PWSTR	Buffer;
} UNICODE_STRING, *PUNICODE_STRING;

typedef const UNICODE_STRING *PCUNICODE_STRING;

typedef struct _STRING {
	USHORT	Length;
	USHORT	MaximumLength;
	PCHAR	Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING;

typedef const ANSI_STRING *PCANSI_STRING;

WMITRACE_SIZE(UCHAR, 1);
WMITRACE_SIZE(BOOLEAN, 1);
WMITRACE_SIZE(WCHAR, 2);
WMITRACE_SIZE(ULONG, 4);		/* A8 */
WMITRACE_SIZE(LONG, 4);
WMITRACE_SIZE(LONGLONG, 8);
WMITRACE_SIZE(ULONG_PTR, sizeof(void *));
WMITRACE_SIZE(LARGE_INTEGER, 8);
WMITRACE_OFFSET(LARGE_INTEGER, HighPart, 4);
WMITRACE_SIZE(GUID, 16);
WMITRACE_OFFSET(GUID, Data4, 8);
#ifdef CONFIG_64BIT
WMITRACE_SIZE(UNICODE_STRING, 16);
WMITRACE_OFFSET(UNICODE_STRING, Buffer, 8);
#endif

/* ---- NTSTATUS --------------------------------------------------------- */

/*
 * Bits 31-30 are the severity: 0 success, 1 information, 2 warning, 3 error.
 * NT_SUCCESS is true for the first two (A9).
 */
typedef s32	NTSTATUS, *PNTSTATUS;

#define NT_SUCCESS(status)	((NTSTATUS)(status) >= 0)
#define NT_INFORMATION(status)	((u32)(status) >> 30 == 1)
#define NT_WARNING(status)	((u32)(status) >> 30 == 2)
#define NT_ERROR(status)	((u32)(status) >> 30 == 3)

#define STATUS_SUCCESS				((NTSTATUS)0x00000000)
#define STATUS_PENDING				((NTSTATUS)0x00000103)
#define STATUS_MORE_ENTRIES			((NTSTATUS)0x00000105)
#define STATUS_OBJECT_NAME_EXISTS		((NTSTATUS)0x40000000)
#define STATUS_BUFFER_OVERFLOW			((NTSTATUS)0x80000005)
#define STATUS_UNSUCCESSFUL			((NTSTATUS)0xC0000001)
#define STATUS_NOT_IMPLEMENTED			((NTSTATUS)0xC0000002)
#define STATUS_INVALID_INFO_CLASS		((NTSTATUS)0xC0000003)
#define STATUS_INFO_LENGTH_MISMATCH		((NTSTATUS)0xC0000004)
#define STATUS_INVALID_HANDLE			((NTSTATUS)0xC0000008)
#define STATUS_INVALID_PARAMETER		((NTSTATUS)0xC000000D)
#define STATUS_INVALID_DEVICE_REQUEST		((NTSTATUS)0xC0000010)
#define STATUS_NO_MEMORY			((NTSTATUS)0xC0000017)
#define STATUS_ACCESS_DENIED			((NTSTATUS)0xC0000022)
#define STATUS_BUFFER_TOO_SMALL			((NTSTATUS)0xC0000023)
#define STATUS_INVALID_PARAMETER_MIX		((NTSTATUS)0xC0000030)
#define STATUS_OBJECT_NAME_INVALID		((NTSTATUS)0xC0000033)
#define STATUS_OBJECT_NAME_NOT_FOUND		((NTSTATUS)0xC0000034)
#define STATUS_OBJECT_NAME_COLLISION		((NTSTATUS)0xC0000035)
#define STATUS_DISK_FULL			((NTSTATUS)0xC000007F)
#define STATUS_ARRAY_BOUNDS_EXCEEDED		((NTSTATUS)0xC000008C)
#define STATUS_INTEGER_OVERFLOW			((NTSTATUS)0xC0000095)
#define STATUS_INSUFFICIENT_RESOURCES		((NTSTATUS)0xC000009A)
#define STATUS_NOT_SUPPORTED			((NTSTATUS)0xC00000BB)
#define STATUS_INVALID_DEVICE_STATE		((NTSTATUS)0xC0000184)
#define STATUS_LOG_FILE_FULL			((NTSTATUS)0xC0000188)
#define STATUS_INVALID_BUFFER_SIZE		((NTSTATUS)0xC0000206)
#define STATUS_NOT_FOUND			((NTSTATUS)0xC0000225)
#define STATUS_WMI_GUID_NOT_FOUND		((NTSTATUS)0xC0000295)
#define STATUS_WMI_INSTANCE_NOT_FOUND		((NTSTATUS)0xC0000296)
#define STATUS_WMI_ITEMID_NOT_FOUND		((NTSTATUS)0xC0000297)
#define STATUS_WMI_TRY_AGAIN			((NTSTATUS)0xC0000298)
#define STATUS_WMI_READ_ONLY			((NTSTATUS)0xC00002C6)
#define STATUS_WMI_SET_FAILURE			((NTSTATUS)0xC00002C7)
#define STATUS_WMI_NOT_SUPPORTED		((NTSTATUS)0xC00002DD)
#define STATUS_WMI_GUID_DISCONNECTED		((NTSTATUS)0xC0000301)
#define STATUS_WMI_ALREADY_DISABLED		((NTSTATUS)0xC0000302)
#define STATUS_WMI_ALREADY_ENABLED		((NTSTATUS)0xC0000303)

#endif /* WMITRACE_NTDEF_H */
