/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libetl: read and write .etl files (docs/etl-format.md).
 *
 * - Functions that can fail return 0 or a negative errno and, where the caller
 *   passes a struct etl_error, say which file, where in it, and why.
 * - The library prints nothing, never exits and has no global state.  Objects
 *   of different handles may be used from different threads at once.  A
 *   struct etl_log may be shared by cursors of several threads as long as
 *   nobody calls etl_refresh() or etl_close().
 * - GUIDs are 16 bytes in file order (dword, word, word little-endian, then 8
 *   bytes); strings are UTF-8; FILETIMEs count 100 ns since 1601-01-01 UTC.
 * - Regular files are mapped.  Whoever cuts off a file while it is being read
 *   causes SIGBUS in the reader, as with every mapped file.
 */
#ifndef ETL_H
#define ETL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <etl/layout.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ETL_VERSION_MAJOR	0
#define ETL_VERSION_MINOR	1

/* Log file modes that mean something to a file (etl-format section 6). */
#define ETL_MODE_SEQUENTIAL	0x00000001u
#define ETL_MODE_CIRCULAR	0x00000002u
#define ETL_MODE_APPEND		0x00000004u
#define ETL_MODE_NEWFILE	0x00000008u
#define ETL_MODE_PREALLOCATE	0x00000020u
#define ETL_MODE_REAL_TIME	0x00000100u
#define ETL_MODE_BUFFERING	0x00000400u
#define ETL_MODE_KBYTES		0x00002000u
#define ETL_MODE_SYSTEM_LOGGER	0x02000000u
#define ETL_MODE_COMPRESSED	0x04000000u
#define ETL_MODE_SINGLE_STREAM	0x10000000u

/* ---- errors ---------------------------------------------------------- */

#define ETL_NO_OFFSET	UINT64_MAX

/*
 * struct etl_error - what went wrong, where; owned by the caller
 * @code: negative errno, the same that the call returned.  -EBADMSG: the
 *	file's content is damaged at @offset
 * @offset: byte offset in the file, or ETL_NO_OFFSET
 * @file: path as given to the library, cut off at the front if too long; ""
 *	if no file is concerned
 * @reason: one clause in English, no full stop
 */
struct etl_error {
	int code;
	uint64_t offset;
	char file[256];
	char reason[200];
};

/*
 * Writes "FILE: offset 0x1234: reason" into @buf, cut off to @size with a NUL.
 * Returns the full length without NUL, as snprintf does.
 */
int etl_error_format(const struct etl_error *err, char *buf, size_t size);

/*
 * Fills in @err, unless it is NULL, for libraries that report as this one does:
 * @file may be NULL, @offset ETL_NO_OFFSET.  Returns @code.
 */
int etl_fail(struct etl_error *err, int code, const char *file, uint64_t offset,
	     const char *format, ...) __attribute__((format(printf, 5, 6)));

/* ---- file facts -------------------------------------------------------- */

/*
 * struct etl_timebase - how raw time stamps become FILETIMEs
 * @type: enum etl_clock, 0 = no logfile header: raw times only
 * @num, @den: FILETIME units = ticks * num / den
 * @raw0, @start: one moment, as raw time stamp and as FILETIME
 */
struct etl_timebase {
	uint32_t type;
	uint64_t num;
	uint64_t den;
	uint64_t raw0;
	uint64_t start;
};

/* Exact: rounds down; 0 for type 0.  Wraps where FILETIME would. */
uint64_t etl_timebase_filetime(const struct etl_timebase *timebase, uint64_t raw);
/* The first raw time stamp at or after @filetime; 0 for type 0. */
uint64_t etl_timebase_raw(const struct etl_timebase *timebase, uint64_t filetime);

/* etl_facts.flags */
#define ETL_FACTS_HEADER	0x1u	/* the file has a readable logfile header; else only the first group below */
#define ETL_FACTS_FINALISED	0x2u	/* EndTime and BuffersWritten are filled in */
#define ETL_FACTS_COMPRESSED	0x4u	/* the log file mode says so */
#define ETL_FACTS_CONTINUES	0x8u	/* no header buffer of its own: uses those of the file before */
#define ETL_FACTS_STREAM	0x10u	/* not a regular file: was read into memory when it was opened */

