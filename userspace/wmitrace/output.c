// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "etl.h"
#include "output.h"

#define DIGITS	20u	/* of the longest number */

static const char digits[] = "0123456789abcdef";

void output_flush(struct output *out)
{
	size_t done = 0;

	while (!out->error && done < out->used) {
		ssize_t n = write(out->fd, out->data + done, out->used - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			out->error = errno;
	}
	out->used = 0;
}

void output_bytes(struct output *out, const void *data, size_t size)
{
	const unsigned char *p = data;

	while (size) {
		size_t room = sizeof(out->data) - out->used;
		size_t n = size < room ? size : room;

		memcpy(out->data + out->used, p, n);
		out->used += n;
		p += n;
		size -= n;
		if (size)
			output_flush(out);
	}
}

void output_string(struct output *out, const char *text)
{
	output_bytes(out, text, strlen(text));
}

/* Two decimal digits of each number below 100. */
static const char pairs[] =
	"00010203040506070809101112131415161718192021222324252627282930313233343536373839"
	"40414243444546474849505152535455565758596061626364656667686970717273747576777879"
	"8081828384858687888990919293949596979899";

void output_padded(struct output *out, uint64_t value, unsigned int least)
{
	char text[2 * DIGITS];		/* the second half is copied, too, and not used */
	unsigned int at = DIGITS;

	for (; value >= 100; value /= 100) {
		at -= 2;
		memcpy(text + at, pairs + 2 * (value % 100), 2);
	}
	text[--at] = pairs[2 * value + 1];
	if (value >= 10)
		text[--at] = pairs[2 * value];
	while (DIGITS - at < least && at)
		text[--at] = '0';
	memcpy(output_claim(out, DIGITS), text + at, DIGITS);
	out->used -= at;
}

void output_number(struct output *out, uint64_t value)
{
	output_padded(out, value, 1);
}

void output_signed(struct output *out, int64_t value)
{
	if (value < 0)
		output_char(out, '-');
	output_number(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void output_hex(struct output *out, uint64_t value)
{
	char text[16];
	unsigned int at = sizeof(text);

	do {
		text[--at] = digits[value & 15];
		value >>= 4;
	} while (value);
	output_bytes(out, text + at, sizeof(text) - at);
}

/* Two digits of each byte. */
#define ROW(high) \
	high "0" high "1" high "2" high "3" high "4" high "5" high "6" high "7" \
	high "8" high "9" high "a" high "b" high "c" high "d" high "e" high "f"
static const char bytes[] =
	ROW("0") ROW("1") ROW("2") ROW("3") ROW("4") ROW("5") ROW("6") ROW("7")
	ROW("8") ROW("9") ROW("a") ROW("b") ROW("c") ROW("d") ROW("e") ROW("f");

void output_hex_bytes(struct output *out, const unsigned char *data, size_t size)
{
	while (size) {
		size_t n = size < 4096 ? size : 4096, i;
		unsigned char *p = output_claim(out, 2 * n);

		for (i = 0; i < n; i++)
			memcpy(p + 2 * i, bytes + 2 * data[i], 2);
		data += n;
		size -= n;
	}
}

void output_guid(struct output *out, const unsigned char guid[16])
{
	char text[ETL_GUID_TEXT];

	etl_guid_format(guid, text);
	memcpy(output_claim(out, ETL_GUID_TEXT - 1), text, ETL_GUID_TEXT - 1);
}

/* Bytes of the well-formed character at @p, 0 if there is none. */
static size_t utf8_length(const unsigned char *p, size_t size)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc0 ? 2 : 0, i;
	uint32_t c;

	if (!len || len > size || p[0] > 0xf4)
		return 0;
	c = p[0] & (0x7fu >> len);
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	return c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? 0 : len;
}

void output_json_escaped(struct output *out, const char *text, size_t size)
{
	const unsigned char *p = (const unsigned char *)text, *end = p + size;

	while (p < end) {
		size_t len = 1;

		if (*p >= 0x80) {
			len = utf8_length(p, (size_t)(end - p));
			if (len)
				output_bytes(out, p, len);
			else
				output_string(out, "\\ufffd");
		} else if (*p == '"' || *p == '\\') {
			output_char(out, '\\');
			output_char(out, (char)*p);
		} else if (*p == '\n' || *p == '\r' || *p == '\t') {
			output_char(out, '\\');
			output_char(out, *p == '\n' ? 'n' : *p == '\r' ? 'r' : 't');
		} else if (*p < 0x20 || *p == 0x7f) {
			output_string(out, "\\u00");
			output_hex_bytes(out, p, 1);
		} else {
			output_char(out, (char)*p);
		}
		p += len ? len : 1;
	}
}
