/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sessions and their statistics for people and for programs. */
#ifndef WMITRACE_SESSION_PRINT_H
#define WMITRACE_SESSION_PRINT_H

#include <stdio.h>

#include "control.h"
#include "json.h"

void session_print(FILE *to, const struct control_session *session);
void sessions_print_table(FILE *to, const struct control_session *sessions, size_t count);

/* The members of a session's JSON object; the caller opens and closes it. */
void session_print_json(struct json *json, const struct control_session *session);

/* The session on standard output: as session_print() does, or a JSON object in one line. */
void session_show(const struct control_session *session, bool json);

/* "1000 logged, 3 lost; 3 found no free buffer (…)": each kind of loss that there was. */
void session_print_events(FILE *to, const struct control_session *session);

#endif /* WMITRACE_SESSION_PRINT_H */
