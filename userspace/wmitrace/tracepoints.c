// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bridge.h"
#include "command.h"
#include "failure.h"
#include "json.h"
#include "tracepoints.h"

const struct option tracepoint_options[] = {
	TRACEPOINT_OPTION,
	{ NULL, 0, NULL, 0 }
};

struct request {
	const char *command;
	const char *what;		/* the session, as the user called it */
	int device;
	bool enable, as_json;
	struct control_session session;
	struct json json;
	struct bridge_event *events;	/* that there are, or that are enabled */
	size_t count;
	struct trace_schema schema;
};

static void tell(struct request *r, const struct bridge_event *event)
{
	if (!r->as_json) {
		printf("%s %s:%s for '%s'\n", r->enable ? "enabled" : "disabled", event->system,
		       event->name, r->what);
		return;
	}
	json_open(&r->json, NULL, '{');
	json_string(&r->json, "system", event->system);
	json_string(&r->json, "event", event->name);
	json_string(&r->json, "session", r->what);
	json_bool(&r->json, "enabled", r->enable);
	json_close(&r->json, '}');
}

static int explain(struct request *r, const struct bridge_event *event, int err)
{
	switch (r->session.s.win32) {
	case WMITRACE_ERROR_WMI_GUID_NOT_FOUND:
		return fail(r->command, "%s:%s: it is gone; was its module unloaded?", event->system,
			    event->name);
	case WMITRACE_ERROR_INVALID_PARAMETER:
	case WMITRACE_ERROR_NOT_SUPPORTED:
		return fail(r->command, "%s:%s: the kernel does not offer this event to others than ftrace",
			    event->system, event->name);
	case 0:
		if (err == -EOPNOTSUPP && *r->schema.reason)
			return fail(r->command, "%s", r->schema.reason);
		return fail(r->command, "%s:%s: %s", event->system, event->name,
			    err == -ENOTTY ? "this module does not know the request; are module and tools of one version?" :
			    strerror(-err));
	}
	return fail_session(r->command, r->what, &r->session, err);
}

/* Whether @err is about the session: what fails for one event fails for all. */
static bool is_final(const struct request *r, int err)
{
	switch (r->session.s.win32) {
	case WMITRACE_ERROR_WMI_INSTANCE_NOT_FOUND:
	case WMITRACE_ERROR_ACTIVE_CONNECTIONS:
	case WMITRACE_ERROR_ACCESS_DENIED:
	case WMITRACE_ERROR_NOT_ENOUGH_MEMORY:
		return true;
	}
	return err == -ENOTTY;
}

static int apply_pattern(struct request *r, const char *pattern)
{
	int err, status = COMMAND_OK;
	size_t i, found = 0;

	for (i = 0; i < r->count; i++) {
		const struct bridge_event *event = &r->events[i];

		if (!bridge_match(pattern, event->system, event->name))
			continue;
		found++;
		err = r->enable ? bridge_enable(r->device, &r->session, event, &r->schema)
				: bridge_disable(r->device, &r->session, event);
		if (!err) {
			tell(r, event);
			continue;
		}
		status = explain(r, event, err);
		if (is_final(r, err))
			break;
	}
	if (found)
		return status;
	fail(r->command, r->enable ? "no trace event is called '%s'" : "no trace event '%s' is enabled for it",
	     pattern);
	fprintf(stderr, r->enable ? "  /sys/kernel/tracing/available_events has them all.\n"
				  : "  'wmitrace providers --tracepoint' shows what is enabled.\n");
	return COMMAND_FAILED;
}

/* What the session has enabled, as events. */
static int load_enabled(struct request *r)
{
	struct wmitrace_bridged *rows;
	size_t count, i;
	int err = bridge_list(r->device, &rows, &count);

	if (!err)
		err = control_call(r->device, CONTROL_QUERY, &r->session);
	if (err) {
		free(rows);
		return fail_session(r->command, r->what, &r->session, err);
	}
	r->events = calloc(count + 1, sizeof(*r->events));
	for (i = 0; r->events && i < count; i++) {
		if (rows[i].logger != r->session.s.id)
			continue;
		memcpy(r->events[r->count].system, rows[i].system, sizeof(rows[i].system));
		memcpy(r->events[r->count++].name, rows[i].event, sizeof(rows[i].event));
	}
	free(rows);
	return r->events ? COMMAND_OK : fail(r->command, "out of memory");
}

static int load_available(struct request *r)
{
	int err = bridge_events(&r->events, &r->count);

	if (!err)
		return COMMAND_OK;
	fail(r->command, "cannot read the list of trace events: %s", strerror(-err));
	if (err == -ENOENT)
		fputs("  'mount -t tracefs nodev /sys/kernel/tracing' makes it visible.\n", stderr);
	return COMMAND_FAILED;
}

static int apply_all(struct request *r, char **patterns, int count)
{
	int i, status = r->enable ? load_available(r) : load_enabled(r), one;

	for (i = 0; i < count && !(status && !r->events); i++) {
		one = apply_pattern(r, patterns[i]);
		status = one == COMMAND_OK ? status : one;
	}
	free(r->events);
	return status;
}

int tracepoints_apply(const char *command, const char *what, char **patterns, int count,
		      bool enable, bool as_json)
{
	static struct request r;
	int status;

	r = (struct request){
		.command = command,
		.what = what,
		.enable = enable,
		.as_json = as_json,
		.json = { .to = stdout },
	};
	status = address_session(command, &r.session, what);
	if (status != COMMAND_OK)
		return status;
	r.device = open_device(command);
	if (r.device < 0)
		return COMMAND_FAILED;
	if (as_json)
		json_open(&r.json, NULL, '[');
	status = apply_all(&r, patterns, count);
	if (as_json) {
		json_close(&r.json, ']');
		putchar('\n');
	}
	close(r.device);
	return status;
}

/* ---- listing ------------------------------------------------------------------------ */

static void show_row(struct json *json, const struct wmitrace_bridged *row, bool as_json)
{
	if (!as_json) {
		printf("%6u  %s:%s\n", row->logger, row->system, row->event);
		return;
	}
	json_open(json, NULL, '{');
	json_string(json, "system", row->system);
	json_string(json, "event", row->event);
	json_number(json, "id", row->id);
	json_number(json, "logger", row->logger);
	json_close(json, '}');
}

int tracepoints_list(const char *command, const char *pattern, bool as_json)
{
	struct json json = { .to = stdout };
	struct wmitrace_bridged *rows;
	int err, device = open_device(command);
	size_t count, i, shown = 0;

	if (device < 0)
		return COMMAND_FAILED;
	err = bridge_list(device, &rows, &count);
	close(device);
	if (err)
		return fail(command, "cannot list the trace events: %s", strerror(-err));
	if (as_json)
		json_open(&json, NULL, '[');
	for (i = 0; i < count; i++) {
		if (pattern && !bridge_match(pattern, rows[i].system, rows[i].event))
			continue;
		if (!as_json && !shown++)
			puts("LOGGER  TRACE EVENT");
		show_row(&json, &rows[i], as_json);
	}
	if (as_json) {
		json_close(&json, ']');
		putchar('\n');
	} else if (!shown) {
		puts("no trace events");
	}
	free(rows);
	return COMMAND_OK;
}
