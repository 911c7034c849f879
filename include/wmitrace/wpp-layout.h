/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later */
/*
 * What the macros of <wmitrace/wpp.h> leave in a module's file for the tool
 * that writes its TMF files, and how the GUID of a source file is made.
 *
 * Section .init.wpptmf holds records, each at a multiple of 8, in the byte
 * order and with the pointers of the module.  All begin with magic and size;
 * bytes between them are 0.  The kernel frees the section after init.
 */
#ifndef WMITRACE_WPP_LAYOUT_H
#define WMITRACE_WPP_LAYOUT_H

#include <linux/types.h>

#define WPP_SECTION		".init.wpptmf"
#define WPP_MAGIC_STATEMENT	0x53505057u	/* "WPPS" little-endian */
#define WPP_MAGIC_CONTROL	0x43505057u	/* "WPPC" */
#define WPP_MAGIC_FILE		0x46505057u	/* "WPPF" */
#define WPP_ARGUMENTS_MAX	32
#define WPP_FIRST_NUMBER	10		/* of messages and of arguments, as Windows counts */

/*
 * C types of arguments, after promotion.  What each leaves in the record:
 * integers their bytes; strings up to their NUL with it; counted ones a u16 of
 * bytes and the bytes.
 */
enum wpp_type {
	WPP_TYPE_NONE		= 0,	/* no type that can be logged */
	WPP_TYPE_S32		= 1,
	WPP_TYPE_U32		= 2,
	WPP_TYPE_S64		= 3,
	WPP_TYPE_U64		= 4,
	WPP_TYPE_POINTER	= 5,
	WPP_TYPE_STRING		= 6,	/* char * */
	WPP_TYPE_WSTRING	= 7,	/* WCHAR * */
	WPP_TYPE_COUNTED	= 8,	/* ANSI_STRING, WPP_COUNTED() */
	WPP_TYPE_WCOUNTED	= 9,	/* UNICODE_STRING */
	WPP_TYPE_GUID		= 10,	/* GUID *, guid_t * */
	WPP_TYPE_SID		= 11,
	WPP_TYPE_HEX		= 12,	/* WPP_HEXDUMP() */
	WPP_TYPE_IPV6		= 13,	/* struct in6_addr * */
	WPP_TYPE_MAC		= 14,
	WPP_TYPE_PORT		= 15,
	WPP_TYPES
};

/*
 * A statement: this header; a pointer to the struct wpp_file, a pointer to the
 * function's name; struct wpp_lengths; a byte of enum wpp_type per argument;
 * then the strings, each with its NUL, in the order of struct wpp_lengths.
 */
struct wpp_record {
	__u32	magic;
	__u32	size;			/* of the whole record */
	__u32	line;
	__u16	number;			/* statement: message number; control: index */
	__u8	count;			/* statement: arguments; control: flags */
	__u8	reserved;
};

struct wpp_lengths {
	__u16	conditions;		/* "LEVEL=TRACE_LEVEL_ERROR FLAGS=IO" */
	__u16	format;
	__u16	file;			/* in which the statement stands */
	__u16	expressions;		/* the arguments as written, with commas between */
};

/*
 * A source file: struct wpp_file of <wmitrace/wpp.h> begins like this, in the
 * module's data; @names are module, NUL, base name, NUL, path, NUL.
 *
 * A control GUID: struct wpp_record, 16 bytes of GUID, the control's name,
 * NUL, then each flag's name with a NUL.
 */
struct wpp_file_head {
	__u32	magic;
	__u32	size;			/* of this and the names */
	__u32	ready;			/* guid is set: at build by WPP_USER_MSG_GUID, else on first use */
	__u32	names;			/* offset of the names */
	__u8	guid[16];
};

/* ---- GUIDs ------------------------------------------------------------------ */

/* FNV-1a, 128 bits: offset basis, and the prime 2^88 + 0x13b. */
struct wpp_hash {
	__u64	high, low;
};

#define WPP_HASH_INIT	{ 0x6c62272e07bb0142ull, 0x62b821756295c58dull }

static inline void wpp_hash_byte(struct wpp_hash *h, __u8 byte)
{
	const __u64 low = h->low ^ byte, p = 0x13b;
	const __u64 cross = (low >> 32) * p, part = (low & 0xffffffffu) * p;

	h->low = (cross << 32) + part;
	h->high = h->high * p + ((cross + (part >> 32)) >> 32) + (low << 24);
}

/* Hashes a string with its NUL. */
static inline void wpp_hash_string(struct wpp_hash *h, const char *text)
{
	do
		wpp_hash_byte(h, *text);
	while (*text++);
}

/*
 * The message GUID of a source file: everything that the module and the tool
 * both know.  The version in byte 7 is 3, name-based, as tracewpp's GUIDs have it.
 */
static inline void wpp_file_guid(const char *module, const char *base, const char *srcversion,
				 __u8 guid[16])
{
	struct wpp_hash h = WPP_HASH_INIT;
	int i;

	/* What differs most comes first: each byte spreads over those hashed after it. */
	wpp_hash_string(&h, base);
	wpp_hash_string(&h, module);
	wpp_hash_string(&h, srcversion);
	for (i = 0; i < 8; i++) {
		guid[i] = h.high >> 8 * i;
		guid[8 + i] = h.low >> 8 * i;
	}
	guid[7] = (guid[7] & 0x0f) | 0x30;
}

#endif /* WMITRACE_WPP_LAYOUT_H */
