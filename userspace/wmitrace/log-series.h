/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that a session in newfile mode writes one after the other. */
#ifndef WMITRACE_LOG_SERIES_H
#define WMITRACE_LOG_SERIES_H

#include "etl.h"

/*
 * The path of the file after that of @facts, made from the name in its header
 * ("x%d.etl"); to be freed.  NULL if it belongs to no series, was ended before
 * it was full, or there is no memory.
 */
char *log_series_next(const struct etl_facts *facts);

#endif /* WMITRACE_LOG_SERIES_H */
