// SPDX-License-Identifier: GPL-2.0-or-later
/* wmitrace format: the WPP messages of log files as text. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "arguments.h"
#include "command.h"
#include "failure.h"
#include "formats.h"
#include "log-follow.h"
#include "log-open.h"
#include "message-print.h"
#include "record-filter.h"

#define FILES_MAX	4096

static const char usage[] =
	"Usage: wmitrace format [OPTIONS] FILE...\n"
	"Print the WPP messages of .etl files as text, in the order of their times.  Several\n"
	"files are read as one log; loggerNN/header loggerNN/cpu* is a running session.\n"
	"The exit status is 4 if messages had no format.\n\n"
	MESSAGE_HELP
	"  -F, --follow            wait for more until the file is finalised; a session that\n"
	"                          writes several files (--newfile) is followed to the next\n"
	RECORD_FILTER_HELP
	"Output:\n";

static const struct option options[] = {
	MESSAGE_OPTIONS,
	{ "follow", no_argument, NULL, 'F' },
	RECORD_FILTER_OPTIONS,
	{ NULL, 0, NULL, 0 }
};

struct format {
	struct message_printer *printer;
	struct record_filter filter;
	bool follow;
	uint64_t damaged;
};

static int take_option(void *context, int option, const char *value)
{
	struct format *format = context;
	int status;

	if (message_option(format->printer, option, value, &status) ||
	    record_filter_take(&format->filter, "format", option, value, &status))
		return status;
	format->follow = true;
	return COMMAND_OK;
}

/* Prints what @range (NULL: everything) holds. */
static int format_range(void *context, struct etl_log *log, const struct etl_range *range)
{
	struct format *format = context;
	struct etl_cursor *cursor;
	struct etl_record rec;
	struct etl_error err;
	int ret;

	if (etl_cursor_open(&cursor, log, ETL_TIME_ORDER, range, &err))
		return complain("format", &err);
	while (!format->printer->out.error && (ret = etl_next(cursor, &rec))) {
		if (ret < 0) {
			output_flush(&format->printer->out);
			complain("format", etl_cursor_error(cursor));
			format->damaged++;
		} else if (record_filter_match(&format->filter, &rec)) {
			message_print(format->printer, &rec);
		}
	}
	etl_cursor_close(cursor);
	output_flush(&format->printer->out);
	return format->printer->out.error ? LOG_ENOUGH : COMMAND_OK;
}

static int search_for_formats(struct format *format, const struct etl_log *log)
{
	size_t i;

	for (i = 0; i < etl_file_count(log); i++)
		if (formats_search(format->printer->tmf, etl_facts(log, i)->path))
			return fail("format", "out of memory");
	return COMMAND_OK;
}

static int run(struct format *format, char **paths, int count)
{
	struct etl_log *log = open_log("format", paths, count);
	int status;

	if (!log)
		return COMMAND_FAILED;
	status = search_for_formats(format, log);
	if (status == COMMAND_OK)
		status = record_filter_times(&format->filter, "format", etl_facts(log, 0));
	if (status == COMMAND_OK) {
		message_print_heading(format->printer);
		status = format->follow ? log_follow("format", &log, format_range, format)
					: format_range(format, log, NULL);
	}
	if (status == COMMAND_OK || status == LOG_ENOUGH) {
		status = message_print_end(format->printer);
		log_tell_loss(log);
	}
	etl_close(log);
	return format->damaged ? COMMAND_FAILED : status;
}

int cmd_format(int argc, char **argv)
{
	static struct message_printer printer;
	struct format format = { .printer = &printer, .filter = RECORD_FILTER_NONE };
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = &format,
		.least = 1,
		.most = FILES_MAX,
		.mixed = true,
		.words = "the file",
	};
	int status = message_printer_init(&printer, "format");

	if (status == COMMAND_OK)
		status = arguments_parse(&arguments, argc, argv);
	if (status == ARGUMENTS_GO_ON && arguments.json && printer.form == MESSAGE_CSV)
		status = misuse("format", "choose one of --json and --csv");
	if (status == ARGUMENTS_GO_ON) {
		if (arguments.json)
			printer.form = MESSAGE_JSON;
		status = run(&format, arguments.rest, arguments.count);
	}
	message_printer_free(&printer);
	return status;
}
