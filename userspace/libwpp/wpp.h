/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libwpp: the trace statements that <wmitrace/wpp.h> left in a module's file,
 * checked, and written as TMF files.
 *
 * Modules may be of any ELF class and byte order, and packed with xz, gzip or
 * zstd.  Nothing in them is trusted.
 */
#ifndef WPP_H
#define WPP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "etl.h"
#include "tmf.h"

struct wpp_module;

/*
 * Opens a module and checks its statements.  -ENODATA: it has none (it is a
 * module all the same); -EBADMSG: it is no module, or damaged.
 */
int wpp_module_open(struct wpp_module **module, const char *path, struct etl_error *err);
/* @data is not copied and must stay until wpp_module_close(). */
int wpp_module_open_memory(struct wpp_module **module, const void *data, size_t size,
			   const char *name, struct etl_error *err);
void wpp_module_close(struct wpp_module *module);

/* Module name as in .modinfo or the statements; srcversion is "" if there is none. */
const char *wpp_module_name(const struct wpp_module *module);
const char *wpp_module_srcversion(const struct wpp_module *module);
size_t wpp_module_statements(const struct wpp_module *module);

/* ---- what is wrong -------------------------------------------------------------- */

struct wpp_complaint {
	const char *file;		/* source file as the compiler was told it, or the module's */
	unsigned int line;		/* 0 = none */
	const char *text;		/* "%lld: 'x' is an int", no full stop */
};

/* Statements that are complained about are in no TMF file.  NULL behind the last. */
const struct wpp_complaint *wpp_module_complaint(const struct wpp_module *module, size_t index);

/* ---- source files: a TMF file each ------------------------------------------------- */

struct wpp_source {
	unsigned char guid[16];		/* of its messages */
	const char *name;		/* base name of the source file */
	size_t statements;
};

const struct wpp_source *wpp_module_source(const struct wpp_module *module, size_t index);
/* Writes the TMF text of source @index. */
void wpp_module_write_tmf(const struct wpp_module *module, size_t index, FILE *to);
/* Adds all of its formats to @tmf. */
int wpp_module_load(const struct wpp_module *module, struct etl_tmf *tmf, struct etl_error *err);

/* ---- control GUIDs: a TMC file each, and a MOF file for all ------------------------ */

struct wpp_control {
	unsigned char guid[16];
	const char *name;
	unsigned int flags;		/* number of them */
	const char *flag_names;		/* each with a NUL */
};

const struct wpp_control *wpp_module_control(const struct wpp_module *module, size_t index);
void wpp_module_write_tmc(const struct wpp_module *module, size_t index, FILE *to);
void wpp_module_write_mof(const struct wpp_module *module, FILE *to);

#endif /* WPP_H */
