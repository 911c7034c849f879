// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Arguments as tracefmt writes them (wpp-tmf section 9): integers by the
 * conversion in the format, everything else in a form of its own.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <time.h>

#include "tmf-private.h"

#define EPOCH_FILETIME	116444736000000000ull	/* 1970-01-01 */
#define SECOND		10000000ull		/* in FILETIME units */
#define DAY		(24 * 3600 * SECOND)

static uint64_t integer_of(const struct tmf_slice *slice)
{
	switch (slice->size) {
	case 1:
		return slice->data[0];
	case 2:
		return get16(slice->data);
	case 4:
		return get32(slice->data);
	default:
		return get64(slice->data);
	}
}

/* ---- text ------------------------------------------------------------------ */

static void put_narrow(struct tmf_sink *sink, const struct tmf_slice *slice)
{
	tmf_put(sink, (const char *)slice->data, strnlen((const char *)slice->data, slice->size));
}

static void put_wide(struct tmf_sink *sink, const struct tmf_slice *slice)
{
	char none[1];
	bool fits = sink->len < sink->size;

	sink->len += etl_utf16_to_utf8(slice->data, slice->size / 2,
				       fits ? sink->text + sink->len : none,
				       fits ? sink->size - sink->len : sizeof(none));
}

/* Control characters since @start become blanks. */
static void blank_controls(struct tmf_sink *sink, size_t start)
{
	for (; start < sink->len && start < sink->size; start++)
		if ((unsigned char)sink->text[start] < ' ')
			sink->text[start] = ' ';
}

static void put_hex(struct tmf_sink *sink, const struct tmf_slice *slice)
{
	uint32_t i;

	for (i = 0; i < slice->size; i++)
		tmf_printf(sink, "%s%02x", i ? " " : "", slice->data[i]);
}

/* ---- codes ------------------------------------------------------------------ */

static void put_code(struct tmf_sink *sink, const char *format, uint32_t code, const char *name)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	tmf_printf(sink, format, code);
#pragma GCC diagnostic pop
	if (name)
		tmf_printf(sink, "(%s)", name);
}

/* Name @index of @argument's list; NULL beyond its end. */
static const char *list_name(const struct etl_tmf_argument *argument, uint64_t index)
{
	const char *name = argument->names;

	if (index >= argument->name_count)
		return NULL;
	while (index--)
		name += strlen(name) + 1;
	return name;
}

static void put_set(struct tmf_sink *sink, const struct etl_tmf_argument *argument, uint64_t value)
{
	const char *separator = "", *name;
	unsigned int bit;

	tmf_puts(sink, "[");
	for (bit = 0; bit < 32; bit++) {
		if (!(value >> bit & 1))
			continue;
		name = list_name(argument, bit);
		if (name)
			tmf_printf(sink, "%s%s", separator, name);
		else
			tmf_printf(sink, "%s%u", separator, bit + 1);
		separator = ",";
	}
	tmf_puts(sink, "]");
}

static void put_enum(struct tmf_sink *sink, const struct tmf_enum *symbols, uint32_t value)
{
	size_t i;

	for (i = 0; symbols && i < symbols->count; i++) {
		if (symbols->symbols[i].value == value) {
			tmf_puts(sink, symbols->symbols[i].name);
			return;
		}
	}
	tmf_printf(sink, "0x%08x", value);
}

static void put_flags(struct tmf_sink *sink, const struct tmf_enum *symbols, uint32_t value)
{
	const char *separator = "";
	uint32_t flag;
	size_t i;

	for (i = 0; symbols && i < symbols->count; i++) {
		flag = symbols->symbols[i].value;
		if (flag ? (value & flag) != flag : value != 0)
			continue;
		tmf_printf(sink, "%s%s", separator, symbols->symbols[i].name);
		separator = " | ";
	}
	tmf_printf(sink, "(0x%x)", value);
}

/* ---- addresses and identities --------------------------------------------------- */

static void put_guid(struct tmf_sink *sink, const struct tmf_slice *slice)
{
	char text[ETL_GUID_TEXT];

	etl_guid_format(slice->data, text);
	tmf_puts(sink, text);
}

