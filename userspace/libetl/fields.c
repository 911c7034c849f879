// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Decoding payloads to names and fields: by the layouts of events.c, or by the
 * schema that a TraceLogging event brings along (kernel-events section 11.2).
 *
 * Schemas are hostile: every name and value is bounded by the blob it lies in,
 * and MAX_STEPS bounds what arrays of structs without content could multiply.
 */
#include <errno.h>

#include "events.h"
#include "private.h"

#define MAX_STEPS		0x20000u

#define IN_TYPE_MASK		0x1f
#define IN_FIXED_COUNT		0x20
#define IN_VARIABLE_COUNT	0x40
#define IN_CUSTOM		(IN_FIXED_COUNT | IN_VARIABLE_COUNT)	/* both: nobody's type */
#define MORE			0x80	/* another byte follows: after InType, OutType, in tags */

/* ---- values in a payload ------------------------------------------------------------ */

/* Takes @size bytes of the payload; false if there are fewer. */
static bool take(struct etl_fields *f, uint32_t size, const unsigned char **data)
{
	if (size > f->rest_size)
		return false;
	*data = f->rest;
	f->rest += size;
	f->rest_size -= size;
	return true;
}

static int fail(struct etl_fields *f, const char *reason)
{
	f->reason = reason;
	return -EBADMSG;
}

static int short_payload(struct etl_fields *f)
{
	return fail(f, "the payload is shorter than its schema says");
}

static int take_value(struct etl_fields *f, uint32_t size)
{
	if (!take(f, size, &f->field.data))
		return short_payload(f);
	f->field.size = size;
	return 1;
}

/* A string of units of @width bytes up to its NUL, or to the end of the payload. */
static int take_string(struct etl_fields *f, uint32_t width)
{
	uint32_t size = 0;

	while (f->rest_size - size >= width && (f->rest[size] || (width == 2 && f->rest[size + 1])))
		size += width;
	take_value(f, size);
	f->rest += f->rest_size < width ? f->rest_size : width;
	f->rest_size -= f->rest_size < width ? f->rest_size : width;
	return 1;
}

static int take_counted(struct etl_fields *f)
{
	const unsigned char *count;

	if (!take(f, 2, &count))
		return short_payload(f);
	return take_value(f, get16(count));
}

static int take_sid(struct etl_fields *f)
{
	if (f->rest_size < 2)
		return short_payload(f);
	return take_value(f, 8u + 4u * f->rest[1]);
}

/* Bytes of a value of fixed size; UINT32_MAX: it has none. */
static uint32_t fixed_size(unsigned int type)
{
	static const unsigned char sizes[] = {
		[ETL_TYPE_INT8] = 1, [ETL_TYPE_UINT8] = 1, [ETL_TYPE_INT16] = 2, [ETL_TYPE_UINT16] = 2,
		[ETL_TYPE_INT32] = 4, [ETL_TYPE_UINT32] = 4, [ETL_TYPE_INT64] = 8, [ETL_TYPE_UINT64] = 8,
		[ETL_TYPE_FLOAT] = 4, [ETL_TYPE_DOUBLE] = 8, [ETL_TYPE_BOOL32] = 4, [ETL_TYPE_GUID] = 16,
		[ETL_TYPE_FILETIME] = 8, [ETL_TYPE_SYSTEMTIME] = 16, [ETL_TYPE_HEX32] = 4,
		[ETL_TYPE_HEX64] = 8,
	};

	return type < sizeof(sizes) && sizes[type] ? sizes[type] : UINT32_MAX;
}

static int take_typed(struct etl_fields *f)
{
	switch (f->field.type) {
	case ETL_TYPE_NULL:
	case ETL_TYPE_STRUCT:
		return take_value(f, 0);
	case ETL_TYPE_UTF16:
		return take_string(f, 2);
	case ETL_TYPE_TEXT:
		return take_string(f, 1);
	case ETL_TYPE_BINARY:
	case ETL_TYPE_COUNTED_UTF16:
	case ETL_TYPE_COUNTED_TEXT:
	case ETL_TYPE_COUNTED_BINARY:
		return take_counted(f);
	case ETL_TYPE_SID:
		return take_sid(f);
	}
	if (fixed_size(f->field.type) == UINT32_MAX)
		return fail(f, "the schema has a field of unknown type");
	return take_value(f, fixed_size(f->field.type));
}

