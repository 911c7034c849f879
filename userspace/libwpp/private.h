/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libwpp's files share among themselves. */
#ifndef WPP_PRIVATE_H
#define WPP_PRIVATE_H

#include <time.h>

#include <wmitrace/wpp-layout.h>

#include "wpp.h"

/* ---- image.c: files, packed or not -------------------------------------------------- */

/* Reads a whole file and unpacks it.  *@data is the caller's to free. */
int wpp_image_read(const char *path, unsigned char **data, size_t *size, time_t *changed,
		   struct etl_error *err);

/* ---- elf.c: sections, and pointers between them -------------------------------------- */

struct wpp_elf;

/* Part of a section; NULL data: there is no such thing. */
struct wpp_span {
	const unsigned char *data;
	size_t size;
};

int wpp_elf_open(struct wpp_elf **elf, const void *data, size_t size, const char *name,
		 struct etl_error *err);
void wpp_elf_close(struct wpp_elf *elf);
/* The next section called @name behind section @after (0: the first); -1 if there is none. */
int wpp_elf_section(const struct wpp_elf *elf, const char *name, int after,
		    struct wpp_span *content);
/* What the pointer at @offset of section @section points at, to the end of its section. */
struct wpp_span wpp_elf_target(struct wpp_elf *elf, int section, size_t offset);
/* Bytes of a pointer. */
unsigned int wpp_elf_pointer_size(const struct wpp_elf *elf);
uint16_t wpp_elf_u16(const struct wpp_elf *elf, const void *at);
uint32_t wpp_elf_u32(const struct wpp_elf *elf, const void *at);

/* ---- module.c ------------------------------------------------------------------------ */

struct wpp_file_entry {
	struct wpp_source source;
	const unsigned char *at;	/* its object: identity */
	const char *base, *module;
};

struct wpp_statement {
	size_t file;			/* index of its struct wpp_file_entry */
	uint32_t line;
	uint16_t number;
	uint8_t count;
	const uint8_t *types;
	const char *function, *conditions, *format, *path, *expressions;
	char *tmf;			/* its lines of the TMF file; NULL: complained about */
};

struct wpp_module {
	char *name;			/* of the file */
	unsigned char *image;		/* ours, or NULL */
	time_t changed;
	struct wpp_elf *elf;
	unsigned int pointer_size;
	const char *module, *srcversion;
	struct wpp_file_entry *files;
	size_t file_count;
	struct wpp_statement *statements;
	size_t statement_count;
	struct wpp_control *controls;
	size_t control_count;
	struct wpp_complaint *complaints;
	size_t complaint_count;
};

/* Remembers a complaint; returns -ENOMEM if it cannot. */
int wpp_complain(struct wpp_module *module, const char *file, unsigned int line,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* ---- statement.c ----------------------------------------------------------------------- */

/* Checks a statement and sets its tmf; complaints are remembered.  0 or -ENOMEM. */
int wpp_statement_translate(struct wpp_module *module, struct wpp_statement *statement);

/* ---- conversion.c ---------------------------------------------------------------------- */

/* struct wpp_conversion - one conversion of a format: % up to its last character */
struct wpp_conversion {
	const char *text;
	size_t len;
	char flags[8];			/* flags, width, precision as written, cut off */
	char narrow[3];			/* "h", "hh" */
	bool natural;			/* l, z, t, I: as wide as the argument */
	bool wide;			/* ll, j, I64 */
	bool starred;			/* width or precision from an argument */
	char letter;			/* 0 with a name */
	const char *name;		/* of %!NAME! */
	size_t name_len;
};

/* Reads the conversion at @text, which begins with %.  False: it makes no sense. */
bool wpp_conversion_parse(struct wpp_conversion *conversion, const char *text);

/*
 * Item and spec for a conversion and an argument's type.  Returns NULL and sets
 * both, or the reason why they do not go together; @reason has @size bytes.
 */
const char *wpp_conversion_match(const struct wpp_conversion *conversion, enum wpp_type type,
				 unsigned int pointer_size, const char **item, char spec[24],
				 char *reason, size_t size);

#endif /* WPP_PRIVATE_H */