static void put_sid(struct tmf_sink *sink, const struct tmf_slice *slice)
{
	const unsigned char *sid = slice->data;
	uint64_t authority = 0;
	unsigned int i;

	if (slice->size < 8 || sid[0] != 1) {
		put_narrow(sink, slice);
		return;
	}
	for (i = 2; i < 8; i++)
		authority = authority << 8 | sid[i];
	tmf_printf(sink, authority >> 32 ? "S-1-0x%llx" : "S-1-%llu", (unsigned long long)authority);
	for (i = 0; i < sid[1]; i++)
		tmf_printf(sink, "-%u", get32(sid + 8 + 4 * i));
}

static void put_address(struct tmf_sink *sink, int family, const struct tmf_slice *slice)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(family, slice->data, text, sizeof(text)))
		tmf_puts(sink, text);
}

static void put_mac(struct tmf_sink *sink, const unsigned char *mac)
{
	tmf_printf(sink, "%02x-%02x-%02x-%02x-%02x-%02x", mac[0], mac[1], mac[2], mac[3], mac[4],
		   mac[5]);
}

/* ---- times ----------------------------------------------------------------------- */

/* False where the C library's calendar ends. */
static bool calendar(uint64_t filetime, bool utc, struct tm *tm)
{
	time_t seconds = (time_t)(filetime / SECOND) - (time_t)(EPOCH_FILETIME / SECOND);

	return utc ? gmtime_r(&seconds, tm) : localtime_r(&seconds, tm);
}

static void put_fraction(struct tmf_sink *sink, uint64_t units, bool hires)
{
	if (hires)
		tmf_printf(sink, ".%07u", (unsigned int)(units % SECOND));
	else
		tmf_printf(sink, ".%03u", (unsigned int)(units % SECOND / 10000));
}

