// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace dump: decoded fields, as JSON or as text.  The two differ in
 * punctuation only.
 */
#include <math.h>
#include <string.h>

#include "dump.h"

#define TEXT_MAX	65536	/* bytes of a value as text; more is cut */
#define BINARY_MAX	64	/* bytes of a binary value that text shows */

struct printer {
	struct output *out;
	bool json;
	bool comma;			/* the next element needs one before it */
	struct etl_field open[ETL_DEPTH_MAX + 1];	/* structs around the current place */
	unsigned int depth;
};

static void separate(struct printer *p)
{
	if (p->comma)
		output_string(p->out, p->json ? "," : p->depth ? ", " : " ");
	p->comma = true;
}

static void put_name(struct printer *p, const struct etl_field *field)
{
	if (p->json)
		output_char(p->out, '"');
	output_json_escaped(p->out, field->name, field->name_size);
	output_string(p->out, p->json ? "\":" : "=");
}

static void put_quoted(struct printer *p, const char *text, size_t size)
{
	output_char(p->out, '"');
	output_json_escaped(p->out, text, size);
	output_char(p->out, '"');
}

/* Text without quotes if it is a word that cannot be taken for anything else. */
static bool needs_quotes(const struct etl_field *field)
{
	switch (field->type) {
	case ETL_TYPE_UTF16:
	case ETL_TYPE_TEXT:
	case ETL_TYPE_COUNTED_UTF16:
	case ETL_TYPE_COUNTED_TEXT:
	case ETL_TYPE_FILETIME:
	case ETL_TYPE_SYSTEMTIME:
		return true;
	}
	return field->format == ETL_FORMAT_STRING || field->format == ETL_FORMAT_FILETIME;
}

static void put_text(struct printer *p, const struct etl_field *field)
{
	static char text[TEXT_MAX];
	struct etl_field shown = *field;
	bool binary = field->type == ETL_TYPE_BINARY || field->type == ETL_TYPE_COUNTED_BINARY;
	size_t size;

	if (binary && !p->json && field->size > BINARY_MAX)
		shown.size = BINARY_MAX;
	size = etl_field_text(&shown, text, sizeof(text));
	if (size >= sizeof(text))
		size = strlen(text);
	if (p->json || needs_quotes(field))
		put_quoted(p, text, size);
	else
		output_bytes(p->out, text, size);
	if (shown.size < field->size) {
		output_string(p->out, "...(");
		output_number(p->out, field->size);
		output_string(p->out, " bytes)");
	}
}

static void put_double(struct printer *p, const struct etl_field *field, double number)
{
	if (p->json && !isfinite(number)) {
		output_string(p->out, "null");
	} else {
		char text[40];

		output_bytes(p->out, text, etl_field_text(field, text, sizeof(text)));
	}
}

static void put_value(struct printer *p, const struct etl_field *field)
{
	struct etl_value value;

	if (field->type == ETL_TYPE_NULL) {
		output_string(p->out, p->json ? "null" : "-");
		return;
	}
	etl_field_value(field, &value);
	switch (value.kind) {
	case ETL_VALUE_TEXT:
		put_text(p, field);
		break;
	case ETL_VALUE_UNSIGNED:
		output_number(p->out, value.u);
		break;
	case ETL_VALUE_SIGNED:
		output_signed(p->out, value.s);
		break;
	case ETL_VALUE_BOOL:
		output_string(p->out, value.u ? "true" : "false");
		break;
	case ETL_VALUE_DOUBLE:
		put_double(p, field, value.d);
		break;
	}
}

static bool last_element(const struct etl_field *field)
{
	return field->array && field->index + 1 >= field->count;
}

static void close_structs(struct printer *p, unsigned int depth)
{
	while (p->depth > depth) {
		output_char(p->out, '}');
		if (last_element(&p->open[--p->depth]))
			output_char(p->out, ']');
		p->comma = true;
	}
}

static void put_field(struct printer *p, const struct etl_field *field)
{
	close_structs(p, field->depth);
	separate(p);
	if (!field->index) {
		put_name(p, field);
		if (field->array)
			output_char(p->out, '[');
	}
	if (field->array && !field->count) {
		output_char(p->out, ']');
	} else if (field->type == ETL_TYPE_STRUCT) {
		output_char(p->out, '{');
		p->open[p->depth++] = *field;
		p->comma = false;
	} else {
		put_value(p, field);
		if (last_element(field))
			output_char(p->out, ']');
	}
}

/* An array that damage ends early is closed, too. */
static void close_array(struct printer *p, const struct etl_field *last)
{
	if (last->array && last->type != ETL_TYPE_STRUCT && last->count && !last_element(last))
		output_char(p->out, ']');
}

int dump_fields(struct output *out, struct etl_fields *fields, bool json)
{
	struct printer printer = { .out = out, .json = json };
	struct etl_field field = { 0 };
	unsigned int i;
	int ret;

	while ((ret = etl_fields_next(fields, &field)) > 0)
		put_field(&printer, &field);
	if (ret < 0) {
		close_array(&printer, &field);
		for (i = 0; i < printer.depth; i++)
			printer.open[i].count = printer.open[i].index + 1;
	}
	close_structs(&printer, 0);
	return ret;
}