/* ---- fields of layouts -------------------------------------------------------------------- */

static const char *number_in(const char *text, uint32_t *number)
{
	for (*number = 0; *text >= '0' && *text <= '9'; text++)
		*number = 10 * *number + (uint32_t)(*text - '0');
	return text;
}

/* Sets the field's type and format from the layout's word; returns the end of it. */
static const char *layout_type(struct etl_fields *f, const char *type, uint32_t *units)
{
	static const struct {
		char word[5];
		unsigned char type, format;
	} words[] = {
		{ "u1", ETL_TYPE_UINT8, 0 }, { "u2", ETL_TYPE_UINT16, 0 }, { "u4", ETL_TYPE_UINT32, 0 },
		{ "u8", ETL_TYPE_UINT64, 0 }, { "s1", ETL_TYPE_INT8, 0 }, { "s2", ETL_TYPE_INT16, 0 },
		{ "s4", ETL_TYPE_INT32, 0 }, { "s8", ETL_TYPE_INT64, 0 },
		{ "x1", ETL_TYPE_UINT8, ETL_FORMAT_HEX }, { "x2", ETL_TYPE_UINT16, ETL_FORMAT_HEX },
		{ "x4", ETL_TYPE_HEX32, 0 }, { "x8", ETL_TYPE_HEX64, 0 }, { "guid", ETL_TYPE_GUID, 0 },
		{ "ft", ETL_TYPE_FILETIME, 0 }, { "ip4", ETL_TYPE_UINT32, ETL_FORMAT_IPV4 },
		{ "ip6", ETL_TYPE_BINARY, ETL_FORMAT_IPV6 },
		{ "port", ETL_TYPE_UINT16, ETL_FORMAT_PORT }, { "sid", ETL_TYPE_SID, 0 },
		{ "a", ETL_TYPE_TEXT, 0 }, { "w", ETL_TYPE_UTF16, 0 }, { "p", ETL_TYPE_HEX64, 0 },
	};
	size_t i, len;

	*units = 0;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		len = strlen(words[i].word);
		if (strncmp(type, words[i].word, len) ||
		    (type[len] >= 'a' && type[len] <= 'z'))
			continue;
		f->field.type = words[i].type;
		f->field.format = words[i].format;
		if (*type == 'p' && len == 1 && f->record->pointer_size == 4)
			f->field.type = ETL_TYPE_HEX32;
		return *type == 'w' ? number_in(type + len, units) : type + len;
	}
	return NULL;
}

/* "-N" or "-p" */
static bool skip_unnamed(struct etl_fields *f)
{
	const unsigned char *data;
	uint32_t size;

	if (f->layout[1] == 'p') {
		size = f->record->pointer_size;
		f->layout += 2;
	} else {
		f->layout = number_in(f->layout + 1, &size);
	}
	f->layout += *f->layout == ',';
	return take(f, size, &data);
}

/* A TOKEN_USER (16 or 8 bytes) and a SID, or a zero dword. */
static int take_user_sid(struct etl_fields *f)
{
	const unsigned char *data;

	if (f->rest_size < 4)
		return short_payload(f);
	if (!get32(f->rest)) {
		take(f, 4, &data);
		f->field.type = ETL_TYPE_NULL;
		return take_value(f, 0);
	}
	if (!take(f, 2 * (f->record->pointer_size == 4 ? 4 : 8), &data))
		return short_payload(f);
	return take_sid(f);
}

static int take_layout_value(struct etl_fields *f, uint32_t units)
{
	uint32_t size;

	if (units) {
		if (take_value(f, 2 * units) < 0)
			return -EBADMSG;
		for (size = 0; size < f->field.size && get16(f->field.data + size); size += 2)
			;
		f->field.size = size;
		return 1;
	}
	if (f->field.type == ETL_TYPE_SID)
		return take_user_sid(f);
	if (f->field.format == ETL_FORMAT_IPV6)
		return take_value(f, 16);
	return take_typed(f);
}

