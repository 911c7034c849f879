// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "drain.h"
#include "message.h"
#include "mode.h"
#include "sessions.h"

#define RETRY_MS	1000
#define OPEN_FLAGS	(LOG_FILE_RESUME | LOG_FILE_CAREFUL)

struct drained {
	bool used;
	bool listed;			/* the kernel had it when it was last asked */
	struct control_session info;	/* as of then */
	char wanted[CONTROL_STRING_MAX];/* the file that was opened last, or could not be switched to */
	struct drain *drain;		/* NULL: could not be opened yet */
	enum drain_state state;
	int64_t retry_at;		/* ms, monotonic; something failed: not before then.  0 = none */
	bool complained;		/* what failed has been reported */
	bool news;			/* the kernel has not been told everything */
};

struct sessions {
	int device;
	unsigned int polled[WMITRACE_LOGGERS];	/* whose descriptor sessions_wait() put where */
	struct drained all[WMITRACE_LOGGERS];	/* by logger id */
};

struct sessions *sessions_new(int device)
{
	struct sessions *sessions = calloc(1, sizeof(*sessions));

	if (sessions)
		sessions->device = device;
	return sessions;
}

void sessions_free(struct sessions *sessions)
{
	unsigned int id;

	for (id = 0; id < WMITRACE_LOGGERS; id++)
		if (sessions->all[id].drain)
			drain_close(sessions->all[id].drain);
	free(sessions);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static int call(const struct sessions *sessions, enum control_operation operation, unsigned int id,
		struct control_session *session)
{
	control_address_id(session, id);
	if (operation == CONTROL_QUERY)
		session->s.flags = WMITRACE_STOPPED;
	return control_call(sessions->device, operation, session);
}

static bool same_session(const struct control_session *a, const struct control_session *b)
{
	return a->s.start_time == b->s.start_time && !memcmp(a->s.guid, b->s.guid, sizeof(a->s.guid));
}

/* ---- trouble ----------------------------------------------------------------- */

static void complain(struct drained *d, const struct etl_error *error)
{
	d->retry_at = now_ms() + RETRY_MS;
	if (d->complained)
		return;
	d->complained = true;
	message_error(LOG_ERR, d->info.name, error);
	message(LOG_ERR, "session '%s': trying again every %d s; events that find no room in the buffers meanwhile are counted as lost",
		d->info.name, RETRY_MS / 1000);
}

static void recover(struct drained *d)
{
	if (d->complained)
		message(LOG_NOTICE, "session '%s': writing %s goes on", d->info.name,
			drain_file_path(d->drain));
	d->complained = false;
}

/* ---- the life of one session ------------------------------------------------- */

static void open_drain(struct drained *d)
{
	struct etl_error error;

	if (drain_open(&d->drain, NULL, &d->info, d->info.file, OPEN_FLAGS, &error)) {
		complain(d, &error);
		return;
	}
	strcpy(d->wanted, d->info.file);
	d->state = DRAIN_BUSY;
	recover(d);
	if (drain_file_buffers(d->drain) > 1)
		message(LOG_INFO, "session '%s': going on with %s, which has %" PRIu64 " buffers",
			d->info.name, drain_file_path(d->drain), drain_file_buffers(d->drain));
	else
		message(LOG_INFO, "session '%s': writing %s", d->info.name,
			drain_file_path(d->drain));
}

/* A name that cannot be is tried once; the session stays with its old file. */
static void switch_file(struct drained *d)
{
	struct etl_error error;

	strcpy(d->wanted, d->info.file);
	if (drain_switch(d->drain, &d->info, d->wanted, &error)) {
		message_error(LOG_ERR, d->info.name, &error);
		message(LOG_ERR, "session '%s': staying with %s", d->info.name,
			drain_file_path(d->drain));
		return;
	}
	message(LOG_INFO, "session '%s': going on in %s", d->info.name, d->wanted);
}

static void say_complete(const struct drained *d)
{
	const struct drain_counts *counts = drain_counts(d->drain);
	bool loss = d->info.s.lost || counts->buffers_lost;

	message(loss ? LOG_WARNING : LOG_NOTICE,
		"session '%s': %s complete: %" PRIu64 " buffers, %" PRIu64 " events logged, %" PRIu64 " lost, %" PRIu64 " buffers lost",
		d->info.name, drain_file_path(d->drain), drain_file_buffers(d->drain),
		(uint64_t)d->info.s.logged, (uint64_t)d->info.s.lost, counts->buffers_lost);
	if (counts->duplicates)
		message(LOG_INFO, "session '%s': delivered again and not written again: %" PRIu64 " buffers",
			d->info.name, counts->duplicates);
	if (counts->events_lost)
		message(LOG_WARNING, "session '%s': the lost buffers held %" PRIu64 " of the logged events",
			d->info.name, counts->events_lost);
}

static void forget(struct drained *d)
{
	if (d->drain)
		drain_close(d->drain);
	memset(d, 0, sizeof(*d));
}

/* The session has stopped and everything is written. */
static void end(struct sessions *sessions, struct drained *d)
{
	struct control_session now;
	struct etl_error error;

	if (!call(sessions, CONTROL_QUERY, d->info.s.id, &now) && same_session(&now, &d->info))
		d->info = now;
	if (drain_finish(d->drain, &d->info, &error)) {
		complain(d, &error);
		return;
	}
	say_complete(d);
	drain_report(d->drain, sessions->device, 0, true);
	call(sessions, CONTROL_RELEASE, d->info.s.id, &now);
	forget(d);
}

/* Somebody has released the session before we were done with it. */
static void end_vanished(struct drained *d)
{
	struct etl_error error;

	if (d->drain) {
		do {
			d->state = drain_step(d->drain, &error);
			if (d->state == DRAIN_BLOCKED || d->state == DRAIN_FULL) {
				drain_discard(d->drain);
				d->state = DRAIN_BUSY;
			}
		} while (d->state == DRAIN_BUSY);
		if (drain_finish(d->drain, &d->info, &error))
			message_error(LOG_ERR, d->info.name, &error);
	}
	message(LOG_WARNING, "session '%s' was released before %s was complete: what its buffers still held is missing there",
		d->info.name, d->info.file);
	forget(d);
}

static void stop_full(struct sessions *sessions, struct drained *d)
{
	struct control_session stopped;

	message(LOG_NOTICE, "session '%s': %s has its maximum size; the session is stopped (ERROR_LOG_FILE_FULL)",
		d->info.name, drain_file_path(d->drain));
	call(sessions, CONTROL_STOP, d->info.s.id, &stopped);
	drain_discard(d->drain);
	d->state = DRAIN_BUSY;
}

static void step(struct sessions *sessions, struct drained *d)
{
	struct etl_error error;

	d->state = drain_step(d->drain, &error);
	switch (d->state) {
	case DRAIN_BUSY:
	case DRAIN_IDLE:
		recover(d);
		break;
	case DRAIN_FULL:
		stop_full(sessions, d);
		break;
	case DRAIN_ENDED:
		end(sessions, d);
		break;
	case DRAIN_BLOCKED:
		complain(d, &error);
		break;
	case DRAIN_BROKEN:
		complain(d, &error);
		drain_close(d->drain);
		d->drain = NULL;
		break;
	}
}

static void attend(struct sessions *sessions, struct drained *d)
{
	if (d->retry_at > now_ms())
		return;
	d->retry_at = 0;
	if (!d->drain)
		open_drain(d);
	if (d->drain && strcmp(d->wanted, d->info.file))
		switch_file(d);
	if (d->drain && d->state != DRAIN_IDLE)
		step(sessions, d);
	if (d->drain)
		d->news = drain_report(d->drain, sessions->device, gettid(), false);
}

/* ---- the set ------------------------------------------------------------------- */

/* Sessions with an owner that runs them are drained by that ('wmitrace record'). */
static bool is_ours(const struct control_session *session)
{
	return *session->file && !(session->s.flags & WMITRACE_START_OWNED);
}

static void take_up(struct drained *d, const struct control_session *info)
{
	if (d->used && !same_session(&d->info, info))
		end_vanished(d);
	if (!d->used && !is_ours(info))
		return;
	d->used = true;
	d->listed = true;
	d->info = *info;
	if (!d->drain)
		return;
	drain_update(d->drain, info);
	if (d->state == DRAIN_IDLE)
		d->state = DRAIN_BUSY;
}

int sessions_update(struct sessions *sessions)
{
	uint32_t ids[WMITRACE_LOGGERS];
	int count = control_list(sessions->device, WMITRACE_LIST_STOPPED, ids), i;

	if (count < 0)
		return count;
	for (i = 0; i < WMITRACE_LOGGERS; i++)
		sessions->all[i].listed = false;
	for (i = 0; i < count; i++) {
		struct control_session info;

		if (!call(sessions, CONTROL_QUERY, ids[i], &info))
			take_up(&sessions->all[ids[i]], &info);
	}
	for (i = 0; i < WMITRACE_LOGGERS; i++) {
		struct drained *d = &sessions->all[i];

		if (d->used && !d->listed)
			end_vanished(d);
		else if (d->used)
			attend(sessions, d);
	}
	return 0;
}

unsigned int sessions_wait(struct sessions *sessions, struct pollfd *fds, int *timeout)
{
	int64_t least = INT64_MAX, now = now_ms();
	unsigned int count = 0, id;

	for (id = 0; id < WMITRACE_LOGGERS; id++) {
		const struct drained *d = &sessions->all[id];
		int64_t wait = INT64_MAX;

		if (!d->used)
			continue;
		if (d->retry_at)
			wait = d->retry_at > now ? d->retry_at - now : 0;
		else if (!d->drain || d->state != DRAIN_IDLE)
			wait = 0;
		else if (d->news)
			wait = DRAIN_REPORT_MS;
		if (wait < least)
			least = wait;
		if (d->retry_at || !d->drain || d->state != DRAIN_IDLE)
			continue;
		sessions->polled[count] = id;
		fds[count++] = (struct pollfd){ .fd = drain_fd(d->drain), .events = POLLIN };
	}
	*timeout = least == INT64_MAX ? -1 : (int)least;
	return count;
}

void sessions_step(struct sessions *sessions, const struct pollfd *fds, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (fds[i].revents)
			sessions->all[sessions->polled[i]].state = DRAIN_BUSY;
	for (i = 0; i < WMITRACE_LOGGERS; i++)
		if (sessions->all[i].used)
			attend(sessions, &sessions->all[i]);
}

unsigned int sessions_count(const struct sessions *sessions)
{
	unsigned int count = 0, id;

	for (id = 0; id < WMITRACE_LOGGERS; id++)
		count += sessions->all[id].used;
	return count;
}

/* ---- the end --------------------------------------------------------------------- */

/* Writes what was there at the flush: not more than fits in the buffers, as writers go on. */
static void write_present(struct drained *d)
{
	uint64_t limit = drain_counts(d->drain)->bytes +
			 (uint64_t)d->info.s.number_of_buffers * d->info.s.buffer_size * 1024;
	struct etl_error error;

	do {
		d->state = drain_step(d->drain, &error);
	} while (d->state == DRAIN_BUSY && drain_counts(d->drain)->bytes < limit);
	if (d->state == DRAIN_BLOCKED || d->state == DRAIN_BROKEN)
		message_error(LOG_ERR, d->info.name, &error);
}

static void suspend(struct sessions *sessions, struct drained *d)
{
	bool snapshots = d->info.s.mode & MODE_BUFFERING;
	struct control_session now;
	struct etl_error error;

	if (!snapshots && !call(sessions, CONTROL_FLUSH, d->info.s.id, &now))
		d->info = now;
	write_present(d);
	if (d->state == DRAIN_ENDED) {
		end(sessions, d);
		return;
	}
	if (!call(sessions, CONTROL_QUERY, d->info.s.id, &now))
		d->info = now;
	if (!snapshots && drain_finish(d->drain, &d->info, &error))
		message_error(LOG_ERR, d->info.name, &error);
	message(LOG_INFO, "session '%s': leaving %s, which a later wmitraced goes on with",
		d->info.name, drain_file_path(d->drain));
	drain_report(d->drain, sessions->device, 0, true);
}

void sessions_suspend(struct sessions *sessions)
{
	unsigned int id;

	for (id = 0; id < WMITRACE_LOGGERS; id++) {
		struct drained *d = &sessions->all[id];

		if (d->drain)
			suspend(sessions, d);
	}
}
