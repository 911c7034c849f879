// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "etl.h"
#include "output.h"

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

/* @size bytes to be filled in, few. */
static unsigned char *claim(struct output *out, size_t size)
{
	unsigned char *p;

	if (sizeof(out->data) - out->used < size)
		output_flush(out);
	p = out->data + out->used;
	out->used += size;
	return p;
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

void output_padded(struct output *out, uint64_t value, unsigned int least)
{
	char text[20];
	unsigned int at = sizeof(text);

	do {
		text[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	while (sizeof(text) - at < least && at)
		text[--at] = '0';
	output_bytes(out, text + at, sizeof(text) - at);
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

void output_hex_bytes(struct output *out, const unsigned char *data, size_t size)
{
	while (size) {
		size_t n = size < 4096 ? size : 4096, i;
		unsigned char *p = claim(out, 2 * n);

		for (i = 0; i < n; i++) {
			p[2 * i] = (unsigned char)digits[data[i] >> 4];
			p[2 * i + 1] = (unsigned char)digits[data[i] & 15];
		}
		data += n;
		size -= n;
	}
}

void output_guid(struct output *out, const unsigned char guid[16])
{
	char text[ETL_GUID_TEXT];

	etl_guid_format(guid, text);
	output_bytes(out, text, ETL_GUID_TEXT - 1);
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
