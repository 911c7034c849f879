// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Record headers (etl-format sections 3 and 4).
 *
 * Everything here works on hostile bytes: nothing is read beyond the @avail
 * bytes of the buffer, and each size is loaded once.
 */
#include <errno.h>

#include "peek.h"
#include "private.h"

#define VERSION_PEBS	0x8000u
#define VERSION_COUNTERS(v) ((v) >> 8 & 7)
#define HOOK_IMAGE_LOAD	0x030a
#define GROUP_IMAGE	0x14

/* What the header type alone tells. */
static const struct form {
	uint8_t kind;
	uint8_t fixed;		/* bytes; 0 = no such header */
	uint8_t size_at;
	uint8_t pointer_size;
	uint16_t has;
} forms[HEADER_TYPES] = {
#define SYSTEM_HAS (ETL_HAS_TIME | ETL_HAS_THREAD | ETL_HAS_OPCODE | ETL_HAS_VERSION | ETL_HAS_TIMES)
#define COMPACT_HAS (ETL_HAS_TIME | ETL_HAS_THREAD | ETL_HAS_OPCODE | ETL_HAS_VERSION)
#define PERFINFO_HAS (ETL_HAS_TIME | ETL_HAS_OPCODE | ETL_HAS_VERSION)
#define FULL_HAS (SYSTEM_HAS | ETL_HAS_GUID | ETL_HAS_LEVEL)
#define INSTANCE_HAS (FULL_HAS | ETL_HAS_RELATED)
#define EVENT_HAS (FULL_HAS | ETL_HAS_FLAGS)
	[ETL_HEADER_SYSTEM32]	= { ETL_KIND_SYSTEM,	0x20, 4, 4, SYSTEM_HAS },
	[ETL_HEADER_SYSTEM64]	= { ETL_KIND_SYSTEM,	0x20, 4, 8, SYSTEM_HAS },
	[ETL_HEADER_COMPACT32]	= { ETL_KIND_COMPACT,	0x18, 4, 4, COMPACT_HAS },
	[ETL_HEADER_COMPACT64]	= { ETL_KIND_COMPACT,	0x18, 4, 8, COMPACT_HAS },
	[ETL_HEADER_FULL32]	= { ETL_KIND_FULL,	0x30, 0, 4, FULL_HAS },
	[ETL_HEADER_FULL64]	= { ETL_KIND_FULL,	0x30, 0, 8, FULL_HAS },
	[ETL_HEADER_INSTANCE32]	= { ETL_KIND_INSTANCE,	0x48, 0, 4, INSTANCE_HAS },
	[ETL_HEADER_INSTANCE64]	= { ETL_KIND_INSTANCE,	0x48, 0, 8, INSTANCE_HAS },
	[ETL_HEADER_ERROR]	= { ETL_KIND_ERROR,	0x04, 0, 0, 0 },
	[ETL_HEADER_PERFINFO32]	= { ETL_KIND_PERFINFO,	0x10, 4, 4, PERFINFO_HAS },
	[ETL_HEADER_PERFINFO64]	= { ETL_KIND_PERFINFO,	0x10, 4, 8, PERFINFO_HAS },
	[ETL_HEADER_EVENT32]	= { ETL_KIND_EVENT,	0x50, 0, 4, EVENT_HAS },
	[ETL_HEADER_EVENT64]	= { ETL_KIND_EVENT,	0x50, 0, 8, EVENT_HAS },
};

const unsigned char etl_time_at[HEADER_TYPES] = {
	[ETL_HEADER_SYSTEM32]	= 0x10,
	[ETL_HEADER_SYSTEM64]	= 0x10,
	[ETL_HEADER_COMPACT32]	= 0x10,
	[ETL_HEADER_COMPACT64]	= 0x10,
	[ETL_HEADER_FULL32]	= 0x10,
	[ETL_HEADER_FULL64]	= 0x10,
	[ETL_HEADER_INSTANCE32]	= 0x10,
	[ETL_HEADER_INSTANCE64]	= 0x10,
	[ETL_HEADER_PERFINFO32]	= 0x08,
	[ETL_HEADER_PERFINFO64]	= 0x08,
	[ETL_HEADER_EVENT32]	= 0x10,
	[ETL_HEADER_EVENT64]	= 0x10,
};

