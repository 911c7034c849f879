// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stddef.h>

#include <uapi/wmitrace.h>

#include "winerror.h"

#define CODE(name, text)	{ WMITRACE_ERROR_##name, "ERROR_" #name, text }

static const struct winerror {
	uint32_t code;
	const char *name;
	const char *text;
} winerrors[] = {
	CODE(SUCCESS, "success"),
	CODE(INVALID_FUNCTION, "the logger does not know this request"),
	CODE(ACCESS_DENIED, "access denied"),
	CODE(INVALID_HANDLE, "no session has this handle"),
	CODE(NOT_ENOUGH_MEMORY, "not enough memory"),
	CODE(BAD_LENGTH, "a length is wrong"),
	CODE(NOT_SUPPORTED, "not supported"),
	CODE(INVALID_PARAMETER, "a setting, or a combination of settings, is not allowed"),
	CODE(DISK_FULL, "the disk is full"),
	CODE(INVALID_NAME, "the name is not allowed"),
	CODE(BAD_PATHNAME, "the log file's name is not allowed, missing, or in use by another session"),
	CODE(ALREADY_EXISTS, "a session of this name (or GUID) exists"),
	CODE(MORE_DATA, "the answer is longer than the room for it"),
	CODE(NO_SYSTEM_RESOURCES, "all loggers are in use"),
	CODE(TIMEOUT, "timed out"),
	CODE(LOG_FILE_FULL, "the log file has reached its maximum size"),
	CODE(ACTIVE_CONNECTIONS, "the session is still running, or being stopped"),
	CODE(WMI_GUID_NOT_FOUND, "no provider has this GUID"),
	CODE(WMI_INSTANCE_NOT_FOUND, "no such session is running"),
};

static const struct winerror *find(uint32_t code)
{
	size_t i;

	for (i = 0; i < sizeof(winerrors) / sizeof(winerrors[0]); i++)
		if (winerrors[i].code == code)
			return &winerrors[i];
	return NULL;
}

const char *winerror_name(uint32_t code)
{
	const struct winerror *e = find(code);

	return e ? e->name : NULL;
}

const char *winerror_text(uint32_t code)
{
	const struct winerror *e = find(code);

	return e ? e->text : NULL;
}
