/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as people write them, to FILETIMEs (100 ns since 1601-01-01 UTC). */
#ifndef WMITRACE_FILETIME_H
#define WMITRACE_FILETIME_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads "2025-12-19[ T]01:28[:04[.0355567]][Z]", UTC, or "+SECONDS[.FRACTION]"
 * after @start.  False if @text is neither.
 */
bool filetime_parse(const char *text, uint64_t start, uint64_t *filetime);

#endif /* WMITRACE_FILETIME_H */
