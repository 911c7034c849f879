/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arguments of WPP statements: which C type leaves which bytes in the record
 * (docs/wpp.md), and wrappers for what has no C type of its own.
 */
#ifndef WMITRACE_WPP_ARGUMENT_H
#define WMITRACE_WPP_ARGUMENT_H

#include <asm/byteorder.h>
#include <linux/string.h>
#include <linux/uuid.h>

#include "ntdef.h"
#include "wpp-layout.h"

struct in6_addr;

/* ---- wrappers ------------------------------------------------------------- */

struct wpp_counted { const char *data; u16 length; };
struct wpp_hex { const void *data; u16 length; };
struct wpp_sid { const u8 *sid; };
struct wpp_mac { const u8 *address; };
struct wpp_port { __be16 port; };

/* %s: text without a NUL, or not all of one; %.*s has no counterpart */
#define WPP_COUNTED(pointer, bytes)	((struct wpp_counted){ (pointer), (bytes) })
/* %!HEXDUMP! */
#define WPP_HEXDUMP(pointer, bytes)	((struct wpp_hex){ (pointer), (bytes) })
/* %!sid!: a Windows security identifier; NULL allowed */
#define WPP_SID(pointer)		((struct wpp_sid){ (const u8 *)(pointer) })
/* %!MACADDR!: 6 bytes */
#define WPP_MAC(pointer)		((struct wpp_mac){ (const u8 *)(pointer) })
/* %!PORT!: in network order */
#define WPP_PORT(value)			((struct wpp_port){ (value) })

/* ---- which is which ---------------------------------------------------------- */

/* Selects prefix##kind by the type of @a.  Anything else must be a pointer. */
#define WPP_SELECT(prefix, a) _Generic((a),					\
	int:				prefix##s32,				\
	unsigned int:			prefix##u32,				\
	long:				prefix##long,				\
	unsigned long:			prefix##ulong,				\
	long long:			prefix##s64,				\
	unsigned long long:		prefix##u64,				\
	LARGE_INTEGER:			prefix##large,				\
	char *:				prefix##string,				\
	const char *:			prefix##string,				\
	WCHAR *:			prefix##wide,				\
	const WCHAR *:			prefix##wide,				\
	ANSI_STRING:			prefix##ansi,				\
	ANSI_STRING *:			prefix##ansi_at,			\
	const ANSI_STRING *:		prefix##ansi_at,			\
	UNICODE_STRING:			prefix##unicode,			\
	UNICODE_STRING *:		prefix##unicode_at,			\
	const UNICODE_STRING *:		prefix##unicode_at,			\
	GUID *:				prefix##guid,				\
	const GUID *:			prefix##guid,				\
	guid_t *:			prefix##guid,				\
	const guid_t *:			prefix##guid,				\
	struct in6_addr *:		prefix##in6,				\
	const struct in6_addr *:	prefix##in6,				\
	struct wpp_counted:		prefix##counted,			\
	struct wpp_hex:			prefix##hex,				\
	struct wpp_sid:			prefix##sid,				\
	struct wpp_mac:			prefix##mac,				\
	struct wpp_port:		prefix##port,				\
	default:			prefix##pointer)

enum {
	WPP_CODE_s32		= WPP_TYPE_S32,
	WPP_CODE_u32		= WPP_TYPE_U32,
	WPP_CODE_long		= sizeof(long) == 8 ? WPP_TYPE_S64 : WPP_TYPE_S32,
	WPP_CODE_ulong		= sizeof(long) == 8 ? WPP_TYPE_U64 : WPP_TYPE_U32,
	WPP_CODE_s64		= WPP_TYPE_S64,
	WPP_CODE_u64		= WPP_TYPE_U64,
	WPP_CODE_large		= WPP_TYPE_S64,
	WPP_CODE_string		= WPP_TYPE_STRING,
	WPP_CODE_wide		= WPP_TYPE_WSTRING,
	WPP_CODE_ansi		= WPP_TYPE_COUNTED,
	WPP_CODE_ansi_at	= WPP_TYPE_COUNTED,
	WPP_CODE_unicode	= WPP_TYPE_WCOUNTED,
	WPP_CODE_unicode_at	= WPP_TYPE_WCOUNTED,
	WPP_CODE_guid		= WPP_TYPE_GUID,
	WPP_CODE_in6		= WPP_TYPE_IPV6,
	WPP_CODE_counted	= WPP_TYPE_COUNTED,
	WPP_CODE_hex		= WPP_TYPE_HEX,
	WPP_CODE_sid		= WPP_TYPE_SID,
	WPP_CODE_mac		= WPP_TYPE_MAC,
	WPP_CODE_port		= WPP_TYPE_PORT,
	WPP_CODE_pointer	= WPP_TYPE_POINTER,
};

/*
 * wpp_size_KIND: bytes that an argument takes.  wpp_put_KIND: writes as many,
 * returns where the next one goes; what a string has become meanwhile is not
 * asked again.
 */

/* ---- integers and pointers --------------------------------------------------- */

#define WPP_SCALAR(kind, type, bits)						\
static __always_inline u32 wpp_size_##kind(type value)				\
{										\
	return bits / 8;							\
}										\
										\
static __always_inline u8 *wpp_put_##kind(u8 *to, type value, u32 size)		\
{										\
	__le##bits bytes = cpu_to_le##bits(value);				\
										\
	memcpy(to, &bytes, sizeof(bytes));					\
	return to + sizeof(bytes);						\
}

