// SPDX-License-Identifier: GPL-2.0-or-later
/* wmitrace trace: what providers log, as text, as it comes. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "arguments.h"
#include "child.h"
#include "command.h"
#include "failure.h"
#include "formats.h"
#include "live.h"
#include "message-print.h"
#include "mode.h"
#include "provider.h"
#include "session-options.h"

#define PROVIDERS_MAX	64
#define FLUSH_MS	100	/* how old a message is at most when it is shown */
#define LEVEL_DEFAULT	5	/* verbose */
#define BUFFER_KB	64

static const char usage[] =
	"Usage: wmitrace trace [OPTIONS] PROVIDER[:FLAGS[:LEVEL]]...\n"
	"Print what providers log, as it comes, until interrupted.  A PROVIDER is a control\n"
	"GUID, or the name of a registered provider or of a module; FLAGS default to all,\n"
	"LEVEL to verbose.  The formats of installed modules are found by themselves.\n\n"
	MESSAGE_HELP
	"  -n, --count N           stop after N messages\n"
	"      --buffer-size SIZE  of each CPU's buffers\n"
	"      --max-buffers N     of the whole session\n"
	"      --fail-on-loss      exit with status 3 if something was lost\n";

enum { OPTION_LOSS = OPTION_LAST };

static const struct option options[] = {
	MESSAGE_OPTIONS,
	{ "count", required_argument, NULL, 'n' },
	{ "buffer-size", required_argument, NULL, OPTION_BUFFER_SIZE },
	{ "max-buffers", required_argument, NULL, OPTION_MAX_BUFFERS },
	{ "fail-on-loss", no_argument, NULL, OPTION_LOSS },
	{ NULL, 0, NULL, 0 }
};

struct trace {
	struct message_printer *printer;
	struct control_session session;
	int device;
	uint64_t count;			/* messages still to print */
	bool fail_on_loss;
};

static int take_option(void *context, int option, const char *value)
{
	struct trace *trace = context;
	char *end;
	int status;

	if (message_option(trace->printer, option, value, &status))
		return status;
	switch (option) {
	case 'n':
		trace->count = strtoull(value, &end, 10);
		if (*end || *value < '0' || *value > '9')
			return misuse("trace", "'%s' is no number of messages", value);
		return COMMAND_OK;
	case OPTION_LOSS:
		trace->fail_on_loss = true;
		return COMMAND_OK;
	default:
		return session_option("trace", option, value, &trace->session);
	}
}

/* ---- providers ----------------------------------------------------------------- */

/* Cuts PROVIDER[:FLAGS[:LEVEL]]. */
static int parse_choice(char *word, struct wmitrace_enable *how)
{
	char *flags = strchr(word, ':'), *level = flags ? strchr(flags + 1, ':') : NULL, *end;

	*how = (struct wmitrace_enable){ .level = LEVEL_DEFAULT, .any = UINT32_MAX };
	if (flags)
		*flags++ = '\0';
	if (level)
		*level++ = '\0';
	if (level && provider_parse_level(level, &how->level))
		return misuse("trace", "a level is 0 to 255 or a name, not '%s'", level);
	if (flags && *flags) {
		errno = 0;
		how->any = strtoull(flags, &end, 0);
		if (*flags < '0' || *flags > '9' || *end || errno)
			return misuse("trace", "flags are a number (0x1f), not '%s'", flags);
	}
	return COMMAND_OK;
}

static int enable_one(struct trace *trace, const struct wmitrace_enable *how, const char *word)
{
	struct control_session address;
	int err;

	control_address_id(&address, trace->session.s.id);
	err = provider_request(trace->device, PROVIDER_ENABLE, &address, how);
	if (err)
		return fail("trace", "cannot enable '%s': %s", word, strerror(-err));
	return COMMAND_OK;
}

static bool means(const struct wmitrace_provider *row, const char *word,
		  const unsigned char *guid)
{
	if (row->kind != WMITRACE_PROVIDER_CLASSIC && row->kind != WMITRACE_PROVIDER_MULTI)
		return false;
	return guid ? !memcmp(row->guid, guid, 16) : provider_is_called(row, word);
}

/* Enables what @word means, and finds the formats of the modules concerned. */
static int enable(struct trace *trace, char *word)
{
	struct wmitrace_enable how;
	struct wmitrace_provider *rows;
	unsigned char guid[16], *by_guid;
	size_t i, count, found = 0;
	int status = parse_choice(word, &how), err;

	if (status != COMMAND_OK)
		return status;
	by_guid = etl_guid_parse(word, guid) ? NULL : guid;
	err = provider_list(trace->device, &rows, &count);
	if (err)
		return fail("trace", "cannot list the providers: %s", strerror(-err));
	for (i = 0; i < count && status == COMMAND_OK; i++) {
		if (!means(&rows[i], word, by_guid))
			continue;
		found++;
		formats_load_installed(trace->printer->tmf, rows[i].module);
		memcpy(how.guid, rows[i].guid, 16);
		status = enable_one(trace, &how, word);
	}
	free(rows);
	if (found || status != COMMAND_OK)
		return status;
	if (!by_guid)
		return fail("trace", "no provider is called '%s', and it is no GUID; 'wmitrace providers' lists them",
			    word);
	memcpy(how.guid, guid, 16);
	fprintf(stderr, "%s: nobody has registered it yet; waiting\n", word);
	return enable_one(trace, &how, word);
}

