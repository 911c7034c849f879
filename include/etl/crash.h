/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later */
/*
 * What a memory dump tells about the buffers of a session: pages that whoever
 * has the physical memory finds by their first bytes, at page boundaries.  All
 * addresses in them are physical, so neither page tables nor the kernel's
 * debugging information are needed.  All integers little-endian.
 */
#ifndef ETL_CRASH_H
#define ETL_CRASH_H

#include <linux/types.h>

#define ETL_CRASH_MAGIC		"wmitrace crash\0"	/* with the NUL behind: 16 bytes */
#define ETL_CRASH_VERSION	1
#define ETL_CRASH_PAGE		4096u

/* etl_crash_page.kind, and what the page's values are */
enum etl_crash_kind {
	ETL_CRASH_HEADER = 1,	/* the bytes in use of the header buffer, 8 at a time */
	/*
	 * A struct etl_crash_cpu; addresses of what is known about each of the CPU's
	 * buffers; addresses of the buffers, ETL_CRASH_PAGE bytes each.
	 */
	ETL_CRASH_RING,
};

/* struct etl_crash_page - such a page: @count of all the values of its kind, from @first on */
struct etl_crash_page {
	__u8 magic[16];
	__le64 self;			/* address of this page: a copy elsewhere is none */
	__le64 session;			/* a random number: of any boot's sessions this one */
	__le16 version;
	__le16 kind;
	__le32 cpu;
	__le32 first;
	__le32 count;
	__le64 next;			/* of no use outside of the kernel */
	__le64 reserved;
	__le64 values[(ETL_CRASH_PAGE - 64) / 8];
};

/* Where in the state of a buffer a value is, and how many bytes it has. */
struct etl_crash_field {
	__le16 offset;
	__le16 size;
};

/* struct etl_crash_cpu - a CPU's buffers; docs/buffer-design.md has the terms */
struct etl_crash_cpu {
	__le32 buffer_size;
	__le32 buffers;			/* a power of two */
	__le32 overwrite;		/* flight recorder */
	__le32 close_token;
	__le64 pos;			/* address of the position, 8 bytes */
	__le64 consumed;		/* of the number below which buffers were read, 4 bytes */
	__le64 lost[3];			/* of the counts of lost events, 8 bytes each */
	struct etl_crash_field commit, seq, used, number, done;
	__le32 reserved;
};

#endif /* ETL_CRASH_H */
