// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "command.h"
#include "failure.h"
#include "mode.h"
#include "session-options.h"
#include "session-print.h"

static const char usage[] =
	"Usage: wmitrace update [OPTIONS] SESSION\n"
	"Change a running session.\n\n"
	"  -o, --output FILE       finish the log file and go on in this one\n"
	"      --max-buffers N     buffers to grow to\n"
	"      --flush-timer S     hand over partly filled buffers every S seconds\n"
	"                          ('250ms': milliseconds, if the session counts in them)\n"
	"      --real-time on|off  deliver to live consumers\n"
	"      --flags FLAGS       what the kernel logger logs from now on; 'none' = nothing\n";

enum { OPTION_REAL_TIME = OPTION_LAST };

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "max-buffers", required_argument, NULL, OPTION_MAX_BUFFERS },
	{ "flush-timer", required_argument, NULL, OPTION_FLUSH_TIMER },
	{ "real-time", required_argument, NULL, OPTION_REAL_TIME },
	{ "flags", required_argument, NULL, OPTION_FLAGS },
	{ NULL, 0, NULL, 0 }
};

struct update {
	struct control_session wanted;	/* its mode holds only the unit of flush_timer */
	int real_time;			/* -1 = as it is */
};

static int take_option(void *context, int option, const char *value)
{
	struct update *update = context;

	if (option != OPTION_REAL_TIME)
		return session_option("update", option, value, &update->wanted);
	if (strcmp(value, "on") && strcmp(value, "off"))
		return misuse("update", "--real-time is on or off, not '%s'", value);
	update->real_time = !strcmp(value, "on");
	return COMMAND_OK;
}

/* Turns the timer's unit into the session's, which cannot be changed. */
static int convert_timer(struct wmitrace_session *wanted, uint32_t session_mode)
{
	bool given_ms = wanted->mode & MODE_MS_FLUSH_TIMER;
	bool counts_ms = session_mode & MODE_MS_FLUSH_TIMER;

	if (counts_ms && !given_ms) {
		if (wanted->flush_timer > UINT32_MAX / 1000)
			return fail("update", "a flush timer of %u s is too long",
				    wanted->flush_timer);
		wanted->flush_timer *= 1000;
	} else if (!counts_ms && given_ms) {
		if (wanted->flush_timer % 1000)
			return fail("update", "this session's flush timer counts whole seconds, not %u ms",
				    wanted->flush_timer);
		wanted->flush_timer /= 1000;
	}
	return COMMAND_OK;
}

/* Flags that were given, or else those of the session. */
static int choose_flags(struct wmitrace_session *wanted, const struct control_session *now)
{
	if (!wanted->enable_flags)
		wanted->enable_flags = now->s.enable_flags;
	else if (now->s.id != WMITRACE_KERNEL_LOGGER)
		return misuse("update", "--flags are the kernel logger's; its name is 'kernel', not '%s'",
			      now->name);
	wanted->enable_flags &= ~SESSION_FLAGS_NONE;
	return COMMAND_OK;
}

/*
 * REAL_TIME and the kernel logger's flags are set by every update (wmi-api 16.4),
 * so they are asked for first.
 */
static int update_session(int device, const char *what, struct update *update)
{
	struct control_session now;
	int status = address_session("update", &now, what), err;

	if (status != COMMAND_OK)
		return status;
	err = control_call(device, CONTROL_QUERY, &now);
	if (err)
		return fail_session("update", what, &now, err);
	status = convert_timer(&update->wanted.s, now.s.mode);
	if (status == COMMAND_OK)
		status = choose_flags(&update->wanted.s, &now);
	if (status != COMMAND_OK)
		return status;
	update->wanted.s.handle = now.s.handle;
	update->wanted.s.mode = now.s.mode & MODE_REAL_TIME;
	if (update->real_time >= 0)
		update->wanted.s.mode = update->real_time ? MODE_REAL_TIME : 0;
	err = control_call(device, CONTROL_UPDATE, &update->wanted);
	return err ? fail_session("update", what, &update->wanted, err) : COMMAND_OK;
}

int cmd_update(int argc, char **argv)
{
	struct update update;
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = &update,
		.least = 1,
		.most = 1,
		.words = "the session",
	};
	int device, status;

	memset(&update, 0, sizeof(update));
	update.real_time = -1;
	status = arguments_parse(&arguments, argc, argv);
	if (status != ARGUMENTS_GO_ON)
		return status;
	device = open_device("update");
	if (device < 0)
		return COMMAND_FAILED;
	status = update_session(device, arguments.rest[0], &update);
	close(device);
	if (status != COMMAND_OK)
		return status;
	warn_unlogged("update", &update.wanted);
	session_show(&update.wanted, arguments.json);
	return status;
}
