/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later */
/*
 * The on-disk layout of an .etl file, shared by the kernel module (which lays
 * out whole buffers), the writer (header buffer, finalisation) and the reader.
 *
 * All integers are little-endian; docs/etl-format.md describes every field and
 * says which facts come from real files.  Structures here have no padding and
 * are asserted below.  Unaligned fields (a message's time stamp) are not
 * expressed as structures: write and read them bytewise.
 */
#ifndef ETL_LAYOUT_H
#define ETL_LAYOUT_H

#include <linux/types.h>

#ifdef __KERNEL__
#include <linux/build_bug.h>
#else
#include <assert.h>
#endif

#define ETL_RECORD_ALIGN	8u
#define ETL_RECORD_SIZE_MAX	0xffffu		/* Size is a 16-bit word */
#define ETL_FILL_BYTE		0xff
#define ETL_BUFFER_SIZE_MIN	4096u
#define ETL_BUFFER_SIZE_MAX	(16384u * 1024u)

/* Bytes that a record of @size occupies in a buffer. */
#define ETL_ALIGN(size)		(((size) + 7u) & ~7u)

/* ---- buffer header -------------------------------------------------- */

enum etl_buffer_type {
	ETL_BUFFER_GENERIC	= 0,
	ETL_BUFFER_RUNDOWN	= 1,
	ETL_BUFFER_CTX_SWAP	= 2,
	ETL_BUFFER_REFTIME	= 3,
	ETL_BUFFER_HEADER	= 4,
	ETL_BUFFER_BATCHED	= 5,
	ETL_BUFFER_EMPTY_MARKER	= 6,
	ETL_BUFFER_DBG_INFO	= 7,
};

#define ETL_BUFFER_FLUSH_MARKER		0x0001u	/* header buffer and last buffer of the file */
#define ETL_BUFFER_EVENTS_LOST		0x0002u
#define ETL_BUFFER_BUFFER_LOST		0x0004u
#define ETL_BUFFER_PROC_INDEX		0x0020u	/* processor is a number, not byte + alignment */
#define ETL_BUFFER_COMPRESSED		0x0040u

#define ETL_BUFFER_STATE_FLUSH		3u
#define ETL_PROCESSOR_MASK		0x7ffu

/* WMI_BUFFER_HEADER */
struct etl_buffer_header {
	__le32	buffer_size;		/* 00 bytes to the next buffer */
	__le32	saved_offset;		/* 04 = offset; third-party readers use it */
	__le32	current_offset;		/* 08 reservation cursor at flush */
	__le32	reference_count;	/* 0c 0 */
	__le64	time_stamp;		/* 10 raw clock of the flush; 0 in the header buffer */
	__le64	sequence_number;	/* 18 0 = header buffer; then from 1, in order of use */
	__le64	clock;			/* 20 0 in files */
	__le16	processor;		/* 28 with ETL_BUFFER_PROC_INDEX: bits 0-10 */
	__le16	logger_id;		/* 2a */
	__le32	state;			/* 2c ETL_BUFFER_STATE_FLUSH */
	__le32	offset;			/* 30 bytes in use, this header included */
	__le16	flags;			/* 34 ETL_BUFFER_* */
	__le16	type;			/* 36 enum etl_buffer_type */
	__le64	reserved[2];		/* 38 0 */
};

/* ---- record headers ------------------------------------------------- */

enum etl_header_type {
	ETL_HEADER_SYSTEM32	= 0x01,
	ETL_HEADER_SYSTEM64	= 0x02,
	ETL_HEADER_COMPACT32	= 0x03,
	ETL_HEADER_COMPACT64	= 0x04,
	ETL_HEADER_FULL32	= 0x0a,
	ETL_HEADER_INSTANCE32	= 0x0b,
	ETL_HEADER_ERROR	= 0x0d,
	ETL_HEADER_MESSAGE	= 0x0f,	/* never written: told by its marker byte */
	ETL_HEADER_PERFINFO32	= 0x10,
	ETL_HEADER_PERFINFO64	= 0x11,
	ETL_HEADER_EVENT32	= 0x12,
	ETL_HEADER_EVENT64	= 0x13,
	ETL_HEADER_FULL64	= 0x14,
	ETL_HEADER_INSTANCE64	= 0x15,
};

