/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Control of wmitrace.ko through /dev/wmitrace.
 *
 * Functions return 0 or a negative errno and print nothing.  After a failed
 * call on a session `session.s.win32` holds the Win32 code, or 0 where the
 * call did not reach the logger (winerror.h has the words).
 */
#ifndef LIBWMITRACE_CONTROL_H
#define LIBWMITRACE_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uapi/wmitrace.h>

/* UTF-8 bytes that WMITRACE_NAME_MAX UTF-16 units take at most, and a NUL. */
#define CONTROL_STRING_MAX	(3 * WMITRACE_NAME_MAX + 1)

/* A session with room for its strings, which are NUL-terminated here. */
struct control_session {
	struct wmitrace_session s;
	char name[CONTROL_STRING_MAX];
	char file[CONTROL_STRING_MAX];
};

enum control_operation {
	CONTROL_START,
	CONTROL_STOP,
	CONTROL_QUERY,
	CONTROL_UPDATE,
	CONTROL_FLUSH,
	CONTROL_RELEASE,
};

/* Returns a descriptor to close(), or -errno.  It is also what poll() reports changes on. */
int control_open(void);

/*
 * Addresses a session by @what: a number from 0 to 31 is a logger id, "kernel"
 * the kernel logger, anything else a name.  Clears the rest of @session.  -ENAMETOOLONG, -EINVAL if empty.
 */
int control_address(struct control_session *session, const char *what);
void control_address_id(struct control_session *session, unsigned int id);

/* Whether control_address() takes @what for a number, and which: -1 if not. */
int control_parse_id(const char *what);

/* Carries out @operation on the session that @session addresses, and fills in everything. */
int control_call(int device, enum control_operation operation, struct control_session *session);

/*
 * Stores the ids of all sessions, at most WMITRACE_LOGGERS; returns how many.
 * @flags: WMITRACE_LIST_STOPPED.  Clears the device's POLLPRI condition.
 */
int control_list(int device, uint32_t flags, uint32_t ids[WMITRACE_LOGGERS]);

/*
 * Stores all rows that @list_request (WMITRACE_IOC_PROVIDERS, WMITRACE_IOC_BRIDGES) has, of
 * @row_size bytes each, in *@rows, to be freed.
 */
int control_rows(int device, unsigned long list_request, size_t row_size, void **rows,
		 size_t *count);

/* Tells the kernel what the drainer did; @report->win32 is an output. */
int control_report(int device, struct wmitrace_report *report);

#endif /* LIBWMITRACE_CONTROL_H */
