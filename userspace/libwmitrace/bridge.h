/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Linux trace events for sessions: tracefs tells what there is, the module logs
 * it.  Functions return 0 or a negative errno, as in control.h.
 */
#ifndef LIBWMITRACE_BRIDGE_H
#define LIBWMITRACE_BRIDGE_H

#include "control.h"
#include "trace-schema.h"

struct bridge_event {
	char system[WMITRACE_BRIDGE_NAME_MAX];
	char name[WMITRACE_BRIDGE_NAME_MAX];
};

/*
 * All events of tracefs that can be logged, sorted; *@events to be freed.
 * -ENOENT: tracefs is not mounted where it usually is.
 */
int bridge_events(struct bridge_event **events, size_t *count);

/* Whether @pattern (SYSTEM:EVENT, or one of both alone; with * ? []) means this event. */
bool bridge_match(const char *pattern, const char *system, const char *name);

/*
 * Has the session log @event.  @schema is where it is worked out; if that is
 * impossible -EOPNOTSUPP is returned with schema->reason.
 */
int bridge_enable(int device, struct control_session *session, const struct bridge_event *event,
		  struct trace_schema *schema);
int bridge_disable(int device, struct control_session *session, const struct bridge_event *event);

/* What is logged, by all sessions; *@rows to be freed. */
int bridge_list(int device, struct wmitrace_bridged **rows, size_t *count);

#endif /* LIBWMITRACE_BRIDGE_H */
