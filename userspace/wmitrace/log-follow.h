/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading log files while they grow, and what is said at the end of a log. */
#ifndef WMITRACE_LOG_FOLLOW_H
#define WMITRACE_LOG_FOLLOW_H

#include "etl.h"

/* LOG_ENOUGH ends the following without an error. */
#define LOG_ENOUGH	(-1)

/*
 * Calls @show for what all files of *@log have, then for what they get, until
 * they are finalised or @show returns other than COMMAND_OK.  A single file of
 * newfile mode is followed by the next of its series, which *@log then is.
 * Returns an exit status.
 */
int log_follow(const char *command, struct etl_log **log,
	       int (*show)(void *context, struct etl_log *log, const struct etl_range *range),
	       void *context);

/* Says on standard error what the sessions lost, by the files' own account. */
void log_tell_loss(const struct etl_log *log);

#endif /* WMITRACE_LOG_FOLLOW_H */
