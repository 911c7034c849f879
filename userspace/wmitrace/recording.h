/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A session that lives as long as this process and is drained by it. */
#ifndef WMITRACE_RECORDING_H
#define WMITRACE_RECORDING_H

#include <stdbool.h>

#include "control.h"
#include "drain.h"

struct recording {
	int device;
	struct control_session session;	/* latest statistics */
	struct drain *drain;
	enum drain_state state;
	bool stopped;			/* the session has been told to stop */
	bool news;			/* the kernel has not been told everything */
	bool complained;		/* the present trouble has been reported */
	bool failed;			/* the file is not what it should be */
	bool finished;			/* recording_finish() is done */
};

/* Starts @session (settings, name, file).  Returns an exit status. */
int recording_start(struct recording *recording, const struct control_session *session);

/* Moves what is there, and complains about what goes wrong. */
void recording_step(struct recording *recording);

/* To be called when the control device reports a change. */
void recording_update(struct recording *recording);

/* For poll(): -1 while there is nothing to wait for on it; and how long to wait, in ms. */
int recording_fd(const struct recording *recording);
int recording_timeout(const struct recording *recording);

/* Stops the session, writes the rest, completes the file, releases the session.  Once. */
void recording_finish(struct recording *recording);

void recording_close(struct recording *recording);

#endif /* WMITRACE_RECORDING_H */
