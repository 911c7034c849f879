/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening log files for the commands that read them. */
#ifndef WMITRACE_LOG_OPEN_H
#define WMITRACE_LOG_OPEN_H

#include "etl.h"

/*
 * Opens @count files as one log, or says why not and returns NULL.  From then
 * on a file that is cut off while it is being read ends the program with a
 * message instead of SIGBUS.
 */
struct etl_log *open_log(const char *command, char **paths, int count);

/* "FILE: offset …: reason" on standard error; returns COMMAND_FAILED. */
int complain(const char *command, const struct etl_error *err);

#endif /* WMITRACE_LOG_OPEN_H */
