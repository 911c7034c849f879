/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the formats of WPP messages come from. */
#ifndef WMITRACE_FORMATS_H
#define WMITRACE_FORMATS_H

#include "tmf.h"

/*
 * Loads a TMF file, a folder of TMF files, or what a module holds.  Says what
 * is wrong with @path and returns COMMAND_FAILED; lines that are no TMF are
 * only warned of.
 */
int formats_load(const char *command, struct etl_tmf *tmf, const char *path);

/*
 * Loads the formats of the running kernel's module @name, as far as its file is
 * installed and has any; says nothing.  A file of another build has other
 * GUIDs, so its formats are never used for what the loaded module logs.
 */
void formats_load_installed(struct etl_tmf *tmf, const char *name);

/*
 * The folders that are searched after what was loaded: those of
 * TRACE_FORMAT_SEARCH_PATH, that of the trace @file (may be NULL), the
 * installed one.
 */
int formats_search(struct etl_tmf *tmf, const char *file);

#endif /* WMITRACE_FORMATS_H */
