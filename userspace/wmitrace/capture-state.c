// SPDX-License-Identifier: GPL-2.0-or-later
#include "arguments.h"
#include "command.h"
#include "provider-choice.h"

static const char usage[] =
	"Usage: wmitrace capture-state [OPTIONS] SESSION PROVIDER...\n"
	"Ask providers that are enabled for a session to log what state they are in: what a\n"
	"reader needs who has not seen how they came to it.  Providers that 'wmitrace\n"
	"providers' lists as 'etw' can be asked; which events they log is theirs to know.\n\n"
	"  -l, --level N|NAME      passed on to the provider (default: verbose)\n"
	"  -f, --flags MASK        the same: keywords (default: all)\n"
	"      --match-all MASK    the same: keywords that must all be there (default: none)\n";

static const struct option options[] = {
	PROVIDER_OPTIONS,
	{ NULL, 0, NULL, 0 }
};

static int take_option(void *how, int option, const char *value)
{
	return provider_choice_option("capture-state", option, value, how);
}

int cmd_capture_state(int argc, char **argv)
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
	return provider_choice_apply("capture-state", arguments.rest[0], arguments.rest + 1,
				     arguments.count - 1, &how, PROVIDER_CAPTURE_STATE,
				     arguments.json);
}
