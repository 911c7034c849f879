// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "command.h"
#include "drain.h"
#include "failure.h"
#include "mode.h"
#include "session-options.h"
#include "session-print.h"

static const char usage[] =
	"Usage: wmitrace flush [OPTIONS] SESSION\n"
	"Hand over all partly filled buffers now, so that the log file holds everything\n"
	"logged so far.  A flight recorder keeps its events: what it holds becomes\n"
	"readable, or is written to a file.\n\n"
	"  -o, --output FILE       write a flight recorder's events to this file\n";

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 }
};

static int take_option(void *file, int option, const char *value)
{
	(void)option;
	return log_file_option("flush", value, file);
}

static int fail_file(const struct etl_error *error)
{
	char text[600];

	etl_error_format(error, text, sizeof(text));
	return fail("flush", "%s", text);
}

/* Everything that a flight recorder offers after a flush, into @file. */
static int write_snapshot(int device, struct control_session *session, const char *file)
{
	struct control_session address;
	enum drain_state state = DRAIN_BUSY;
	struct etl_error error;
	struct drain *drain;
	bool empty;
	int err;

	if (drain_open(&drain, NULL, session, file, 0, &error))
		return fail_file(&error);
	control_address_id(&address, session->s.id);
	err = control_call(device, CONTROL_FLUSH, &address);
	*session = address;
	if (!err) {
		drain_update(drain, session);
		while (state == DRAIN_BUSY)
			state = drain_step(drain, &error);
	}
	empty = !drain_counts(drain)->written;
	drain_close(drain);
	if (err)
		return fail_session("flush", session->name, session, err);
	if (state != DRAIN_IDLE && state != DRAIN_ENDED)
		return fail_file(&error);
	return empty ? fail("flush", "session '%s' holds no events; %s is not written",
			    session->name, file) : COMMAND_OK;
}

static int flush(int device, const char *what, const char *file, struct control_session *session)
{
	int status = address_session("flush", session, what), err;

	if (status != COMMAND_OK)
		return status;
	err = control_call(device, *file ? CONTROL_QUERY : CONTROL_FLUSH, session);
	if (err)
		return fail_session("flush", what, session, err);
	if (!*file)
		return COMMAND_OK;
	if (!(session->s.mode & MODE_BUFFERING))
		return fail("flush", "session '%s' is no flight recorder: its events go to %s anyway; leave out -o",
			    session->name, *session->file ? session->file : "whoever reads its buffers");
	return write_snapshot(device, session, file);
}

int cmd_flush(int argc, char **argv)
{
	char file[CONTROL_STRING_MAX] = "";
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = file,
		.least = 1,
		.most = 1,
		.words = "the session",
	};
	struct control_session session;
	int device, status = arguments_parse(&arguments, argc, argv);

	if (status != ARGUMENTS_GO_ON)
		return status;
	device = open_device("flush");
	if (device < 0)
		return COMMAND_FAILED;
	status = flush(device, arguments.rest[0], file, &session);
	close(device);
	if (status != COMMAND_OK)
		return status;
	if (arguments.json)
		session_show(&session, true);
	else
		printf("flushed %s (logger %u)%s%s\n", session.name, session.s.id,
		       *file ? " to " : "", file);
	return COMMAND_OK;
}
