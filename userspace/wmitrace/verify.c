// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace verify: whether files are as Windows would have written them.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "arguments.h"
#include "command.h"
#include "failure.h"
#include "log-open.h"
#include "verify.h"

#define FILES_MAX	4096
#define SHOWN		50u		/* breaches of a file, without --all */
#define CPUS		(ETL_PROCESSOR_MASK + 1u)

static const char usage[] =
	"Usage: wmitrace verify [OPTIONS] FILE...\n"
	"Check that .etl files keep every rule that files written by Windows keep, and name each\n"
	"place where one does not.  The exit status is 0 if all do, else 1.\n\n"
	"  -f, --finalised         a file that was not finalised breaks a rule\n"
	"  -a, --all               print all breaches, not only the first 50 of a file\n"
	"  -q, --quiet             print nothing\n";

static const struct option options[] = {
	{ "finalised", no_argument, NULL, 'f' },
	{ "all", no_argument, NULL, 'a' },
	{ "quiet", no_argument, NULL, 'q' },
	{ NULL, 0, NULL, 0 }
};

static int take_option(void *context, int option, const char *value)
{
	struct verify_options *o = context;

	(void)value;
	o->finalised |= option == 'f';
	o->all |= option == 'a';
	o->quiet |= option == 'q';
	return COMMAND_OK;
}

/* ---- reporting ------------------------------------------------------------------------ */

void verify_breach(struct verify *v, const char *rule, uint64_t offset, const char *format, ...)
{
	char text[300];
	va_list args;

	if (v->breaches++ >= SHOWN && !v->options->all)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (v->options->json) {
		json_open(v->json, NULL, '{');
		json_string(v->json, "rule", rule);
		json_number(v->json, "offset", offset);
		json_string(v->json, "text", text);
		json_close(v->json, '}');
	} else if (!v->options->quiet) {
		printf("%s: 0x%" PRIx64 ": %s: %s\n", v->facts->path, offset, rule, text);
	}
}

static void report_end(const struct verify *v)
{
	const struct etl_facts *f = v->facts;

	if (v->options->json) {
		json_close(v->json, ']');
		json_number(v->json, "breaches", v->breaches);
		json_number(v->json, "buffers", v->buffers);
		json_number(v->json, "records", v->records);
		json_bool(v->json, "finalised", f->flags & ETL_FACTS_FINALISED);
		json_close(v->json, '}');
		return;
	}
	if (v->options->quiet)
		return;
	if (v->breaches > SHOWN && !v->options->all)
		printf("%s: and %" PRIu64 " more (--all prints them)\n", f->path, v->breaches - SHOWN);
	printf("%s: %" PRIu64 " record%s in %" PRIu64 " buffer%s, ", f->path, v->records,
	       v->records == 1 ? "" : "s", v->buffers, v->buffers == 1 ? "" : "s");
	if (v->breaches)
		printf("%" PRIu64 " breach%s", v->breaches, v->breaches == 1 ? "" : "es");
	else
		printf("no breach");
	puts(f->flags & ETL_FACTS_FINALISED ? "" : "; not finalised");
}

/* ---- walking --------------------------------------------------------------------------- */

static void tell_damage(struct verify *v, const struct etl_cursor *cursor)
{
	const struct etl_error *err = etl_cursor_error(cursor);

	verify_breach(v, "damage", err->offset, "%s", err->reason);
}

static void walk(struct verify *v, struct etl_cursor *cursor)
{
	struct etl_buffer buffer;
	struct etl_record rec;
	int found, ret;

	while ((found = etl_next_buffer(cursor, &buffer))) {
		uint64_t damaged = etl_cursor_stats(cursor)->damaged;

		if (found < 0) {
			tell_damage(v, cursor);
			continue;
		}
		verify_buffer(v, &buffer);
		while ((ret = etl_next(cursor, &rec))) {
			if (ret < 0)
				tell_damage(v, cursor);
			else
				verify_record(v, &rec);
		}
		verify_buffer_end(v, &buffer, etl_cursor_stats(cursor)->damaged != damaged);
	}
}

/*
 * Whether the flush times step back exactly once, as in a circular file that
 * was wrapped.
 */
static bool is_wrapped(struct etl_log *log)
{
	struct etl_cursor *cursor;
	struct etl_buffer buffer;
	uint64_t before = 0;
	unsigned int steps = 0;
	int found;

	if (!(etl_facts(log, 0)->mode & ETL_MODE_CIRCULAR) ||
	    etl_cursor_open(&cursor, log, ETL_FILE_ORDER, NULL, NULL))
		return false;
	while ((found = etl_next_buffer(cursor, &buffer))) {
		if (found < 0 || buffer.type == ETL_BUFFER_HEADER)
			continue;
		steps += buffer.time_stamp < before;
		before = buffer.time_stamp;
	}
	etl_cursor_close(cursor);
	return steps == 1;
}

static int verify_log(struct verify *v, struct etl_log *log)
{
	struct etl_cursor *cursor;
	struct etl_error err;

	v->facts = etl_facts(log, 0);
	v->wrapped = is_wrapped(log);
	v->cpus = calloc(CPUS, sizeof(*v->cpus));
	if (!v->cpus)
		return fail("verify", "out of memory");
	if (etl_cursor_open(&cursor, log, ETL_FILE_ORDER, NULL, &err)) {
		free(v->cpus);
		return complain("verify", &err);
	}
	if (v->options->json) {
		json_open(v->json, NULL, '{');
		json_string(v->json, "path", v->facts->path);
		json_open(v->json, "breach", '[');
	}
	verify_facts(v);
	walk(v, cursor);
	verify_end(v);
	report_end(v);
	etl_cursor_close(cursor);
	free(v->cpus);
	free(v->sequences);
	return v->breaches ? COMMAND_FAILED : COMMAND_OK;
}

static int verify_file(const struct verify_options *o, struct json *json, char *path)
{
	struct verify v = { .options = o, .json = json };
	struct etl_log *log = open_log("verify", &path, 1);
	int status;

	if (!log)
		return COMMAND_FAILED;
	status = verify_log(&v, log);
	etl_close(log);
	return status;
}

int cmd_verify(int argc, char **argv)
{
	struct verify_options o = { 0 };
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = &o,
		.least = 1,
		.most = FILES_MAX,
		.mixed = true,
		.words = "the file",
	};
	struct json json = { .to = stdout };
	int status = arguments_parse(&arguments, argc, argv), i;

	if (status != ARGUMENTS_GO_ON)
		return status;
	o.json = arguments.json;
	status = COMMAND_OK;
	if (o.json)
		json_open(&json, NULL, '[');
	for (i = 0; i < arguments.count; i++)
		if (verify_file(&o, &json, arguments.rest[i]) != COMMAND_OK)
			status = COMMAND_FAILED;
	if (o.json) {
		json_close(&json, ']');
		putchar('\n');
	}
	return status;
}
