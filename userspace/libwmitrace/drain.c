// SPDX-License-Identifier: LGPL-2.1-or-later
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cpu-files.h"
#include "drain.h"
#include "identity.h"
#include "mode.h"

#define BATCH_BYTES	(1024u * 1024)	/* of one CPU at a time, but at least one buffer */
#define STEP_BATCHES	8u		/* in one drain_step() */
/*
 * After so large a part of the session's buffers the drain looks again unasked.
 * The kernel's wake-up comes by way of an irq_work, which waits for the timer tick
 * where the processor has no interrupt for it: as long as a ring lasts at such a rate.
 */
#define LOOK_PART	16u
#define LOOK_MS		5u
#define SNAPSHOT_SUFFIX	".part"

struct drain {
	struct cpu_files cpus;
	struct etl_writer *writer;	/* NULL: flight recorder between snapshots */
	char *folder;			/* loggerNN */
	char *path;
	struct identity owner;		/* of the files, since @path was named */
	unsigned int flags;		/* LOG_FILE_* */
	bool snapshots;			/* flight recorder */
	bool discard;
	int device;			/* -1: there are no buffers to map */
	unsigned char *room;		/* for a batch of a CPU whose buffers are not mapped */
	size_t batch_size;
	const unsigned char *batch;	/* what was read last */
	size_t begin, end;		/* part of it that is not dealt with yet */
	uint64_t moved;			/* bytes, since there was nothing to read */
	uint32_t buffer_size;		/* bytes */
	struct control_session session;	/* as of the last time the caller told */
	struct drain_counts counts;
	char last_path[4096];		/* of the newest file, while there is no writer */
	uint64_t last_buffers;		/* in that file */
	struct wmitrace_report reported;
	int64_t reported_at;		/* ms, monotonic; 0 = never */
};

/* ---- opening -------------------------------------------------------------- */

/* A snapshot grows under another name, which the caller frees. */
static char *part_path(const struct drain *d)
{
	char *path;

	if (asprintf(&path, "%s%s", d->path, d->snapshots ? SNAPSHOT_SUFFIX : "") < 0)
		return NULL;
	return path;
}

static int become_owner(const struct drain *d, struct etl_error *err)
{
	int ret = identity_assume(&d->owner);

	if (ret)
		etl_fail(err, ret, d->path, ETL_NO_OFFSET,
			 "cannot take on the rights of user %u, who named it",
			 (unsigned int)d->owner.uid);
	return ret;
}

/* With the path: it stays that user's, whoever tries to name another. */
static void set_owner(struct drain *d, const struct control_session *session)
{
	d->owner = (struct identity){ session->s.file_uid, session->s.file_gid };
}

/* A snapshot is always a new file. */
static int open_writer(struct drain *d, unsigned int flags, struct etl_error *err)
{
	char *path = part_path(d);
	void *header = NULL;
	int ret;

	if (!path)
		return etl_fail(err, -ENOMEM, d->path, ETL_NO_OFFSET, "out of memory");
	ret = log_file_header(d->folder, &d->session, &header, err);
	if (!ret)
		ret = become_owner(d, err);
	if (!ret) {
		ret = log_file_open(&d->writer, path, &d->session, header, flags, err);
		identity_restore();
	}
	free(header);
	free(path);
	return ret;
}

static int allocate(struct drain *d, const char *debugfs, const char *path)
{
	size_t buffers = BATCH_BYTES / d->buffer_size;

	d->batch_size = (buffers ? buffers : 1) * d->buffer_size;
	d->room = malloc(d->batch_size);
	d->path = strdup(path);
	if (asprintf(&d->folder, "%s/logger%02u", debugfs ? debugfs : WMITRACE_DEBUGFS,
		     d->session.s.id) < 0)
		d->folder = NULL;
	d->device = debugfs ? -1 : control_open();
	return d->room && d->path && d->folder ? 0 : -ENOMEM;
}

static void map_cpus(struct drain *d)
{
	if (d->device >= 0)
		cpu_files_map(&d->cpus, d->device);
}

