/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Log file modes (wmi-api 3.6) by name: "circular,use-kbytes-for-size", the
 * Windows names (EVENT_TRACE_FILE_MODE_CIRCULAR) or a number (0x2002).
 */
#ifndef LIBWMITRACE_MODE_H
#define LIBWMITRACE_MODE_H

#include <stdint.h>

#define MODE_SEQUENTIAL		0x00000001u
#define MODE_CIRCULAR		0x00000002u
#define MODE_APPEND		0x00000004u
#define MODE_NEWFILE		0x00000008u
#define MODE_MS_FLUSH_TIMER	0x00000010u
#define MODE_PREALLOCATE	0x00000020u
#define MODE_REAL_TIME		0x00000100u
#define MODE_BUFFERING		0x00000400u
#define MODE_KBYTES		0x00002000u
#define MODE_GLOBAL_SEQUENCE	0x00004000u
#define MODE_LOCAL_SEQUENCE	0x00008000u
#define MODE_SYSTEM_LOGGER	0x02000000u

#define MODE_TEXT_MAX		512u	/* longest text of mode_format() */

/*
 * Returns 0 and the sum of the comma-separated names and numbers; -EINVAL and
 * in *@bad (may be NULL) the start of the word that is none.
 */
int mode_parse(const char *text, uint32_t *mode, const char **bad);

/* Writes names joined by commas, what has no name as a number; "none" for 0. */
void mode_format(uint32_t mode, char text[MODE_TEXT_MAX]);

#endif /* LIBWMITRACE_MODE_H */
