// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Errors as values.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "private.h"

int etl_fail(struct etl_error *err, int code, const char *file, uint64_t offset,
	     const char *format, ...)
{
	size_t len = file ? strlen(file) : 0;
	va_list args;

	if (!err)
		return code;
	err->code = code;
	err->offset = offset;
	if (len >= sizeof(err->file)) {
		file += len - (sizeof(err->file) - 1);
		len = sizeof(err->file) - 1;
	}
	if (len)
		memcpy(err->file, file, len);
	err->file[len] = '\0';
	va_start(args, format);
	vsnprintf(err->reason, sizeof(err->reason), format, args);
	va_end(args);
	return code;
}

int etl_fail_errno(struct etl_error *err, int code, const char *file, const char *what)
{
	char text[100];

	return etl_fail(err, code, file, ETL_NO_OFFSET, "cannot %s: %s", what,
			strerror_r(-code, text, sizeof(text)));
}

int etl_error_format(const struct etl_error *err, char *buf, size_t size)
{
	const char *colon = *err->file ? ": " : "";

	if (err->offset == ETL_NO_OFFSET)
		return snprintf(buf, size, "%s%s%s", err->file, colon, err->reason);
	return snprintf(buf, size, "%s%soffset 0x%" PRIx64 ": %s", err->file, colon, err->offset,
			err->reason);
}
