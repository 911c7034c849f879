/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request to the logger about one session, with complaints. */
#ifndef WMITRACE_SESSION_CALL_H
#define WMITRACE_SESSION_CALL_H

#include <getopt.h>

#include "control.h"

/* -s, --stopped, alone: for take_switch(). */
extern const struct option stopped_options[];

/*
 * Carries out @operation on the session that @what names, with @flags
 * (WMITRACE_STOPPED).  Returns COMMAND_OK and the answer in @session, or
 * another exit status after saying why it failed.
 */
int session_call(const char *command, enum control_operation operation, const char *what,
		 uint32_t flags, struct control_session *session);

#endif /* WMITRACE_SESSION_CALL_H */