/* ---- the classes of the kernel's groups -------------------------------------- */

#define GUID(a, b, c, d0, d1, d2, d3, d4, d5, d6, d7) \
	{ (a) & 0xff, (a) >> 8 & 0xff, (a) >> 16 & 0xff, (a) >> 24 & 0xff, (b) & 0xff, (b) >> 8, \
	  (c) & 0xff, (c) >> 8, d0, d1, d2, d3, d4, d5, d6, d7 }

static const unsigned char group_guids[][16] = {
	[0x00] = GUID(0x68fdd900u, 0x4a3e, 0x11d1, 0x84, 0xf4, 0x00, 0x00, 0xf8, 0x04, 0x64, 0xe3),
	[0x01] = GUID(0x3d6fa8d4u, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c),
	[0x02] = GUID(0x3d6fa8d3u, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c),
	[0x03] = GUID(0x3d6fa8d0u, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c),
	[0x04] = GUID(0x90cbdc39u, 0x4a3e, 0x11d1, 0x84, 0xf4, 0x00, 0x00, 0xf8, 0x04, 0x64, 0xe3),
	[0x05] = GUID(0x3d6fa8d1u, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c),
	[0x06] = GUID(0x9a280ac0u, 0xc8e0, 0x11d1, 0x84, 0xe2, 0x00, 0xc0, 0x4f, 0xb9, 0x98, 0xa2),
	[0x07] = GUID(0x3282fc76u, 0xfeed, 0x498e, 0x8a, 0xa7, 0xe7, 0x0f, 0x45, 0x9d, 0x43, 0x0e),
	[0x08] = GUID(0xbf3a50c5u, 0xa9c9, 0x4988, 0xa0, 0x05, 0x2d, 0xf0, 0xb7, 0xc8, 0x0f, 0x80),
	[0x09] = GUID(0xae53722eu, 0xc863, 0x11d2, 0x86, 0x59, 0x00, 0xc0, 0x4f, 0xa3, 0x21, 0xa1),
	[0x0a] = GUID(0x13976d09u, 0xa327, 0x438c, 0x95, 0x0b, 0x7f, 0x03, 0x19, 0x28, 0x15, 0xc7),
	[0x0b] = GUID(0x01853a65u, 0x418f, 0x4f36, 0xae, 0xfc, 0xdc, 0x0f, 0x1d, 0x2f, 0xd2, 0x35),
	[0x0e] = GUID(0x0268a8b6u, 0x74fd, 0x4302, 0x9d, 0xd0, 0x6e, 0x8f, 0x17, 0x95, 0xc0, 0xcf),
	[0x0f] = GUID(0xce1dbfb4u, 0x137e, 0x4da6, 0x87, 0xb0, 0x3f, 0x59, 0xaa, 0x10, 0x2c, 0xbc),
	[0x11] = GUID(0x89497f50u, 0xeffe, 0x4440, 0x8c, 0xf2, 0xce, 0x6b, 0x1c, 0xdc, 0xac, 0xa7),
	[0x12] = GUID(0xe43445e0u, 0x0903, 0x48c3, 0xb8, 0x78, 0xff, 0x0f, 0xcc, 0xeb, 0xdd, 0x04),
	[0x14] = GUID(0x2cb15d1du, 0x5fc1, 0x11d2, 0xab, 0xe1, 0x00, 0xa0, 0xc9, 0x11, 0xf5, 0x18),
	[0x16] = GUID(0x7687a439u, 0xf752, 0x45b8, 0xb7, 0x41, 0x32, 0x1a, 0xec, 0x0f, 0x8d, 0xf9),
	[0x18] = GUID(0xdef2fe46u, 0x7bd6, 0x4b80, 0xbd, 0x94, 0xf5, 0x7f, 0xe2, 0x0d, 0x0c, 0xe3),
	[0x1b] = GUID(0xd837ca92u, 0x12b9, 0x44a5, 0xad, 0x6a, 0x3a, 0x65, 0xb3, 0x57, 0x8a, 0xa8),
};

