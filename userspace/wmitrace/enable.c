// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "arguments.h"
#include "command.h"
#include "failure.h"
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

#define LEVEL_VERBOSE	5

enum { OPTION_MATCH_ALL = 256 };

static const struct option options[] = {
	{ "level", required_argument, NULL, 'l' },
	{ "flags", required_argument, NULL, 'f' },
	{ "match-all", required_argument, NULL, OPTION_MATCH_ALL },
	{ NULL, 0, NULL, 0 }
};

static int parse_mask(const char *option, const char *text, __u64 *mask)
{
	char *end;

	errno = 0;
	*mask = strtoull(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || errno)
		return misuse("enable", "%s is a number of at most 64 bits (0x1f), not '%s'",
			      option, text);
	return COMMAND_OK;
}

static int take_option(void *context, int option, const char *value)
{
	struct wmitrace_enable *how = context;

	switch (option) {
	case 'l':
		if (!provider_parse_level(value, &how->level))
			return COMMAND_OK;
		return misuse("enable", "--level is 0 to 255 or a name, not '%s'", value);
	case 'f':
		return parse_mask("--flags", value, &how->any);
	default:
		return parse_mask("--match-all", value, &how->all);
	}
}

int cmd_enable(int argc, char **argv)
{
	struct wmitrace_enable how = { .level = LEVEL_VERBOSE, .any = ~0ull };
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
				     arguments.count - 1, &how, true, arguments.json);
}
