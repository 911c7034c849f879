/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Texts in the kernel logger's records, which come from anywhere: what is not
 * UTF-8 becomes U+FFFD.  Any context.
 */
#ifndef WT_KERNEL_TEXT_H
#define WT_KERNEL_TEXT_H

#include <linux/types.h>

size_t wt_utf16_units(const char *text, size_t len);
u8 *wt_utf16_put(u8 *to, const char *text, size_t len);

#endif
