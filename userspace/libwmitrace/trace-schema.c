// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From the fields of a trace event's format file to TraceLogging's fields.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <nettle/sha1.h>
#include <traceevent/event-parse.h>

#include <etl/layout.h>

#include "etl.h"
#include "trace-schema.h"

/* What an InType byte says beside the type. */
#define IN_CONSTANT_COUNT	0x20
#define IN_VARIABLE_COUNT	0x40
#define IN_HAS_FORMAT		0x80

#define NAME_SPACE	"\x48\x2c\x2d\xb2\xc3\x90\x47\xc8\x87\xf8\x1a\x15\xbf\xc1\x30\xfb"

void trace_schema_guid(const char *name, unsigned char guid[16])
{
	struct sha1_ctx hash;
	uint8_t unit[2] = { 0 };

	sha1_init(&hash);
	sha1_update(&hash, 16, (const uint8_t *)NAME_SPACE);
	for (; *name; name++) {
		unit[1] = (uint8_t)toupper((unsigned char)*name);
		sha1_update(&hash, sizeof(unit), unit);
	}
	sha1_digest(&hash, 16, guid);
	guid[7] = (guid[7] & 0x0f) | 0x50;
}

/* ---- types ------------------------------------------------------------------------ */

/* How a field is expressed. */
struct expression {
	uint8_t type;			/* enum etl_type */
	uint8_t format;			/* enum etl_format */
	uint16_t kind;			/* enum wmitrace_bridge_kind, WMITRACE_BRIDGE_RELATIVE */
	uint16_t size;			/* of the operation */
	uint16_t count;			/* elements of a fixed array, or 0 */
};

static bool is_any(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(text, *words))
			return true;
	return false;
}

static bool ends_with(const char *text, const char *end)
{
	size_t a = strlen(text), b = strlen(end);

	return a >= b && !strcmp(text + a - b, end);
}

/* "u8" of "u8[4]", "char" of "__data_loc const char[]" */
static void base_type(const char *type, char *base, size_t size)
{
	static const char *const before[] = { "__data_loc ", "__rel_loc ", "const ", NULL };
	size_t length;
	int i;

	for (i = 0; before[i]; i++)
		if (!strncmp(type, before[i], strlen(before[i])))
			type += strlen(before[i]);
	length = strcspn(type, "[");
	while (length && type[length - 1] == ' ')
		length--;
	snprintf(base, size, "%.*s", (int)length, type);
}

/* Bytes of the integer that C or the kernel calls @base; 0 if it is none known here. */
static unsigned int integer_size(const char *base)
{
	static const char *const bytes[] = {
		"char", "signed char", "unsigned char", "u8", "s8", "__u8", "__s8", "uint8_t", "int8_t",
		"bool", "_Bool", NULL
	};
	static const char *const words[] = {
		"short", "unsigned short", "u16", "s16", "__u16", "__s16", "__le16", "__be16", "uint16_t",
		"int16_t", "umode_t", "short int", "unsigned short int", NULL
	};
	static const char *const dwords[] = {
		"int", "unsigned int", "unsigned", "u32", "s32", "__u32", "__s32", "__le32", "__be32",
		"uint32_t", "int32_t", "pid_t", "uid_t", "gid_t", "dev_t", "gfp_t", "uint", NULL
	};
	static const char *const qwords[] = {
		"long", "unsigned long", "u64", "s64", "__u64", "__s64", "__le64", "__be64", "uint64_t",
		"int64_t", "long long", "unsigned long long", "size_t", "ssize_t", "loff_t", "sector_t",
		"long int", "unsigned long int", NULL
	};

	return is_any(base, bytes) ? 1 : is_any(base, words) ? 2 : is_any(base, dwords) ? 4 :
	       is_any(base, qwords) ? 8 : 0;
}

/* The plain type of an integer of 1, 2, 4 or 8 bytes; 0 of others. */
static uint8_t integer_type(unsigned int size, bool is_signed)
{
	switch (size) {
	case 1:
		return is_signed ? ETL_TYPE_INT8 : ETL_TYPE_UINT8;
	case 2:
		return is_signed ? ETL_TYPE_INT16 : ETL_TYPE_UINT16;
	case 4:
		return is_signed ? ETL_TYPE_INT32 : ETL_TYPE_UINT32;
	case 8:
		return is_signed ? ETL_TYPE_INT64 : ETL_TYPE_UINT64;
	}
	return 0;
}

static bool is_code_address(const char *name)
{
	static const char *const names[] = {
		"ip", "caller", "caller_ip", "parent_ip", "call_site", "callsite", "location", "function",
		"func", "callback", NULL
	};

	return is_any(name, names);
}