/* ---- the session ----------------------------------------------------------------- */

static int start(struct trace *trace)
{
	struct control_session *s = &trace->session;
	int err;

	snprintf(s->name, sizeof(s->name), "trace-%d", getpid());
	s->s.flags = WMITRACE_START_OWNED;
	s->s.mode = MODE_REAL_TIME | MODE_MS_FLUSH_TIMER;
	s->s.flush_timer = FLUSH_MS;
	if (!s->s.buffer_size)
		s->s.buffer_size = BUFFER_KB;
	err = control_call(trace->device, CONTROL_START, s);
	return err ? fail_session("trace", s->name, s, err) : COMMAND_OK;
}

/* Stops the session; the buffers stay until the device is closed. */
static void stop(struct trace *trace)
{
	struct control_session session;

	control_address_id(&session, trace->session.s.id);
	if (!control_call(trace->device, CONTROL_STOP, &session))
		trace->session = session;
}

static void query(struct trace *trace)
{
	struct control_session session;

	control_address_id(&session, trace->session.s.id);
	session.s.flags = WMITRACE_STOPPED;
	if (!control_call(trace->device, CONTROL_QUERY, &session))
		trace->session = session;
}

/* ---- printing --------------------------------------------------------------------- */

static void take_record(void *context, const struct etl_record *rec)
{
	struct trace *trace = context;

	if (!trace->count)
		return;
	message_print(trace->printer, rec);
	if (rec->kind == ETL_KIND_MESSAGE)
		trace->count--;
}

static int print_new(struct trace *trace, struct live *live)
{
	bool more = true;
	int status = COMMAND_OK;

	while (more && status == COMMAND_OK && !trace->printer->out.error) {
		status = live_read(live, take_record, trace, &more);
		output_flush(&trace->printer->out);
	}
	return status;
}

/* Any signal but that of a child ends it. */
static bool interrupted(int signals)
{
	struct signalfd_siginfo signal;

	while (read(signals, &signal, sizeof(signal)) == sizeof(signal))
		if (signal.ssi_signo != SIGCHLD)
			return true;
	return false;
}

static int print_until_interrupted(struct trace *trace, struct live *live, int signals)
{
	struct pollfd wait[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = live_fd(live), .events = POLLIN },
	};
	bool over = false;
	int status = COMMAND_OK;

	while (!over && status == COMMAND_OK) {
		poll(wait, 2, -1);
		over = wait[0].revents && interrupted(signals);
		if (over)
			stop(trace);
		status = print_new(trace, live);
		over |= !trace->count || trace->printer->out.error || live_ended(live);
	}
	return status;
}

static int finish(struct trace *trace, int status)
{
	int end;

	stop(trace);
	query(trace);
	end = message_print_end(trace->printer);
	fprintf(stderr, "%" PRIu64 " message%s", trace->printer->printed + trace->printer->unknown,
		trace->printer->printed + trace->printer->unknown == 1 ? "" : "s");
	if (trace->session.s.lost)
		fprintf(stderr, ", %" PRIu64 " lost: larger --max-buffers help",
			(uint64_t)trace->session.s.lost);
	fputc('\n', stderr);
	if (status == COMMAND_OK && trace->fail_on_loss && trace->session.s.lost)
		return COMMAND_LOSS;
	return status == COMMAND_OK ? end : status;
}

static int trace_session(struct trace *trace, char **words, int count, int signals)
{
	struct live live;
	int status = live_open(&live, "trace", &trace->session), i;

	if (status != COMMAND_OK)
		return status;
	for (i = 0; i < count && status == COMMAND_OK; i++)
		status = enable(trace, words[i]);
	if (status == COMMAND_OK) {
		message_print_heading(trace->printer);
		output_flush(&trace->printer->out);
		status = print_until_interrupted(trace, &live, signals);
		status = finish(trace, status);
	}
	live_close(&live);
	return status;
}

static int run(struct trace *trace, char **words, int count)
{
	int signals = child_signals(), status;

	if (signals < 0)
		return fail("trace", "cannot wait for signals");
	if (formats_search(trace->printer->tmf, NULL))
		return fail("trace", "out of memory");
	trace->device = open_device("trace");
	if (trace->device < 0)
		return COMMAND_FAILED;
	status = start(trace);
	if (status == COMMAND_OK)
		status = trace_session(trace, words, count, signals);
	close(trace->device);
	return status;
}

int cmd_trace(int argc, char **argv)
{
	static struct message_printer printer;
	static struct trace trace = { .printer = &printer, .count = UINT64_MAX };
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = &trace,
		.least = 1,
		.most = PROVIDERS_MAX,
		.mixed = true,
		.words = "a provider",
	};
	int status = message_printer_init(&printer, "trace");

	if (status == COMMAND_OK)
		status = arguments_parse(&arguments, argc, argv);
	if (status == ARGUMENTS_GO_ON && arguments.json && printer.form == MESSAGE_CSV)
		status = misuse("trace", "choose one of --json and --csv");
	if (status == ARGUMENTS_GO_ON) {
		if (arguments.json)
			printer.form = MESSAGE_JSON;
		status = run(&trace, arguments.rest, arguments.count);
	}
	message_printer_free(&printer);
	return status;
}
