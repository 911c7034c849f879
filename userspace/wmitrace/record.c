// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "arguments.h"
#include "child.h"
#include "command.h"
#include "failure.h"
#include "kernel-flags.h"
#include "recording.h"
#include "session-options.h"
#include "session-print.h"

enum { OPTION_NAME = OPTION_LAST, OPTION_FAIL_ON_LOSS };

static const struct option options[] = {
	SESSION_OPTIONS,
	{ "name", required_argument, NULL, OPTION_NAME },
	{ "fail-on-loss", no_argument, NULL, OPTION_FAIL_ON_LOSS },
	{ NULL, 0, NULL, 0 }
};

static const char usage_head[] =
	"Usage: wmitrace record -o FILE [OPTIONS] [--] [COMMAND [ARGUMENTS]]\n"
	"Record a session while COMMAND runs, or until interrupted.  The exit status is\n"
	"that of COMMAND, or 1 if recording failed.\n\n";
static const char usage_tail[] =
	"      --name NAME         the session's name (default: record-PID, and 'kernel' with\n"
	"                          --flags)\n"
	"      --fail-on-loss      exit with status 3 if something was lost and COMMAND\n"
	"                          itself succeeded\n";

struct record {
	struct control_session session;
	bool fail_on_loss;
	bool json;
};

static int take_option(void *context, int option, const char *value)
{
	struct record *record = context;
	struct control_session address;
	int status;

	switch (option) {
	case OPTION_FAIL_ON_LOSS:
		record->fail_on_loss = true;
		return COMMAND_OK;
	case OPTION_NAME:
		status = address_session("record", &address, value);
		strcpy(record->session.name, status == COMMAND_OK ? address.name : "");
		if (status == COMMAND_OK && !*address.name)
			return misuse("record", "'%s' would be taken for a logger number; choose another name",
				      value);
		return status;
	default:
		return session_option("record", option, value, &record->session);
	}
}

/* One who interrupts at the terminal interrupts the command too; others mean us alone. */
static void pass_on(pid_t child, const struct signalfd_siginfo *signal)
{
	if (child > 0 && signal->ssi_code != SI_KERNEL)
		kill(child, signal->ssi_signo);
}

/* Handles signals.  Returns true when recording should end. */
static bool take_signals(int signals, pid_t child, int *status, bool *interrupted)
{
	struct signalfd_siginfo signal;

	while (read(signals, &signal, sizeof(signal)) == sizeof(signal)) {
		if (signal.ssi_signo == SIGCHLD) {
			if (child > 0 && child_reap(child, status))
				return true;
			continue;
		}
		if (child <= 0 || *interrupted)
			return true;
		*interrupted = true;	/* the second time we do not wait for the command */
		*status = 128 + signal.ssi_signo;
		pass_on(child, &signal);
	}
	return false;
}

/* Drains until @child (0: none) has ended or we are interrupted.  Returns the command's status. */
static int drain_while_running(struct recording *recording, int signals, pid_t child)
{
	bool interrupted = false, over = false;
	int status = 0;

	while (!over) {
		struct pollfd wait[] = {
			{ .fd = signals, .events = POLLIN },
			{ .fd = recording_fd(recording), .events = POLLIN },
			{ .fd = recording->finished ? -1 : recording->device, .events = POLLPRI },
		};

		poll(wait, 3, recording_timeout(recording));
		if (wait[0].revents)
			over = take_signals(signals, child, &status, &interrupted);
		if (wait[2].revents)
			recording_update(recording);
		if (recording->state != DRAIN_ENDED && recording->state != DRAIN_BROKEN)
			recording_step(recording);
		if (recording->state != DRAIN_ENDED && recording->state != DRAIN_BROKEN)
			continue;
		recording_finish(recording);	/* somebody else stopped the session */
		over |= child <= 0;
	}
	return status;
}

static void report_json(const struct recording *recording, int status)
{
	const struct drain_counts *counts = drain_counts(recording->drain);
	struct json json = { .to = stdout };

	json_open(&json, NULL, '{');
	session_print_json(&json, &recording->session);
	json_bool(&json, "finalised", !recording->failed);
	json_number(&json, "file_buffers", drain_file_buffers(recording->drain));
	json_number(&json, "data_buffers_written", counts->written);
	json_number(&json, "bytes_written", counts->bytes);
	json_number(&json, "events_in_lost_buffers", counts->events_lost);
	json_number(&json, "command_status", status);
	json_close(&json, '}');
	putchar('\n');
}

static void report(const struct recording *recording)
{
	const struct drain_counts *counts = drain_counts(recording->drain);

	fprintf(stderr, "recorded %s\nEvents   ", drain_file_path(recording->drain));
	session_print_events(stderr, &recording->session);
	fprintf(stderr, "Buffers  %" PRIu64 " written (%" PRIu64 " KB), %" PRIu64 " lost",
		counts->written, counts->bytes / 1024, counts->buffers_lost);
	if (counts->buffers_lost)
		fprintf(stderr, " with %" PRIu64 " of the logged events", counts->events_lost);
	fputc('\n', stderr);
}

/* Exit status, given that of the command. */
static int result(const struct record *record, const struct recording *recording, int status)
{
	if (recording->failed)
		return COMMAND_FAILED;
	if (!status && record->fail_on_loss &&
	    (recording->session.s.lost || drain_counts(recording->drain)->buffers_lost))
		return COMMAND_LOSS;
	return status;
}

static int run(struct record *record, char **argv)
{
	struct recording recording;
	int signals, status;
	pid_t child = 0;

	signals = child_signals();
	if (signals < 0)
		return fail("record", "cannot wait for signals");
	status = recording_start(&recording, &record->session);
	if (status != COMMAND_OK)
		return status;
	warn_unlogged("record", &recording.session);
	if (*argv)
		child = child_start(argv);
	if (child < 0) {
		fail("record", "cannot run '%s': %s", argv[0], strerror(-child));
		status = child_status_of_error(child);
	} else {
		status = drain_while_running(&recording, signals, child);
	}
	recording_finish(&recording);
	if (record->json)
		report_json(&recording, status);
	else
		report(&recording);
	status = result(record, &recording, status);
	recording_close(&recording);
	return status;
}

int cmd_record(int argc, char **argv)
{
	static char usage[sizeof(usage_head) + sizeof(usage_tail) + 2048];
	struct record record;
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = &record,
		.most = INT_MAX,
		.words = "the command",
	};
	int status;

	memset(&record, 0, sizeof(record));
	snprintf(usage, sizeof(usage), "%s%s%s", usage_head, session_options_help, usage_tail);
	status = arguments_parse(&arguments, argc, argv);
	if (status != ARGUMENTS_GO_ON)
		return status;
	if (!*record.session.file)
		return misuse("record", "-o FILE is missing");
	if (!*record.session.name && record.session.s.enable_flags)
		strcpy(record.session.name, KERNEL_LOGGER_LONG);
	if (!*record.session.name)
		snprintf(record.session.name, sizeof(record.session.name), "record-%d", getpid());
	status = session_options_settle("record", &record.session);
	if (status != COMMAND_OK)
		return status;
	record.json = arguments.json;
	return run(&record, arguments.rest);
}