#define ETL_MARKER_EVENT	0xc0	/* top byte of the first dword, all but messages */
#define ETL_MARKER_MESSAGE	0x90

struct etl_guid {
	__le32	a;
	__le16	b;
	__le16	c;
	__u8	d[8];
};

/* SYSTEM_TRACE_HEADER; a COMPACT header is its first 24 bytes */
struct etl_system_header {
	__le16	version;
	__u8	header_type;
	__u8	marker;
	__le16	size;
	__u8	type;
	__u8	group;
	__le32	thread_id;
	__le32	process_id;
	__le64	time_stamp;
	__le32	kernel_time;
	__le32	user_time;
};

/* PERFINFO_TRACE_HEADER */
struct etl_perfinfo_header {
	__le16	version;
	__u8	header_type;
	__u8	marker;
	__le16	size;
	__u8	type;
	__u8	group;
	__le64	time_stamp;
};

/* EVENT_TRACE_HEADER as it lies in a file */
struct etl_full_header {
	__le16	size;
	__u8	header_type;
	__u8	marker;
	__u8	type;
	__u8	level;
	__le16	version;
	__le32	thread_id;
	__le32	process_id;
	__le64	time_stamp;
	struct etl_guid guid;
	__le32	kernel_time;
	__le32	user_time;
};

/* EVENT_INSTANCE_GUID_HEADER */
struct etl_instance_header {
	struct etl_full_header full;
	__le32	instance_id;
	__le32	parent_instance_id;
	struct etl_guid parent_guid;
};

/* MESSAGE_TRACE_HEADER; optional parts follow packed, in the order of the flags' table */
struct etl_message_header {
	__le16	size;
	__u8	reserved;		/* 0 */
	__u8	marker;			/* ETL_MARKER_MESSAGE */
	__le16	number;
	__le16	flags;			/* ETL_MESSAGE_* */
};

#define ETL_MESSAGE_SEQUENCE	0x0001u	/* u32 */
#define ETL_MESSAGE_GUID	0x0002u	/* 16 bytes */
#define ETL_MESSAGE_COMPONENTID	0x0004u	/* u32; wins over GUID */
#define ETL_MESSAGE_TIMESTAMP	0x0008u	/* u64 */
#define ETL_MESSAGE_PERFORMANCE_TIMESTAMP 0x0010u /* obsolete, no part */
#define ETL_MESSAGE_SYSTEMINFO	0x0020u	/* u32 thread, u32 process */
#define ETL_MESSAGE_POINTER32	0x0040u
#define ETL_MESSAGE_POINTER64	0x0080u

/* EVENT_HEADER as it lies in a file */
struct etl_event_header {
	__le16	size;
	__u8	header_type;
	__u8	marker;
	__le16	flags;			/* ETL_EVENT_* */
	__le16	property;
	__le32	thread_id;
	__le32	process_id;
	__le64	time_stamp;
	struct etl_guid provider;
	__le16	id;
	__u8	version;
	__u8	channel;
	__u8	level;
	__u8	opcode;
	__le16	task;
	__le64	keyword;
	__le32	kernel_time;
	__le32	user_time;
	struct etl_guid activity;
};

#define ETL_EVENT_EXTENDED_INFO	0x0001u

/* Each at a multiple of 8 from the record's start; data follows. */
struct etl_extended_item {
	__le16	total;			/* this header + data, rounded up to 8 */
	__le16	type;			/* enum etl_ext_type */
	__le16	linkage;		/* bit 0: another item follows */
	__le16	size;			/* bytes of data */
};

enum etl_ext_type {
	ETL_EXT_RELATED_ACTIVITY	= 1,
	ETL_EXT_SID			= 2,
	ETL_EXT_TS_ID			= 3,
	ETL_EXT_INSTANCE_INFO		= 4,
	ETL_EXT_STACK_TRACE32		= 5,
	ETL_EXT_STACK_TRACE64		= 6,
	ETL_EXT_PEBS_INDEX		= 7,
	ETL_EXT_PMC_COUNTERS		= 8,
	ETL_EXT_PSM_KEY			= 9,
	ETL_EXT_EVENT_KEY		= 10,
	ETL_EXT_EVENT_SCHEMA		= 11,	/* TraceLogging */
	ETL_EXT_PROVIDER_TRAITS		= 12,
	ETL_EXT_PROCESS_START_KEY	= 13,
	ETL_EXT_CONTROL_GUID		= 14,
	ETL_EXT_QPC_DELTA		= 15,
	ETL_EXT_CONTAINER_ID		= 16,
	ETL_EXT_STACK_KEY32		= 17,
	ETL_EXT_STACK_KEY64		= 18,
};