static bool is_address(const char *name)
{
	return !strcmp(name, "addr") || !strcmp(name, "address") || ends_with(name, "_addr") ||
	       ends_with(name, "_address");
}

static bool is_process(const char *base, const char *name)
{
	return !strcmp(base, "pid_t") || !strcmp(name, "pid") || !strcmp(name, "tid") ||
	       ends_with(name, "_pid") || ends_with(name, "_tid");
}

/* An integer or a pointer; what it is called tells how it wants to be shown. */
static void express_scalar(const struct tep_format_field *field, const char *base, struct expression *e)
{
	const bool is_flags = !strcmp(base, "gfp_t") || !strcmp(field->name, "flags") ||
			      ends_with(field->name, "_flags");
	const unsigned int size = (unsigned int)field->size;

	e->kind = WMITRACE_BRIDGE_COPY;
	e->type = integer_type(size, field->flags & TEP_FIELD_IS_SIGNED);
	if (!e->type) {
		e->kind = WMITRACE_BRIDGE_BINARY;
		e->type = ETL_TYPE_BINARY;
	} else if (!strcmp(base, "bool") || !strcmp(base, "_Bool")) {
		e->type = ETL_TYPE_UINT8;
		e->format = ETL_FORMAT_BOOLEAN;
	} else if (size == 8 && is_code_address(field->name)) {
		e->type = ETL_TYPE_HEX64;
		e->format = ETL_FORMAT_CODE;
	} else if (size == 8 && ((field->flags & TEP_FIELD_IS_POINTER) || strchr(field->type, '*') ||
				 (is_address(field->name) && !(field->flags & TEP_FIELD_IS_SIGNED)))) {
		e->type = ETL_TYPE_HEX64;
	} else if (size == 4 && is_process(base, field->name)) {
		e->type = ETL_TYPE_INT32;
		e->format = ETL_FORMAT_PID;
	} else if (!strcmp(base, "dev_t") && size == 4) {
		e->type = ETL_TYPE_UINT32;
	} else if (is_flags && size == 4) {
		e->type = ETL_TYPE_HEX32;
	} else if (is_flags && size == 8) {
		e->type = ETL_TYPE_HEX64;
	}
}

static bool is_internet_address(const char *name)
{
	return strstr(name, "saddr") || strstr(name, "daddr");
}

static void express_array(const struct tep_format_field *field, const char *base, struct expression *e)
{
	unsigned int size = integer_size(base), count;

	if (!size && field->arraylen && strcmp(base, field->type))
		size = (unsigned int)field->size / field->arraylen;
	count = size ? (unsigned int)field->size / size : 0;
	e->kind = WMITRACE_BRIDGE_COPY;
	if (!strcmp(base, "char")) {
		e->kind = WMITRACE_BRIDGE_TEXT;
		e->type = ETL_TYPE_TEXT;
		e->format = ETL_FORMAT_UTF8;
	} else if (size == 1 && field->size == 4 && is_internet_address(field->name)) {
		e->type = ETL_TYPE_UINT32;
		e->format = ETL_FORMAT_IPV4;
	} else if (size == 1 && field->size == 16 && is_internet_address(field->name)) {
		e->kind = WMITRACE_BRIDGE_BINARY;
		e->type = ETL_TYPE_BINARY;
		e->format = ETL_FORMAT_IPV6;
	} else if (integer_type(size, false) && count * size == (unsigned int)field->size) {
		e->type = integer_type(size, field->flags & TEP_FIELD_IS_SIGNED);
		e->count = (uint16_t)count;
	} else {
		e->kind = WMITRACE_BRIDGE_BINARY;
		e->type = ETL_TYPE_BINARY;
	}
}

static void express_dynamic(const struct tep_format_field *field, const char *base, struct expression *e)
{
	const unsigned int size = integer_size(base);

	e->size = 0;
	if (!strcmp(base, "char")) {
		e->kind = WMITRACE_BRIDGE_DYNAMIC_TEXT;
		e->type = ETL_TYPE_COUNTED_TEXT;
		e->format = ETL_FORMAT_UTF8;
	} else if (size) {
		e->kind = WMITRACE_BRIDGE_DYNAMIC_ARRAY;
		e->type = integer_type(size, field->flags & TEP_FIELD_IS_SIGNED);
		e->size = (uint16_t)size;
	} else {
		e->kind = WMITRACE_BRIDGE_DYNAMIC_BINARY;
		e->type = ETL_TYPE_BINARY;
	}
	if (field->flags & TEP_FIELD_IS_RELATIVE)
		e->kind |= WMITRACE_BRIDGE_RELATIVE;
}

