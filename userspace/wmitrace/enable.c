// SPDX-License-Identifier: GPL-2.0-or-later
#include "arguments.h"
#include "command.h"
#include "failure.h"
#include "provider-choice.h"
#include "tracepoints.h"

static const char usage[] =
	"Usage: wmitrace enable [OPTIONS] SESSION PROVIDER...\n"
	"       wmitrace enable SESSION --tracepoint EVENT...\n"
	"Have providers log to a session.  A PROVIDER is a control GUID or the name of a\n"
	"registered provider or its module; a GUID may belong to a driver that is not\n"
	"loaded yet.  Enabling again changes level and flags.  A classic provider logs\n"
	"to the session that enabled it last.  An EVENT is a trace event of Linux,\n"
	"SYSTEM:EVENT, SYSTEM or EVENT with * and ?, and is logged as a TraceLogging event\n"
	"of the provider Linux.SYSTEM: --tracepoint 'sched:*' net:net_dev_xmit.\n\n"
	"  -l, --level N|NAME      0-255, or none, critical, error, warning, information,\n"
	"                          verbose (default: verbose)\n"
	"  -f, --flags MASK        flags or keywords of which an event has to have one\n"
	"                          (default: all)\n"
	"      --match-all MASK    keywords of which it has to have all (default: none)\n"
	"  -t, --tracepoint        the words name trace events of Linux\n";

static const struct option options[] = {
	PROVIDER_OPTIONS,
	TRACEPOINT_OPTION,
	{ NULL, 0, NULL, 0 }
};

struct request {
	struct wmitrace_enable how;
	bool tracepoints;
	bool chosen;			/* an option that only providers have was given */
};

static int take_option(void *context, int option, const char *value)
{
	struct request *request = context;

	if (option == 't') {
		request->tracepoints = true;
		return COMMAND_OK;
	}
	request->chosen = true;
	return provider_choice_option("enable", option, value, &request->how);
}

int cmd_enable(int argc, char **argv)
{
	struct request request = { .how = { .level = PROVIDER_LEVEL_VERBOSE, .any = ~0ull } };
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = &request,
		.least = 2,
		.most = 4096,
		.mixed = true,
		.words = "the session or the provider",
	};
	int status = arguments_parse(&arguments, argc, argv);

	if (status != ARGUMENTS_GO_ON)
		return status;
	if (!request.tracepoints)
		return provider_choice_apply("enable", arguments.rest[0], arguments.rest + 1,
					     arguments.count - 1, &request.how, PROVIDER_ENABLE,
					     arguments.json);
	if (request.chosen)
		return misuse("enable", "trace events have no level and no flags; --tracepoint goes alone");
	return tracepoints_apply("enable", arguments.rest[0], arguments.rest + 1,
				 arguments.count - 1, true, arguments.json);
}
