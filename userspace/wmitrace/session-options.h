/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings of a session as options, shared by start, record and update. */
#ifndef WMITRACE_SESSION_OPTIONS_H
#define WMITRACE_SESSION_OPTIONS_H

#include <getopt.h>

#include "control.h"

/* Values above those of characters; each command takes the options it lists. */
enum session_option {
	OPTION_BUFFER_SIZE = 256,
	OPTION_MIN_BUFFERS,
	OPTION_MAX_BUFFERS,
	OPTION_FLUSH_TIMER,
	OPTION_CLOCK,
	OPTION_MODE,
	OPTION_MAX_SIZE,
	OPTION_SEQUENCE,
	OPTION_FLIGHT_RECORDER,
	OPTION_CIRCULAR,
	OPTION_NEWFILE,
	OPTION_GUID,
	OPTION_FLAGS,
	OPTION_LAST,		/* a command's own options start here */
};

#define SESSION_OPTIONS							\
	{ "output", required_argument, NULL, 'o' },			\
	{ "buffer-size", required_argument, NULL, OPTION_BUFFER_SIZE },	\
	{ "min-buffers", required_argument, NULL, OPTION_MIN_BUFFERS },	\
	{ "max-buffers", required_argument, NULL, OPTION_MAX_BUFFERS },	\
	{ "flush-timer", required_argument, NULL, OPTION_FLUSH_TIMER },	\
	{ "clock", required_argument, NULL, OPTION_CLOCK },		\
	{ "mode", required_argument, NULL, OPTION_MODE },		\
	{ "max-size", required_argument, NULL, OPTION_MAX_SIZE },	\
	{ "sequence", required_argument, NULL, OPTION_SEQUENCE },	\
	{ "circular", required_argument, NULL, OPTION_CIRCULAR },	\
	{ "newfile", required_argument, NULL, OPTION_NEWFILE },		\
	{ "guid", required_argument, NULL, OPTION_GUID },		\
	{ "flags", required_argument, NULL, OPTION_FLAGS }

/* In enable_flags between the options and the call: asked for nothing, as opposed to not asked. */
#define SESSION_FLAGS_NONE	0x80000000u

/* Explains the options above, for --help. */
extern const char session_options_help[];

/*
 * Puts the value of @option into @session.  Returns COMMAND_OK, or
 * COMMAND_USAGE after saying what is wrong with @value.
 */
int session_option(const char *command, int option, const char *value,
		   struct control_session *session);

/*
 * After the last option: a maximum size without a mode that uses it means
 * sequential, the kernel logger without flags the usual ones.  Returns
 * COMMAND_OK, or COMMAND_USAGE after saying which settings do not go together.
 */
int session_options_settle(const char *command, struct control_session *session);

/* Says which event classes were asked for that the running kernel has no events of. */
void warn_unlogged(const char *command, const struct control_session *session);

/* Makes @path absolute and checks that its folder exists; says what is wrong otherwise. */
int log_file_option(const char *command, const char *path, char file[CONTROL_STRING_MAX]);

#endif /* WMITRACE_SESSION_OPTIONS_H */