/* struct etl_facts - what a file says about itself; owned by the log */
struct etl_facts {
	const char *path;		/* as given to etl_open() */
	uint64_t size;			/* bytes in the file now (etl_refresh) */
	uint32_t flags;			/* ETL_FACTS_* */
	uint32_t buffer_size;		/* bytes of an uncompressed buffer */

	uint8_t os_major, os_minor;
	uint8_t layout_major, layout_minor;
	uint32_t os_build;
	uint32_t processors;
	uint32_t pointer_size;		/* of the controller: 4 or 8 */
	uint32_t mode;			/* ETL_MODE_* */
	uint64_t max_file_size;		/* bytes, 0 = no limit */
	uint32_t buffers_written;	/* header buffer included; 0 = not finalised */
	uint32_t start_buffers;
	uint32_t events_lost;
	uint32_t buffers_lost;
	uint32_t cpu_mhz;
	uint32_t timer_resolution;	/* 100 ns units */
	uint64_t perf_freq;		/* Hz of clock type 1 */
	uint64_t boot_time;		/* FILETIME */
	uint64_t start_time;		/* FILETIME */
	uint64_t end_time;		/* FILETIME; 0 = not finalised */
	struct etl_timebase timebase;
	int32_t bias;			/* minutes: UTC = local + bias */
	int32_t standard_bias;
	int32_t daylight_bias;
	const char *standard_name;	/* time zone names, may be "@tzres.dll,-212" */
	const char *daylight_name;
	const char *logger_name;
	const char *log_file_name;
};

/* ---- logs ---------------------------------------------------------------- */

/* One or several files read as one log. */
struct etl_log;

/*
 * Opens @count files as one log.  A file that does not begin with a header
 * buffer continues the file before it (the CPU streams of debugfs after
 * "header").  Anything that cannot be mapped is read into memory to its end.
 * -EBADMSG: no buffer could be found in a file.
 */
int etl_open(struct etl_log **log, const char *const *paths, size_t count, struct etl_error *err);
/* @data is not copied and must stay until etl_close(); @name is for messages. */
int etl_open_memory(struct etl_log **log, const void *data, size_t size, const char *name,
		    struct etl_error *err);
void etl_close(struct etl_log *log);

/*
 * Takes over what was appended to the files, and their patched headers, since
 * they were opened.  Returns 1 if a file grew or changed its header, else 0.
 * All cursors of the log must be closed before.
 */
int etl_refresh(struct etl_log *log, struct etl_error *err);

size_t etl_file_count(const struct etl_log *log);
const struct etl_facts *etl_facts(const struct etl_log *log, size_t file);

/* ---- buffers --------------------------------------------------------------- */

/* struct etl_buffer - one buffer as its header describes it */
struct etl_buffer {
	uint64_t offset;		/* in its file */
	uint64_t number;		/* in its file, from 0 */
	uint64_t time_stamp;		/* raw clock of the flush */
	uint64_t sequence;
	uint32_t file;			/* index for etl_facts() */
	uint32_t size;			/* bytes in the file */
	uint32_t used;			/* bytes in use after decompression, header included */
	uint32_t saved_offset;
	uint32_t current_offset;
	uint32_t state;
	uint16_t flags;			/* ETL_BUFFER_* */
	uint16_t type;			/* enum etl_buffer_type */
	uint16_t cpu;
	uint16_t logger_id;
	const unsigned char *data;	/* @size bytes as they lie in the file; less at its torn end */
};

/* ---- records ----------------------------------------------------------------- */

enum etl_kind {
	ETL_KIND_SYSTEM,		/* SYSTEM32/64 */
	ETL_KIND_COMPACT,		/* COMPACT32/64 */
	ETL_KIND_PERFINFO,		/* PERFINFO32/64 */
	ETL_KIND_FULL,			/* FULL_HEADER32/64: classic events */
	ETL_KIND_INSTANCE,		/* INSTANCE32/64 */
	ETL_KIND_MESSAGE,		/* WPP */
	ETL_KIND_EVENT,			/* EVENT_HEADER32/64 */
	ETL_KIND_ERROR,			/* ERROR: payload = all after the size word */
	ETL_KINDS
};

