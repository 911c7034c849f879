// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "failure.h"
#include "recording.h"

#define RETRY_MS	1000
#define RETRIES_AT_END	5	/* with a full disk, before the rest is given up */

static void complain(struct recording *r, const struct etl_error *error)
{
	char text[600];

	if (r->complained)
		return;
	etl_error_format(error, text, sizeof(text));
	fail("record", "%s", text);
	r->complained = true;
}

int recording_start(struct recording *r, const struct control_session *session)
{
	struct etl_error error;
	int err;

	memset(r, 0, sizeof(*r));
	r->session = *session;
	r->session.s.flags = WMITRACE_START_OWNED;
	r->state = DRAIN_BUSY;
	r->device = open_device("record");
	if (r->device < 0)
		return COMMAND_FAILED;
	err = control_call(r->device, CONTROL_START, &r->session);
	if (err) {
		fail_session("record", session->name, &r->session, err);
		close(r->device);
		return COMMAND_FAILED;
	}
	if (drain_open(&r->drain, NULL, &r->session, r->session.file, 0, &error)) {
		complain(r, &error);
		close(r->device);
		return COMMAND_FAILED;
	}
	return COMMAND_OK;
}

static void call(struct recording *r, enum control_operation operation)
{
	struct control_session session;

	control_address_id(&session, r->session.s.id);
	if (operation == CONTROL_QUERY)
		session.s.flags = WMITRACE_STOPPED;
	if (!control_call(r->device, operation, &session))
		r->session = session;
}

static void stop_session(struct recording *r)
{
	if (!r->stopped)
		call(r, CONTROL_STOP);
	r->stopped = true;
}

void recording_step(struct recording *r)
{
	struct etl_error error;

	r->state = drain_step(r->drain, &error);
	switch (r->state) {
	case DRAIN_FULL:
		fprintf(stderr, "wmitrace record: %s has its maximum size; the session ends (ERROR_LOG_FILE_FULL)\n",
			drain_file_path(r->drain));
		stop_session(r);
		drain_discard(r->drain);
		r->state = DRAIN_BUSY;
		break;
	case DRAIN_BLOCKED:
		complain(r, &error);
		break;
	case DRAIN_BROKEN:
		complain(r, &error);
		r->failed = true;
		break;
	case DRAIN_BUSY:
	case DRAIN_IDLE:
	case DRAIN_ENDED:
		if (r->complained && !r->failed)
			fputs("wmitrace record: writing goes on\n", stderr);
		r->complained = r->failed;
		break;
	}
	r->news = drain_report(r->drain, r->device, gettid(), false);
}

void recording_update(struct recording *r)
{
	uint32_t ids[WMITRACE_LOGGERS];

	control_list(r->device, 0, ids);	/* arms POLLPRI again */
	call(r, CONTROL_QUERY);
	drain_update(r->drain, &r->session);
	if (r->state == DRAIN_IDLE)
		r->state = DRAIN_BUSY;
}

int recording_fd(const struct recording *r)
{
	return r->state == DRAIN_IDLE ? drain_fd(r->drain) : -1;
}

int recording_timeout(const struct recording *r)
{
	switch (r->state) {
	case DRAIN_BUSY:
		return 0;
	case DRAIN_BLOCKED:
		return RETRY_MS;
	default:
		return r->news ? DRAIN_REPORT_MS : -1;
	}
}

/* Writes what the stopped session left; what a full disk does not take is given up after a while. */
static void write_rest(struct recording *r)
{
	int blocked = 0;

	while (r->state != DRAIN_ENDED && r->state != DRAIN_BROKEN) {
		struct pollfd wait = { .fd = recording_fd(r), .events = POLLIN };

		if (r->state == DRAIN_BLOCKED && ++blocked > RETRIES_AT_END) {
			fail("record", "giving up: the events that %s has no room for are lost",
			     drain_file_path(r->drain));
			drain_discard(r->drain);
			r->failed = true;
		} else {
			poll(&wait, 1, recording_timeout(r));
		}
		recording_step(r);
	}
}

/* The session's end: its drainer is who releases it. */
static void release(struct recording *r)
{
	struct control_session session;

	control_address_id(&session, r->session.s.id);
	control_call(r->device, CONTROL_RELEASE, &session);
}

void recording_finish(struct recording *r)
{
	struct etl_error error;

	if (r->finished)
		return;
	stop_session(r);
	if (r->state == DRAIN_IDLE)
		r->state = DRAIN_BUSY;
	write_rest(r);
	call(r, CONTROL_QUERY);
	r->finished = true;
	if (drain_finish(r->drain, &r->session, &error)) {
		r->complained = false;
		complain(r, &error);
		r->failed = true;
	}
	drain_report(r->drain, r->device, 0, true);
	call(r, CONTROL_QUERY);
	release(r);
}

void recording_close(struct recording *r)
{
	drain_close(r->drain);
	close(r->device);
}
