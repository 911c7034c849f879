/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which process is the service that drains sessions with a log file: the one
 * that holds the write lock on the device node.  The kernel drops the lock
 * when the process ends, however it ends.
 */
#ifndef LIBWMITRACE_SERVICE_H
#define LIBWMITRACE_SERVICE_H

#include <stdbool.h>

/* Returns 0, or -EAGAIN if there is a service already.  Held until @device is closed. */
int service_claim(int device);

/* Whether another descriptor than @device holds the lock. */
bool service_claimed(int device);

#endif /* LIBWMITRACE_SERVICE_H */