const unsigned char *etl_group_guid(unsigned int group)
{
	if (group >= sizeof(group_guids) / sizeof(*group_guids) || !get32(group_guids[group]))
		return NULL;
	return group_guids[group];
}

static const unsigned char *class_of(uint16_t hook)
{
	return etl_group_guid(hook == HOOK_IMAGE_LOAD ? GROUP_IMAGE : hook >> 8);
}

/* ---- what each kind of header holds ---------------------------------------------- */

static void set_payload(struct etl_record *rec, uint32_t head)
{
	rec->payload = rec->data + head;
	rec->payload_size = rec->size - head;
}

static void set_hook(struct etl_record *rec, const unsigned char *p)
{
	rec->version = *p;	/* only the low byte counts */
	rec->id = get16(p + 6);
	rec->opcode = p[6];
	rec->guid = class_of(rec->id);
	if (rec->guid)
		rec->has |= ETL_HAS_GUID;
}

static const char *parse_system(struct etl_record *rec, const unsigned char *p, uint32_t head)
{
	set_hook(rec, p);
	rec->thread = get32(p + 0x08);
	rec->process = get32(p + 0x0c);
	rec->time = get64(p + 0x10);
	if (rec->has & ETL_HAS_TIMES) {
		rec->kernel_time = get32(p + 0x18);
		rec->user_time = get32(p + 0x1c);
	}
	set_payload(rec, head);
	return NULL;
}

static const char *parse_perfinfo(struct etl_record *rec, const unsigned char *p, uint32_t head)
{
	uint16_t version = get16(p);
	bool pebs = version & VERSION_PEBS;

	set_hook(rec, p);
	rec->time = get64(p + 8);
	if (version > 0xff) {
		rec->ext_size = 8 * VERSION_COUNTERS(version);
		if (rec->size < head + 8 * pebs + rec->ext_size)
			return "Size is smaller than the counters";
		if (pebs) {
			rec->has |= ETL_HAS_PEBS;
			rec->pebs = get64(p + head);
			head += 8;
		}
		rec->ext = p + head;
		head += rec->ext_size;
	}
	set_payload(rec, head);
	return NULL;
}

static const char *parse_full(struct etl_record *rec, const unsigned char *p, uint32_t head)
{
	rec->id = p[4];
	rec->opcode = p[4];
	rec->level = p[5];
	rec->version = get16(p + 6);
	rec->thread = get32(p + 0x08);
	rec->process = get32(p + 0x0c);
	rec->time = get64(p + 0x10);
	rec->guid = p + 0x18;
	rec->kernel_time = get32(p + 0x28);
	rec->user_time = get32(p + 0x2c);
	if (rec->kind == ETL_KIND_INSTANCE) {
		rec->instance = get32(p + 0x30);
		rec->parent_instance = get32(p + 0x34);
		rec->parent_guid = p + 0x38;
	}
	set_payload(rec, head);
	return NULL;
}

/* Finds the end of the extended items; they may fill the record to its end. */
static const char *parse_items(struct etl_record *rec, const unsigned char *p, uint32_t head)
{
	uint32_t at = head, size = rec->size;
	bool more = true;

	while (more) {
		uint32_t total, len;

		if (size - at < sizeof(struct etl_extended_item))
			return "the extended items do not end inside the record";
		total = get16(p + at + offsetof(struct etl_extended_item, total));
		len = get16(p + at + offsetof(struct etl_extended_item, size));
		more = get16(p + at + offsetof(struct etl_extended_item, linkage)) & 1;
		if (total < sizeof(struct etl_extended_item) + len || total > size - at)
			return "an extended item has a wrong size";
		at += ETL_ALIGN(total);
		if (at > size)
			at = size;
	}
	rec->ext = p + head;
	rec->ext_size = at - head;
	return NULL;
}

