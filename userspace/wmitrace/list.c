// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "command.h"
#include "failure.h"
#include "session-call.h"
#include "session-print.h"

static const char usage[] =
	"Usage: wmitrace list [OPTIONS]\n"
	"List the running sessions.\n\n"
	"  -s, --stopped           also those that were stopped and still keep their buffers\n";

/* Sessions that end while this runs are left out. */
static int fetch(int device, bool stopped, struct control_session *sessions)
{
	uint32_t ids[WMITRACE_LOGGERS];
	int count = control_list(device, stopped ? WMITRACE_LIST_STOPPED : 0, ids), found = 0, i;

	for (i = 0; i < count; i++) {
		control_address_id(&sessions[found], ids[i]);
		if (stopped)
			sessions[found].s.flags = WMITRACE_STOPPED;
		if (!control_call(device, CONTROL_QUERY, &sessions[found]))
			found++;
	}
	return count < 0 ? count : found;
}

static void show(const struct control_session *sessions, int count, bool as_json)
{
	struct json json = { .to = stdout };
	int i;

	if (!as_json && !count) {
		puts("no sessions");
		return;
	}
	if (!as_json) {
		sessions_print_table(stdout, sessions, count);
		return;
	}
	json_open(&json, NULL, '[');
	for (i = 0; i < count; i++) {
		json_open(&json, NULL, '{');
		session_print_json(&json, &sessions[i]);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	putchar('\n');
}

int cmd_list(int argc, char **argv)
{
	bool stopped = false;
	struct arguments arguments = {
		.usage = usage,
		.options = stopped_options,
		.take = take_switch,
		.context = &stopped,
	};
	int device, count, status = arguments_parse(&arguments, argc, argv);
	struct control_session *sessions;

	if (status != ARGUMENTS_GO_ON)
		return status;
	device = open_device("list");
	if (device < 0)
		return COMMAND_FAILED;
	sessions = calloc(WMITRACE_LOGGERS, sizeof(*sessions));
	count = sessions ? fetch(device, stopped, sessions) : -ENOMEM;
	if (count >= 0)
		show(sessions, count, arguments.json);
	else
		fail("list", "cannot list the sessions: %s", strerror(-count));
	free(sessions);
	close(device);
	return count < 0 ? COMMAND_FAILED : COMMAND_OK;
}
