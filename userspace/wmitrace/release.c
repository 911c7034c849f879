// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "arguments.h"
#include "command.h"
#include "session-call.h"
#include "session-print.h"

static const char usage[] =
	"Usage: wmitrace release [OPTIONS] SESSION\n"
	"Give up the buffers that a stopped session without log file keeps for readers.\n\n";

int cmd_release(int argc, char **argv)
{
	struct arguments arguments = {
		.usage = usage,
		.least = 1,
		.most = 1,
		.words = "the session",
	};
	struct control_session session;
	int status = arguments_parse(&arguments, argc, argv);

	if (status != ARGUMENTS_GO_ON)
		return status;
	status = session_call("release", CONTROL_RELEASE, arguments.rest[0], WMITRACE_STOPPED,
			      &session);
	if (status != COMMAND_OK)
		return status;
	if (arguments.json)
		session_show(&session, true);
	else
		printf("released %s (logger %u)\n", session.name, session.s.id);
	return COMMAND_OK;
}
