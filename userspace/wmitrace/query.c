// SPDX-License-Identifier: GPL-2.0-or-later
#include "arguments.h"
#include "command.h"
#include "session-call.h"
#include "session-print.h"

static const char usage[] =
	"Usage: wmitrace query [OPTIONS] SESSION\n"
	"Show the settings and statistics of a session, given by name or logger number.\n\n"
	"  -s, --stopped           the session may be one that has been stopped\n";

static const struct option options[] = {
	{ "stopped", no_argument, NULL, 's' },
	{ NULL, 0, NULL, 0 }
};

static int take_stopped(void *flags, int option, const char *value)
{
	(void)option, (void)value;
	*(uint32_t *)flags |= WMITRACE_STOPPED;
	return COMMAND_OK;
}

int cmd_query(int argc, char **argv)
{
	uint32_t flags = 0;
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_stopped,
		.context = &flags,
		.least = 1,
		.most = 1,
		.words = "the session",
	};
	struct control_session session;
	int status = arguments_parse(&arguments, argc, argv);

	if (status != ARGUMENTS_GO_ON)
		return status;
	status = session_call("query", CONTROL_QUERY, arguments.rest[0], flags, &session);
	if (status == COMMAND_OK)
		session_show(&session, arguments.json);
	return status;
}
