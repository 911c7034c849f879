/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command that is run while 'wmitrace record' records. */
#ifndef WMITRACE_CHILD_H
#define WMITRACE_CHILD_H

#include <sys/types.h>

/* Blocks the signals that end a recording and returns a signalfd for them and for SIGCHLD, or -1. */
int child_signals(void);

/*
 * Runs @argv with the signals as they were.  Returns the process id, or -errno
 * if it could not be executed.
 */
pid_t child_start(char **argv);

/* If @pid has ended, puts its status as a shell would tell it into *@status and returns 1, else 0. */
int child_reap(pid_t pid, int *status);

/* Status that a shell gives where a command could not be executed for -@err. */
int child_status_of_error(int err);

#endif /* WMITRACE_CHILD_H */