/* etl_record.has: which fields the record's header has; the others are 0 or NULL */
#define ETL_HAS_TIME		0x0001u	/* else time is that of the record before */
#define ETL_HAS_THREAD		0x0002u	/* thread and process */
#define ETL_HAS_GUID		0x0004u
#define ETL_HAS_OPCODE		0x0008u
#define ETL_HAS_LEVEL		0x0010u
#define ETL_HAS_VERSION		0x0020u
#define ETL_HAS_FLAGS		0x0040u
#define ETL_HAS_SEQUENCE	0x0080u
#define ETL_HAS_COMPONENT	0x0100u
#define ETL_HAS_TIMES		0x0200u	/* kernel_time and user_time */
#define ETL_HAS_PEBS		0x0400u
#define ETL_HAS_RELATED		0x0800u	/* parent_guid, instance ids */

/*
 * struct etl_record - a view of one record
 *
 * Nothing is copied: pointers go into the file's mapping, or into the cursor's
 * buffer if the file is compressed (then they hold until the next call on that
 * cursor; else until etl_close()).  They have no alignment.
 *
 * The same structure is the input of etl_block_put(), which encodes it.
 */
struct etl_record {
	const struct etl_buffer *buffer;/* where it lies; valid until the next call on the cursor */
	const struct etl_timebase *timebase; /* of its file */
	uint64_t time;			/* raw clock of the session */
	const unsigned char *data;	/* the record's first byte */
	const unsigned char *payload;	/* user data */
	const unsigned char *guid;	/* provider, class, message GUID; the class that the group stands for */
	const unsigned char *activity;	/* EVENT: activity id */
	const unsigned char *parent_guid; /* INSTANCE */
	const unsigned char *ext;	/* EVENT: first extended item; PERFINFO: counter qwords */
	uint64_t keyword;		/* EVENT */
	uint64_t pebs;			/* PERFINFO */
	uint32_t payload_size;
	uint32_t ext_size;		/* bytes at ext */
	uint32_t thread;
	uint32_t process;
	uint32_t kernel_time;		/* ticks of timer_resolution */
	uint32_t user_time;
	uint32_t sequence;		/* MESSAGE */
	uint32_t component;		/* MESSAGE */
	uint32_t instance;		/* INSTANCE */
	uint32_t parent_instance;
	uint32_t offset;		/* of the record in its (decompressed) buffer */
	uint16_t has;			/* ETL_HAS_* */
	uint16_t size;			/* header and payload, without the padding to 8 */
	uint16_t id;			/* EVENT: id; MESSAGE: number; FULL: type; others: hook id (group << 8 | type) */
	uint16_t flags;			/* EVENT: ETL_EVENT_*; MESSAGE: ETL_MESSAGE_* */
	uint16_t version;
	uint16_t task;			/* EVENT */
	uint16_t property;		/* EVENT */
	uint8_t kind;			/* enum etl_kind */
	uint8_t header;			/* enum etl_header_type */
	uint8_t opcode;
	uint8_t level;
	uint8_t channel;		/* EVENT */
	uint8_t pointer_size;		/* of the record's writer: 4 or 8; MESSAGE without POINTERxx: 0 */
};

/* FILETIME of @rec; 0 if its file has no logfile header. */
uint64_t etl_record_filetime(const struct etl_record *rec);

/*
 * Parses the record at @data, of which at most @avail bytes belong to the
 * buffer.  Fills in all of @rec but buffer, timebase and offset, and leaves time
 * as it was if the record has none.  Returns the bytes to the next record,
 * 0 at fill or if @avail < 4, or -EBADMSG with *@reason (a string constant);
 * then rec->size is the record's if that much can be relied on, else 0.
 */
int etl_record_parse(const void *data, size_t avail, struct etl_record *rec, const char **reason);

