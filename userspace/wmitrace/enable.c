// SPDX-License-Identifier: GPL-2.0-or-later
#include "arguments.h"
#include "command.h"
#include "provider-choice.h"

static const char usage[] =
	"Usage: wmitrace enable [OPTIONS] SESSION PROVIDER...\n"
	"Have providers log to a session.  A PROVIDER is a control GUID or the name of a\n"
	"registered provider or its module; a GUID may belong to a driver that is not\n"
	"loaded yet.  Enabling again changes level and flags.  A classic provider logs\n"
	"to the session that enabled it last.\n\n"
	"  -l, --level N|NAME      0-255, or none, critical, error, warning, information,\n"
	"                          verbose (default: verbose)\n"
	"  -f, --flags MASK        flags or keywords of which an event has to have one\n"
	"                          (default: all)\n"
	"      --match-all MASK    keywords of which it has to have all (default: none)\n";

static const struct option options[] = {
	PROVIDER_OPTIONS,
	{ NULL, 0, NULL, 0 }
};

static int take_option(void *how, int option, const char *value)
{
	return provider_choice_option("enable", option, value, how);
}

int cmd_enable(int argc, char **argv)
{
	struct wmitrace_enable how = { .level = PROVIDER_LEVEL_VERBOSE, .any = ~0ull };
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = &how,
		.least = 2,
		.most = 64,
		.mixed = true,
		.words = "the session or the provider",
	};
	int status = arguments_parse(&arguments, argc, argv);

	if (status != ARGUMENTS_GO_ON)
		return status;
	return provider_choice_apply("enable", arguments.rest[0], arguments.rest + 1,
				     arguments.count - 1, &how, PROVIDER_ENABLE, arguments.json);
}
