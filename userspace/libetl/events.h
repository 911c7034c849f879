/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The events that are known by name: the kernel's, and what tools add.
 */
#ifndef ETL_EVENTS_H
#define ETL_EVENTS_H

#include "etl.h"

/* Classes that no group stands for get numbers that no group has. */
#define CLASS_IMAGE_ID		0xf0
#define CLASS_SYSTEM_FACTS	0xf1
#define CLASS_EVENT_SCHEMA	0xf2
#define CLASS_LOST_EVENT	0xf3
#define CLASS_FIRST		CLASS_IMAGE_ID

/*
 * The layout is a list of "NAME TYPE" with commas between:
 *   u1 u2 u4 u8, s1 … s8, x1 … x8   integers: unsigned, signed, hexadecimal
 *   p        pointer of the record's writer, hexadecimal
 *   a, w     string with NUL, 8-bit or UTF-16; wN: N UTF-16 units in any case
 *   sid      TOKEN_USER and SID, or a zero dword
 *   guid ft  GUID, FILETIME
 *   ip4 ip6 port   in network order
 * A * behind the type: as many as there are.  Without a name the type is -N or
 * -p: bytes, or a pointer, to be passed over.
 */
struct event_info {
	uint16_t hook;			/* group or class << 8 | type */
	uint8_t version, last_version;	/* for which the layout is right */
	const char *name;
	const char *layout;		/* NULL = unknown */
};

/*
 * The entry for @hook that suits @version best; NULL if @hook is not known.
 * Its layout may be used if it was made for @version.
 */
const struct event_info *etl_event_find(unsigned int hook, uint16_t version);
/* NULL if the group or class has no name. */
const char *etl_group_name(unsigned int group);
/* The group or class of a classic event; -1 if unknown. */
int etl_guid_group(const unsigned char guid[16]);

#endif /* ETL_EVENTS_H */