/* struct etl_ext - an extended item of an EVENT record; zero it to begin */
struct etl_ext {
	const unsigned char *data;
	uint16_t type;			/* enum etl_ext_type */
	uint16_t size;
	uint32_t next;			/* private */
};

/* Steps to the next item; false after the last. */
bool etl_ext_next(const struct etl_record *rec, struct etl_ext *item);

/* "SYSTEM64", "MESSAGE" …; NULL if unknown.  String constants. */
const char *etl_header_name(enum etl_header_type type);
const char *etl_kind_name(enum etl_kind kind);

/* ---- iteration --------------------------------------------------------------- */

enum etl_order {
	ETL_FILE_ORDER,			/* as the bytes lie, file after file */
	ETL_TIME_ORDER,			/* CPU streams merged by time; equal times in file order.  Header buffers first */
};

/* struct etl_stats - what a cursor saw so far */
struct etl_stats {
	uint64_t records;
	uint64_t buffers;
	uint64_t bytes;			/* of buffers, as they lie in the files */
	uint64_t damaged;		/* places at which something could not be read */
	uint64_t skipped;		/* bytes of files passed over because of damage */
	uint64_t unused;		/* zeros behind the last buffer: a preallocated file not finalised */
};

/* Part of a file; a zeroed one is the whole log. */
struct etl_range {
	size_t file;
	uint64_t begin;			/* file offset of a buffer */
	uint64_t end;			/* 0 = the end of the file */
};

struct etl_cursor;

/* @range may be NULL: the whole log.  -EFBIG, -ENOMEM: the index does not fit in memory. */
int etl_cursor_open(struct etl_cursor **cursor, struct etl_log *log, enum etl_order order,
		    const struct etl_range *range, struct etl_error *err);
void etl_cursor_close(struct etl_cursor *cursor);

/*
 * Reads the next record.  Returns 1, or 0 at the end, or -EBADMSG where
 * something is damaged: etl_cursor_error() says what and where, and the next
 * call goes on behind it.
 */
int etl_next(struct etl_cursor *cursor, struct etl_record *rec);

/*
 * Steps to the next buffer and gives its description; its records follow from
 * etl_next(), which returns 0 at the buffer's end until this is called again.
 * For cursors in file order only; returns as etl_next() does.
 */
int etl_next_buffer(struct etl_cursor *cursor, struct etl_buffer *buffer);

const struct etl_error *etl_cursor_error(const struct etl_cursor *cursor);
const struct etl_stats *etl_cursor_stats(const struct etl_cursor *cursor);

/* ---- names and fields ----------------------------------------------------------- */

/*
 * What is known without Windows: the logfile header and its companions, the
 * kernel logger's events, and TraceLogging events, which bring their schema
 * along.  WPP messages need a TMF file.
 */

/* Names; they have no NUL at their end.  Valid as long as the record's pointers. */
struct etl_names {
	const char *provider;		/* or class; NULL = unknown */
	size_t provider_size;
	const char *event;		/* NULL = unknown */
	size_t event_size;
};

/* False if neither name is known. */
bool etl_record_names(const struct etl_record *rec, struct etl_names *names);
/* Class that @guid stands for, "Process" say; NULL if it is none of the kernel's. */
const char *etl_class_name(const unsigned char guid[16]);

/* Types of values; the numbers are TraceLogging's InTypes. */
enum etl_type {
	ETL_TYPE_NULL		= 0,
	ETL_TYPE_UTF16		= 1,	/* data has neither NUL nor length in front; so for all strings */
	ETL_TYPE_TEXT		= 2,	/* UTF-8, or a code page nobody knows */
	ETL_TYPE_INT8		= 3,
	ETL_TYPE_UINT8		= 4,
	ETL_TYPE_INT16		= 5,
	ETL_TYPE_UINT16		= 6,
	ETL_TYPE_INT32		= 7,
	ETL_TYPE_UINT32		= 8,
	ETL_TYPE_INT64		= 9,
	ETL_TYPE_UINT64		= 10,
	ETL_TYPE_FLOAT		= 11,
	ETL_TYPE_DOUBLE		= 12,
	ETL_TYPE_BOOL32		= 13,
	ETL_TYPE_BINARY		= 14,
	ETL_TYPE_GUID		= 15,
	ETL_TYPE_FILETIME	= 17,
	ETL_TYPE_SYSTEMTIME	= 18,
	ETL_TYPE_SID		= 19,
	ETL_TYPE_HEX32		= 20,
	ETL_TYPE_HEX64		= 21,
	ETL_TYPE_COUNTED_UTF16	= 22,
	ETL_TYPE_COUNTED_TEXT	= 23,
	ETL_TYPE_STRUCT		= 24,	/* no data: the next fields, one deeper, are its members.  Comes
					 * again for each element of an array */
	ETL_TYPE_COUNTED_BINARY	= 25,
};

