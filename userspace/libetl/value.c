// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Values of fields as numbers and as text.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "private.h"

#define WINDOWS_AF_INET		2
#define WINDOWS_AF_INET6	23

/* ---- numbers ------------------------------------------------------------------- */

/* The field's bits, not extended; false if it is no integer. */
static bool integer_bits(const struct etl_field *field, uint64_t *bits)
{
	switch (field->type) {
	case ETL_TYPE_INT8:
	case ETL_TYPE_UINT8:
		*bits = field->data[0];
		return true;
	case ETL_TYPE_INT16:
	case ETL_TYPE_UINT16:
		*bits = get16(field->data);
		return true;
	case ETL_TYPE_INT32:
	case ETL_TYPE_UINT32:
	case ETL_TYPE_HEX32:
	case ETL_TYPE_BOOL32:
		*bits = get32(field->data);
		return true;
	case ETL_TYPE_INT64:
	case ETL_TYPE_UINT64:
	case ETL_TYPE_HEX64:
		*bits = get64(field->data);
		return true;
	}
	return false;
}

static bool is_signed(const struct etl_field *field)
{
	if (field->format == ETL_FORMAT_SIGNED)
		return true;
	return field->format != ETL_FORMAT_UNSIGNED &&
	       (field->type == ETL_TYPE_INT8 || field->type == ETL_TYPE_INT16 ||
		field->type == ETL_TYPE_INT32 || field->type == ETL_TYPE_INT64);
}

static int64_t extend(uint64_t bits, uint32_t size)
{
	unsigned int shift = 64 - 8 * size;

	return (int64_t)(bits << shift) >> shift;
}

/* Any integer can bear the format; only one of four bytes is an address. */
static bool is_ipv4(const struct etl_field *field)
{
	return field->format == ETL_FORMAT_IPV4 && field->size == 4;
}

/* Formats that make text of a number. */
static bool wants_text(const struct etl_field *field)
{
	switch (field->format) {
	case ETL_FORMAT_STRING:
	case ETL_FORMAT_HEX:
	case ETL_FORMAT_NTSTATUS:
	case ETL_FORMAT_HRESULT:
	case ETL_FORMAT_FILETIME:
	case ETL_FORMAT_CODE:
		return true;
	}
	return is_ipv4(field) || field->type == ETL_TYPE_HEX32 || field->type == ETL_TYPE_HEX64;
}

void etl_field_value(const struct etl_field *field, struct etl_value *value)
{
	uint64_t bits;

	memset(value, 0, sizeof(*value));
	if (field->type == ETL_TYPE_FLOAT) {
		uint32_t raw = get32(field->data);
		float number;

		memcpy(&number, &raw, sizeof(number));
		value->kind = ETL_VALUE_DOUBLE;
		value->d = (double)number;
	} else if (field->type == ETL_TYPE_DOUBLE) {
		bits = get64(field->data);
		memcpy(&value->d, &bits, sizeof(value->d));
		value->kind = ETL_VALUE_DOUBLE;
	} else if (!integer_bits(field, &bits) || wants_text(field)) {
		value->kind = ETL_VALUE_TEXT;
	} else if (field->type == ETL_TYPE_BOOL32 || field->format == ETL_FORMAT_BOOLEAN) {
		value->kind = ETL_VALUE_BOOL;
		value->u = bits != 0;
	} else if (field->format == ETL_FORMAT_PORT && field->size == 2) {
		value->kind = ETL_VALUE_UNSIGNED;
		value->u = ntohs((uint16_t)bits);
	} else if (is_signed(field)) {
		value->kind = ETL_VALUE_SIGNED;
		value->s = extend(bits, field->size);
	} else {
		value->kind = ETL_VALUE_UNSIGNED;
		value->u = bits;
	}
}

/* ---- text -------------------------------------------------------------------------- */

struct sink {
	char *text;
	size_t size;
	size_t length;		/* of everything that was put */
	size_t stored;		/* of what fitted; behind it goes the NUL */
	bool full;		/* so that nothing follows what did not fit */
};

static void put(struct sink *sink, const void *bytes, size_t size)
{
	if (sink->full || sink->length + size >= sink->size) {
		sink->full = true;
	} else {
		memcpy(sink->text + sink->length, bytes, size);
		sink->stored = sink->length + size;
	}
	sink->length += size;
}