/* ---- the logfile header record: first record of the file ------------- */

struct etl_system_time {
	__le16	year, month, weekday, day, hour, minute, second, ms;
};

struct etl_time_zone {
	__le32	bias;			/* minutes, signed: UTC = local + bias */
	__le16	standard_name[32];
	struct etl_system_time standard_date;
	__le32	standard_bias;
	__le16	daylight_name[32];
	struct etl_system_time daylight_date;
	__le32	daylight_bias;
};

/*
 * TRACE_LOGFILE_HEADER, 64-bit form: payload of the SYSTEM64 record at file
 * offset 0x48.  Logger name, NUL, log file name, NUL follow in UTF-16LE.
 */
struct etl_logfile_header {
	__le32	buffer_size;		/* 00 bytes */
	__u8	os_major;		/* 04 */
	__u8	os_minor;
	__u8	layout_major;
	__u8	layout_minor;
	__le32	os_build;		/* 08 ProviderVersion */
	__le32	processors;		/* 0c */
	__le64	end_time;		/* 10 FILETIME; 0 until finalised */
	__le32	timer_resolution;	/* 18 100 ns units */
	__le32	max_file_size;		/* 1c MB, or KB with USE_KBYTES_FOR_SIZE */
	__le32	mode;			/* 20 EVENT_TRACE_* */
	__le32	buffers_written;	/* 24 header buffer included; 0 until finalised */
	__le32	start_buffers;		/* 28 1 */
	__le32	pointer_size;		/* 2c 4 or 8 */
	__le32	events_lost;		/* 30 */
	__le32	cpu_mhz;		/* 34 */
	__le64	logger_name;		/* 38 0 */
	__le64	log_file_name;		/* 40 0 */
	struct etl_time_zone tz;	/* 48 */
	__le32	pad;			/* f4 */
	__le64	boot_time;		/* f8 FILETIME */
	__le64	perf_freq;		/* 100 Hz of clock type 1, whatever the clock in use */
	__le64	start_time;		/* 108 FILETIME; pairs with the record's time stamp */
	__le32	clock_type;		/* 110 enum etl_clock */
	__le32	buffers_lost;		/* 114 */
};

enum etl_clock {
	ETL_CLOCK_PERF		= 1,	/* performance counter of perf_freq Hz */
	ETL_CLOCK_SYSTEM	= 2,	/* FILETIME */
	ETL_CLOCK_CYCLES	= 3,	/* CPU cycles of cpu_mhz */
};

#define ETL_LAYOUT_MAJOR	1
#define ETL_LAYOUT_MINOR	5
#define ETL_LAYOUT2_MAJOR	2	/* compressed, buffers over 1 MB, over 256 CPUs */
#define ETL_LAYOUT2_MINOR	0

/* Unix time to FILETIME: ns / 100 + this. */
#define ETL_FILETIME_UNIX	116444736000000000ull

#ifdef __KERNEL__
#define ETL_ASSERT(e)	static_assert(e)
#else
#define ETL_ASSERT(e)	_Static_assert(e, #e)
#endif
#ifndef __cplusplus
ETL_ASSERT(sizeof(struct etl_buffer_header) == 0x48);
ETL_ASSERT(sizeof(struct etl_system_header) == 0x20);
ETL_ASSERT(sizeof(struct etl_perfinfo_header) == 0x10);
ETL_ASSERT(sizeof(struct etl_full_header) == 0x30);
ETL_ASSERT(sizeof(struct etl_instance_header) == 0x48);
ETL_ASSERT(sizeof(struct etl_message_header) == 8);
ETL_ASSERT(sizeof(struct etl_event_header) == 0x50);
ETL_ASSERT(sizeof(struct etl_extended_item) == 8);
ETL_ASSERT(sizeof(struct etl_time_zone) == 172);
ETL_ASSERT(sizeof(struct etl_logfile_header) == 0x118);
#endif

#endif /* ETL_LAYOUT_H */
