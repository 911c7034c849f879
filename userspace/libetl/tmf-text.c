// SPDX-License-Identifier: LGPL-2.1-or-later
/* Text under construction, and printf's conversions on values of any size. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

#include "tmf-private.h"

#define WIDTH_MAX	4096	/* of a conversion; more is damage or malice */

static size_t room(const struct tmf_sink *sink)
{
	return sink->len < sink->size ? sink->size - sink->len : 0;
}

void tmf_put(struct tmf_sink *sink, const char *bytes, size_t len)
{
	size_t fits = room(sink) ? room(sink) - 1 : 0;

	if (fits > len)
		fits = len;
	if (fits)
		memcpy(sink->text + sink->len, bytes, fits);
	sink->len += len;
}

void tmf_puts(struct tmf_sink *sink, const char *text)
{
	tmf_put(sink, text, strlen(text));
}

void tmf_printf(struct tmf_sink *sink, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(room(sink) ? sink->text + sink->len : NULL, room(sink), format, args);
	va_end(args);
	if (len > 0)
		sink->len += len;
}

static void fill(struct tmf_sink *sink, size_t count)
{
	while (count--)
		tmf_put(sink, " ", 1);
}

void tmf_adjust(struct tmf_sink *sink, size_t start, int width, int precision, bool left)
{
	size_t len = sink->len - start, pad, fits;

	if (precision >= 0 && (size_t)precision < len)
		len = precision;
	sink->len = start + len;
	if ((size_t)width <= len)
		return;
	pad = width - len;
	if (left) {
		fill(sink, pad);
		return;
	}
	/* Whatever of it has room before the last byte moves up. */
	if (start + pad + 1 < sink->size) {
		fits = sink->size - 1 - start - pad;
		memmove(sink->text + start + pad, sink->text + start, len < fits ? len : fits);
	}
	sink->len = start;
	fill(sink, pad);
	sink->len += len;
}

/* ---- specifications ------------------------------------------------------------ */

static int take_number(const char **p, const char *end)
{
	int value = 0;

	for (; *p < end && isdigit((unsigned char)**p); ++*p)
		if (value < WIDTH_MAX)
			value = value * 10 + **p - '0';
	return value < WIDTH_MAX ? value : WIDTH_MAX;
}

/* Of lengths only those that cut off matter: the item knows its size. */
static const char *take_length(struct tmf_spec *spec, const char *p, const char *end)
{
	if (end - p >= 3 && (!strncmp(p, "I64", 3) || !strncmp(p, "I32", 3)))
		return p + 3;
	for (; p < end && strchr("hlqjztLIw", *p); p++)
		if (*p == 'h')
			spec->narrow = spec->narrow ? 1 : 2;
	return p;
}

bool tmf_spec_parse(struct tmf_spec *spec, const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	size_t flags = 0;

	*spec = (struct tmf_spec){ .precision = -1, .letter = 's' };
	for (; p < end && strchr("-+ #0", *p); p++)
		if (!strchr(spec->flags, *p) && flags < sizeof(spec->flags) - 1)
			spec->flags[flags++] = *p;
	spec->width = take_number(&p, end);
	if (p < end && *p == '.') {
		p++;
		spec->precision = take_number(&p, end);
	}
	p = take_length(spec, p, end);
	if (end - p != 1 || !strchr("diuxXocpsSzZeEfFgGaA", *p)) {
		*spec = (struct tmf_spec){ .precision = -1, .letter = 's' };
		return false;
	}
	spec->letter = *p;
	return true;
}

static int64_t sign_extend(uint64_t value, unsigned int size)
{
	unsigned int shift = 64 - 8 * size;

	return (int64_t)(value << shift) >> shift;
}

/* printf with the specification's own flags, width and precision. */
static void put_converted(struct tmf_sink *sink, const struct tmf_spec *spec, char letter,
			  uint64_t value)
{
	char format[16];

	snprintf(format, sizeof(format), "%%%s*.*ll%c", spec->flags, letter);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	tmf_printf(sink, format, spec->width, spec->precision, value);
#pragma GCC diagnostic pop
}

static void put_character(struct tmf_sink *sink, const struct tmf_spec *spec, char c)
{
	size_t start = sink->len;

	if (c)
		tmf_put(sink, &c, 1);
	tmf_adjust(sink, start, spec->width, -1, strchr(spec->flags, '-'));
}

void tmf_put_integer(struct tmf_sink *sink, const struct tmf_spec *spec, uint64_t value,
		     unsigned int size, char letter)
{
	char use = strchr("diuxXocp", spec->letter) ? spec->letter : letter;

	if (spec->narrow && spec->narrow < size) {
		size = spec->narrow;
		value &= (1u << 8 * size) - 1;
	}
	switch (use) {
	case 'c':
		put_character(sink, spec, value);
		break;
	case 'p':	/* upper case and all digits, whatever the flags */
		tmf_printf(sink, "%0*llX", 2 * (int)size, (unsigned long long)value);
		break;
	case 'd':
	case 'i':
		put_converted(sink, spec, 'd', sign_extend(value, size));
		break;
	default:
		put_converted(sink, spec, use, value);
	}
}

void tmf_put_string(struct tmf_sink *sink, const struct tmf_spec *spec, const char *text)
{
	size_t start = sink->len;

	tmf_puts(sink, text);
	tmf_adjust(sink, start, spec->width, spec->precision, strchr(spec->flags, '-'));
}
