// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "etl.h"
#include "failure.h"
#include "kernel-flags.h"
#include "mode.h"
#include "session-options.h"

const char session_options_help[] =
	"  -o, --output FILE       log file\n"
	"      --buffer-size KB    size of one buffer, 4 to 16384 (default 64)\n"
	"      --min-buffers N     buffers to begin with, at least 2 for each CPU\n"
	"      --max-buffers N     buffers to grow to\n"
	"      --flush-timer S     hand over partly filled buffers every S seconds\n"
	"                          ('250ms': milliseconds; default: only full ones)\n"
	"      --clock CLOCK       perf (performance counter, the default), system, cycles\n"
	"      --mode FLAGS        log file mode: names joined by commas, or a number (0x8)\n"
	"      --max-size MB       end the session when the file has this size ('500K': KB)\n"
	"      --circular MB       when the file has this size, overwrite the oldest events\n"
	"      --newfile MB        at this size go on in the next file; FILE contains %d\n"
	"      --sequence KIND     number messages: none, local (this session), global\n"
	"      --guid GUID         the session's GUID (default: a new one)\n"
	"      --flags FLAGS       what the kernel logger, session 'kernel', logs: names\n"
	"                          joined by commas (default: process,thread,cswitch,\n"
	"                          dispatcher)\n";

/* Returns the rest of @text after a number of at most 32 bits, NULL if there is none. */
static const char *take_number(const char *text, uint32_t *value)
{
	unsigned long long number;
	char *end;

	if (*text < '0' || *text > '9')
		return NULL;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno || number > UINT32_MAX)
		return NULL;
	*value = number;
	return end;
}

static int number_option(const char *command, const char *option, const char *unit,
			 const char *text, uint32_t *value)
{
	const char *rest = take_number(text, value);

	if (!rest || *rest)
		return misuse(command, "--%s wants a number of %s, not '%s'", option, unit, text);
	return COMMAND_OK;
}

static int size_option(const char *command, const char *option, const char *text,
		       struct control_session *session)
{
	const char *rest = take_number(text, &session->s.max_file_size);

	if (rest && !strcasecmp(rest, "k"))
		session->s.mode |= MODE_KBYTES;
	else if (!rest || (*rest && strcasecmp(rest, "m")))
		return misuse(command, "--%s wants a number of MB, or of KB with K behind it, not '%s'",
			      option, text);
	return COMMAND_OK;
}

static int timer_option(const char *command, const char *text, struct control_session *session)
{
	const char *rest = take_number(text, &session->s.flush_timer);

	if (rest && !strcmp(rest, "ms"))
		session->s.mode |= MODE_MS_FLUSH_TIMER;
	else if (!rest || (*rest && strcmp(rest, "s")))
		return misuse(command, "--flush-timer wants seconds ('2') or milliseconds ('250ms'), not '%s'",
			      text);
	return COMMAND_OK;
}

static int clock_option(const char *command, const char *text, uint32_t *clock)
{
	static const char *const names[] = { "perf", "system", "cycles" };
	uint32_t i;

	for (i = 0; i < 3; i++) {
		if (!strcmp(text, names[i])) {
			*clock = i + 1;
			return COMMAND_OK;
		}
	}
	return misuse(command, "no clock '%s'; there are perf, system and cycles", text);
}

static int sequence_option(const char *command, const char *text, uint32_t *mode)
{
	if (!strcmp(text, "local"))
		*mode |= MODE_LOCAL_SEQUENCE;
	else if (!strcmp(text, "global"))
		*mode |= MODE_GLOBAL_SEQUENCE;
	else if (strcmp(text, "none"))
		return misuse(command, "--sequence is none, local or global, not '%s'", text);
	return COMMAND_OK;
}

static int mode_option(const char *command, const char *text, uint32_t *mode)
{
	const char *bad;
	uint32_t value;

	if (mode_parse(text, &value, &bad))
		return misuse(command, "no log file mode '%.*s'; wmitrace-start(1) lists them",
			      (int)strcspn(bad, ","), bad);
	*mode |= value;
	return COMMAND_OK;
}

static int flags_option(const char *command, const char *text, uint32_t *flags)
{
	const char *bad;

	if (kernel_flags_parse(text, flags, &bad))
		return misuse(command, "no kernel event class '%.*s'; wmitrace(1) lists them",
			      (int)strcspn(bad, ","), bad);
	if (!*flags)
		*flags = SESSION_FLAGS_NONE;
	return COMMAND_OK;
}

