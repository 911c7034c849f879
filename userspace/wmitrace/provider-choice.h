/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What enable and disable are given: a session, and providers by GUID or name. */
#ifndef WMITRACE_PROVIDER_CHOICE_H
#define WMITRACE_PROVIDER_CHOICE_H

#include <stdbool.h>

#include "provider.h"

/*
 * Enables (or disables) with @how the GUIDs that the words @providers mean, for
 * the session @what, and says so.  Returns an exit status.
 */
int provider_choice_apply(const char *command, const char *what, char **providers, int count,
			  const struct wmitrace_enable *how, bool enable, bool as_json);

#endif /* WMITRACE_PROVIDER_CHOICE_H */
