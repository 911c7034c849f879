/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Win32 error codes in words (wmi-api 3.10). */
#ifndef LIBWMITRACE_WINERROR_H
#define LIBWMITRACE_WINERROR_H

#include <stdint.h>

/* "ERROR_ALREADY_EXISTS"; NULL if the logger never answers with @code. */
const char *winerror_name(uint32_t code);

/* What @code means in an answer of the logger; NULL as above. */
const char *winerror_text(uint32_t code);

#endif /* LIBWMITRACE_WINERROR_H */