void tmf_put_time(struct tmf_sink *sink, uint64_t filetime, bool utc, bool hires)
{
	struct tm tm;

	if (!calendar(filetime, utc, &tm))
		return;
	tmf_printf(sink, "%02d/%02d/%04d-%02d:%02d:%02d", tm.tm_mon + 1, tm.tm_mday,
		   tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	put_fraction(sink, filetime, hires);
}

static void put_item_time(struct tmf_sink *sink, uint64_t filetime,
			  const struct etl_tmf_style *style)
{
	bool hires = style->flags & ETL_TMF_HIRES;
	struct tm tm;

	if (style->flags & ETL_TMF_LOCAL_ITEMS) {
		tmf_put_time(sink, filetime, false, hires);
		return;
	}
	if (!calendar(filetime, true, &tm))
		return;
	tmf_printf(sink, "%04d-%02d-%02d %02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1,
		   tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	put_fraction(sink, filetime, hires);
	tmf_puts(sink, "Z");
}

/* Seconds; from a day on DAYS~H:M:S. */
static void put_delta(struct tmf_sink *sink, int64_t delta)
{
	uint64_t units = delta < 0 ? -(uint64_t)delta : (uint64_t)delta;

	if (delta < 0)
		tmf_puts(sink, "-");
	if (units < DAY) {
		tmf_printf(sink, "%u", (unsigned int)(units / SECOND));
		put_fraction(sink, units, false);
		tmf_puts(sink, "s");
		return;
	}
	tmf_printf(sink, "%u~%u:%02u:%02u", (unsigned int)(units / DAY),
		   (unsigned int)(units % DAY / (3600 * SECOND)),
		   (unsigned int)(units / (60 * SECOND) % 60), (unsigned int)(units / SECOND % 60));
	put_fraction(sink, units, false);
}

/* A negative time to wait counts from now. */
static void put_wait(struct tmf_sink *sink, int64_t due, const struct etl_tmf_style *style)
{
	if (due >= 0) {
		put_item_time(sink, due, style);
		return;
	}
	tmf_puts(sink, "+");
	put_delta(sink, due == INT64_MIN ? INT64_MAX : -due);
}

/* ---- all of them ------------------------------------------------------------------- */

static void put_double(struct tmf_sink *sink, const struct tmf_spec *spec,
		       const struct tmf_slice *slice)
{
	char format[16], letter = strchr("eEfFgGaA", spec->letter) ? spec->letter : 'g';
	uint64_t bits = get64(slice->data);
	double value;

	memcpy(&value, &bits, sizeof(value));
	snprintf(format, sizeof(format), "%%%s*.*%c", spec->flags, letter);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	tmf_printf(sink, format, spec->width, spec->precision, value);
#pragma GCC diagnostic pop
}

static void put_pointer(struct tmf_sink *sink, const struct tmf_spec *spec,
			const struct tmf_slice *slice)
{
	tmf_put_integer(sink, spec, integer_of(slice), slice->size, 'p');
}

/* Items with a form of their own. */
static void put_formed(struct tmf_sink *sink, const struct etl_tmf_argument *argument,
		       const struct tmf_slice *slice, const struct etl_tmf_style *style)
{
	uint64_t value;

	switch (argument->item->kind) {
	case TMF_STRING:
	case TMF_COUNTED:
		put_narrow(sink, slice);
		return;
	case TMF_WSTRING:
	case TMF_WCOUNTED:
		put_wide(sink, slice);
		return;
	case TMF_HEX:
		put_hex(sink, slice);
		return;
	case TMF_GUID:
		put_guid(sink, slice);
		return;
	case TMF_SID:
		put_sid(sink, slice);
		return;
	case TMF_IPV4:
		put_address(sink, AF_INET, slice);
		return;
	case TMF_IPV6:
		put_address(sink, AF_INET6, slice);
		return;
	case TMF_MAC:
		put_mac(sink, slice->data);
		return;
	case TMF_CHAR4:
		put_narrow(sink, slice);
		return;
	}

	value = integer_of(slice);
	switch (argument->item->kind) {
	case TMF_PORT:
		tmf_printf(sink, "%u", ntohs(slice->data[0] | slice->data[1] << 8));
		break;
	case TMF_NTSTATUS:
		put_code(sink, "0x%08x", value, etl_ntstatus_name(value));
		break;
	case TMF_HRESULT:
		put_code(sink, "0x%08x", value, etl_hresult_name(value));
		break;
	case TMF_WINERROR:
		put_code(sink, "%u", value, etl_winerror_name(value));
		break;
	case TMF_NDIS_STATUS:
		put_code(sink, "0x%08x", value, etl_ndis_status_name(value));
		break;
	case TMF_NDIS_OID:
		put_code(sink, "0x%08x", value, etl_ndis_oid_name(value));
		break;
	case TMF_TIME:
		put_item_time(sink, value, style);
		break;
	case TMF_WAIT:
		put_wait(sink, value, style);
		break;
	case TMF_DELTA:
		put_delta(sink, value);
		break;
	case TMF_LIST:
		put_code(sink, "0x%08x", value, list_name(argument, value));
		break;
	case TMF_SET:
		put_set(sink, argument, value);
		break;
	case TMF_ENUM:
		put_enum(sink, argument->symbols, value);
		break;
	case TMF_FLAGS:
		put_flags(sink, argument->symbols, value);
		break;
	}
}

void tmf_put_argument(struct tmf_sink *sink, const struct tmf_spec *spec,
		      const struct etl_tmf_argument *argument, const struct tmf_slice *slice,
		      const struct etl_tmf_style *style)
{
	size_t start = sink->len;

	if (!slice->data)
		return;
	switch (argument->item->kind) {
	case TMF_INTEGER:
		tmf_put_integer(sink, spec, integer_of(slice), slice->size, argument->item->letter);
		return;
	case TMF_POINTER:
		put_pointer(sink, spec, slice);
		return;
	case TMF_DOUBLE:
		put_double(sink, spec, slice);
		return;
	}
	put_formed(sink, argument, slice, style);
	if (argument->item->blank)
		blank_controls(sink, start);
	tmf_adjust(sink, start, spec->width, spec->precision, strchr(spec->flags, '-'));
}