static int update_cpus(struct drain *d)
{
	int found = cpu_files_update(&d->cpus, d->folder);

	map_cpus(d);
	return found;
}

static int open_cpus(struct drain *d, struct etl_error *err)
{
	int ret = cpu_files_open(&d->cpus, d->folder);

	switch (ret) {
	case 0:
		map_cpus(d);
		return 0;
	case -EBUSY:
		return etl_fail(err, ret, d->folder, ETL_NO_OFFSET,
				"somebody else reads the session's buffers");
	case -ENOENT:
		return etl_fail(err, ret, d->folder, ETL_NO_OFFSET,
				"not there; is debugfs mounted at /sys/kernel/debug?");
	default:
		return etl_fail(err, ret, d->folder, ETL_NO_OFFSET, "%s", strerror(-ret));
	}
}

static void free_drain(struct drain *d)
{
	free(d->folder);
	free(d->path);
	free(d->room);
	if (d->device >= 0)
		close(d->device);
	free(d);
}

int drain_open(struct drain **drain, const char *debugfs, const struct control_session *session,
	       const char *path, unsigned int flags, struct etl_error *err)
{
	struct drain *d = calloc(1, sizeof(*d));
	int ret;

	if (!d)
		return etl_fail(err, -ENOMEM, path, ETL_NO_OFFSET, "out of memory");
	d->session = *session;
	set_owner(d, session);
	d->flags = flags;
	if (flags & LOG_FILE_RESUME)
		d->counts.buffers_lost = session->s.buffers_lost;
	d->snapshots = session->s.mode & MODE_BUFFERING;
	d->buffer_size = session->s.buffer_size * 1024;
	ret = allocate(d, debugfs, path);
	if (ret)
		etl_fail(err, ret, path, ETL_NO_OFFSET, "out of memory");
	/* The file first: opening a cpu file costs the session a partly filled buffer. */
	if (!ret)
		ret = open_writer(d, d->snapshots ? 0 : flags, err);
	if (!ret)
		ret = open_cpus(d, err);
	if (!ret) {
		*drain = d;
		return 0;
	}
	etl_writer_close(d->writer);
	free_drain(d);
	return ret;
}

int drain_fd(const struct drain *d)
{
	return d->cpus.epoll;
}

/* ---- dropping --------------------------------------------------------------- */

static uint64_t count_records(const unsigned char *buffer, uint32_t size)
{
	const struct etl_buffer_header *head = (const struct etl_buffer_header *)buffer;
	uint32_t at = sizeof(*head), used = le32toh(head->offset);
	struct etl_record record = { .data = NULL };
	const char *reason;
	uint64_t count = 0;
	int step;

	if (used > size)
		used = size;
	while (at < used) {
		step = etl_record_parse(buffer + at, used - at, &record, &reason);
		if (step <= 0)
			break;
		at += step;
		count++;
	}
	return count;
}

/* Drops the first @count buffers of what is held. */
static void drop(struct drain *d, size_t count)
{
	for (; count; count--) {
		d->counts.events_lost += count_records(d->batch + d->begin, d->buffer_size);
		d->counts.buffers_lost++;
		d->begin += d->buffer_size;
	}
}

void drain_discard(struct drain *d)
{
	d->discard = true;
}

/* ---- moving --------------------------------------------------------------- */

/* Deals with what is held.  Returns 0 or what etl_writer_append() said. */
static int write_batch(struct drain *d, struct etl_error *err)
{
	const struct etl_writer_stats *stats = etl_writer_stats(d->writer);
	size_t offered = (d->end - d->begin) / d->buffer_size;
	uint64_t duplicates = stats->duplicates, written = stats->written;
	size_t taken = 0;
	int ret = become_owner(d, err);		/* a next file may be due */

	if (ret)
		return ret;
	ret = etl_writer_append(d->writer, d->batch + d->begin, offered, &taken, err);
	if (ret == -EINVAL && offered > 1)	/* which of them is damaged? */
		ret = etl_writer_append(d->writer, d->batch + d->begin, 1, &taken, err);
	identity_restore();
	d->begin += taken * d->buffer_size;
	d->counts.duplicates += stats->duplicates - duplicates;
	d->counts.written += stats->written - written;
	d->counts.bytes += (stats->written - written) * d->buffer_size;
	if (ret == -EINVAL) {
		drop(d, 1);
		ret = 0;
	}
	return ret;
}

