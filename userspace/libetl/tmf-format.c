// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Expanding formats: %N!SPEC! for arguments (from 10) and variables of the
 * prefix (1 to 9), %!KEY! from the statement's comment, %0 for the prefix.
 */
#include <ctype.h>

#include "tmf-private.h"

#define PREFIX_DEPTH	1	/* a prefix holds no prefix */

struct expansion {
	struct tmf_sink sink;
	const struct etl_tmf_message *message;	/* may be NULL */
	const struct etl_record *rec;
	const struct etl_tmf_style *style;
	struct tmf_slice slices[TMF_ARGUMENTS_MAX];
	int depth;				/* inside the prefix: 1 */
};

static const struct etl_tmf_style plain;

static void expand(struct expansion *x, const char *format);

/* ---- variables -------------------------------------------------------------------- */

static void put_record_time(struct expansion *x, const struct tmf_spec *spec)
{
	size_t start = x->sink.len;
	uint64_t filetime = etl_record_filetime(x->rec);

	if (filetime)
		tmf_put_time(&x->sink, filetime, x->style->flags & ETL_TMF_UTC,
			     x->style->flags & ETL_TMF_HIRES);
	tmf_adjust(&x->sink, start, spec->width, spec->precision, strchr(spec->flags, '-'));
}

static void put_variable(struct expansion *x, unsigned int number, const struct tmf_spec *spec)
{
	const struct etl_record *rec = x->rec;

	switch (number) {
	case 1:
		tmf_put_string(&x->sink, spec, x->message ? x->message->module : "Unknown");
		break;
	case 2:
		tmf_put_string(&x->sink, spec, x->message ? x->message->tag : "Unknown");
		break;
	case 3:
		tmf_put_integer(&x->sink, spec, rec->thread, 4, 'd');
		break;
	case 4:
		put_record_time(x, spec);
		break;
	case 5:
		tmf_put_integer(&x->sink, spec, rec->kernel_time, 4, 'd');
		break;
	case 6:
		tmf_put_integer(&x->sink, spec, rec->user_time, 4, 'd');
		break;
	case 7:
		tmf_put_integer(&x->sink, spec, rec->sequence, 4, 'd');
		break;
	case 8:
		tmf_put_integer(&x->sink, spec, rec->process, 4, 'd');
		break;
	case 9:
		tmf_put_integer(&x->sink, spec, rec->buffer ? rec->buffer->cpu : 0, 4, 'd');
		break;
	}
}

static void put_numbered(struct expansion *x, unsigned int number, const struct tmf_spec *spec)
{
	unsigned int i;

	if (number < 10) {
		put_variable(x, number, spec);
		return;
	}
	for (i = 0; x->message && i < x->message->count; i++) {
		if (x->message->arguments[i].number == number) {
			tmf_put_argument(&x->sink, spec, &x->message->arguments[i], &x->slices[i],
					 x->style);
			return;
		}
	}
}

static void put_key(struct expansion *x, const char *name, size_t len)
{
	const char *value = "";
	char key[32];

	if (!x->message || len >= sizeof(key))
		return;
	memcpy(key, name, len);
	key[len] = '\0';
	len = etl_tmf_key(x->message, key, &value);
	tmf_put(&x->sink, value, len);
}

/* ---- formats ------------------------------------------------------------------------ */

/* At the digits behind a percent sign.  Returns what follows the whole. */
static const char *expand_numbered(struct expansion *x, const char *p)
{
	struct tmf_spec spec = { .precision = -1, .letter = 's' };
	unsigned int number = 0;
	const char *end;

	if (*p == '0') {
		if (x->depth < PREFIX_DEPTH && x->style->prefix) {
			x->depth++;
			expand(x, x->style->prefix);
			x->depth--;
		}
		return p + 1;
	}
	for (; isdigit((unsigned char)*p) && number < 10000; p++)
		number = number * 10 + *p - '0';
	end = *p == '!' ? strchr(p + 1, '!') : NULL;
	if (end) {
		tmf_spec_parse(&spec, p + 1, end - p - 1);
		p = end + 1;
	}
	put_numbered(x, number, &spec);
	return p;
}

static void expand(struct expansion *x, const char *format)
{
	const char *p = format, *end;

	while (*p) {
		end = strchrnul(p, '%');
		tmf_put(&x->sink, p, end - p);
		if (!*end)
			break;
		p = end + 1;
		if (isdigit((unsigned char)*p)) {
			p = expand_numbered(x, p);
		} else if (*p == '!' && (end = strchr(p + 1, '!'))) {
			put_key(x, p + 1, end - p - 1);
			p = end + 1;
		} else {
			tmf_puts(&x->sink, "%");
			p += *p == '%';
		}
	}
}

static void begin(struct expansion *x, const struct etl_tmf_message *message,
		  const struct etl_record *rec, const struct etl_tmf_style *style, char *text,
		  size_t size)
{
	x->sink = (struct tmf_sink){ text, size, 0 };
	x->message = message;
	x->rec = rec;
	x->style = style ? style : &plain;
	x->depth = 0;
	if (message)
		tmf_slice_arguments(message, rec, x->slices);
}

static size_t finish(struct expansion *x)
{
	if (x->sink.size)
		x->sink.text[x->sink.len < x->sink.size ? x->sink.len : x->sink.size - 1] = '\0';
	return x->sink.len;
}

static void put_unknown(struct expansion *x)
{
	char guid[ETL_GUID_TEXT] = "none";

	expand(x, "%0");
	if (x->rec->has & ETL_HAS_GUID)
		etl_guid_format(x->rec->guid, guid);
	tmf_printf(&x->sink, "Unknown(%u): GUID=%s (No Format Information found).", x->rec->id, guid);
}

size_t etl_tmf_format(const struct etl_tmf_message *message, const struct etl_record *rec,
		      const struct etl_tmf_style *style, char *text, size_t size)
{
	struct expansion x;

	begin(&x, message, rec, style, text, size);
	if (message)
		expand(&x, message->format);
	else
		put_unknown(&x);
	return finish(&x);
}

size_t etl_tmf_format_prefix(const struct etl_tmf_message *message, const struct etl_record *rec,
			     const struct etl_tmf_style *style, char *text, size_t size)
{
	struct expansion x;

	begin(&x, message, rec, style, text, size);
	expand(&x, "%0");
	return finish(&x);
}

/* The specification with which @format shows argument @number. */
static void find_spec(const char *format, unsigned int number, struct tmf_spec *spec)
{
	const char *p = format, *end;
	unsigned int found;

	while ((p = strchr(p, '%'))) {
		p++;
		found = 0;
		if (*p == '%' || *p == '0') {
			p++;
			continue;
		}
		for (; isdigit((unsigned char)*p) && found < 10000; p++)
			found = found * 10 + *p - '0';
		end = *p == '!' ? strchr(p + 1, '!') : NULL;
		if (end && found == number) {
			tmf_spec_parse(spec, p + 1, end - p - 1);
			return;
		}
		if (end)
			p = end + 1;
	}
}

size_t etl_tmf_format_argument(const struct etl_tmf_message *message, const struct etl_record *rec,
			       const struct etl_tmf_style *style, unsigned int index, char *text,
			       size_t size)
{
	struct tmf_spec spec = { .precision = -1, .letter = 's' };
	struct expansion x;

	begin(&x, message, rec, style, text, size);
	if (message && index < message->count) {
		find_spec(message->format, message->arguments[index].number, &spec);
		tmf_put_argument(&x.sink, &spec, &message->arguments[index], &x.slices[index],
				 x.style);
	}
	return finish(&x);
}
