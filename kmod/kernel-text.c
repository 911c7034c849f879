// SPDX-License-Identifier: GPL-2.0-only
#include <linux/nls.h>

#include "compat.h"
#include "kernel-text.h"

#define REPLACEMENT	0xfffd

/* The character that @text begins with; returns its bytes, at least 1 and at most @len. */
static size_t take(const char *text, size_t len, unicode_t *c)
{
	int n;

	if ((u8)*text < 0x80) {
		*c = (u8)*text;
		return 1;
	}
	n = utf8_to_utf32((const u8 *)text, len, c);
	if (n > 0)
		return n;
	*c = REPLACEMENT;
	return 1;
}

/* Units of UTF-16 that the @len bytes of @text take, without a NUL. */
size_t wt_utf16_units(const char *text, size_t len)
{
	size_t at = 0, units = 0;
	unicode_t c;

	while (at < len) {
		at += take(text + at, len - at, &c);
		units += c > 0xffff ? 2 : 1;
	}
	return units;
}

/* Writes them and a NUL to @to, which need not be aligned.  Returns the bytes written. */
size_t wt_utf16_put(u8 *to, const char *text, size_t len)
{
	size_t at = 0;
	unicode_t c;
	u8 *p = to;

	while (at < len) {
		at += take(text + at, len - at, &c);
		if (c > 0xffff) {
			c -= 0x10000;
			put_unaligned_le16(0xd800 | (c >> 10), p);
			p += 2;
			c = 0xdc00 | (c & 0x3ff);
		}
		put_unaligned_le16(c, p);
		p += 2;
	}
	put_unaligned_le16(0, p);
	return p + 2 - to;
}