/* Puts the finished snapshot in its place. */
static int end_snapshot(struct drain *d, struct etl_error *err)
{
	const char *part = etl_writer_path(d->writer);
	int ret = drain_finish(d, &d->session, err);

	if (!ret)
		ret = become_owner(d, err);
	if (ret)
		return ret;
	if (rename(part, d->path))
		ret = etl_fail(err, -errno, d->path, ETL_NO_OFFSET,
			       "cannot put the snapshot there: %s",
				    strerror(errno));
	identity_restore();
	if (ret)
		return ret;
	snprintf(d->last_path, sizeof(d->last_path), "%s", d->path);
	d->last_buffers = etl_writer_stats(d->writer)->buffers;
	etl_writer_close(d->writer);
	d->writer = NULL;
	return 0;
}

static void plan_next_look(struct drain *d)
{
	uint64_t all = (uint64_t)d->session.s.number_of_buffers * d->buffer_size;

	if (d->moved && d->moved >= all / LOOK_PART)
		cpu_files_look_again(&d->cpus, LOOK_MS);
	d->moved = 0;
}

/* Nothing is left to read for now. */
static enum drain_state rest(struct drain *d, struct etl_error *err)
{
	enum drain_state state = d->cpus.open ? DRAIN_IDLE : DRAIN_ENDED;

	plan_next_look(d);
	/* A CPU may have come up, logged and gone before we were told. */
	if (state == DRAIN_ENDED && update_cpus(d) > 0)
		return DRAIN_BUSY;
	if (!d->snapshots || !d->writer)
		return state;
	/* An empty ring is worth a file only if there will be no other. */
	if (etl_writer_stats(d->writer)->buffers == 1 && (state == DRAIN_IDLE || *d->last_path))
		return state;
	return end_snapshot(d, err) ? DRAIN_BLOCKED : state;
}

static ssize_t fill_batch(struct drain *d, struct etl_error *err)
{
	ssize_t n = cpu_files_next(&d->cpus, d->room, d->batch_size, &d->batch);

	if (n >= 0 && !(n % d->buffer_size)) {
		d->begin = 0;
		d->end = n;
		d->moved += n;
		return n;
	}
	if (n < 0)
		return etl_fail(err, n, d->folder, ETL_NO_OFFSET, "cannot read: %s", strerror(-n));
	return etl_fail(err, -EPROTO, d->folder, ETL_NO_OFFSET, "delivered part of a buffer");
}

/* Deals with one batch; DRAIN_BUSY if there may be another. */
static enum drain_state move(struct drain *d, struct etl_error *err)
{
	ssize_t n;
	int ret = 0;

	if (d->begin == d->end) {
		n = fill_batch(d, err);
		if (n <= 0)
			return n ? DRAIN_BROKEN : rest(d, err);
	}
	if (d->discard) {
		drop(d, (d->end - d->begin) / d->buffer_size);
		return DRAIN_BUSY;
	}
	if (!d->writer)
		ret = open_writer(d, 0, err);
	if (!ret)
		ret = write_batch(d, err);
	if (ret == -EFBIG)
		return DRAIN_FULL;
	return ret ? DRAIN_BLOCKED : DRAIN_BUSY;
}

enum drain_state drain_step(struct drain *d, struct etl_error *err)
{
	enum drain_state state = DRAIN_BUSY;
	unsigned int i;

	for (i = 0; i < STEP_BATCHES && state == DRAIN_BUSY; i++)
		state = move(d, err);
	return state;
}

/* ---- completing ------------------------------------------------------------- */

/*
 * A session in append mode adds its losses to what the file has from older ones
 * when it ends, and not before: a later drain of it would add them again.
 */
