/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Becoming a daemon: the caller's process ends when the service is ready. */
#ifndef WMITRACED_BACKGROUND_H
#define WMITRACED_BACKGROUND_H

/*
 * Forks.  Returns 0 in the child; the parent waits for background_ready() and
 * exits with success, or with failure if the child ends before.  -1: no fork.
 */
int background_start(void);

/* Tells the waiting parent, if there is one, and leaves the terminal. */
void background_ready(void);

/* Returns the file's absolute path, for unlink() and free(), or NULL with errno. */
char *background_pidfile(const char *path);

#endif /* WMITRACED_BACKGROUND_H */
