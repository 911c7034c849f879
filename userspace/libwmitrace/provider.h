/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Providers: who is registered, enabling and disabling.  Functions return 0 or
 * a negative errno and print nothing.
 */
#ifndef LIBWMITRACE_PROVIDER_H
#define LIBWMITRACE_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control.h"

enum provider_request { PROVIDER_ENABLE, PROVIDER_DISABLE, PROVIDER_CAPTURE_STATE };

/*
 * Enables @how->guid with @how->level, any and all for the session that
 * @session addresses, or disables it, or has it log its state.  After a failure
 * session->s.win32 has the Win32 code, or 0.
 */
int provider_request(int device, enum provider_request what, struct control_session *session,
		     const struct wmitrace_enable *how);

/* Stores all GUIDs of all providers in *@rows, to be freed. */
int provider_list(int device, struct wmitrace_provider **rows, size_t *count);

/* Whether @row is of the module or provider that @name names, without regard to case. */
bool provider_is_called(const struct wmitrace_provider *row, const char *name);

/* A number from 0 to 255, or a name ("warning"); -EINVAL otherwise. */
int provider_parse_level(const char *text, uint32_t *level);

/* "control", "etw", "event", "traced", "waiting"; "unknown" for others. */
const char *provider_kind_name(uint32_t kind);

#endif /* LIBWMITRACE_PROVIDER_H */
