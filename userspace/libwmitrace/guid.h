/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GUIDs as text; the 16 bytes are in the order in which Windows stores them. */
#ifndef LIBWMITRACE_GUID_H
#define LIBWMITRACE_GUID_H

#include <stdint.h>

#define GUID_TEXT_SIZE	37	/* "01234567-89ab-cdef-0123-456789abcdef" and NUL */

/* Takes the form above, with or without braces, in either case; -EINVAL otherwise. */
int guid_parse(const char *text, uint8_t guid[16]);

void guid_format(const uint8_t guid[16], char text[GUID_TEXT_SIZE]);

#endif /* LIBWMITRACE_GUID_H */
