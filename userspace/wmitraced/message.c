// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>

#include "message.h"

static bool syslog_used;
static bool verbose_wanted;

void message_setup(bool to_syslog, bool verbose)
{
	syslog_used = to_syslog;
	verbose_wanted = verbose;
	if (to_syslog)
		openlog("wmitraced", LOG_PID, LOG_DAEMON);
}

void message(int priority, const char *format, ...)
{
	va_list args;

	if (priority > LOG_NOTICE && !verbose_wanted)
		return;
	va_start(args, format);
	if (syslog_used) {
		vsyslog(priority, format, args);
	} else {
		fputs("wmitraced: ", stderr);
		vfprintf(stderr, format, args);
		fputc('\n', stderr);
	}
	va_end(args);
}

void message_error(int priority, const char *session, const struct etl_error *error)
{
	char text[600];

	etl_error_format(error, text, sizeof(text));
	message(priority, "session '%s': %s", session, text);
}
