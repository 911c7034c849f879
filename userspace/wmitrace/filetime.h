/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FILETIMEs (100 ns since 1601-01-01 UTC) as people write them. */
#ifndef WMITRACE_FILETIME_H
#define WMITRACE_FILETIME_H

#include <stdbool.h>
#include <stdint.h>

#define FILETIME_TEXT	32	/* bytes of "2025-12-19 01:28:04.0355567" with NUL, year to 5 digits */

void filetime_format(uint64_t filetime, char text[FILETIME_TEXT]);

/*
 * Reads "2025-12-19[ T]01:28[:04[.0355567]][Z]", UTC, or "+SECONDS[.FRACTION]"
 * after @start.  False if @text is neither.
 */
bool filetime_parse(const char *text, uint64_t start, uint64_t *filetime);

#endif /* WMITRACE_FILETIME_H */