static void express(const struct tep_format_field *field, struct expression *e)
{
	char base[64];

	base_type(field->type, base, sizeof(base));
	/* A text up to the record's end, as trace_printk()'s, has size 0. */
	*e = (struct expression){ .size = field->size ? (uint16_t)field->size : UINT16_MAX };
	if (field->flags & TEP_FIELD_IS_DYNAMIC)
		express_dynamic(field, base, e);
	else if (field->flags & TEP_FIELD_IS_ARRAY)
		express_array(field, base, e);
	else
		express_scalar(field, base, e);
}

/* ---- blobs ------------------------------------------------------------------------- */

static void put_16(unsigned char *to, unsigned int value)
{
	to[0] = (unsigned char)value;
	to[1] = (unsigned char)(value >> 8);
}

/* False if the schema is full. */
static bool put_bytes(struct trace_schema *s, const void *data, size_t size)
{
	if (size > sizeof(s->schema) - s->schema_size)
		return false;
	memcpy(s->schema + s->schema_size, data, size);
	s->schema_size += (uint32_t)size;
	return true;
}

static bool put_field(struct trace_schema *s, const char *name, const struct expression *e)
{
	const bool variable = (e->kind & ~WMITRACE_BRIDGE_RELATIVE) == WMITRACE_BRIDGE_DYNAMIC_ARRAY;
	unsigned char in[4];
	size_t used = 0;

	in[used++] = e->type | (e->count ? IN_CONSTANT_COUNT : 0) | (variable ? IN_VARIABLE_COUNT : 0) |
		     (e->format ? IN_HAS_FORMAT : 0);
	if (e->format)
		in[used++] = e->format;
	if (e->count) {
		put_16(in + used, e->count);
		used += 2;
	}
	return put_bytes(s, name, strlen(name) + 1) && put_bytes(s, in, used);
}

/* Fixed fields that lie one behind the other are one operation. */
static void put_op(struct trace_schema *s, const struct tep_format_field *field, const struct expression *e)
{
	struct wmitrace_bridge_op *op = s->op_count ? &s->ops[s->op_count - 1] : NULL;

	if (op && op->kind == WMITRACE_BRIDGE_COPY && e->kind == WMITRACE_BRIDGE_COPY &&
	    op->offset + op->size == field->offset && op->size + e->size <= UINT16_MAX) {
		op->size = (uint16_t)(op->size + e->size);
		return;
	}
	s->ops[s->op_count++] = (struct wmitrace_bridge_op){
		.kind = e->kind,
		.offset = (uint16_t)field->offset,
		.size = e->size,
	};
}

static int refuse(struct trace_schema *s, const struct tep_event *event, const char *field,
		  const char *reason)
{
	snprintf(s->reason, sizeof(s->reason), "%.40s:%.40s: %s%.30s%s", event->system, event->name,
		 *field ? "field " : "", field, reason);
	return -EINVAL;
}

static int put_fields(struct trace_schema *s, const struct tep_event *event)
{
	const struct tep_format_field *field;
	struct expression e;
	unsigned int count = 0;

	for (field = event->format.fields; field; field = field->next) {
		if (++count > WMITRACE_BRIDGE_OPS_MAX)
			return refuse(s, event, "", "more than 128 fields");
		if (field->offset < 0 || field->size < 0 || field->offset > UINT16_MAX ||
		    field->size > UINT16_MAX)
			return refuse(s, event, field->name, " lies beyond 64 KB");
		express(field, &e);
		if (!field->size && e.kind != WMITRACE_BRIDGE_TEXT)
			continue;
		if (!put_field(s, field->name, &e))
			return refuse(s, event, field->name, ": the names are too long together");
		put_op(s, field, &e);
	}
	return 0;
}

int trace_schema_make(struct trace_schema *s, const struct tep_event *event)
{
	char provider[96];
	int err;

	memset(s, 0, sizeof(*s));
	if (snprintf(provider, sizeof(provider), "Linux.%s", event->system) >= (int)sizeof(provider))
		return refuse(s, event, "", "the system's name is too long");
	trace_schema_guid(provider, s->guid);
	s->traits_size = (uint32_t)(2 + strlen(provider) + 1);
	put_16(s->traits, s->traits_size);
	memcpy(s->traits + 2, provider, s->traits_size - 2);
	put_bytes(s, "\0\0\0", 3);		/* the size, later; no tags */
	if (!put_bytes(s, event->name, strlen(event->name) + 1))
		return refuse(s, event, "", "its name is too long");
	err = put_fields(s, event);
	put_16(s->schema, s->schema_size);
	return err;
}
