// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "etl.h"
#include "failure.h"
#include "json.h"
#include "provider-choice.h"

struct choice {
	const char *command;
	const char *what;		/* the session, as the user called it */
	int device;
	enum provider_request request;
	struct control_session session;
	struct wmitrace_enable how;
	struct json json;
	bool as_json;
};

static void report(struct choice *c, const char *name)
{
	static const char *const done[] = {
		[PROVIDER_ENABLE] = "enabled",
		[PROVIDER_DISABLE] = "disabled",
		[PROVIDER_CAPTURE_STATE] = "captured the state of",
	};
	char text[ETL_GUID_TEXT];

	etl_guid_format(c->how.guid, text);
	if (!c->as_json) {
		printf("%s %s%s%s%s for '%s'", done[c->request], text,
		       *name ? " (" : "", name, *name ? ")" : "", c->what);
		if (c->request != PROVIDER_DISABLE)
			printf(": level %u, flags 0x%" PRIx64, c->how.level, (uint64_t)c->how.any);
		putchar('\n');
		return;
	}
	json_open(&c->json, NULL, '{');
	json_string(&c->json, "guid", text);
	json_string(&c->json, "provider", name);
	json_string(&c->json, "session", c->what);
	json_bool(&c->json, "enabled", c->request != PROVIDER_DISABLE);
	if (c->request != PROVIDER_DISABLE) {
		json_number(&c->json, "level", c->how.level);
		json_number(&c->json, "any", c->how.any);
		json_number(&c->json, "all", c->how.all);
	}
	json_close(&c->json, '}');
}

/* Win32 codes that mean something else here than about sessions. */
static int explain(struct choice *c, int err)
{
	char text[ETL_GUID_TEXT];

	etl_guid_format(c->how.guid, text);
	switch (c->session.s.win32) {
	case WMITRACE_ERROR_WMI_GUID_NOT_FOUND:
		fail(c->command, "no provider that could log its state has registered %s", text);
		fputs("  Those that 'wmitrace providers' lists as 'etw' can.\n", stderr);
		return COMMAND_FAILED;
	case WMITRACE_ERROR_INVALID_FUNCTION:
		if (c->request == PROVIDER_CAPTURE_STATE) {
			fail(c->command, "%s is not enabled for '%s'", text, c->what);
			fprintf(stderr, "  'wmitrace enable %s %s' first.\n", c->what, text);
			return COMMAND_FAILED;
		}
		fail(c->command, "%s is enabled with another level or flags, which cannot be changed before a provider has registered it",
		     text);
		fprintf(stderr, "  'wmitrace disable %s %s' first.\n", c->what, text);
		return COMMAND_FAILED;
	case WMITRACE_ERROR_INVALID_PARAMETER:
		fail(c->command, "'%s' has no providers of its own", c->what);
		fputs("  The kernel logger is told what to log by 'wmitrace update --flags'; drivers look for the GlobalLogger themselves.\n",
		      stderr);
		return COMMAND_FAILED;
	case WMITRACE_ERROR_NO_SYSTEM_RESOURCES:
		fail(c->command, "%s is enabled for %u sessions already, more are not possible",
		     text, WMITRACE_ENABLED_MAX);
		fputs("  'wmitrace providers' shows which.\n", stderr);
		return COMMAND_FAILED;
	}
	return fail_session(c->command, c->what, &c->session, err);
}

static int apply_one(struct choice *c, const char *name)
{
	int err = provider_request(c->device, c->request, &c->session, &c->how);

	if (err)
		return explain(c, err);
	report(c, name);
	return COMMAND_OK;
}

static bool can_be_enabled(const struct wmitrace_provider *row)
{
	return row->kind == WMITRACE_PROVIDER_CLASSIC || row->kind == WMITRACE_PROVIDER_MULTI;
}

static int apply_name(struct choice *c, const char *name)
{
	struct wmitrace_provider *rows;
	int status = COMMAND_OK;
	size_t i, count, found = 0;
	int err = provider_list(c->device, &rows, &count);

	if (err)
		return fail(c->command, "cannot list the providers: %s", strerror(-err));
	for (i = 0; i < count && status == COMMAND_OK; i++)
		if (can_be_enabled(&rows[i]) && provider_is_called(&rows[i], name)) {
			memcpy(c->how.guid, rows[i].guid, sizeof(c->how.guid));
			status = apply_one(c, name);
			found++;
		}
	free(rows);
	if (found)
		return status;
	fail(c->command, "no provider is called '%s', and it is no GUID", name);
	fputs("  'wmitrace providers' lists those that are registered; one that is not yet can be enabled by GUID.\n",
	      stderr);
	return COMMAND_FAILED;
}

static int apply_all(struct choice *c, char **providers, int count)
{
	int i, status = COMMAND_OK;

	for (i = 0; i < count && status == COMMAND_OK; i++) {
		if (etl_guid_parse(providers[i], c->how.guid))
			status = apply_name(c, providers[i]);
		else
			status = apply_one(c, "");
	}
	return status;
}

static int parse_mask(const char *command, const char *option, const char *text, __u64 *mask)
{
	char *end;

	errno = 0;
	*mask = strtoull(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || errno)
		return misuse(command, "%s is a number of at most 64 bits (0x1f), not '%s'",
			      option, text);
	return COMMAND_OK;
}

int provider_choice_option(const char *command, int option, const char *value,
			   struct wmitrace_enable *how)
{
	switch (option) {
	case 'l':
		if (!provider_parse_level(value, &how->level))
			return COMMAND_OK;
		return misuse(command, "--level is 0 to 255 or a name, not '%s'", value);
	case 'f':
		return parse_mask(command, "--flags", value, &how->any);
	default:
		return parse_mask(command, "--match-all", value, &how->all);
	}
}

int provider_choice_apply(const char *command, const char *what, char **providers, int count,
			  const struct wmitrace_enable *how, enum provider_request request,
			  bool as_json)
{
	struct choice c = {
		.command = command,
		.what = what,
		.request = request,
		.how = *how,
		.json = { .to = stdout },
		.as_json = as_json,
	};
	int status = address_session(command, &c.session, what);

	if (status != COMMAND_OK)
		return status;
	c.device = open_device(command);
	if (c.device < 0)
		return COMMAND_FAILED;
	if (as_json)
		json_open(&c.json, NULL, '[');
	status = apply_all(&c, providers, count);
	if (as_json) {
		json_close(&c.json, ']');
		putchar('\n');
	}
	close(c.device);
	return status;
}
