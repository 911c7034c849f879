// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace: one command; a table of sub-commands and nothing else.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"

static const struct command commands[] = {
	{ "record", "record a session while a command runs", cmd_record },
	{ "start", "start a session", cmd_start },
	{ "stop", "stop a session and say what was lost", cmd_stop },
	{ "query", "show a session's settings and statistics", cmd_query },
	{ "list", "list sessions", cmd_list },
	{ "flush", "hand over partly filled buffers now", cmd_flush },
	{ "update", "change a running session", cmd_update },
	{ "release", "give up the buffers of a stopped session", cmd_release },
	{ "enable", "have a provider log to a session", cmd_enable },
	{ "disable", "have it stop that", cmd_disable },
	{ "capture-state", "have it log its state", cmd_capture_state },
	{ "providers", "list providers and who has enabled them", cmd_providers },
	{ "monitor", "print events that drivers fire for consumers", cmd_monitor },
	{ "repack", "put a file made with cat into the order of time", cmd_repack },
	{ "recover", "get the sessions out of a crashed machine's memory dump", cmd_recover },
	{ "trace", "print what providers log, as it comes", cmd_trace },
	{ "dump", "print the records of log files", cmd_dump },
	{ "convert", "make an .etl file of a recording of trace-cmd", cmd_convert },
	{ "info", "show what is in log files", cmd_info },
	{ "verify", "check that log files keep the rules of the format", cmd_verify },
	{ "report", "sum up who ran where and how long, interrupts, disks", cmd_report },
	{ "format", "print the WPP messages of log files as text", cmd_format },
	{ "tmf", "make and list the formats of WPP messages", cmd_tmf },
	{ NULL, NULL, NULL }
};

static const struct command *find_command(const char *name)
{
	const struct command *c;

	for (c = commands; c->name; c++)
		if (c->run && !strcmp(c->name, name))
			return c;
	return NULL;
}

static void usage(FILE *to)
{
	const struct command *c;

	fputs("Usage: wmitrace COMMAND [OPTIONS]\n"
	      "Control the wmitrace logger, and record and read its .etl files.\n\n"
	      "Commands:\n", to);
	for (c = commands; c->name; c++)
		if (c->run)
			fprintf(to, "  %-13s %s\n", c->name, c->help);
	fputs("\n'wmitrace COMMAND --help' tells about one of them.\n", to);
}

static int help(int argc, char **argv)
{
	char option[] = "--help";
	char *args[] = { NULL, option, NULL };
	const struct command *c;

	if (argc < 2) {
		usage(stdout);
		return COMMAND_OK;
	}
	c = find_command(argv[1]);
	if (!c) {
		fprintf(stderr, "wmitrace: no command '%s'; 'wmitrace help' lists them\n", argv[1]);
		return COMMAND_USAGE;
	}
	args[0] = argv[1];
	return c->run(2, args);
}

int main(int argc, char **argv)
{
	const struct command *c;
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name) {
		usage(stderr);
		return COMMAND_USAGE;
	}
	if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help"))
		return help(argc - 1, argv + 1);
	if (!strcmp(name, "--version") || !strcmp(name, "-V")) {
		puts("wmitrace " WMITRACE_VERSION);
		return COMMAND_OK;
	}
	c = find_command(name);
	if (!c) {
		fprintf(stderr, "wmitrace: no command '%s'; 'wmitrace help' lists them\n", name);
		return COMMAND_USAGE;
	}
	return c->run(argc - 1, argv + 1);
}
