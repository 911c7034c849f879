/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Linux trace events for sessions: enable, disable and list --tracepoint. */
#ifndef WMITRACE_TRACEPOINTS_H
#define WMITRACE_TRACEPOINTS_H

#include <getopt.h>
#include <stdbool.h>

#define TRACEPOINT_OPTION	{ "tracepoint", no_argument, NULL, 't' }

/* -t, --tracepoint, alone: for take_switch(). */
extern const struct option tracepoint_options[];

/*
 * Enables or disables what @patterns mean for the session @what, and says what
 * it did.  Returns the exit status: an event that cannot be had is told, and
 * the others are enabled.
 */
int tracepoints_apply(const char *command, const char *what, char **patterns, int count,
		      bool enable, bool as_json);

/* Prints what is enabled, of @pattern if that is not NULL. */
int tracepoints_list(const char *command, const char *pattern, bool as_json);

#endif /* WMITRACE_TRACEPOINTS_H */
