// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "control.h"
#include "kernel-flags.h"

static const unsigned long requests[] = {
	[CONTROL_START]		= WMITRACE_IOC_START,
	[CONTROL_STOP]		= WMITRACE_IOC_STOP,
	[CONTROL_QUERY]		= WMITRACE_IOC_QUERY,
	[CONTROL_UPDATE]	= WMITRACE_IOC_UPDATE,
	[CONTROL_FLUSH]		= WMITRACE_IOC_FLUSH,
	[CONTROL_RELEASE]	= WMITRACE_IOC_RELEASE,
};

int control_open(void)
{
	int fd = open(WMITRACE_DEVICE, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int control_parse_id(const char *what)
{
	int id = 0;
	const char *p;

	for (p = what; *p; p++) {
		if (*p < '0' || *p > '9' || p - what >= 2)
			return -1;
		id = id * 10 + (*p - '0');
	}
	return p == what || id >= WMITRACE_LOGGERS ? -1 : id;
}

void control_address_id(struct control_session *session, unsigned int id)
{
	memset(session, 0, sizeof(*session));
	session->s.handle = id == WMITRACE_KERNEL_LOGGER ? WMITRACE_KERNEL_HANDLE : id;
}

int control_address(struct control_session *session, const char *what)
{
	int id = control_parse_id(what);
	size_t len = strlen(what);

	if (id >= 0) {
		control_address_id(session, id);
		return 0;
	}
	if (!len)
		return -EINVAL;
	if (len >= sizeof(session->name))
		return -ENAMETOOLONG;
	memset(session, 0, sizeof(*session));
	if (!strcmp(what, KERNEL_LOGGER_SHORT))
		strcpy(session->name, KERNEL_LOGGER_LONG);
	else
		memcpy(session->name, what, len);
	return 0;
}

static void lend(struct wmitrace_str *str, char *text, size_t size)
{
	str->ptr = (uintptr_t)text;
	str->len = strlen(text);
	str->cap = size - 1;
}

static void terminate(struct wmitrace_str *str, char *text)
{
	text[str->len < str->cap ? str->len : str->cap] = '\0';
}

int control_call(int device, enum control_operation operation, struct control_session *session)
{
	int err = 0;

	session->s.win32 = 0;
	lend(&session->s.name, session->name, sizeof(session->name));
	lend(&session->s.file, session->file, sizeof(session->file));
	if (ioctl(device, requests[operation], &session->s) < 0)
		err = -errno;
	terminate(&session->s.name, session->name);
	terminate(&session->s.file, session->file);
	return err;
}

int control_list(int device, uint32_t flags, uint32_t ids[WMITRACE_LOGGERS])
{
	struct wmitrace_list list = {
		.flags = flags,
		.ids = (uintptr_t)ids,
		.cap = WMITRACE_LOGGERS,
	};

	return ioctl(device, WMITRACE_IOC_LIST, &list) < 0 ? -errno : (int)list.count;
}

int control_rows(int device, unsigned long list_request, size_t row_size, void **rows,
		 size_t *count)
{
	struct wmitrace_providers list = { .row_size = (uint32_t)row_size, .cap = 64 };
	void *more;
	int err;

	*rows = NULL;
	for (;;) {
		more = reallocarray(*rows, list.cap, row_size);
		if (!more) {
			err = -ENOMEM;
			break;
		}
		*rows = more;
		list.rows = (uintptr_t)more;
		err = ioctl(device, list_request, &list) < 0 ? -errno : 0;
		if (err != -EMSGSIZE)
			break;
		list.cap = list.count + 16;	/* some may come meanwhile */
	}
	if (err) {
		free(*rows);
		*rows = NULL;
		return err;
	}
	*count = list.count;
	return 0;
}

int control_report(int device, struct wmitrace_report *report)
{
	return ioctl(device, WMITRACE_IOC_REPORT, report) < 0 ? -errno : 0;
}
