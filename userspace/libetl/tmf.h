/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libetl: WPP messages as text (docs/wpp.md).
 *
 * A MESSAGE record names its statement with a GUID and a number; a TMF file
 * gives that statement's format and the types of its arguments.  A struct
 * etl_tmf is a set of such formats.  The rules of etl.h hold here too; a set
 * may be used by one thread at a time, since looking something up may load it.
 */
#ifndef ETL_TMF_H
#define ETL_TMF_H

#include "etl.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- sets of formats ----------------------------------------------------- */

struct etl_tmf;

struct etl_tmf_counts {
	size_t files;			/* read so far */
	size_t messages;		/* statements in them, duplicates not counted */
	size_t lines;
	size_t left_over;		/* lines that are nothing a TMF file may hold */
};

/* Returns 0 or -ENOMEM.  etl_tmf_free(NULL) does nothing. */
int etl_tmf_new(struct etl_tmf **tmf);
void etl_tmf_free(struct etl_tmf *tmf);

/*
 * Adds the formats in @text; of two for the same GUID and number the first
 * stays.  @name is for messages.  -EBADMSG: lines were left over, everything
 * else was taken; err->offset is the first one's, its number is in err->reason.
 */
int etl_tmf_parse(struct etl_tmf *tmf, const char *text, size_t size, const char *name,
		  struct etl_error *err);

/* The same for a file of any name, or for all *.tmf files of a folder. */
int etl_tmf_load(struct etl_tmf *tmf, const char *path, struct etl_error *err);

/*
 * Adds folders, a colon list, to those that are searched, in order, for
 * GUID.tmf when a message of an unknown GUID is looked up.
 */
int etl_tmf_search(struct etl_tmf *tmf, const char *folders);

const struct etl_tmf_counts *etl_tmf_counts(const struct etl_tmf *tmf);

/* ---- messages ------------------------------------------------------------- */

struct etl_tmf_argument;

/* struct etl_tmf_message - a statement; owned by the set.  Strings are never NULL. */
struct etl_tmf_message {
	unsigned char guid[16];
	uint16_t number;
	uint16_t count;			/* of arguments */
	const char *module;		/* friendly name of the component */
	const char *source;		/* file name, SRC= */
	const char *tag;		/* file and line, as in "main_c120" */
	const char *format;		/* escapes resolved */
	const char *keys;		/* "LEVEL=… FLAGS=… FUNC=…" */
	const struct etl_tmf_argument *arguments;	/* private */
};

/* NULL if there is none.  May read a file of the folders given to etl_tmf_search(). */
const struct etl_tmf_message *etl_tmf_find(struct etl_tmf *tmf, const unsigned char guid[16],
					   uint16_t number);
/* The message of a record of kind MESSAGE with a GUID; else NULL. */
const struct etl_tmf_message *etl_tmf_find_record(struct etl_tmf *tmf,
						  const struct etl_record *rec);

/* Calls @visit for every message loaded, in the order of files and lines, until it returns not 0. */
int etl_tmf_each(const struct etl_tmf *tmf,
		 int (*visit)(void *context, const struct etl_tmf_message *message),
		 void *context);

/* Value of a key, "LEVEL" say.  Returns its length and *@value, or 0; no NUL at its end. */
size_t etl_tmf_key(const struct etl_tmf_message *message, const char *key, const char **value);

/* ---- text ------------------------------------------------------------------ */

/* "[CPU]PROCESS.THREAD::TIME [MODULE]", as tracefmt has it */
#define ETL_TMF_PREFIX	"[%9!d!]%8!04X!.%3!04X!::%4!s! [%1!s!]"

/* etl_tmf_style.flags */
#define ETL_TMF_UTC		0x1u	/* the prefix's time in UTC; default: local time */
#define ETL_TMF_HIRES		0x2u	/* 7 digits of a second instead of 3 */
#define ETL_TMF_LOCAL_ITEMS	0x4u	/* times among the arguments as in the prefix; default: ISO, UTC */

/* How text is written; zeroed, or NULL, means without prefix. */
struct etl_tmf_style {
	const char *prefix;		/* TRACE_FORMAT_PREFIX; NULL = none */
	uint32_t flags;
};

/*
 * Writes the text of @rec by @message, with the prefix where the format asks
 * for it (%0).  @message may be NULL: "Unknown(10): GUID=… (No Format
 * Information found)."  Arguments for which the record is too short stay empty.
 * Writes at most @size bytes with a NUL; returns the full length without NUL.
 */
size_t etl_tmf_format(const struct etl_tmf_message *message, const struct etl_record *rec,
		      const struct etl_tmf_style *style, char *text, size_t size);

/*
 * The same for the prefix alone, and for argument @index (from 0) alone, as
 * its place in the format shows it.  "" if there is no such argument.
 */
size_t etl_tmf_format_prefix(const struct etl_tmf_message *message, const struct etl_record *rec,
			     const struct etl_tmf_style *style, char *text, size_t size);
size_t etl_tmf_format_argument(const struct etl_tmf_message *message, const struct etl_record *rec,
			       const struct etl_tmf_style *style, unsigned int index, char *text,
			       size_t size);
/* The argument's expression as in the source, and its type ("ItemLong"); NULL beyond the last. */
const char *etl_tmf_argument_name(const struct etl_tmf_message *message, unsigned int index);
const char *etl_tmf_argument_item(const struct etl_tmf_message *message, unsigned int index);

/* ---- status codes ------------------------------------------------------------ */

/* "STATUS_ACCESS_VIOLATION" …; NULL if unknown.  Facilities of HRESULT are seen through. */
const char *etl_ntstatus_name(uint32_t status);
const char *etl_winerror_name(uint32_t error);
const char *etl_hresult_name(uint32_t result);
const char *etl_ndis_status_name(uint32_t status);
const char *etl_ndis_oid_name(uint32_t oid);

#ifdef __cplusplus
}
#endif

#endif /* ETL_TMF_H */
