// SPDX-License-Identifier: GPL-2.0-or-later
#include "arguments.h"
#include "command.h"
#include "session-call.h"
#include "session-print.h"

static const char usage[] =
	"Usage: wmitrace query [OPTIONS] SESSION\n"
	"Show the settings and statistics of a session, given by name or logger number.\n\n"
	"  -s, --stopped           the session may be one that has been stopped\n";

int cmd_query(int argc, char **argv)
{
	bool stopped = false;
	struct arguments arguments = {
		.usage = usage,
		.options = stopped_options,
		.take = take_switch,
		.context = &stopped,
		.least = 1,
		.most = 1,
		.words = "the session",
	};
	struct control_session session;
	int status = arguments_parse(&arguments, argc, argv);

	if (status != ARGUMENTS_GO_ON)
		return status;
	status = session_call("query", CONTROL_QUERY, arguments.rest[0],
			      stopped ? WMITRACE_STOPPED : 0, &session);
	if (status == COMMAND_OK)
		session_show(&session, arguments.json);
	return status;
}
