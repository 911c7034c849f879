// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "failure.h"
#include "winerror.h"

static void complain(const char *command, const char *format, va_list args)
{
	fprintf(stderr, "wmitrace %s: ", command);
	vfprintf(stderr, format, args);
}

int fail(const char *command, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(command, format, args);
	va_end(args);
	fputc('\n', stderr);
	return COMMAND_FAILED;
}

int misuse(const char *command, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(command, format, args);
	va_end(args);
	fprintf(stderr, "\n'wmitrace %s --help' tells more.\n", command);
	return COMMAND_USAGE;
}

int open_device(const char *command)
{
	int fd = control_open();

	if (fd >= 0)
		return fd;
	switch (fd) {
	case -ENOENT:
	case -ENXIO:
	case -ENODEV:
		fail(command, "no %s: the module is not loaded; try 'modprobe wmitrace'",
		     WMITRACE_DEVICE);
		break;
	case -EACCES:
	case -EPERM:
		fail(command, "may not open %s: run as root, or as a member of its group",
		     WMITRACE_DEVICE);
		break;
	default:
		fail(command, "cannot open %s: %s", WMITRACE_DEVICE, strerror(-fd));
	}
	return -1;
}

int address_session(const char *command, struct control_session *session, const char *what)
{
	switch (control_address(session, what)) {
	case 0:
		return COMMAND_OK;
	case -ENAMETOOLONG:
		return misuse(command, "the session name has %zu bytes; at most %d characters are possible",
			      strlen(what), WMITRACE_NAME_MAX - 1);
	default:
		return misuse(command, "the session name is empty; give a name or a logger number");
	}
}

/* Whether the kernel keeps from root, too, what it knows. */
static bool is_confidential(void)
{
	FILE *file = fopen("/sys/kernel/security/lockdown", "r");
	char line[100] = "";
	bool is;

	is = file && fgets(line, sizeof(line), file) && strstr(line, "[confidentiality]");
	if (file)
		fclose(file);
	return is;
}

/* What to do next; @what is the session as the user called it. */
static void advise(uint32_t win32, const char *what)
{
	switch (win32) {
	case WMITRACE_ERROR_ALREADY_EXISTS:
		fprintf(stderr, "  'wmitrace query %s' shows it, 'wmitrace stop %s' ends it.\n",
			what, what);
		break;
	case WMITRACE_ERROR_WMI_INSTANCE_NOT_FOUND:
		fputs("  'wmitrace list' shows the sessions, with --stopped also those whose buffers are kept.\n",
		      stderr);
		break;
	case WMITRACE_ERROR_NO_SYSTEM_RESOURCES:
		fputs("  Stop one of the sessions that 'wmitrace list' shows.\n", stderr);
		break;
	case WMITRACE_ERROR_ACCESS_DENIED:
		if (is_confidential())
			fputs("  The kernel is in lockdown for confidentiality: its own events are not to be had, only what drivers log.\n",
			      stderr);
		fputs("  It takes CAP_PERFMON or membership in the group of " WMITRACE_DEVICE "; the kernel logger, CAP_SYS_ADMIN.\n"
		      "  A session that was started as nonstoppable cannot be stopped by anybody.\n",
		      stderr);
		break;
	case WMITRACE_ERROR_NOT_ENOUGH_MEMORY:
		fputs("  Smaller or fewer buffers need less: --buffer-size, --min-buffers.\n", stderr);
		break;
	case WMITRACE_ERROR_ACTIVE_CONNECTIONS:
		fprintf(stderr, "  'wmitrace stop %s' ends it; 'wmitrace list --stopped' shows when it has ended.\n",
			what);
		break;
	case WMITRACE_ERROR_BAD_PATHNAME:
		fputs("  Choose another file with -o, or --flight-recorder to keep events in memory only.\n",
		      stderr);
		break;
	case WMITRACE_ERROR_INVALID_NAME:
		fputs("  Names are UTF-8 of 1 to 1023 characters; a newfile log's name contains %d once.\n",
		      stderr);
		break;
	case WMITRACE_ERROR_INVALID_PARAMETER:
		fputs("  wmitrace-start(1) lists which modes and settings go together.\n", stderr);
		break;
	}
}

int fail_session(const char *command, const char *what, const struct control_session *session,
		 int err)
{
	uint32_t win32 = session->s.win32;
	const char *text = winerror_text(win32);

	if (!win32)
		return fail(command, "session '%s': %s", what,
			    err == -ENOTTY ? "this module does not know the request; are module and tools of one version?" :
			    strerror(-err));
	if (text)
		fail(command, "session '%s': %s (%s)", what, text, winerror_name(win32));
	else
		fail(command, "session '%s': Win32 error %u (%s)", what, win32, strerror(-err));
	advise(win32, what);
	return COMMAND_FAILED;
}