WPP_SCALAR(s32, s32, 32)
WPP_SCALAR(u32, u32, 32)
WPP_SCALAR(s64, s64, 64)
WPP_SCALAR(u64, u64, 64)
#if BITS_PER_LONG == 64
WPP_SCALAR(long, long, 64)
WPP_SCALAR(ulong, unsigned long, 64)
#else
WPP_SCALAR(long, long, 32)
WPP_SCALAR(ulong, unsigned long, 32)
#endif

static __always_inline u32 wpp_size_large(LARGE_INTEGER value)
{
	return 8;
}

static __always_inline u8 *wpp_put_large(u8 *to, LARGE_INTEGER value, u32 size)
{
	return wpp_put_s64(to, value.QuadPart, size);
}

static __always_inline u32 wpp_size_pointer(const volatile void *value)
{
	return sizeof(value);
}

static __always_inline u8 *wpp_put_pointer(u8 *to, const volatile void *value, u32 size)
{
	return wpp_put_ulong(to, (unsigned long)value, size);
}

static __always_inline u32 wpp_size_port(struct wpp_port value)
{
	return sizeof(value.port);
}

static __always_inline u8 *wpp_put_port(u8 *to, struct wpp_port value, u32 size)
{
	memcpy(to, &value.port, sizeof(value.port));
	return to + sizeof(value.port);
}

/* ---- strings that end in NUL --------------------------------------------------- */

/* More does not fit a record. */
#define WPP_STRING_MAX	0xffffu

static const WCHAR wpp_null[] __maybe_unused = { 'N', 'U', 'L', 'L', 0 };

static inline u32 wpp_size_string(const char *text)
{
	return text ? strnlen(text, WPP_STRING_MAX) + 1 : sizeof("NULL");
}

static inline u8 *wpp_put_string(u8 *to, const char *text, u32 size)
{
	memcpy(to, text ? text : "NULL", size - 1);
	to[size - 1] = '\0';
	return to + size;
}

static inline u32 wpp_size_wide(const WCHAR *text)
{
	u32 units = 0;

	if (!text)
		return sizeof(wpp_null);
	while (units < WPP_STRING_MAX / 2 && text[units])
		units++;
	return 2 * units + 2;
}

static inline u8 *wpp_put_wide(u8 *to, const WCHAR *text, u32 size)
{
	memcpy(to, text ? text : wpp_null, size - 2);
	memset(to + size - 2, 0, 2);
	return to + size;
}

/* ---- a count and bytes ------------------------------------------------------------ */

static __always_inline u8 *wpp_put_bytes(u8 *to, const void *data, u32 size)
{
	__le16 count = cpu_to_le16(size - 2);

	memcpy(to, &count, sizeof(count));
	memcpy(to + 2, data, size - 2);
	return to + size;
}

#define WPP_COUNTED_KIND(kind, type, pointer, bytes, none)			\
static inline u32 wpp_size_##kind(type value)					\
{										\
	return 2 + (pointer ? bytes : sizeof(none) - sizeof(none[0]));		\
}										\
										\
static inline u8 *wpp_put_##kind(u8 *to, type value, u32 size)			\
{										\
	return wpp_put_bytes(to, pointer ? (const void *)pointer : none, size);	\
}

WPP_COUNTED_KIND(counted, struct wpp_counted, value.data, value.length, "NULL")
WPP_COUNTED_KIND(ansi, ANSI_STRING, value.Buffer, value.Length, "NULL")
WPP_COUNTED_KIND(unicode, UNICODE_STRING, value.Buffer, value.Length, wpp_null)
WPP_COUNTED_KIND(hex, struct wpp_hex, value.data, value.length, "")

static inline u32 wpp_size_ansi_at(const ANSI_STRING *value)
{
	return wpp_size_ansi(value ? *value : (ANSI_STRING){});
}

static inline u8 *wpp_put_ansi_at(u8 *to, const ANSI_STRING *value, u32 size)
{
	return wpp_put_ansi(to, value ? *value : (ANSI_STRING){}, size);
}

static inline u32 wpp_size_unicode_at(const UNICODE_STRING *value)
{
	return wpp_size_unicode(value ? *value : (UNICODE_STRING){});
}

static inline u8 *wpp_put_unicode_at(u8 *to, const UNICODE_STRING *value, u32 size)
{
	return wpp_put_unicode(to, value ? *value : (UNICODE_STRING){}, size);
}

/* ---- as many bytes as it has -------------------------------------------------------- */

/* NULL becomes zeros. */
static __always_inline u8 *wpp_put_fixed(u8 *to, const void *data, u32 size)
{
	if (data)
		memcpy(to, data, size);
	else
		memset(to, 0, size);
	return to + size;
}

#define WPP_FIXED(kind, type, pointer, bytes)					\
static __always_inline u32 wpp_size_##kind(type value)				\
{										\
	return bytes;								\
}										\
										\
static __always_inline u8 *wpp_put_##kind(u8 *to, type value, u32 size)		\
{										\
	return wpp_put_fixed(to, pointer, bytes);				\
}

WPP_FIXED(guid, const void *, value, 16)
WPP_FIXED(in6, const void *, value, 16)
WPP_FIXED(mac, struct wpp_mac, value.address, 6)

/* A SID is 8 bytes and 4 for each of at most 15 parts; what is none reads "NULL". */
static inline u32 wpp_size_sid(struct wpp_sid value)
{
	if (!value.sid || value.sid[0] != 1 || value.sid[1] > 15)
		return sizeof("NULL");
	return 8 + 4 * value.sid[1];
}

static inline u8 *wpp_put_sid(u8 *to, struct wpp_sid value, u32 size)
{
	memcpy(to, size < 8 ? (const void *)"NULL" : value.sid, size);
	return to + size;
}

#endif /* WMITRACE_WPP_ARGUMENT_H */