/* How many elements of the size or kind of the layout's word the rest of the payload holds. */
static uint32_t count_elements(const struct etl_fields *f)
{
	uint32_t at, count = 0;

	if (f->field.type != ETL_TYPE_UTF16)
		return f->rest_size / fixed_size(f->field.type);
	for (at = 0; at + 2 <= f->rest_size; at += 2)
		count += !get16(f->rest + at);
	return count;
}

/*
 * A payload that ends between two fields is an older form of the event, not a
 * damaged one.
 */
static int next_of_layout(struct etl_fields *f, struct etl_field *field)
{
	const char *space, *end;
	uint32_t units;
	int ret;

	while (*f->layout == '-')
		if (!skip_unnamed(f))
			return f->rest_size ? short_payload(f) : 0;
	if (!*f->layout || !f->rest_size)
		return 0;
	space = strchr(f->layout, ' ');
	memset(&f->field, 0, sizeof(f->field));
	f->field.name = f->layout;
	f->field.name_size = (uint32_t)(space - f->layout);
	end = layout_type(f, space + 1, &units);
	if (*end == '*') {
		if (!f->element)
			f->frames[0].elements = count_elements(f);
		if (f->element == f->frames[0].elements)
			return 0;
		f->field.array = true;
		f->field.index = f->element++;
		f->field.count = f->frames[0].elements;
	} else {
		f->layout = end + (*end == ',');
	}
	ret = take_layout_value(f, units);
	if (ret > 0)
		*field = f->field;
	return ret;
}

/* ---- fields of TraceLogging schemas ---------------------------------------------------------- */

/* Steps over a name to behind its NUL; false if there is none. */
static bool take_name(const unsigned char **at, const unsigned char *end, const char **name,
		      size_t *size)
{
	const unsigned char *nul = *at < end ? memchr(*at, 0, (size_t)(end - *at)) : NULL;

	if (!nul)
		return false;
	*name = (const char *)*at;
	*size = (size_t)(nul - *at);
	*at = nul + 1;
	return true;
}

/* Steps over bytes of which each but the last has MORE. */
static bool skip_tags(const unsigned char **at, const unsigned char *end)
{
	while (*at < end)
		if (!(*(*at)++ & MORE))
			return true;
	return false;
}

/* Bounds of the blob of @size bytes at @data: its first word says how much of it counts. */
static bool blob(const unsigned char *data, uint32_t size, const unsigned char **at,
		 const unsigned char **end)
{
	if (size < 2 || get16(data) < 2 || get16(data) > size)
		return false;
	*at = data + 2;
	*end = data + get16(data);
	return true;
}

static bool find_item(const struct etl_record *rec, uint16_t type, struct etl_ext *item)
{
	memset(item, 0, sizeof(*item));
	while (etl_ext_next(rec, item))
		if (item->type == type)
			return true;
	return false;
}

/* The schema of @rec and its event's name; false if it has none. */
static bool find_schema(const struct etl_record *rec, const unsigned char **at,
			const unsigned char **end, const char **name, size_t *size)
{
	struct etl_ext item;

	return rec->kind == ETL_KIND_EVENT && find_item(rec, ETL_EXT_EVENT_SCHEMA, &item) &&
	       blob(item.data, item.size, at, end) && skip_tags(at, *end) &&
	       take_name(at, *end, name, size);
}

