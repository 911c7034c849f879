/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the TMF files share: arguments, item types, the text under construction. */
#ifndef ETL_TMF_PRIVATE_H
#define ETL_TMF_PRIVATE_H

#include "private.h"
#include "tmf.h"

#define TMF_ARGUMENTS_MAX	128	/* per statement; WPP itself has a limit far below */
#define TMF_ENUM_MAX		65536	/* symbols of one #enumv, names of one list */

enum tmf_kind {
	TMF_UNKNOWN,			/* its size is not known either */
	TMF_INTEGER,
	TMF_POINTER,
	TMF_DOUBLE,
	TMF_STRING,			/* to NUL */
	TMF_WSTRING,
	TMF_COUNTED,			/* u16 bytes, then the text */
	TMF_WCOUNTED,
	TMF_HEX,			/* u16 bytes, then bytes */
	TMF_NTSTATUS,
	TMF_HRESULT,
	TMF_WINERROR,
	TMF_NDIS_STATUS,
	TMF_NDIS_OID,
	TMF_GUID,
	TMF_SID,
	TMF_IPV4,
	TMF_IPV6,
	TMF_PORT,
	TMF_MAC,
	TMF_TIME,
	TMF_WAIT,
	TMF_DELTA,
	TMF_CHAR4,
	TMF_LIST,
	TMF_SET,
	TMF_ENUM,
	TMF_FLAGS,
};

/* struct tmf_item - an item type */
struct tmf_item {
	const char *name;
	uint8_t kind;			/* enum tmf_kind */
	uint8_t size;			/* bytes on the wire; 0 = it depends */
	char letter;			/* INTEGER: what %s means */
	bool blank;			/* strings: control characters become blanks */
};

const struct tmf_item *tmf_item_find(const char *name, size_t len);

struct tmf_symbol {
	const char *name;
	uint32_t value;
};

struct tmf_enum {
	struct tmf_enum *next;		/* of the same file */
	const char *name;
	size_t count;
	struct tmf_symbol *symbols;
};

struct etl_tmf_argument {
	const char *expression;
	const char *item_name;
	const struct tmf_item *item;
	const char *names;		/* LIST, SET: NUL after each; ENUM, FLAGS: the enum's name */
	uint32_t name_count;
	uint16_t number;
	const struct tmf_enum *symbols;	/* ENUM, FLAGS; NULL if the file has none */
};

/* ---- text under construction: counts what does not fit ---------------- */

struct tmf_sink {
	char *text;
	size_t size;			/* of @text, with room for a NUL */
	size_t len;
};

void tmf_put(struct tmf_sink *sink, const char *bytes, size_t len);
void tmf_puts(struct tmf_sink *sink, const char *text);
void tmf_printf(struct tmf_sink *sink, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Gives what was written since @start a minimum width, and cuts it to @precision (-1: not). */
void tmf_adjust(struct tmf_sink *sink, size_t start, int width, int precision, bool left);

/* ---- conversion specifications: what lies between exclamation marks ---- */

struct tmf_spec {
	char flags[6];			/* of "-+ #0" */
	int width;
	int precision;			/* -1 = none */
	unsigned int narrow;		/* hh, h: the bytes that count; 0 = all */
	char letter;
};

/* Returns false and {letter 's'} if @text is none. */
bool tmf_spec_parse(struct tmf_spec *spec, const char *text, size_t len);

void tmf_put_integer(struct tmf_sink *sink, const struct tmf_spec *spec, uint64_t value,
		     unsigned int size, char letter);
void tmf_put_string(struct tmf_sink *sink, const struct tmf_spec *spec, const char *text);

/* ---- arguments in a record --------------------------------------------- */

struct tmf_slice {
	const unsigned char *data;	/* NULL: the record ended before it */
	uint32_t size;			/* of the value; counts and terminators left out */
};

/* Finds the bytes of all @message->count arguments; unreachable ones are empty. */
void tmf_slice_arguments(const struct etl_tmf_message *message, const struct etl_record *rec,
			 struct tmf_slice slices[TMF_ARGUMENTS_MAX]);
void tmf_put_argument(struct tmf_sink *sink, const struct tmf_spec *spec,
		      const struct etl_tmf_argument *argument, const struct tmf_slice *slice,
		      const struct etl_tmf_style *style);

void tmf_put_time(struct tmf_sink *sink, uint64_t filetime, bool utc, bool hires);

#endif /* ETL_TMF_PRIVATE_H */
