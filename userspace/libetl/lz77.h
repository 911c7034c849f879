/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ETL_LZ77_H
#define ETL_LZ77_H

#include <stddef.h>

/*
 * Expands @size bytes at @data into at most @room bytes at @to.  Returns how
 * many were made: fewer than @room if the input ends or is damaged.
 */
size_t etl_lz77_expand(const unsigned char *data, size_t size, unsigned char *to, size_t room);

#endif /* ETL_LZ77_H */