/* What follows a field's name: types, tags, count.  *@counted: elements precede in the payload. */
static bool take_types(struct etl_fields *f, uint32_t *count, bool *counted)
{
	unsigned char in;

	if (f->schema >= f->schema_end)
		return false;
	in = *f->schema++;
	f->field.type = in & IN_TYPE_MASK;
	if (in & MORE) {
		if (f->schema >= f->schema_end)
			return false;
		f->field.format = *f->schema & ~MORE;
		if (*f->schema++ & MORE && !skip_tags(&f->schema, f->schema_end))
			return false;
	}
	if ((in & IN_CUSTOM) == IN_CUSTOM)
		return false;
	*counted = in & IN_VARIABLE_COUNT;
	f->field.array = in & IN_CUSTOM;
	*count = 1;
	if (in & IN_FIXED_COUNT) {
		if (f->schema_end - f->schema < 2)
			return false;
		*count = get16(f->schema);
		f->schema += 2;
	}
	return true;
}

/* Reads the next field's description into f->field, and its element count. */
static int describe(struct etl_fields *f)
{
	const unsigned char *data;
	const char *name;
	bool counted;
	uint32_t count;
	size_t size;

	memset(&f->field, 0, sizeof(f->field));
	if (!take_name(&f->schema, f->schema_end, &name, &size) ||
	    !take_types(f, &count, &counted))
		return fail(f, "the TraceLogging schema is cut off or has a custom type");
	f->field.name = name;
	f->field.name_size = (uint32_t)size;
	f->field.depth = f->depth;
	if (counted) {
		if (!take(f, 2, &data))
			return short_payload(f);
		count = get16(data);
	}
	if (f->field.array)
		f->field.count = count;
	f->element = 0;
	return 1;
}

/* Begins the struct that f->field describes: its format is the number of members. */
static int enter_struct(struct etl_fields *f)
{
	unsigned int top = f->depth;

	if (top == ETL_DEPTH_MAX)
		return fail(f, "the TraceLogging schema nests structs too deeply");
	f->frames[top].field = f->field;
	f->frames[top].schema = f->schema;
	f->frames[top].members = f->field.format;
	f->frames[top].left = f->field.format;
	f->frames[top].elements = f->field.array ? f->field.count : 1;
	f->depth++;
	return 1;
}

/*
 * Closes structs whose members are through.  True where that begins the next
 * element of an array of structs, which *@field then is.
 */
static bool leave_structs(struct etl_fields *f, struct etl_field *field)
{
	while (f->depth && !f->frames[f->depth - 1].left) {
		unsigned int top = f->depth - 1u;

		if (++f->frames[top].field.index < f->frames[top].elements) {
			f->frames[top].left = f->frames[top].members;
			f->schema = f->frames[top].schema;
			*field = f->frames[top].field;
			memset(&f->field, 0, sizeof(f->field));
			return true;
		}
		f->depth--;
	}
	return false;
}

/* Whether f->field is an array of which elements are left. */
static bool in_array(const struct etl_fields *f)
{
	return f->field.array && f->field.type != ETL_TYPE_STRUCT && f->element < f->field.count;
}

/* An array without elements, or of structs without: told once, members passed over. */
static int tell_empty(struct etl_fields *f, struct etl_field *field)
{
	uint32_t members = f->field.type == ETL_TYPE_STRUCT ? f->field.format : 0;
	struct etl_field empty = f->field;
	uint32_t left = members, count;
	bool counted;

	/* Members of an empty array of structs have descriptions, but no values. */
	while (left && f->steps++ < MAX_STEPS) {
		const char *name;
		size_t size;

		memset(&f->field, 0, sizeof(f->field));
		if (!take_name(&f->schema, f->schema_end, &name, &size) ||
		    !take_types(f, &count, &counted))
			return fail(f, "the TraceLogging schema is cut off or has a custom type");
		left--;
		if (f->field.type == ETL_TYPE_STRUCT)
			left += f->field.format;
	}
	memset(&f->field, 0, sizeof(f->field));
	empty.type = ETL_TYPE_NULL;
	empty.format = 0;
	empty.data = f->rest;
	*field = empty;
	return 1;
}

static bool is_text_array(const struct etl_field *field)
{
	return field->array && field->format == ETL_FORMAT_STRING &&
	       (fixed_size(field->type) == 1 || fixed_size(field->type) == 2);
}