static const char *parse_event(struct etl_record *rec, const unsigned char *p, uint32_t head)
{
	const char *fault = NULL;

	rec->flags = get16(p + 4);
	rec->property = get16(p + 6);
	rec->thread = get32(p + 0x08);
	rec->process = get32(p + 0x0c);
	rec->time = get64(p + 0x10);
	rec->guid = p + 0x18;
	rec->id = get16(p + 0x28);
	rec->version = p[0x2a];
	rec->channel = p[0x2b];
	rec->level = p[0x2c];
	rec->opcode = p[0x2d];
	rec->task = get16(p + 0x2e);
	rec->keyword = get64(p + 0x30);
	rec->kernel_time = get32(p + 0x38);
	rec->user_time = get32(p + 0x3c);
	rec->activity = p + 0x40;
	if (rec->flags & ETL_EVENT_EXTENDED_INFO)
		fault = parse_items(rec, p, head);
	set_payload(rec, head + rec->ext_size);
	return fault;
}

static const char *parse_message_parts(struct etl_record *rec, const unsigned char *p)
{
	uint32_t at = sizeof(struct etl_message_header);

	if (rec->flags & ETL_MESSAGE_SEQUENCE) {
		rec->sequence = get32(p + at);
		rec->has |= ETL_HAS_SEQUENCE;
		at += 4;
	}
	if (rec->flags & ETL_MESSAGE_COMPONENTID) {
		rec->component = get32(p + at);
		rec->has |= ETL_HAS_COMPONENT;
		at += 4;
	} else if (rec->flags & ETL_MESSAGE_GUID) {
		rec->guid = p + at;
		rec->has |= ETL_HAS_GUID;
		at += 16;
	}
	if (rec->flags & ETL_MESSAGE_TIMESTAMP) {
		rec->time = get64(p + at);
		rec->has |= ETL_HAS_TIME;
		at += 8;
	}
	if (rec->flags & ETL_MESSAGE_SYSTEMINFO) {
		rec->thread = get32(p + at);
		rec->process = get32(p + at + 4);
		rec->has |= ETL_HAS_THREAD;
		at += 8;
	}
	set_payload(rec, at);
	return NULL;
}

/* @avail >= 8 */
static const char *parse_message(struct etl_record *rec, const unsigned char *p, size_t avail)
{
	uint16_t flags = get16(p + 6), size = get16(p);
	uint32_t head = message_time_at(flags);

	if (flags & ETL_MESSAGE_TIMESTAMP)
		head += 8;
	if (flags & ETL_MESSAGE_SYSTEMINFO)
		head += 8;
	if (size < sizeof(struct etl_message_header))
		return "Size is smaller than the record header";
	if (size > avail)
		return "Size reaches beyond the bytes in use";
	rec->size = size;
	if (size < head)
		return "Size is smaller than the parts that the flags name";
	rec->kind = ETL_KIND_MESSAGE;
	rec->header = ETL_HEADER_MESSAGE;
	rec->has = ETL_HAS_FLAGS;
	rec->id = get16(p + 4);
	rec->flags = flags;
	rec->pointer_size = flags & ETL_MESSAGE_POINTER64 ? 8 : flags & ETL_MESSAGE_POINTER32 ? 4 : 0;
	return parse_message_parts(rec, p);
}

/* @avail >= 8 */
static const char *parse_typed(struct etl_record *rec, const unsigned char *p, size_t avail)
{
	unsigned int type = p[2];
	const struct form *form = &forms[type < HEADER_TYPES ? type : 0];
	uint16_t size;

	if (!form->fixed)
		return "the record header type is unknown";
	size = get16(p + form->size_at);
	if (size < form->fixed)
		return "Size is smaller than the record header";
	if (size > avail)
		return "Size reaches beyond the bytes in use";
	rec->size = size;
	rec->kind = form->kind;
	rec->header = (uint8_t)type;
	rec->has = form->has;
	rec->pointer_size = form->pointer_size;
	switch (form->kind) {
	case ETL_KIND_EVENT:
		return parse_event(rec, p, form->fixed);
	case ETL_KIND_PERFINFO:
		return parse_perfinfo(rec, p, form->fixed);
	case ETL_KIND_SYSTEM:
	case ETL_KIND_COMPACT:
		return parse_system(rec, p, form->fixed);
	case ETL_KIND_ERROR:
		set_payload(rec, form->fixed);
		return NULL;
	default:
		return parse_full(rec, p, form->fixed);
	}
}

