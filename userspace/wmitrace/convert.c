// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace convert: a recording of trace-cmd as an .etl file.
 *
 * The recording is read twice: NT names what runs already before it says what
 * happens, and which of two events tells of a wake-up depends on what there is.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <trace-cmd/trace-cmd.h>

#include "arguments.h"
#include "command.h"
#include "convert.h"
#include "failure.h"
#include "json.h"
#include "log-open.h"

#define NS_PER_SECOND	1000000000u
#define EVENTS		65536		/* ids are 16 bits in a record */
#define INSTANCES	64

static const char usage[] =
	"Usage: wmitrace convert [OPTIONS] -o FILE.etl TRACE.dat\n"
	"Make an .etl file of a recording of trace-cmd: events that Windows has become its\n"
	"kernel events (switches, processes, interrupts, disks ...), the others TraceLogging\n"
	"events of providers Linux.SYSTEM.\n\n"
	"  -o, --output FILE       the new file\n"
	"  -a, --all               TraceLogging events also of what has become kernel events\n";

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "all", no_argument, NULL, 'a' },
	{ NULL, 0, NULL, 0 }
};

struct schema_slot {
	struct trace_schema schema;
	bool usable;
};

struct convert {
	const char *input, *output;
	bool all;
	struct tracecmd_input *handles[1 + INSTANCES];	/* the top one first */
	int handle_count;
	struct convert_writer writer;
	struct convert_kernel kernel;
	struct schema_slot *schemas[EVENTS];
	uint64_t kernel_events, events, unknown;
};

static int take_option(void *context, int option, const char *value)
{
	struct convert *c = context;

	if (option == 'a')
		c->all = true;
	else
		c->output = value;
	return COMMAND_OK;
}

/* ---- reading ---------------------------------------------------------------------- */

static void close_input(struct convert *c)
{
	while (c->handle_count)
		tracecmd_close(c->handles[--c->handle_count]);
}

static int open_input(struct convert *c)
{
	int i, count;

	tracecmd_set_loglevel(TEP_LOG_NONE);
	c->handles[0] = tracecmd_open(c->input, 0);
	if (!c->handles[0])
		return fail("convert", "%s is no recording of trace-cmd that can be read", c->input);
	c->handle_count = 1;
	count = tracecmd_buffer_instances(c->handles[0]);
	for (i = 0; i < count && i < INSTANCES; i++) {
		c->handles[c->handle_count] = tracecmd_buffer_instance_handle(c->handles[0], i);
		if (c->handles[c->handle_count])
			c->handle_count++;
	}
	return COMMAND_OK;
}

typedef int (*callback)(struct tracecmd_input *, struct tep_record *, int, void *);

static int read_all(struct convert *c, callback take)
{
	int status = open_input(c);

	if (status == COMMAND_OK)
		tracecmd_iterate_events_multi(c->handles, c->handle_count, take, c);
	return status;
}

static struct tep_event *event_of(struct tracecmd_input *handle, struct tep_record *record)
{
	return tep_find_event_by_record(tracecmd_get_tep(handle), record);
}

/* ---- first pass ------------------------------------------------------------------- */

static int scan(struct tracecmd_input *handle, struct tep_record *record, int cpu, void *context)
{
	struct convert *c = context;
	struct tep_event *event = event_of(handle, record);

	(void)cpu;
	if (record->missed_events > 0)
		c->writer.events_lost += (uint64_t)record->missed_events;
	else if (record->missed_events < 0)
		c->writer.gaps++;
	if (event)
		convert_kernel_scan(&c->kernel, event, record);
	return 0;
}

/* ---- second pass ------------------------------------------------------------------ */

static struct schema_slot *schema_of(struct convert *c, const struct tep_event *event)
{
	struct schema_slot **slot = &c->schemas[event->id & (EVENTS - 1)];

	if (*slot)
		return *slot;
	*slot = calloc(1, sizeof(**slot));
	if (!*slot) {
		c->kernel.no_memory = true;
		return NULL;
	}
	(*slot)->usable = !trace_schema_make(&(*slot)->schema, event);
	if (!(*slot)->usable)
		fail("convert", "%s; left out", (*slot)->schema.reason);
	return *slot;
}

