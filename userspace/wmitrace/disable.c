// SPDX-License-Identifier: GPL-2.0-or-later
#include "arguments.h"
#include "command.h"
#include "provider-choice.h"
#include "tracepoints.h"

static const char usage[] =
	"Usage: wmitrace disable [OPTIONS] SESSION PROVIDER...\n"
	"       wmitrace disable SESSION --tracepoint EVENT...\n"
	"The opposite of enable.  A provider that another session has taken over is left\n"
	"alone.  Stopping a session disables all that it has enabled.\n\n"
	"  -t, --tracepoint        the words name trace events of Linux\n";

int cmd_disable(int argc, char **argv)
{
	static const struct wmitrace_enable how;
	bool tracepoints = false;
	struct arguments arguments = {
		.usage = usage,
		.options = tracepoint_options,
		.take = take_switch,
		.context = &tracepoints,
		.least = 2,
		.most = 4096,
		.mixed = true,
		.words = "the session or the provider",
	};
	int status = arguments_parse(&arguments, argc, argv);

	if (status != ARGUMENTS_GO_ON)
		return status;
	if (tracepoints)
		return tracepoints_apply("disable", arguments.rest[0], arguments.rest + 1,
					 arguments.count - 1, false, arguments.json);
	return provider_choice_apply("disable", arguments.rest[0], arguments.rest + 1,
				     arguments.count - 1, &how, PROVIDER_DISABLE, arguments.json);
}
