/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Draining a session: from its buffers in the kernel into its log file.  One
 * implementation for wmitraced, 'wmitrace record' and 'wmitrace flush'.
 *
 * The drain holds the session's cpuN files open, so that nobody else reads
 * them.  It blocks only in writing to the file.
 *
 * While the disk is full the drain keeps the batch that it could not write and
 * reads nothing more: the kernel's buffers fill up and the kernel counts what
 * it has no room for.  Nothing is dropped that was logged, unless
 * drain_discard() asks for it.
 */
#ifndef LIBWMITRACE_DRAIN_H
#define LIBWMITRACE_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "control.h"
#include "etl.h"
#include "log-file.h"

struct drain;

enum drain_state {
	DRAIN_BUSY,	/* there may be more at once: step again */
	DRAIN_IDLE,	/* nothing to do until drain_fd() is readable */
	DRAIN_BLOCKED,	/* could not write; the error says why.  Step again after a while */
	DRAIN_FULL,	/* the sequential maximum is reached: stop the session, and drain_discard() */
	DRAIN_ENDED,	/* the session has stopped, everything is written: drain_finish() */
	DRAIN_BROKEN,	/* could not read; the error says why */
};

struct drain_counts {
	uint64_t written;		/* data buffers, all files */
	uint64_t bytes;			/* of these */
	uint64_t duplicates;		/* delivered again after a crash, and not written again */
	uint64_t buffers_lost;		/* dropped: by drain_discard(), or damaged */
	uint64_t events_lost;		/* events in these; not part of the kernel's count */
};

/*
 * Opens @session's cpu files below @debugfs (NULL: where they are) and its log
 * file @path.  @flags: LOG_FILE_*.  A flight recorder's file is written at
 * each snapshot, beside @path at first, so that @path is always complete.
 * -EBUSY: somebody drains the session already.
 */
int drain_open(struct drain **drain, const char *debugfs, const struct control_session *session,
	       const char *path, unsigned int flags, struct etl_error *err);

/* A descriptor that is readable when the session has buffers or may have, or has stopped. */
int drain_fd(const struct drain *drain);

/* Moves a bounded amount of buffers, taking turns among the CPUs. */
enum drain_state drain_step(struct drain *drain, struct etl_error *err);

/* From now on drop what is read, and what is held, and count it. */
void drain_discard(struct drain *drain);

/*
 * Finishes the present file and goes on in @path; on failure all is as before.
 * @session: with its present statistics, for the file that is finished.
 */
int drain_switch(struct drain *drain, const struct control_session *session, const char *path,
		 struct etl_error *err);

/*
 * Completes the log file with what @session says of time and losses.  May be
 * repeated after an error.  Does not end the drain: a file finished before its
 * session has stopped can be resumed (LOG_FILE_RESUME).
 */
int drain_finish(struct drain *drain, const struct control_session *session, struct etl_error *err);

/* Acknowledges what is written, and gives up the session.  Does not complete the file. */
void drain_close(struct drain *drain);

/*
 * Takes note of the session's present state: losses, for the header of a file
 * that is finished inside drain_step() (newfile, flight recorder), and CPUs that
 * came up.  To be called when the control device reports a change.
 */
void drain_update(struct drain *drain, const struct control_session *session);

/*
 * Tells the kernel, for QUERY, which thread drains (0: none any more) and what
 * is written; not more often than every DRAIN_REPORT_MS, but for the first and
 * with @now.  True if there is news that was held back: call again then.
 */
#define DRAIN_REPORT_MS	100

bool drain_report(struct drain *drain, int device, uint32_t tid, bool now);

const struct drain_counts *drain_counts(const struct drain *drain);
/* Buffers in the present file, header buffer included. */
uint64_t drain_file_buffers(const struct drain *drain);
/* Path of the present file; with a %d in the name, the one in use. */
const char *drain_file_path(const struct drain *drain);

#endif /* LIBWMITRACE_DRAIN_H */