static void put_event(struct convert *c, struct tep_event *event, struct tep_record *record)
{
	static unsigned char payload[4 * ETL_RECORD_SIZE_MAX], items[2 * 8192];
	const struct schema_slot *slot = schema_of(c, event);
	const struct trace_schema *s;
	const unsigned char *data = record->data;
	struct etl_record rec = {
		.header = ETL_HEADER_EVENT64,
		.kind = ETL_KIND_EVENT,
		.time = record->ts,
		.flags = ETL_EVENT_EXTENDED_INFO,
		.channel = TRACE_SCHEMA_CHANNEL,
		.level = TRACE_SCHEMA_LEVEL,
		.keyword = TRACE_SCHEMA_KEYWORD,
		.thread = (uint32_t)tep_data_pid(event->tep, record),
		.ext = items,
		.payload = payload,
	};

	if (!slot || !slot->usable) {
		c->unknown++;
		return;
	}
	s = &slot->schema;
	rec.process = convert_pid(&c->kernel.tasks, rec.thread);
	rec.guid = s->guid;
	etl_ext_put(items, sizeof(items), &rec.ext_size, ETL_EXT_PROVIDER_TRAITS, s->traits, s->traits_size);
	etl_ext_put(items, sizeof(items), &rec.ext_size, ETL_EXT_EVENT_SCHEMA, s->schema, s->schema_size);
	rec.payload_size = etl_bridge_run(s->ops, s->op_count, data, (uint32_t)record->size, NULL);
	if (rec.payload_size > ETL_RECORD_SIZE_MAX) {
		c->writer.too_large++;
		return;
	}
	etl_bridge_run(s->ops, s->op_count, data, (uint32_t)record->size, payload);
	convert_put(&c->writer, (uint32_t)record->cpu, &rec);
	c->events++;
}

static int convert_one(struct tracecmd_input *handle, struct tep_record *record, int cpu, void *context)
{
	struct convert *c = context;
	struct tep_event *event = event_of(handle, record);
	bool kernel = false;

	(void)cpu;
	if (!event) {
		c->unknown++;
		return 0;
	}
	/* An instance's events can be the top one's again. */
	if (handle == c->handles[0])
		kernel = convert_kernel_event(&c->kernel, event, record);
	c->kernel_events += kernel;
	if (!kernel || c->all)
		put_event(c, event, record);
	return c->writer.err || c->kernel.no_memory ? -1 : 0;
}

/* ---- the file --------------------------------------------------------------------- */

/*
 * The recording's clock says when relative to what; if it is not the wall clock
 * itself, the file's last change is taken for the end.
 */
static uint64_t start_filetime(const struct convert *c, uint64_t first, uint64_t last)
{
	struct stat file;

	if (first > 1000000000ull * NS_PER_SECOND || stat(c->input, &file))
		return ETL_FILETIME_UNIX + first / 100;
	return ETL_FILETIME_UNIX + (uint64_t)file.st_mtim.tv_sec * 10000000 +
	       (uint64_t)file.st_mtim.tv_nsec / 100 - (last - first) / 100;
}

static struct etl_facts describe(const struct convert *c, uint32_t cpus, uint64_t start)
{
	return (struct etl_facts){
		.buffer_size = CONVERT_BUFFER,
		.os_major = 10,
		.layout_major = ETL_LAYOUT_MAJOR,
		.layout_minor = ETL_LAYOUT_MINOR,
		.os_build = 19041,
		.processors = cpus,
		.pointer_size = 8,
		.start_buffers = 1,
		.timer_resolution = 156250,
		.cpu_mhz = 1000,		/* of a counter of nanoseconds */
		.perf_freq = NS_PER_SECOND,
		.boot_time = start - c->kernel.facts.first / 100,
		.timebase = {
			.type = ETL_CLOCK_PERF,
			.num = 10000000,
			.den = NS_PER_SECOND,
			.raw0 = c->kernel.facts.first,
			.start = start,
		},
		.standard_name = "",
		.daylight_name = "",
		.logger_name = "NT Kernel Logger",
		.log_file_name = c->output,
	};
}

