// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace info: what is in log files.
 */
#include "arguments.h"
#include "command.h"
#include "info.h"
#include "log-open.h"

#define FILES_MAX	4096

static const char usage[] =
	"Usage: wmitrace info [OPTIONS] FILE...\n"
	"Show what .etl files say about themselves and what is in them: session, clock, times,\n"
	"losses, damage; records by kind, provider and CPU.  Several files count as one log.\n\n";

int cmd_info(int argc, char **argv)
{
	struct arguments arguments = {
		.usage = usage,
		.least = 1,
		.most = FILES_MAX,
		.mixed = true,
		.words = "the file",
	};
	int status = arguments_parse(&arguments, argc, argv);
	struct etl_error err;
	struct tally tally;
	struct etl_log *log;

	if (status != ARGUMENTS_GO_ON)
		return status;
	log = open_log("info", arguments.rest, arguments.count);
	if (!log)
		return COMMAND_FAILED;
	status = COMMAND_OK;
	if (tally_log(&tally, log, &err))
		status = complain("info", &err);
	else if (arguments.json)
		info_json(log, &tally);
	else
		info_print(log, &tally);
	tally_free(&tally);
	etl_close(log);
	return status;
}
