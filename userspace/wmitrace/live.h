/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records of a running session as they come, without a file. */
#ifndef WMITRACE_LIVE_H
#define WMITRACE_LIVE_H

#include <stdbool.h>

#include "control.h"
#include "cpu-files.h"
#include "etl.h"

struct live {
	const char *command;
	struct cpu_files files;
	unsigned char *data;	/* the header buffer, then buffers that were read */
	size_t header;		/* bytes of the first */
	size_t size;		/* room */
};

/*
 * Becomes the reader of a session's buffers, or says why it cannot.  Returns an
 * exit status.
 */
int live_open(struct live *live, const char *command, const struct control_session *session);
void live_close(struct live *live);

/* Readable when there is something to read, or the session has stopped. */
static inline int live_fd(const struct live *live)
{
	return live->files.epoll;
}

/* True once a stopped session's last buffer has been read. */
static inline bool live_ended(const struct live *live)
{
	return !live->files.open;
}

/*
 * Calls @take for each record that is there now, in the order of times, and
 * gives the buffers back.  *@more: there is more at once.  Returns an exit status.
 */
int live_read(struct live *live, void (*take)(void *context, const struct etl_record *rec),
	      void *context, bool *more);

#endif /* WMITRACE_LIVE_H */