#define CLEARED	(sizeof(struct etl_record) - offsetof(struct etl_record, data))

/* Everything but buffer, timebase and time; in pieces, which compilers do without a call or loop. */
static inline void clear(struct etl_record *rec)
{
	unsigned char *p = (unsigned char *)rec + offsetof(struct etl_record, data);

	_Static_assert(CLEARED >= 128 && CLEARED <= 192, "three pieces");
	memset(p, 0, 64);
	memset(p + 64, 0, 64);
	memset(p + 128, 0, CLEARED - 128);
}

int etl_record_parse(const void *data, size_t avail, struct etl_record *rec, const char **reason)
{
	const unsigned char *p = data;
	const char *fault;
	uint32_t marker;

	clear(rec);
	if (avail < 4)
		return 0;
	marker = get32(p);
	if (marker == MARKER_FILL)
		return 0;
	rec->data = p;
	if (avail < 8)
		fault = "a record header is cut off";
	else if (is_typed(marker))
		fault = parse_typed(rec, p, avail);
	else if (is_message(marker))
		fault = parse_message(rec, p, avail);
	else
		fault = "no record header where a record is expected";
	if (!fault)
		return (int)ETL_ALIGN(rec->size);
	*reason = fault;
	return -EBADMSG;
}

uint64_t etl_record_filetime(const struct etl_record *rec)
{
	return rec->timebase ? etl_timebase_filetime(rec->timebase, rec->time) : 0;
}

bool etl_ext_next(const struct etl_record *rec, struct etl_ext *item)
{
	const uint32_t head = sizeof(struct etl_extended_item);
	const unsigned char *p;
	uint32_t total;

	if (rec->kind != ETL_KIND_EVENT || rec->ext_size < head || item->next > rec->ext_size - head)
		return false;
	p = rec->ext + item->next;
	total = get16(p + offsetof(struct etl_extended_item, total));
	item->type = get16(p + offsetof(struct etl_extended_item, type));
	item->size = get16(p + offsetof(struct etl_extended_item, size));
	item->data = p + head;
	if (total < head + item->size || total > rec->ext_size - item->next)
		return false;
	item->next += ETL_ALIGN(total);
	return true;
}

const char *etl_header_name(enum etl_header_type type)
{
	switch (type) {
	case ETL_HEADER_SYSTEM32:	return "SYSTEM32";
	case ETL_HEADER_SYSTEM64:	return "SYSTEM64";
	case ETL_HEADER_COMPACT32:	return "COMPACT32";
	case ETL_HEADER_COMPACT64:	return "COMPACT64";
	case ETL_HEADER_FULL32:		return "FULL32";
	case ETL_HEADER_FULL64:		return "FULL64";
	case ETL_HEADER_INSTANCE32:	return "INSTANCE32";
	case ETL_HEADER_INSTANCE64:	return "INSTANCE64";
	case ETL_HEADER_ERROR:		return "ERROR";
	case ETL_HEADER_MESSAGE:	return "MESSAGE";
	case ETL_HEADER_PERFINFO32:	return "PERFINFO32";
	case ETL_HEADER_PERFINFO64:	return "PERFINFO64";
	case ETL_HEADER_EVENT32:	return "EVENT32";
	case ETL_HEADER_EVENT64:	return "EVENT64";
	}
	return NULL;
}

const char *etl_kind_name(enum etl_kind kind)
{
	static const char *const names[ETL_KINDS] = {
		[ETL_KIND_SYSTEM]	= "system",
		[ETL_KIND_COMPACT]	= "compact",
		[ETL_KIND_PERFINFO]	= "perfinfo",
		[ETL_KIND_FULL]		= "classic",
		[ETL_KIND_INSTANCE]	= "instance",
		[ETL_KIND_MESSAGE]	= "message",
		[ETL_KIND_EVENT]	= "event",
		[ETL_KIND_ERROR]	= "error",
	};

	return (unsigned int)kind < ETL_KINDS ? names[kind] : NULL;
}