static void put_format(struct sink *sink, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void put_format(struct sink *sink, const char *format, ...)
{
	char text[80];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put(sink, text, (size_t)len);
}

static void put_character(struct sink *sink, uint32_t c)
{
	unsigned char bytes[4];

	put(sink, bytes, etl_utf8_encode(c, bytes));
}

static void put_utf8(struct sink *sink, const unsigned char *data, uint32_t size)
{
	const unsigned char *at = data, *end = data + size;

	while (at < end) {
		uint32_t c = etl_utf8_next(&at, end);

		if (!c)
			break;
		put_character(sink, c);
	}
}

static void put_utf16(struct sink *sink, const unsigned char *data, uint32_t size)
{
	size_t room = sink->full || sink->length >= sink->size ? 0 : sink->size - sink->length;
	size_t len = etl_utf16_to_utf8(data, size / 2, room ? sink->text + sink->length : NULL, room);

	if (room)
		sink->stored += strlen(sink->text + sink->length);
	sink->full = len >= room;
	sink->length += len;
}

static void put_hex(struct sink *sink, const unsigned char *data, uint32_t size)
{
	uint32_t i;

	for (i = 0; i < size; i++)
		put_format(sink, "%02x", data[i]);
}

static void put_guid(struct sink *sink, const unsigned char *data)
{
	char text[ETL_GUID_TEXT];

	etl_guid_format(data, text);
	put(sink, text, ETL_GUID_TEXT - 1);
}

static void put_filetime(struct sink *sink, uint64_t filetime)
{
	char text[ETL_FILETIME_TEXT];

	etl_filetime_format(filetime, text);
	put(sink, text, strlen(text));
}

static void put_systemtime(struct sink *sink, const unsigned char *p)
{
	put_format(sink, "%04u-%02u-%02u %02u:%02u:%02u.%03u", get16(p), get16(p + 2), get16(p + 6),
		   get16(p + 8), get16(p + 10), get16(p + 12), get16(p + 14));
}

/* Revision, count, 6 bytes of authority big-endian, then @count dwords. */
static void put_sid(struct sink *sink, const struct etl_field *field)
{
	const unsigned char *p = field->data;
	uint64_t authority = 0;
	unsigned int i;

	for (i = 2; i < 8; i++)
		authority = authority << 8 | p[i];
	put_format(sink, "S-%u-%" PRIu64, p[0], authority);
	for (i = 0; i < p[1]; i++)
		put_format(sink, "-%" PRIu32, get32(p + 8 + 4 * i));
}

static void put_address(struct sink *sink, int family, const void *address)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(family, address, text, sizeof(text)))
		put(sink, text, strlen(text));
}

/* A Windows SOCKADDR_IN or SOCKADDR_IN6; anything else as bytes. */
static void put_sockaddr(struct sink *sink, const struct etl_field *field)
{
	const unsigned char *p = field->data;
	unsigned int family = field->size >= 2 ? get16(p) : 0;

	if (family == WINDOWS_AF_INET && field->size >= 8) {
		put_address(sink, AF_INET, p + 4);
		put_format(sink, ":%u", p[2] << 8 | p[3]);
	} else if (family == WINDOWS_AF_INET6 && field->size >= 24) {
		put(sink, "[", 1);
		put_address(sink, AF_INET6, p + 8);
		put_format(sink, "]:%u", p[2] << 8 | p[3]);
	} else {
		put_hex(sink, p, field->size);
	}
}

static void put_binary(struct sink *sink, const struct etl_field *field)
{
	if (field->format == ETL_FORMAT_IPV6 && field->size == 16)
		put_address(sink, AF_INET6, field->data);
	else if (field->format == ETL_FORMAT_SOCKADDR)
		put_sockaddr(sink, field);
	else
		put_hex(sink, field->data, field->size);
}

static void put_integer(struct sink *sink, const struct etl_field *field, uint64_t bits)
{
	switch (field->format) {
	case ETL_FORMAT_STRING:
		if (bits)
			put_character(sink, (uint32_t)(field->size <= 2 ? bits : 0xfffd));
		break;
	case ETL_FORMAT_NTSTATUS:
	case ETL_FORMAT_HRESULT:
		put_format(sink, "0x%08" PRIx64, bits);
		break;
	case ETL_FORMAT_FILETIME:
		put_filetime(sink, bits);
		break;
	default:
		if (is_ipv4(field))
			put_address(sink, AF_INET, field->data);
		else
			put_format(sink, "0x%" PRIx64, bits);
	}
}

static void put_number(struct sink *sink, const struct etl_value *value)
{
	switch (value->kind) {
	case ETL_VALUE_UNSIGNED:
		put_format(sink, "%" PRIu64, value->u);
		break;
	case ETL_VALUE_SIGNED:
		put_format(sink, "%" PRId64, value->s);
		break;
	case ETL_VALUE_DOUBLE:
		put_format(sink, "%.17g", value->d);
		break;
	case ETL_VALUE_BOOL:
		put_format(sink, value->u ? "true" : "false");
		break;
	case ETL_VALUE_TEXT:
		break;
	}
}

static void put_text(struct sink *sink, const struct etl_field *field)
{
	uint64_t bits;

	switch (field->type) {
	case ETL_TYPE_UTF16:
	case ETL_TYPE_COUNTED_UTF16:
		put_utf16(sink, field->data, field->size);
		break;
	case ETL_TYPE_TEXT:
	case ETL_TYPE_COUNTED_TEXT:
		put_utf8(sink, field->data, field->size);
		break;
	case ETL_TYPE_BINARY:
	case ETL_TYPE_COUNTED_BINARY:
		put_binary(sink, field);
		break;
	case ETL_TYPE_GUID:
		put_guid(sink, field->data);
		break;
	case ETL_TYPE_FILETIME:
		put_filetime(sink, get64(field->data));
		break;
	case ETL_TYPE_SYSTEMTIME:
		put_systemtime(sink, field->data);
		break;
	case ETL_TYPE_SID:
		put_sid(sink, field);
		break;
	default:
		if (integer_bits(field, &bits))
			put_integer(sink, field, bits);
	}
}

size_t etl_field_text(const struct etl_field *field, char *text, size_t size)
{
	struct sink sink = { .text = text, .size = size };
	struct etl_value value;

	etl_field_value(field, &value);
	if (value.kind == ETL_VALUE_TEXT)
		put_text(&sink, field);
	else
		put_number(&sink, &value);
	if (size)
		text[sink.stored] = '\0';
	return sink.length;
}
