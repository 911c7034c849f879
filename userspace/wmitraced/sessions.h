/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sessions that the service drains: those that have a log file and no
 * owner that drains them itself.
 */
#ifndef WMITRACED_SESSIONS_H
#define WMITRACED_SESSIONS_H

#include <poll.h>

#include "control.h"

struct sessions;

/* NULL if there is no memory.  @device stays the caller's. */
struct sessions *sessions_new(int device);
/* Gives up what sessions_suspend() did not. */
void sessions_free(struct sessions *sessions);

/* Takes up new sessions, and notices what has changed about the others.  Returns 0 or -errno. */
int sessions_update(struct sessions *sessions);

/*
 * Fills in what to wait for (at most WMITRACE_LOGGERS) and returns how many;
 * *@timeout: for how long, in ms, as poll() takes it.
 */
unsigned int sessions_wait(struct sessions *sessions, struct pollfd *fds, int *timeout);

/*
 * Moves what is there and completes the files of sessions that have ended.
 * @fds: as sessions_wait() filled them in and poll() answered.
 */
void sessions_step(struct sessions *sessions, const struct pollfd *fds, unsigned int count);

/* How many sessions are being drained, or should be. */
unsigned int sessions_count(const struct sessions *sessions);

/*
 * The service is about to end: writes everything logged until now and completes
 * the files, for a later service to go on with.
 */
void sessions_suspend(struct sessions *sessions);

#endif /* WMITRACED_SESSIONS_H */
