/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a sub-command's command line: its options, --json, --help, what is left. */
#ifndef WMITRACE_ARGUMENTS_H
#define WMITRACE_ARGUMENTS_H

#include <getopt.h>
#include <stdbool.h>

#define ARGUMENTS_GO_ON	(-1)

struct arguments {
	/* in */
	const char *usage;		/* the whole text of --help but for --json and --help */
	const struct option *options;	/* of this command; ends with zeros; may be NULL */
	/* COMMAND_OK, or COMMAND_USAGE after complaining; @value is NULL for flags */
	int (*take)(void *context, int option, const char *value);
	void *context;
	int least, most;		/* how many words may be left over */
	bool mixed;			/* options may come after words, also if @most > 1 */
	const char *words;		/* what these are, for the complaint: "a session" */
	/* out */
	bool json;
	char **rest;			/* @count words and NULL, in argv */
	int count;
};

/*
 * Returns ARGUMENTS_GO_ON, or the exit status if the command line was wrong or
 * --help is done.  Options end at the first word that is none if @most > 1,
 * unless @mixed.
 */
int arguments_parse(struct arguments *arguments, int argc, char **argv);

/* For @take of a command whose one option sets the bool that is its context. */
int take_switch(void *context, int option, const char *value);

#endif /* WMITRACE_ARGUMENTS_H */