/* How a value wants to be shown; the numbers are TraceLogging's OutTypes. */
enum etl_format {
	ETL_FORMAT_DEFAULT	= 0,
	ETL_FORMAT_HIDE		= 1,
	ETL_FORMAT_STRING	= 2,
	ETL_FORMAT_BOOLEAN	= 3,
	ETL_FORMAT_HEX		= 4,
	ETL_FORMAT_PID		= 5,
	ETL_FORMAT_TID		= 6,
	ETL_FORMAT_PORT		= 7,	/* big-endian */
	ETL_FORMAT_IPV4		= 8,
	ETL_FORMAT_IPV6		= 9,
	ETL_FORMAT_SOCKADDR	= 10,
	ETL_FORMAT_XML		= 11,
	ETL_FORMAT_JSON		= 12,
	ETL_FORMAT_WIN32	= 13,
	ETL_FORMAT_NTSTATUS	= 14,
	ETL_FORMAT_HRESULT	= 15,
	ETL_FORMAT_FILETIME	= 16,
	ETL_FORMAT_SIGNED	= 17,
	ETL_FORMAT_UNSIGNED	= 18,
	ETL_FORMAT_UTF8		= 35,
	ETL_FORMAT_PKCS7	= 36,
	ETL_FORMAT_CODE		= 37,
	ETL_FORMAT_UTC		= 38,
};

/* struct etl_field - a field, or an element of an array */
struct etl_field {
	const char *name;		/* no NUL at its end */
	const unsigned char *data;	/* any alignment */
	uint32_t name_size;
	uint32_t size;			/* bytes at data */
	uint32_t index, count;		/* of the element; 0, 0: no array.  An empty array comes once, with
					 * index 0, count 0, size 0 and type ETL_TYPE_NULL */
	uint8_t type;			/* enum etl_type */
	uint8_t format;			/* enum etl_format */
	uint8_t depth;			/* structs around it */
	bool array;
};

#define ETL_DEPTH_MAX	8		/* structs in structs */

/* State of an iteration over a record's fields; everything but the first three is private. */
struct etl_fields {
	const char *reason;		/* after -EBADMSG: what is wrong */
	const unsigned char *rest;	/* payload that no field has taken so far */
	uint32_t rest_size;
	uint32_t steps;
	const struct etl_record *record;
	const char *layout;
	const unsigned char *schema, *schema_end;
	struct etl_field field;
	uint32_t element;
	uint8_t depth;
	struct {
		struct etl_field field;	/* the struct itself */
		const unsigned char *schema;
		uint32_t left, members;	/* fields until the struct's end, in it */
		uint32_t elements;
	} frames[ETL_DEPTH_MAX];
};

/* Begins with @rec's fields; false if no schema of it is known. */
bool etl_fields_begin(struct etl_fields *fields, const struct etl_record *rec);
/* 1 with the next field or element, 0 at the end, -EBADMSG if schema and payload do not go together. */
int etl_fields_next(struct etl_fields *fields, struct etl_field *field);

enum etl_value_kind { ETL_VALUE_TEXT, ETL_VALUE_UNSIGNED, ETL_VALUE_SIGNED, ETL_VALUE_DOUBLE, ETL_VALUE_BOOL };

/* A field as a number, where it is one by type and format; else kind is ETL_VALUE_TEXT and nothing else is set. */
struct etl_value {
	enum etl_value_kind kind;
	uint64_t u;			/* ETL_VALUE_UNSIGNED, ETL_VALUE_BOOL */
	int64_t s;
	double d;
};

