// SPDX-License-Identifier: GPL-2.0-only
/*
 * Session and file names: UTF-8 in the ABI, UTF-16 in the file, compared
 * without regard to case (wmi-api 16.1).
 */
#include <linux/errno.h>
#include <linux/nls.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "uapi/wmitrace.h"
#include "compat.h"
#include "kernel-text.h"
#include "name.h"

/*
 * Simple case folding of the scripts whose upper and lower case lie at fixed
 * distances: ASCII, Latin-1, Greek, Cyrillic.  Other letters compare as they
 * are.
 */
static unicode_t fold(unicode_t c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
	    (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
		return c + 0x20;
	if (c >= 0x400 && c <= 0x40f)
		return c + 0x50;
	return c;
}

/**
 * wt_name_init() - check and copy a name
 * @name: filled in; free with wt_name_free()
 * @utf8: need not be terminated
 * @len: bytes at @utf8; 0 gives an empty name
 *
 * Return: 0; -EILSEQ if @utf8 is not UTF-8 or has control characters;
 * -ENAMETOOLONG above WMITRACE_NAME_MAX UTF-16 units; -ENOMEM.
 */
int wt_name_init(struct wt_name *name, const char *utf8, size_t len)
{
	u32 units = 0;
	size_t at = 0;

	while (at < len) {
		unicode_t c;
		int n = utf8_to_utf32((const u8 *)utf8 + at, len - at, &c);

		if (n <= 0 || c < 0x20 || c == 0x7f)
			return -EILSEQ;
		units += c > 0xffff ? 2 : 1;
		if (units > WMITRACE_NAME_MAX)
			return -ENAMETOOLONG;
		at += n;
	}
	name->utf8 = kmemdup_nul(utf8, len, GFP_KERNEL);
	if (!name->utf8)
		return -ENOMEM;
	name->len = len;
	name->units = units;
	return 0;
}

void wt_name_free(struct wt_name *name)
{
	kfree(name->utf8);
	*name = (struct wt_name){ };
}

/* True if the names are equal without regard to case. */
bool wt_name_equal(const struct wt_name *a, const struct wt_name *b)
{
	size_t i = 0, j = 0;

	if (a->units != b->units)
		return false;
	while (i < a->len && j < b->len) {
		unicode_t x, y;

		i += utf8_to_utf32((const u8 *)a->utf8 + i, a->len - i, &x);
		j += utf8_to_utf32((const u8 *)b->utf8 + j, b->len - j, &y);
		if (fold(x) != fold(y))
			return false;
	}
	return i == a->len && j == b->len;
}

/* The same with @units of UTF-16 that need not be aligned or well-formed.  Any context. */
bool wt_name_equal_utf16(const struct wt_name *name, const void *utf16, size_t units)
{
	const u8 *p = utf16;
	size_t at = 0;

	if (name->units != units)
		return false;
	while (at < name->len) {
		unicode_t x, y = get_unaligned_le16(p);

		at += utf8_to_utf32((const u8 *)name->utf8 + at, name->len - at, &x);
		p += 2;
		if (x > 0xffff) {	/* a pair of units: both names have room for it */
			if ((y & 0xfc00) != 0xd800)
				return false;
			y = 0x10000 + ((y & 0x3ff) << 10) + (get_unaligned_le16(p) & 0x3ff);
			p += 2;
		}
		if (fold(x) != fold(y))
			return false;
	}
	return p == (const u8 *)utf16 + 2 * units;
}

/*
 * Writes @name as UTF-16LE with a terminating NUL.  @out has room for
 * (units + 1) * 2 bytes and need not be aligned.  Returns the bytes written.
 */
size_t wt_name_utf16(const struct wt_name *name, u8 *out)
{
	return wt_utf16_put(out, name->utf8, name->len) - out;
}
