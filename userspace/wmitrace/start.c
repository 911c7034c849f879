// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "arguments.h"
#include "command.h"
#include "failure.h"
#include "mode.h"
#include "service.h"
#include "session-options.h"
#include "session-print.h"

#define PICKUP_TRIES	300	/* times PICKUP_PAUSE_NS: how long wmitraced gets to open the file */
#define PICKUP_PAUSE_NS	10000000

static const struct option options[] = {
	SESSION_OPTIONS,
	{ "flight-recorder", no_argument, NULL, OPTION_FLIGHT_RECORDER },
	{ NULL, 0, NULL, 0 }
};

static const char usage_head[] =
	"Usage: wmitrace start [OPTIONS] NAME\n"
	"Start a session.  wmitraced writes its log file; without one the buffers can be\n"
	"read from " WMITRACE_DEBUGFS ".  NAME 'kernel' is the kernel logger.\n\n";
static const char usage_tail[] =
	"      --flight-recorder   keep the newest events in memory; -o is where 'wmitrace\n"
	"                          flush' puts them\n";

static int take_setting(void *session, int option, const char *value)
{
	return session_option("start", option, value, session);
}

/* A flight recorder is started without a file and told its name afterwards (wmi-api A184). */
static int start_session(int device, struct control_session *session)
{
	struct control_session update;
	int err;

	if (!(session->s.mode & MODE_BUFFERING) || !*session->file)
		return control_call(device, CONTROL_START, session);
	memset(&update, 0, sizeof(update));
	strcpy(update.file, session->file);
	*session->file = '\0';
	err = control_call(device, CONTROL_START, session);
	if (err)
		return err;
	update.s.handle = session->s.handle;
	update.s.mode = session->s.mode;
	update.s.enable_flags = session->s.enable_flags;
	err = control_call(device, CONTROL_UPDATE, &update);
	if (err)
		control_call(device, CONTROL_STOP, session);
	*session = update;
	return err;
}

/* True once a service has opened the session's file. */
static bool is_drained(int device, struct control_session *session)
{
	const struct timespec pause = { .tv_nsec = PICKUP_PAUSE_NS };
	struct control_session now;
	int tries;

	for (tries = 0; tries < PICKUP_TRIES; tries++) {
		control_address_id(&now, session->s.id);
		if (control_call(device, CONTROL_QUERY, &now))
			return false;
		if (now.s.logger_tid) {
			*session = now;
			return true;
		}
		nanosleep(&pause, NULL);
	}
	return false;
}

static void warn_about_file(int device, struct control_session *session)
{
	if (!service_claimed(device))
		fprintf(stderr, "wmitrace start: no wmitraced is running: nobody writes %s until one is started\n",
			session->file);
	else if (!is_drained(device, session))
		fprintf(stderr, "wmitrace start: wmitraced has not opened %s; its messages say why\n",
			session->file);
}

static int start(const char *name, struct control_session *session, bool json)
{
	int device, err;

	device = open_device("start");
	if (device < 0)
		return COMMAND_FAILED;
	err = start_session(device, session);
	if (!err && *session->file)
		warn_about_file(device, session);
	close(device);
	if (err)
		return fail_session("start", name, session, err);
	warn_unlogged("start", session);
	if (json)
		session_show(session, true);
	else
		printf("started %s (logger %u)%s%s\n", session->name, session->s.id,
		       *session->file ? ", log file " : "", session->file);
	return COMMAND_OK;
}

int cmd_start(int argc, char **argv)
{
	static char usage[sizeof(usage_head) + sizeof(usage_tail) + 2048];
	struct control_session session, address;
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_setting,
		.context = &session,
		.least = 1,
		.most = 1,
		.words = "the session's name",
	};
	const char *name;
	int status;

	memset(&session, 0, sizeof(session));
	snprintf(usage, sizeof(usage), "%s%s%s", usage_head, session_options_help, usage_tail);
	status = arguments_parse(&arguments, argc, argv);
	if (status != ARGUMENTS_GO_ON)
		return status;
	name = arguments.rest[0];
	if (control_parse_id(name) >= 0)
		return misuse("start", "'%s' would be taken for a logger number; choose another name",
			      name);
	status = address_session("start", &address, name);
	if (status != COMMAND_OK)
		return status;
	strcpy(session.name, address.name);
	status = session_options_settle("start", &session);
	if (status != COMMAND_OK)
		return status;
	return start(name, &session, arguments.json);
}
