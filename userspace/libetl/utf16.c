// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * UTF-16LE to UTF-8 and back, total functions: what is ill-formed becomes U+FFFD.
 */
#include "private.h"

#define REPLACEMENT	0xfffdu

static uint32_t next_utf16(const unsigned char **at, const unsigned char *end)
{
	uint32_t c = get16(*at), low;

	*at += 2;
	if (c < 0xd800 || c > 0xdfff)
		return c;
	if (c > 0xdbff || *at == end)
		return REPLACEMENT;
	low = get16(*at);
	if (low < 0xdc00 || low > 0xdfff)
		return REPLACEMENT;
	*at += 2;
	return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

size_t etl_utf8_encode(uint32_t c, unsigned char out[4])
{
	if (c < 0x80) {
		out[0] = (unsigned char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (unsigned char)(0xc0 | c >> 6);
		out[1] = (unsigned char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (unsigned char)(0xe0 | c >> 12);
		out[1] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (unsigned char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (unsigned char)(0xf0 | c >> 18);
	out[1] = (unsigned char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (unsigned char)(0x80 | (c & 0x3f));
	return 4;
}

size_t etl_utf16_to_utf8(const void *utf16, size_t units, char *utf8, size_t size)
{
	const unsigned char *at = utf16, *end = at + 2 * units;
	size_t len = 0, stored = 0;
	bool full = false;

	while (at < end) {
		uint32_t c = next_utf16(&at, end);
		unsigned char bytes[4];
		size_t n;

		if (!c)
			break;
		n = etl_utf8_encode(c, bytes);
		if (!full && len + n < size) {
			memcpy(utf8 + len, bytes, n);
			stored = len + n;
		} else {
			full = true;
		}
		len += n;
	}
	if (size)
		utf8[stored] = '\0';
	return len;
}

/* The shortest form only, no surrogates, at most U+10FFFF; else one byte is taken as U+FFFD. */
uint32_t etl_utf8_next(const unsigned char **at, const unsigned char *end)
{
	static const uint32_t least[4] = { 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = *at;
	uint32_t c = *p++;
	int more, i;

	*at = p;
	if (c < 0x80)
		return c;
	if (c < 0xc2 || c > 0xf4)
		return REPLACEMENT;
	more = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
	if (end - p < more)
		return REPLACEMENT;
	c &= 0x3fu >> more;
	for (i = 0; i < more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return REPLACEMENT;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return REPLACEMENT;
	*at = p + more;
	return c;
}

size_t etl_utf8_to_utf16(const char *utf8, size_t size, void *utf16, size_t units)
{
	const unsigned char *at = (const unsigned char *)utf8, *end = at + size;
	unsigned char *out = utf16;
	size_t count = 0;

	while (at < end) {
		uint32_t c = etl_utf8_next(&at, end);
		size_t n = c < 0x10000 ? 1 : 2;

		if (count + n <= units) {
			if (n == 1) {
				put16(out + 2 * count, (uint16_t)c);
			} else {
				put16(out + 2 * count, (uint16_t)(0xd7c0 + (c >> 10)));
				put16(out + 2 * count + 2, (uint16_t)(0xdc00 | (c & 0x3ff)));
			}
		}
		count += n;
	}
	return count;
}
