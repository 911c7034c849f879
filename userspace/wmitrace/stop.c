// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "arguments.h"
#include "command.h"
#include "etl.h"
#include "failure.h"
#include "service.h"
#include "session-options.h"
#include "session-print.h"

#define FINALISE_LIMIT_MS	10000

static const char usage[] =
	"Usage: wmitrace stop [OPTIONS] SESSION\n"
	"Stop a session, wait until its log file is complete, and say what was lost.\n\n"
	"      --no-wait           do not wait for the log file\n"
	"      --fail-on-loss      exit with status 3 if events or buffers were lost\n";

enum { OPTION_NO_WAIT = OPTION_LAST, OPTION_FAIL_ON_LOSS };

static const struct option options[] = {
	{ "no-wait", no_argument, NULL, OPTION_NO_WAIT },
	{ "fail-on-loss", no_argument, NULL, OPTION_FAIL_ON_LOSS },
	{ NULL, 0, NULL, 0 }
};

struct stop {
	bool no_wait;
	bool fail_on_loss;
	bool json;
};

/* What became of the log file. */
struct result {
	bool finalised;
	uint64_t size;
};

static int take_option(void *context, int option, const char *value)
{
	struct stop *stop = context;

	(void)value;
	if (option == OPTION_NO_WAIT)
		stop->no_wait = true;
	else
		stop->fail_on_loss = true;
	return COMMAND_OK;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Whether @session has been given up by the process that drained it. */
static bool is_released(int device, const struct control_session *session)
{
	struct control_session now;

	control_address_id(&now, session->s.id);
	now.s.flags = WMITRACE_STOPPED;
	return control_call(device, CONTROL_QUERY, &now) ||
	       memcmp(now.s.guid, session->s.guid, sizeof(now.s.guid));
}

/* Waits for the drainer to finish the log file; false if it takes too long. */
static bool wait_for_release(int device, const struct control_session *session)
{
	int64_t end = now_ms() + FINALISE_LIMIT_MS, left = FINALISE_LIMIT_MS;
	struct pollfd change = { .fd = device, .events = POLLPRI };
	uint32_t ids[WMITRACE_LOGGERS];

	while (left > 0) {
		control_list(device, WMITRACE_LIST_STOPPED, ids);	/* arms POLLPRI */
		if (is_released(device, session))
			return true;
		poll(&change, 1, left);
		left = end - now_ms();
	}
	return false;
}

/* The finished file's header is right where the drainer's last report came too late for us. */
static void read_result(struct control_session *session, struct result *result)
{
	const char *path = session->file;
	const struct etl_facts *facts;
	struct etl_error error;
	struct etl_log *log;

	if (etl_open(&log, &path, 1, &error))
		return;
	facts = etl_facts(log, 0);
	result->finalised = facts->flags & ETL_FACTS_FINALISED;
	result->size = facts->size;
	if (result->finalised) {
		session->s.buffers_written = facts->buffers_written;
		session->s.buffers_lost = facts->buffers_lost;
	}
	etl_close(log);
}

static void show(const struct control_session *session, const struct result *result, bool as_json)
{
	struct json json = { .to = stdout };

	if (as_json) {
		json_open(&json, NULL, '{');
		session_print_json(&json, session);
		json_bool(&json, "finalised", result->finalised);
		json_number(&json, "file_size", result->size);
		json_close(&json, '}');
		putchar('\n');
		return;
	}
	printf("stopped %s (logger %u)\nEvents  ", session->name, session->s.id);
	session_print_events(stdout, session);
	if (result->finalised)
		printf("File    %s: %" PRIu64 " buffers (%" PRIu64 " KB), %" PRIu64 " buffers lost\n",
		       session->file, (uint64_t)session->s.buffers_written, result->size / 1024,
		       (uint64_t)session->s.buffers_lost);
	else if (*session->file)
		printf("File    %s: not finished yet\n", session->file);
	else
		printf("Buffers kept in " WMITRACE_DEBUGFS "/logger%02u until 'wmitrace release'\n",
		       session->s.id);
}

static void complete_file(int device, struct control_session *session, struct result *result)
{
	if (!session->s.logger_tid && !service_claimed(device)) {
		fprintf(stderr, "wmitrace stop: no wmitraced is running: the rest of %s is written when one is started\n",
			session->file);
		return;
	}
	if (wait_for_release(device, session))
		read_result(session, result);
	else
		fprintf(stderr, "wmitrace stop: %s is not complete after %u s; wmitraced's messages say why\n",
			session->file, FINALISE_LIMIT_MS / 1000);
}

static int stop_session(const char *what, const struct stop *stop)
{
	struct control_session session;
	struct result result = { .finalised = false };
	int device, err, status = address_session("stop", &session, what);

	if (status != COMMAND_OK)
		return status;
	device = open_device("stop");
	if (device < 0)
		return COMMAND_FAILED;
	err = control_call(device, CONTROL_STOP, &session);
	if (!err && *session.file && !stop->no_wait)
		complete_file(device, &session, &result);
	close(device);
	if (err)
		return fail_session("stop", what, &session, err);
	show(&session, &result, stop->json);
	if (stop->fail_on_loss && (session.s.lost || session.s.buffers_lost))
		return COMMAND_LOSS;
	return COMMAND_OK;
}

int cmd_stop(int argc, char **argv)
{
	struct stop stop = { .json = false };
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = &stop,
		.least = 1,
		.most = 1,
		.words = "the session",
	};
	int status = arguments_parse(&arguments, argc, argv);

	if (status != ARGUMENTS_GO_ON)
		return status;
	stop.json = arguments.json;
	return stop_session(arguments.rest[0], &stop);
}
