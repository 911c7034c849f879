// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace dump: the records of log files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "command.h"
#include "dump.h"
#include "failure.h"
#include "formats.h"
#include "log-follow.h"
#include "log-open.h"
#include "record-filter.h"
#include "record-index.h"

#define FILES_MAX	4096
#define DAMAGE_SHOWN	20		/* places told one by one */

static const char usage[] =
	"Usage: wmitrace dump [OPTIONS] FILE...\n"
	"Print the records of .etl files, one a line, in the order of their times.\n"
	"Several files are read as one log; the CPU streams of a session count as one file\n"
	"after its header: loggerNN/header loggerNN/cpu*.\n\n"
	"  -o, --file-order        in the order in which the records lie in the file\n"
	"  -n, --count N           stop after N records\n"
	"  -F, --follow            wait for more until the file is finalised; a session that\n"
	"                          writes several files (--newfile) is followed to the next\n"
	"      --csv               print comma-separated values\n"
	"      --tmf PATH          formats of WPP messages, as for 'wmitrace format'\n"
	RECORD_FILTER_HELP
	"Output:\n";

enum { OPTION_CSV = 256, OPTION_TMF };

static const struct option options[] = {
	{ "file-order", no_argument, NULL, 'o' },
	{ "count", required_argument, NULL, 'n' },
	{ "follow", no_argument, NULL, 'F' },
	{ "csv", no_argument, NULL, OPTION_CSV },
	{ "tmf", required_argument, NULL, OPTION_TMF },
	RECORD_FILTER_OPTIONS,
	{ NULL, 0, NULL, 0 }
};

struct request {
	struct record_filter filter;
	enum etl_order order;
	uint64_t count;			/* records still to print */
	struct etl_tmf *tmf;
	bool follow, csv;
	bool numbered;			/* the format shows the record's number in file order */
	void (*print)(struct dump *dump, const struct etl_record *rec);
	uint64_t damaged;
};

static int take_option(void *context, int option, const char *value)
{
	struct request *request = context;
	char *end;
	int status;

	if (record_filter_take(&request->filter, "dump", option, value, &status))
		return status;
	switch (option) {
	case 'o':
		request->order = ETL_FILE_ORDER;
		break;
	case 'n':
		request->count = strtoull(value, &end, 10);
		if (*end || *value < '0' || *value > '9')
			return misuse("dump", "'%s' is no number of records", value);
		break;
	case 'F':
		request->follow = true;
		break;
	case OPTION_CSV:
		request->csv = true;
		break;
	case OPTION_TMF:
		return formats_load("dump", request->tmf, value);
	}
	return COMMAND_OK;
}

/* ---- printing ---------------------------------------------------------------- */

static void tell_damage(struct dump *dump, struct request *request, const struct etl_error *err)
{
	output_flush(&dump->out);
	if (++request->damaged <= DAMAGE_SHOWN)
		complain("dump", err);
}

/* Prints what @cursor gives; @index tells the records' numbers, NULL: they come in that order. */
static void dump_cursor(struct dump *dump, struct request *request, struct etl_cursor *cursor,
			struct record_index *index)
{
	const uint64_t first = dump->index;
	struct etl_record rec;
	int ret;

	while (request->count && !dump->out.error && (ret = etl_next(cursor, &rec))) {
		if (ret < 0) {
			tell_damage(dump, request, etl_cursor_error(cursor));
			continue;
		}
		if (index)
			dump->index = record_index_take(index, &rec);
		if (record_filter_match(&request->filter, &rec)) {
			request->print(dump, &rec);
			request->count--;
		}
		dump->index++;
	}
	dump->index = first + etl_cursor_stats(cursor)->records;
	output_flush(&dump->out);
}

/* What log_follow() is given. */
struct following {
	struct dump *dump;
	struct request *request;
};

/* Prints what @range (NULL: everything) holds.  COMMAND_FAILED if it cannot be read. */
static int dump_range(struct dump *dump, struct request *request, struct etl_log *log,
		      const struct etl_range *range)
{
	struct record_index *index = NULL;
	struct etl_cursor *cursor;
	struct etl_error err;

	if (request->numbered && request->order == ETL_TIME_ORDER) {
		index = record_index_new(log, range, dump->index);
		if (!index)
			return fail("dump", "out of memory; --file-order needs less");
	}
	if (etl_cursor_open(&cursor, log, request->order, range, &err)) {
		record_index_free(index);
		return complain("dump", &err);
	}
	dump_cursor(dump, request, cursor, index);
	etl_cursor_close(cursor);
	record_index_free(index);
	return COMMAND_OK;
}

static int dump_new(void *context, struct etl_log *log, const struct etl_range *range)
{
	struct following *f = context;
	int status = dump_range(f->dump, f->request, log, range);

	if (status == COMMAND_OK && (!f->request->count || f->dump->out.error))
		return LOG_ENOUGH;
	return status;
}

/* ---- the end -------------------------------------------------------------------- */

static int finish(const struct dump *dump, const struct request *request, const struct etl_log *log)
{
	if (dump->out.error)
		return fail("dump", "cannot write: %s", strerror(dump->out.error));
	log_tell_loss(log);
	if (request->damaged > DAMAGE_SHOWN)
		fprintf(stderr, "wmitrace dump: and %llu more damaged places\n",
			(unsigned long long)(request->damaged - DAMAGE_SHOWN));
	return request->damaged ? COMMAND_FAILED : COMMAND_OK;
}

static int run(struct request *request, char **paths, int count)
{
	static struct dump dump = { .out.fd = STDOUT_FILENO };
	struct etl_log *log = open_log("dump", paths, count);
	struct following following = { &dump, request };
	int status;

	if (!log)
		return COMMAND_FAILED;
	dump.tmf = request->tmf;
	dump.color = isatty(STDOUT_FILENO);
	status = record_filter_times(&request->filter, "dump", etl_facts(log, 0));
	if (status == COMMAND_OK && formats_search(dump.tmf, paths[0]))
		status = fail("dump", "out of memory");
	if (status == COMMAND_OK) {
		if (request->csv)
			dump_csv_heading(&dump);
		status = request->follow ? log_follow("dump", &log, dump_new, &following)
					 : dump_range(&dump, request, log, NULL);
	}
	if (status == COMMAND_OK)
		status = finish(&dump, request, log);
	etl_close(log);
	return status;
}

int cmd_dump(int argc, char **argv)
{
	struct request request = {
		.filter = RECORD_FILTER_NONE,
		.order = ETL_TIME_ORDER,
		.count = UINT64_MAX,
	};
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = &request,
		.least = 1,
		.most = FILES_MAX,
		.mixed = true,
		.words = "the file",
	};
	int status;

	if (etl_tmf_new(&request.tmf))
		return fail("dump", "out of memory");
	status = arguments_parse(&arguments, argc, argv);
	if (status == ARGUMENTS_GO_ON && arguments.json && request.csv)
		status = misuse("dump", "choose one of --json and --csv");
	if (status == ARGUMENTS_GO_ON) {
		request.numbered = arguments.json;
		request.print = arguments.json ? dump_json : request.csv ? dump_csv : dump_text;
		status = run(&request, arguments.rest, arguments.count);
	}
	etl_tmf_free(request.tmf);
	return status;
}