static void set_totals(const struct drain *d, const struct control_session *session,
		       struct etl_totals *totals)
{
	bool later = (session->s.mode & MODE_APPEND) &&
		     session->s.state != WMITRACE_STATE_STOPPED;

	totals->end_time = session->s.stop_time;
	totals->events_lost = later ? 0 : session->s.lost;
	totals->buffers_lost = later ? 0 : d->counts.buffers_lost;
}

void drain_update(struct drain *d, const struct control_session *session)
{
	struct etl_totals totals;

	if (session->s.cpus > d->session.s.cpus)
		update_cpus(d);
	d->session = *session;
	set_totals(d, session, &totals);
	if (d->writer)
		etl_writer_totals(d->writer, &totals);
}

int drain_finish(struct drain *d, const struct control_session *session, struct etl_error *err)
{
	struct etl_totals totals;

	if (!d->writer)
		return 0;
	set_totals(d, session, &totals);
	return etl_writer_finalise(d->writer, &totals, err);
}

int drain_switch(struct drain *d, const struct control_session *session, const char *path,
		 struct etl_error *err)
{
	struct etl_writer *old = d->writer;
	struct identity old_owner = d->owner;
	char *old_path = d->path;
	int ret;

	/* What is acknowledged now will not be delivered again and so not be written to both. */
	if (d->begin == d->end)
		cpu_files_acknowledge(&d->cpus);
	d->path = strdup(path);
	d->writer = NULL;
	d->session = *session;
	set_owner(d, session);
	if (d->path)
		ret = open_writer(d, d->flags, err);
	else
		ret = etl_fail(err, -ENOMEM, path, ETL_NO_OFFSET, "out of memory");
	if (!ret && old) {
		struct etl_totals totals;

		set_totals(d, session, &totals);
		ret = etl_writer_finalise(old, &totals, err);
	}
	if (ret) {
		etl_writer_close(d->writer);
		free(d->path);
		d->writer = old;
		d->path = old_path;
		d->owner = old_owner;
		return ret;
	}
	etl_writer_close(old);
	free(old_path);
	return 0;
}

void drain_close(struct drain *d)
{
	char *part = NULL;

	if (d->begin == d->end)
		cpu_files_acknowledge(&d->cpus);
	cpu_files_close(&d->cpus);
	/* A snapshot that was never asked for, or is not complete. */
	if (d->snapshots && d->writer)
		part = part_path(d);
	if (part && !identity_assume(&d->owner)) {
		unlink(part);
		identity_restore();
	}
	free(part);
	etl_writer_close(d->writer);
	free_drain(d);
}

static void learn_losses(struct drain *d, int device)
{
	struct control_session session;

	control_address_id(&session, d->session.s.id);
	session.s.flags = WMITRACE_STOPPED;
	if (!control_call(device, CONTROL_QUERY, &session))
		drain_update(d, &session);
}

bool drain_report(struct drain *d, int device, uint32_t tid, bool now)
{
	struct wmitrace_report report = {
		.handle = d->session.s.handle,
		.logger_tid = tid,
		.buffers_written = drain_file_buffers(d),
		.buffers_lost = d->counts.buffers_lost,
	};
	struct timespec time;
	int64_t ms;

	if (!memcmp(&report, &d->reported, sizeof(report)))
		return false;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
	ms = time.tv_sec * INT64_C(1000) + time.tv_nsec / 1000000;
	if (!now && d->reported_at && ms - d->reported_at < DRAIN_REPORT_MS)
		return true;
	d->reported = report;
	d->reported_at = ms;
	control_report(device, &report);	/* a session that is gone needs no report */
	if (d->session.s.mode & MODE_NEWFILE)
		learn_losses(d, device);
	return false;
}

const struct drain_counts *drain_counts(const struct drain *d)
{
	return &d->counts;
}

uint64_t drain_file_buffers(const struct drain *d)
{
	return d->writer ? etl_writer_stats(d->writer)->buffers : d->last_buffers;
}

const char *drain_file_path(const struct drain *d)
{
	return d->writer ? etl_writer_path(d->writer) : d->last_path;
}
