// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "command.h"
#include "failure.h"

#define OPTIONS_MAX	32
#define OPTION_JSON	'J'	/* long only: left out of the short ones */

static const struct option common[] = {
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

/* getopt's letters for those of @options that have one. */
static void short_options(const struct option *options, bool stop_early, char *letters)
{
	if (stop_early)
		*letters++ = '+';
	for (; options->name; options++) {
		if (options->val > 255 || options->val == OPTION_JSON)
			continue;
		*letters++ = options->val;
		if (options->has_arg)
			*letters++ = ':';
	}
	*letters = '\0';
}

static void join_options(struct option *all, const struct option *own)
{
	size_t n = 0;

	for (; own && own->name && n < OPTIONS_MAX; own++)
		all[n++] = *own;
	memcpy(all + n, common, sizeof(common));
}

static void print_help(const char *usage)
{
	fputs(usage, stdout);
	puts("      --json              print JSON\n"
	     "  -h, --help              print this");
}

int arguments_parse(struct arguments *arguments, int argc, char **argv)
{
	struct option all[OPTIONS_MAX + 3];
	char letters[2 * OPTIONS_MAX + 8];
	char *command = argv[0], title[40];
	int option, status;

	join_options(all, arguments->options);
	short_options(all, arguments->most > 1 && !arguments->mixed, letters);
	snprintf(title, sizeof(title), "wmitrace %s", command);
	argv[0] = title;	/* what getopt's complaints begin with */
	optind = 1;
	while ((option = getopt_long(argc, argv, letters, all, NULL)) != -1) {
		switch (option) {
		case OPTION_JSON:
			arguments->json = true;
			break;
		case 'h':
			print_help(arguments->usage);
			return COMMAND_OK;
		case '?':
			fprintf(stderr, "'wmitrace %s --help' tells more.\n", command);
			return COMMAND_USAGE;
		default:
			status = arguments->take(arguments->context, option, optarg);
			if (status != COMMAND_OK)
				return status;
		}
	}
	argv[0] = command;
	arguments->rest = argv + optind;
	arguments->count = argc - optind;
	if (arguments->count < arguments->least)
		return misuse(command, "%s is missing", arguments->words);
	if (arguments->count > arguments->most)
		return misuse(command, "one word too many: '%s'", arguments->rest[arguments->most]);
	return ARGUMENTS_GO_ON;
}

int take_switch(void *context, int option, const char *value)
{
	bool *given = context;

	(void)option;
	(void)value;
	*given = true;
	return COMMAND_OK;
}
