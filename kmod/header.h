/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_HEADER_H
#define WT_HEADER_H

#include <linux/types.h>

struct wt_logger;

size_t wt_header_size(const struct wt_logger *l, u32 file_units);
u8 *wt_header_build(struct wt_logger *l, size_t *size);

#endif