static int write_all(struct convert *c)
{
	const struct convert_facts *f = &c->kernel.facts;
	const int cpus = tep_get_cpus(tracecmd_get_tep(c->handles[0]));
	const uint64_t start = start_filetime(c, f->first, f->last);
	const struct etl_facts facts = describe(c, cpus > 0 ? (uint32_t)cpus : 1, start);
	struct etl_masks masks;
	int status;

	close_input(c);
	c->kernel.writer = &c->writer;
	c->kernel.cpus = calloc(facts.processors, sizeof(*c->kernel.cpus));
	if (!c->kernel.cpus || c->kernel.no_memory)
		return fail("convert", "out of memory");
	convert_kernel_masks(&c->kernel, &masks);
	if (convert_writer_open(&c->writer, c->output, &facts, &masks))
		return complain("convert", &c->writer.error);
	convert_kernel_begin(&c->kernel);
	status = read_all(c, convert_one);
	convert_kernel_end(&c->kernel);
	if (convert_writer_close(&c->writer, f->last, start + (f->last - f->first) / 100))
		return complain("convert", &c->writer.error);
	if (c->kernel.no_memory)
		return fail("convert", "out of memory");
	return status;
}

static void report(const struct convert *c, bool as_json)
{
	const struct convert_writer *w = &c->writer;
	struct json json = { .to = stdout };

	if (!as_json) {
		printf("converted %s: %" PRIu64 " kernel events and %" PRIu64 " others, %" PRIu64
		       " records in all\n", c->output, c->kernel_events, c->events, w->records);
		if (w->events_lost || w->gaps)
			printf("The recording lost %" PRIu64 " events, and at %" PRIu64
			       " places an unknown number.\n", w->events_lost, w->gaps);
		if (c->unknown || w->too_large)
			printf("Left out: %" PRIu64 " events without a format, %" PRIu64 " over 64 KB.\n",
			       c->unknown, w->too_large);
		return;
	}
	json_open(&json, NULL, '{');
	json_string(&json, "file", c->output);
	json_number(&json, "kernel_events", c->kernel_events);
	json_number(&json, "other_events", c->events);
	json_number(&json, "records", w->records);
	json_number(&json, "events_lost", w->events_lost);
	json_number(&json, "gaps", w->gaps);
	json_number(&json, "unknown", c->unknown);
	json_number(&json, "too_large", w->too_large);
	json_close(&json, '}');
	putchar('\n');
}

static int convert(struct convert *c)
{
	int status = read_all(c, scan);

	if (status == COMMAND_OK && !c->kernel.facts.first)
		status = fail("convert", "%s has no events", c->input);
	if (status == COMMAND_OK)
		status = write_all(c);
	close_input(c);
	return status;
}

static int convert_and_report(struct convert *c, bool as_json)
{
	int status = convert(c);
	size_t i;

	if (status == COMMAND_OK)
		report(c, as_json);
	for (i = 0; i < EVENTS; i++)
		free(c->schemas[i]);
	convert_kernel_free(&c->kernel);
	return status;
}

/*
 * In a process of its own: the libraries trust what a recording says of its
 * formats, and a damaged one may end them.
 */
static int convert_apart(struct convert *c, bool as_json)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return fail("convert", "no process: %s", strerror(errno));
	if (!child)
		exit(convert_and_report(c, as_json));
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return fail("convert", "lost sight of the process that converts: %s",
				    strerror(errno));
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	unlink(c->output);
	return fail("convert", "%s: what reads recordings broke off with signal %d (%s): it is damaged",
		    c->input, WTERMSIG(status), strsignal(WTERMSIG(status)));
}

int cmd_convert(int argc, char **argv)
{
	static struct convert c;
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = &c,
		.least = 1,
		.most = 1,
		.mixed = true,
		.words = "the recording",
	};
	int status = arguments_parse(&arguments, argc, argv);

	if (status != ARGUMENTS_GO_ON)
		return status;
	if (!c.output)
		return misuse("convert", "-o FILE is missing");
	c.input = arguments.rest[0];
	return convert_apart(&c, arguments.json);
}
