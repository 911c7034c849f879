// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>

#include "json.h"

/* Bytes of the well-formed UTF-8 character at @p, 0 if there is none. */
static int utf8_length(const unsigned char *p)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	int len, i;

	if (p[0] < 0x80)
		return 1;
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc0 ? 2 : 0;
	if (!len || p[0] > 0xf4)
		return 0;
	c = p[0] & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < smallest[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	return len;
}

void json_text(FILE *to, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	fputc('"', to);
	while (*p) {
		int len = utf8_length(p);

		if (!len)
			fputs("\\ufffd", to);
		else if (*p == '"' || *p == '\\')
			fprintf(to, "\\%c", *p);
		else if (*p < 0x20 || *p == 0x7f)
			fprintf(to, "\\u%04x", *p);
		else
			fwrite(p, 1, len, to);
		p += len ? len : 1;
	}
	fputc('"', to);
}

static void begin_element(struct json *json, const char *key)
{
	if (json->comma)
		fputc(',', json->to);
	json->comma = true;
	if (key) {
		json_text(json->to, key);
		fputc(':', json->to);
	}
}

void json_open(struct json *json, const char *key, char bracket)
{
	begin_element(json, key);
	fputc(bracket, json->to);
	json->comma = false;
}

void json_close(struct json *json, char bracket)
{
	fputc(bracket, json->to);
	json->comma = true;
}

void json_string(struct json *json, const char *key, const char *value)
{
	begin_element(json, key);
	json_text(json->to, value);
}

void json_number(struct json *json, const char *key, uint64_t value)
{
	begin_element(json, key);
	fprintf(json->to, "%" PRIu64, value);
}

void json_signed(struct json *json, const char *key, int64_t value)
{
	begin_element(json, key);
	fprintf(json->to, "%" PRId64, value);
}

void json_null(struct json *json, const char *key)
{
	begin_element(json, key);
	fputs("null", json->to);
}

void json_bool(struct json *json, const char *key, bool value)
{
	begin_element(json, key);
	fputs(value ? "true" : "false", json->to);
}
