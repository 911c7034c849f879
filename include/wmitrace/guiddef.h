/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * GUIDs, as <guiddef.h> has them.  The bytes are those of guid_t, not uuid_t.
 *
 * DEFINE_GUID declares, or after <initguid.h> defines, a GUID; as on Windows
 * this part is read again at every inclusion.
 */
#ifndef WMITRACE_GUIDDEF_H
#define WMITRACE_GUIDDEF_H

#include <linux/string.h>
#include <linux/types.h>

typedef struct _GUID {
	u32	Data1;
	u16	Data2;
	u16	Data3;
	u8	Data4[8];
} GUID, *PGUID, *LPGUID;

typedef const GUID *LPCGUID, *PCGUID, *REFGUID;

static inline int InlineIsEqualGUID(const GUID *a, const GUID *b)
{
	return !memcmp(a, b, sizeof(*a));
}

#define IsEqualGUID(a, b)	InlineIsEqualGUID((a), (b))

#endif /* WMITRACE_GUIDDEF_H */

#undef DEFINE_GUID
#ifdef INITGUID
/* Weak: two files of one module may define the same GUID. */
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)		\
	extern const GUID name;							\
	const GUID name __weak = { l, w1, w2, { b1, b2, b3, b4, b5, b6, b7, b8 } }
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)		\
	extern const GUID name
#endif
