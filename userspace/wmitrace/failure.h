/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages about what failed, with what to do next, on standard error. */
#ifndef WMITRACE_FAILURE_H
#define WMITRACE_FAILURE_H

#include "control.h"

/* "wmitrace COMMAND: text"; returns COMMAND_FAILED. */
int fail(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with a pointer to --help; returns COMMAND_USAGE. */
int misuse(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Opens the device, or says why not and returns -1. */
int open_device(const char *command);

/*
 * Puts the name or number @what into @session, which is cleared.
 * Returns COMMAND_OK, or says what is wrong with it.
 */
int address_session(const char *command, struct control_session *session, const char *what);

/* Explains why @command on @session (as the user called it: @what) failed with -@err. */
int fail_session(const char *command, const char *what, const struct control_session *session,
		 int err);

#endif /* WMITRACE_FAILURE_H */
