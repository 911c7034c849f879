// SPDX-License-Identifier: GPL-2.0-only
#include <linux/nls.h>

#include "compat.h"
#include "kernel-text.h"

#define REPLACEMENT	0xfffd

/* The character that @text begins with; returns its bytes, at least 1 and at most @len. */
static size_t take(const char *text, size_t len, unicode_t *c)
{
	int n = utf8_to_utf32((const u8 *)text, len, c);

	if (n > 0)
		return n;
	*c = REPLACEMENT;
	return 1;
}

static noinline size_t units_of_any(const char *text, size_t len)
{
	size_t units = 0;
	unicode_t c;

	while (len) {
		size_t n = take(text, len, &c);

		text += n;
		len -= n;
		units += c > 0xffff ? 2 : 1;
	}
	return units;
}

static noinline u8 *put_any(u8 *to, const char *text, size_t len)
{
	unicode_t c;

	while (len) {
		size_t n = take(text, len, &c);

		text += n;
		len -= n;
		if (c > 0xffff) {
			c -= 0x10000;
			put_unaligned_le16(0xd800 | (c >> 10), to);
			to += 2;
			c = 0xdc00 | (c & 0x3ff);
		}
		put_unaligned_le16(c, to);
		to += 2;
	}
	put_unaligned_le16(0, to);
	return to + 2;
}

#define HIGH_BITS	0x80808080

/* Units of UTF-16 that the @len bytes of @text take, without a NUL. */
size_t wt_utf16_units(const char *text, size_t len)
{
	size_t at = 0;

	for (; len - at >= 4; at += 4)
		if (unlikely(get_unaligned_le32(text + at) & HIGH_BITS))
			return at + units_of_any(text + at, len - at);
	for (; at < len; at++)
		if (unlikely(text[at] & 0x80))
			return at + units_of_any(text + at, len - at);
	return len;
}

/* Four bytes of ASCII as four units. */
static u64 widen(u32 four)
{
	u64 x = four;

	x = (x | x << 16) & 0x0000ffff0000ffff;
	return (x | x << 8) & 0x00ff00ff00ff00ff;
}

/*
 * Writes them and a NUL to @to, which need not be aligned.  Returns what lies behind.
 * ASCII, as nearly all is, is written in this function, which needs no stack.
 */
u8 *wt_utf16_put(u8 *to, const char *text, size_t len)
{
	for (; len >= 4; len -= 4, text += 4, to += 8) {
		u32 four = get_unaligned_le32(text);

		if (unlikely(four & HIGH_BITS))
			return put_any(to, text, len);
		put_unaligned_le64(widen(four), to);
	}
	for (; len; len--, text++, to += 2) {
		if (unlikely(*text & 0x80))
			return put_any(to, text, len);
		put_unaligned_le16(*text, to);
	}
	put_unaligned_le16(0, to);
	return to + 2;
}
