/* SPDX-License-Identifier: GPL-2.0-or-later */
/* WPP messages as lines of text, JSON or CSV; options, counts and hints that go with that. */
#ifndef WMITRACE_MESSAGE_PRINT_H
#define WMITRACE_MESSAGE_PRINT_H

#include <getopt.h>

#include "output.h"
#include "tmf.h"

#define MESSAGE_TEXT	(1u << 18)	/* bytes of a message's text; more is cut off */
#define MISSING_MAX	16		/* GUIDs without format that are remembered */

enum message_form { MESSAGE_LINES, MESSAGE_JSON, MESSAGE_CSV };

struct message_printer {
	const char *command;
	struct etl_tmf *tmf;
	struct etl_tmf_style style;
	enum message_form form;
	uint64_t printed;		/* with a format */
	uint64_t unknown;		/* messages without */
	uint64_t others;		/* records that are no messages */
	unsigned char missing[MISSING_MAX][16];
	unsigned int missing_count;
	struct output out;
	char text[MESSAGE_TEXT];
};

enum {
	OPTION_TMF = 512,
	OPTION_PREFIX,
	OPTION_NO_PREFIX,
	OPTION_UTC,
	OPTION_HIRES,
	OPTION_LOCAL_ITEMS,
	OPTION_MESSAGE_CSV,
};

#define MESSAGE_OPTIONS \
	{ "tmf", required_argument, NULL, OPTION_TMF }, \
	{ "prefix", required_argument, NULL, OPTION_PREFIX }, \
	{ "no-prefix", no_argument, NULL, OPTION_NO_PREFIX }, \
	{ "utc", no_argument, NULL, OPTION_UTC }, \
	{ "hires", no_argument, NULL, OPTION_HIRES }, \
	{ "local-times", no_argument, NULL, OPTION_LOCAL_ITEMS }, \
	{ "csv", no_argument, NULL, OPTION_MESSAGE_CSV }
#define MESSAGE_HELP \
	"      --tmf PATH          take formats from a TMF file, a folder of them, or a module\n" \
	"                          (.ko); may be repeated.  Then come the folders of\n" \
	"                          TRACE_FORMAT_SEARCH_PATH, those of the files read, and\n" \
	"                          /usr/share/wmitrace/tmf\n" \
	"      --prefix FORMAT     what lines begin with (default: TRACE_FORMAT_PREFIX, or\n" \
	"                          '" ETL_TMF_PREFIX "')\n" \
	"      --no-prefix         nothing\n" \
	"      --utc               the prefix's times in UTC, not local time\n" \
	"      --hires             times to 100 ns\n" \
	"      --local-times       times among the arguments in local time, as tracefmt has them\n" \
	"      --csv               print comma-separated values\n"

/* Prepares @printer: formats none yet, prefix as the environment says.  Returns an exit status. */
int message_printer_init(struct message_printer *printer, const char *command);
void message_printer_free(struct message_printer *printer);

/* True if @option is one of MESSAGE_OPTIONS; *@status is then COMMAND_OK, or it complained. */
bool message_option(struct message_printer *printer, int option, const char *value, int *status);

/* What comes before the first message. */
void message_print_heading(struct message_printer *printer);
/* Prints a message; counts anything else. */
void message_print(struct message_printer *printer, const struct etl_record *rec);

/*
 * Says on standard error what had no format, and how to get it.  Returns
 * COMMAND_OK, COMMAND_UNKNOWN, or COMMAND_FAILED if output failed.
 */
int message_print_end(struct message_printer *printer);

#endif /* WMITRACE_MESSAGE_PRINT_H */
