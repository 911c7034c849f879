/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What enable, disable, capture-state are given: a session, and providers by GUID or name. */
#ifndef WMITRACE_PROVIDER_CHOICE_H
#define WMITRACE_PROVIDER_CHOICE_H

#include <getopt.h>
#include <stdbool.h>

#include "provider.h"

/* Options that say with which level and keywords; provider_choice_option() takes them. */
#define PROVIDER_OPTION_MATCH_ALL	256
#define PROVIDER_OPTIONS							\
	{ "level", required_argument, NULL, 'l' },				\
	{ "flags", required_argument, NULL, 'f' },				\
	{ "match-all", required_argument, NULL, PROVIDER_OPTION_MATCH_ALL }

#define PROVIDER_LEVEL_VERBOSE	5

/* COMMAND_OK, or COMMAND_USAGE after complaining. */
int provider_choice_option(const char *command, int option, const char *value,
			   struct wmitrace_enable *how);

/*
 * Makes @request with @how for the GUIDs that the words @providers mean, for
 * the session @what, and says so.  Returns an exit status.
 */
int provider_choice_apply(const char *command, const char *what, char **providers, int count,
			  const struct wmitrace_enable *how, enum provider_request request,
			  bool as_json);

#endif /* WMITRACE_PROVIDER_CHOICE_H */
