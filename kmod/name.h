/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_NAME_H
#define WT_NAME_H

#include <linux/types.h>

/**
 * struct wt_name - a checked string
 * @utf8: NUL-terminated
 * @len: bytes of @utf8
 * @units: length in UTF-16 units
 */
struct wt_name {
	char *utf8;
	u32 len;
	u32 units;
};

int wt_name_init(struct wt_name *name, const char *utf8, size_t len);
void wt_name_free(struct wt_name *name);
bool wt_name_equal(const struct wt_name *a, const struct wt_name *b);
bool wt_name_equal_utf16(const struct wt_name *name, const void *utf16, size_t units);
size_t wt_name_utf16(const struct wt_name *name, u8 *out);

#endif