/* An array of characters is a string. */
static int take_text_array(struct etl_fields *f, struct etl_field *field)
{
	uint32_t width = fixed_size(f->field.type), count = f->field.count;

	f->field.type = width == 1 ? ETL_TYPE_COUNTED_TEXT : ETL_TYPE_COUNTED_UTF16;
	f->field.format = 0;
	f->field.array = false;
	f->field.count = 0;
	if (take_value(f, count * width) < 0)
		return -EBADMSG;
	*field = f->field;
	return 1;
}

static int next_of_schema(struct etl_fields *f, struct etl_field *field)
{
	int ret;

	if (f->steps++ >= MAX_STEPS)
		return fail(f, "the TraceLogging schema has too many fields");
	if (!in_array(f)) {
		if (leave_structs(f, field))
			return 1;
		if (!f->depth && f->schema >= f->schema_end)
			return 0;
		ret = describe(f);
		if (ret < 0)
			return ret;
		if (f->depth)
			f->frames[f->depth - 1].left--;
		if (is_text_array(&f->field))
			return take_text_array(f, field);
		if (f->field.array && !f->field.count)
			return tell_empty(f, field);
	}
	ret = take_typed(f);
	if (ret < 0)
		return ret;
	f->field.index = f->element++;
	*field = f->field;
	return f->field.type == ETL_TYPE_STRUCT ? enter_struct(f) : 1;
}

/* ---- the interface --------------------------------------------------------------------------------- */

/* The kernel's event that @rec is; NULL if it is none, or unknown. */
static const struct event_info *find_event(const struct etl_record *rec, int *group)
{
	*group = -1;
	switch (rec->kind) {
	case ETL_KIND_SYSTEM:
	case ETL_KIND_COMPACT:
	case ETL_KIND_PERFINFO:
		if (rec->id >> 8 >= CLASS_FIRST)
			return NULL;
		*group = rec->id >> 8;
		break;
	case ETL_KIND_FULL:
	case ETL_KIND_INSTANCE:
		*group = etl_guid_group(rec->guid);
		break;
	}
	if (*group < 0)
		return NULL;
	return etl_event_find((unsigned int)*group << 8 | rec->opcode, rec->version);
}

bool etl_fields_begin(struct etl_fields *f, const struct etl_record *rec)
{
	const struct event_info *event;
	const char *name;
	size_t size;
	int group;

	memset(f, 0, sizeof(*f));
	f->record = rec;
	f->rest = rec->payload;
	f->rest_size = rec->payload_size;
	if (rec->kind == ETL_KIND_EVENT)
		return find_schema(rec, &f->schema, &f->schema_end, &name, &size);
	event = find_event(rec, &group);
	if (!event || !event->layout || rec->version < event->version ||
	    rec->version > event->last_version)
		return false;
	f->layout = event->layout;
	return true;
}

int etl_fields_next(struct etl_fields *f, struct etl_field *field)
{
	return f->layout ? next_of_layout(f, field) : next_of_schema(f, field);
}

static void name_event(const struct etl_record *rec, struct etl_names *names)
{
	const unsigned char *at, *end;
	struct etl_ext item;

	if (find_item(rec, ETL_EXT_PROVIDER_TRAITS, &item) && blob(item.data, item.size, &at, &end) &&
	    !take_name(&at, end, &names->provider, &names->provider_size))
		names->provider = NULL;
	if (!find_schema(rec, &at, &end, &names->event, &names->event_size))
		names->event = NULL;
}

bool etl_record_names(const struct etl_record *rec, struct etl_names *names)
{
	const struct event_info *event;
	int group;

	memset(names, 0, sizeof(*names));
	if (rec->kind == ETL_KIND_EVENT) {
		name_event(rec, names);
		return names->provider || names->event;
	}
	event = find_event(rec, &group);
	if (rec->id == 0x030a && rec->kind != ETL_KIND_FULL)
		group = 0x14;
	names->provider = group < 0 ? NULL : etl_group_name((unsigned int)group);
	if (names->provider)
		names->provider_size = strlen(names->provider);
	if (event) {
		names->event = event->name;
		names->event_size = strlen(event->name);
	}
	return names->provider || names->event;
}