void etl_field_value(const struct etl_field *field, struct etl_value *value);
/*
 * The field's value in UTF-8: numbers, strings, GUIDs, times, SIDs, addresses
 * as they are usually written, other bytes in hex.  Writes at most @size bytes
 * with a NUL; returns the full length without NUL.
 */
size_t etl_field_text(const struct etl_field *field, char *text, size_t size);

/* ---- small conversions ---------------------------------------------------------- */

#define ETL_GUID_TEXT	37	/* bytes of "68fdd900-4a3e-11d1-84f4-0000f80464e3" with NUL */

void etl_guid_format(const unsigned char guid[16], char text[ETL_GUID_TEXT]);
/* With or without braces, any case.  Returns 0 or -EINVAL. */
int etl_guid_parse(const char *text, unsigned char guid[16]);

/*
 * Converts @units UTF-16LE units (any alignment) up to the first NUL.  Lone
 * surrogates become U+FFFD.  Writes at most @size bytes with a NUL and never
 * half a character; returns the full length without NUL.
 */
size_t etl_utf16_to_utf8(const void *utf16, size_t units, char *utf8, size_t size);
#define ETL_FILETIME_TEXT 32	/* bytes of "2025-12-19 01:28:04.0355567" with NUL; years to 5 digits */

/* In UTC. */
void etl_filetime_format(uint64_t filetime, char text[ETL_FILETIME_TEXT]);

/* Ill-formed UTF-8 becomes U+FFFD.  Writes at most @units units, no NUL; returns the full count. */
size_t etl_utf8_to_utf16(const char *utf8, size_t size, void *utf16, size_t units);

/* ---- encoding: header buffers and records ------------------------------------------ */

/*
 * struct etl_block - a buffer under construction in caller's memory
 *
 * etl_block_begin() writes the buffer header, etl_block_put() appends records,
 * etl_block_end() completes offsets, flush time and fill.
 */
struct etl_block {
	unsigned char *data;
	uint32_t size;
	uint32_t used;
};

void etl_block_begin(struct etl_block *block, void *data, uint32_t size, uint16_t cpu,
		     uint16_t logger_id, uint64_t sequence);
/*
 * Encodes @rec by its header type.  Its has bits choose the optional parts; of
 * a MESSAGE flags do.  ext/ext_size are copied as they are.  Returns the bytes
 * taken, -ENOSPC if the block has no room, -EINVAL if no record can be so.
 */
int etl_block_put(struct etl_block *block, const struct etl_record *rec);
void etl_block_end(struct etl_block *block, uint64_t time_stamp);

/*
 * Appends one extended item at items[*size], of @capacity bytes, and links it
 * to the one before.  Returns 0, -ENOSPC or -EINVAL.
 */
int etl_ext_put(void *items, size_t capacity, uint32_t *size, uint16_t type, const void *data,
		size_t len);

/*
 * Builds a whole header buffer of @size bytes at @data from @facts: everything
 * from buffer_size on but path, size and flags, with timebase.raw0 and
 * timebase.start as its anchor.  max_file_size is rounded down to its unit.
 * -EINVAL: the strings do not fit, or buffer_size != @size and not compressed.
 */
int etl_header_build(void *data, uint32_t size, const struct etl_facts *facts, uint32_t thread,
		     uint32_t process, uint16_t logger_id);

/* ---- writing files -------------------------------------------------------------------- */

/*
 * A file being written.  What the log file mode and MaximumFileSize of the
 * header buffer ask for is done: sequential maximum, circular, newfile,
 * preallocate.  The file consists of whole buffers at every moment that a
 * crash of the process can leave, but for a torn last one.
 */
struct etl_writer;

/* etl_writer_options.flags */
#define ETL_WRITER_KEEP		0x1u	/* -EEXIST if the file exists; default: it is replaced */
#define ETL_WRITER_REOPEN	0x2u	/* resume: also a finalised file of the session, instead of -EALREADY */

