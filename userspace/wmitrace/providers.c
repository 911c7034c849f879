// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "command.h"
#include "etl.h"
#include "failure.h"
#include "json.h"
#include "provider.h"
#include "tracepoints.h"

static const char usage[] =
	"Usage: wmitrace providers [OPTIONS] [NAME]\n"
	"       wmitrace providers --tracepoint [EVENT]\n"
	"List the GUIDs of registered providers, and those that are enabled before their\n"
	"provider is there; with NAME only those of that module or provider.\n\n"
	"Kinds: control, a control GUID, for one session; etw, for several; event, for\n"
	"consumers ('wmitrace monitor'); traced, logged but enabled through a control\n"
	"GUID; waiting, no provider yet.\n\n"
	"  -t, --tracepoint        list the trace events of Linux that are enabled\n";

static void print_row(const struct wmitrace_provider *row)
{
	char guid[ETL_GUID_TEXT];
	uint32_t i;

	etl_guid_format(row->guid, guid);
	printf("%s  %-7s  %-16s  %-16s", guid, provider_kind_name(row->kind),
	       *row->module ? row->module : "-", *row->name ? row->name : "-");
	for (i = 0; i < row->enabled_count; i++)
		printf("%s%u: level %u, flags 0x%" PRIx64, i ? "; " : "  ", row->enabled[i].id,
		       row->enabled[i].level, (uint64_t)row->enabled[i].any);
	if (row->consumers)
		printf("%s%u consumer%s", row->enabled_count ? "; " : "  ", row->consumers,
		       row->consumers == 1 ? "" : "s");
	putchar('\n');
}

static void print_row_json(struct json *json, const struct wmitrace_provider *row)
{
	char guid[ETL_GUID_TEXT];
	uint32_t i;

	etl_guid_format(row->guid, guid);
	json_open(json, NULL, '{');
	json_string(json, "guid", guid);
	json_string(json, "kind", provider_kind_name(row->kind));
	json_string(json, "module", row->module);
	json_string(json, "name", row->name);
	json_number(json, "provider_id", row->provider_id);
	json_number(json, "flags", row->flags);
	json_number(json, "consumers", row->consumers);
	json_open(json, "enabled", '[');
	for (i = 0; i < row->enabled_count; i++) {
		json_open(json, NULL, '{');
		json_number(json, "logger", row->enabled[i].id);
		json_number(json, "level", row->enabled[i].level);
		json_number(json, "any", row->enabled[i].any);
		json_number(json, "all", row->enabled[i].all);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_close(json, '}');
}

static void show(const struct wmitrace_provider *rows, size_t count, const char *name, bool as_json)
{
	struct json json = { .to = stdout };
	size_t i;

	if (as_json)
		json_open(&json, NULL, '[');
	else if (count)
		printf("%-36s  %-7s  %-16s  %-16s  %s\n", "GUID", "KIND", "MODULE", "NAME",
		       "ENABLED BY LOGGER");
	for (i = 0; i < count; i++) {
		if (name && !provider_is_called(&rows[i], name))
			continue;
		if (as_json)
			print_row_json(&json, &rows[i]);
		else
			print_row(&rows[i]);
	}
	if (as_json) {
		json_close(&json, ']');
		putchar('\n');
	} else if (!count) {
		puts("no providers");
	}
}

int cmd_providers(int argc, char **argv)
{
	bool tracepoints = false;
	struct arguments arguments = {
		.usage = usage,
		.options = tracepoint_options,
		.take = take_switch,
		.context = &tracepoints,
		.most = 1,
	};
	int device, err, status = arguments_parse(&arguments, argc, argv);
	struct wmitrace_provider *rows;
	size_t count;

	if (status != ARGUMENTS_GO_ON)
		return status;
	if (tracepoints)
		return tracepoints_list("providers", arguments.count ? arguments.rest[0] : NULL,
					arguments.json);
	device = open_device("providers");
	if (device < 0)
		return COMMAND_FAILED;
	err = provider_list(device, &rows, &count);
	close(device);
	if (err)
		return fail("providers", "cannot list the providers: %s", strerror(-err));
	show(rows, count, arguments.count ? arguments.rest[0] : NULL, arguments.json);
	free(rows);
	return COMMAND_OK;
}