int log_file_option(const char *command, const char *path, char file[CONTROL_STRING_MAX])
{
	char copy[PATH_MAX], folder[PATH_MAX];
	const char *base = strrchr(path, '/');
	int len;

	base = base ? base + 1 : path;
	if (!*base || strlen(path) >= sizeof(copy))
		return misuse(command, "'%s' is not the name of a file", path);
	strcpy(copy, path);
	if (!realpath(dirname(copy), folder))
		return fail(command, "cannot write to %s: no folder '%s': %s", path, copy,
			    strerror(errno));
	len = snprintf(file, CONTROL_STRING_MAX, "%s/%s", strcmp(folder, "/") ? folder : "", base);
	if (len >= CONTROL_STRING_MAX)
		return fail(command, "the log file's path is longer than %d characters: %s",
			    WMITRACE_NAME_MAX - 1, path);
	return COMMAND_OK;
}

int session_option(const char *command, int option, const char *value,
		   struct control_session *session)
{
	switch (option) {
	case 'o':
		return log_file_option(command, value, session->file);
	case OPTION_BUFFER_SIZE:
		return number_option(command, "buffer-size", "KB", value, &session->s.buffer_size);
	case OPTION_MIN_BUFFERS:
		return number_option(command, "min-buffers", "buffers", value,
				     &session->s.min_buffers);
	case OPTION_MAX_BUFFERS:
		return number_option(command, "max-buffers", "buffers", value,
				     &session->s.max_buffers);
	case OPTION_FLUSH_TIMER:
		return timer_option(command, value, session);
	case OPTION_CLOCK:
		return clock_option(command, value, &session->s.clock);
	case OPTION_MODE:
		return mode_option(command, value, &session->s.mode);
	case OPTION_SEQUENCE:
		return sequence_option(command, value, &session->s.mode);
	case OPTION_MAX_SIZE:
		return size_option(command, "max-size", value, session);
	case OPTION_CIRCULAR:
		session->s.mode |= MODE_CIRCULAR;
		return size_option(command, "circular", value, session);
	case OPTION_NEWFILE:
		session->s.mode |= MODE_NEWFILE;
		return size_option(command, "newfile", value, session);
	case OPTION_FLIGHT_RECORDER:
		session->s.mode |= MODE_BUFFERING;
		return COMMAND_OK;
	case OPTION_FLAGS:
		return flags_option(command, value, &session->s.enable_flags);
	case OPTION_GUID:
		if (!etl_guid_parse(value, session->s.guid))
			return COMMAND_OK;
		return misuse(command, "'%s' is not a GUID", value);
	}
	return COMMAND_USAGE;	/* getopt has complained */
}

static bool is_kernel_logger(const struct control_session *session)
{
	return !strcasecmp(session->name, KERNEL_LOGGER_LONG) ||
	       (session->s.mode & MODE_SYSTEM_LOGGER);
}

int session_options_settle(const char *command, struct control_session *session)
{
	const uint32_t sized = MODE_SEQUENTIAL | MODE_CIRCULAR | MODE_NEWFILE | MODE_APPEND |
			       MODE_BUFFERING;

	if (session->s.max_file_size && !(session->s.mode & sized))
		session->s.mode |= MODE_SEQUENTIAL;
	if (!is_kernel_logger(session) && session->s.enable_flags)
		return misuse(command, "--flags are the kernel logger's; its name is 'kernel', not '%s', or it has "
			      "--mode system-logger", session->name);
	if (is_kernel_logger(session) && !session->s.enable_flags)
		session->s.enable_flags = KERNEL_FLAGS_DEFAULT;
	session->s.enable_flags &= ~SESSION_FLAGS_NONE;
	return COMMAND_OK;
}

void warn_unlogged(const char *command, const struct control_session *session)
{
	char flags[KERNEL_FLAGS_TEXT_MAX];

	if (!session->s.unlogged_flags)
		return;
	kernel_flags_format(session->s.unlogged_flags, flags);
	fprintf(stderr, "wmitrace %s: nothing is logged for %s: this kernel has no such events; "
		WMITRACE_DEBUGFS "/kernel lists what it has\n", command, flags);
}