struct etl_writer_options {
	uint32_t flags;
	uint32_t permissions;		/* of a new file; 0 = 0640 */
	uint64_t max_size;		/* bytes; 0 = as the header buffer says.  At least 2 buffers are written */
};

/* The last values for the logfile header; in append mode losses are added to the file's. */
struct etl_totals {
	uint64_t end_time;		/* FILETIME; 0 = the system clock's now */
	uint64_t events_lost;		/* saturates at 2^32 - 1, as buffers_lost does */
	uint64_t buffers_lost;
};

struct etl_writer_stats {
	uint64_t buffers;		/* in the current file, header buffer included = BuffersWritten */
	uint64_t size;			/* bytes of the current file */
	uint64_t written;		/* data buffers written since create or resume, all files */
	uint64_t duplicates;		/* buffers not written because the file had them already */
	uint64_t overwritten;		/* circular: buffers replaced by newer ones */
	uint64_t cut;			/* resume: bytes of a torn tail that were cut off */
	uint32_t files;			/* newfile: files begun since create or resume; else 1 */
};

/*
 * Creates @path and writes @header, a whole header buffer of @size bytes (the
 * content of the kernel's "header" file).  In newfile mode @path holds one
 * %d, replaced by 1, 2, …  @options may be NULL.  -EBUSY: another writer has
 * the file open.
 */
int etl_writer_create(struct etl_writer **writer, const char *path, const void *header, size_t size,
		      const struct etl_writer_options *options, struct etl_error *err);

/*
 * Goes on with a file that an earlier process left unfinished: cuts off a torn
 * tail and learns the last SequenceNumber of each CPU.  @header is the same
 * session's header buffer.  -ENOENT: there is no such file; -ESTALE: it is
 * another session's; -EALREADY: it is this session's and finalised, nothing
 * is left to do.  In newfile mode the session's last file is taken, and if
 * that is finalised the next one begins with the next buffer.
 */
int etl_writer_resume(struct etl_writer **writer, const char *path, const void *header, size_t size,
		      const struct etl_writer_options *options, struct etl_error *err);

/*
 * Appends a new session's buffers to a finalised file (mode APPEND).  -EINVAL
 * if clock type is not 2 or buffer size, processors, clock type differ.
 * -ENOENT if there is no file: create it.
 */
int etl_writer_append_to(struct etl_writer **writer, const char *path, const void *header,
			 size_t size, const struct etl_writer_options *options,
			 struct etl_error *err);

/*
 * Writes @count whole buffers.  *@taken (may be NULL) becomes the number of
 * leading buffers that need not be offered again.  A buffer whose
 * SequenceNumber is not above the last one of its CPU is counted as duplicate
 * and skipped.  On -ENOSPC, -EDQUOT, -EIO what a short write left is undone:
 * offer the rest again later.  -EFBIG: the sequential maximum is reached.
 * -EINVAL: @data is not a sequence of such buffers; nothing was written.
 */
int etl_writer_append(struct etl_writer *writer, const void *data, size_t count, size_t *taken,
		      struct etl_error *err);

/* Last SequenceNumber written for @cpu; 0 = none. */
uint64_t etl_writer_sequence(const struct etl_writer *writer, uint16_t cpu);
const struct etl_writer_stats *etl_writer_stats(const struct etl_writer *writer);
/* Path of the current file (differs from the pattern in newfile mode). */
const char *etl_writer_path(const struct etl_writer *writer);

/* Losses that a change of files (newfile) puts into the finished file's header; end_time counts not. */
void etl_writer_totals(struct etl_writer *writer, const struct etl_totals *totals);
/*
 * Completes the file and closes it: last-buffer flag (of the newest buffer where
 * circular), EndTime, BuffersWritten, losses.  May be repeated after an error.
 * Only in newfile mode can more be appended then: to the next file.
 */
int etl_writer_finalise(struct etl_writer *writer, const struct etl_totals *totals,
			struct etl_error *err);
/* Closes without finalising: etl_writer_resume() can go on. */
void etl_writer_close(struct etl_writer *writer);

#ifdef __cplusplus
}
#endif

#endif /* ETL_H */
