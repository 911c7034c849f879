// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "arguments.h"
#include "command.h"
#include "etl.h"
#include "failure.h"
#include "json.h"
#include "monitor.h"
#include "provider.h"
#include "winerror.h"

static const char usage[] =
	"Usage: wmitrace monitor [OPTIONS] GUID|NAME...\n"
	"Print WMI events as drivers fire them, until interrupted.  NAME is that of a\n"
	"registered provider or its module and means all of its event GUIDs; a GUID may\n"
	"belong to a driver that is not loaded yet.  Being listened to enables a GUID.\n\n"
	"  -n, --count N           end after N events\n";

#define BUFFER_SIZE	(2u * WMITRACE_EVENT_SIZE_MAX)	/* more than any event */
#define FILETIME_UNIX	116444736000000000u		/* 1970-01-01 */
#define FILETIME_HZ	10000000u

struct monitor {
	int device;
	bool as_json;
	uint64_t count;		/* still to print */
	uint64_t lost;		/* known so far */
	size_t subscribed;
};

static const struct option options[] = {
	{ "count", required_argument, NULL, 'n' },
	{ NULL, 0, NULL, 0 }
};

static int take_count(void *context, int option, const char *value)
{
	struct monitor *m = context;
	char *end;

	(void)option;
	m->count = strtoull(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || !m->count)
		return misuse("monitor", "--count is a number above 0, not '%s'", value);
	return COMMAND_OK;
}

static int subscribe(struct monitor *m, const uint8_t guid[16], const char *what)
{
	uint32_t win32;
	int err = monitor_subscribe(m->device, guid, &win32);

	if (err && win32 != WMITRACE_ERROR_ALREADY_EXISTS)
		return fail("monitor", "cannot listen to %s: %s", what,
			    winerror_text(win32) ? winerror_text(win32) : strerror(-err));
	m->subscribed++;
	return COMMAND_OK;
}

static int subscribe_name(struct monitor *m, const char *name)
{
	size_t i, count, before = m->subscribed;
	struct wmitrace_provider *rows;
	int err = provider_list(m->device, &rows, &count), status = COMMAND_OK;

	if (err)
		return fail("monitor", "cannot list the providers: %s", strerror(-err));
	for (i = 0; i < count && status == COMMAND_OK; i++)
		if (rows[i].kind == WMITRACE_PROVIDER_EVENT && provider_is_called(&rows[i], name))
			status = subscribe(m, rows[i].guid, name);
	free(rows);
	if (status != COMMAND_OK || m->subscribed > before)
		return status;
	fail("monitor", "no provider called '%s' has events for consumers, and it is no GUID", name);
	fputs("  'wmitrace providers' lists such GUIDs as 'event'.\n", stderr);
	return COMMAND_FAILED;
}

static int subscribe_all(struct monitor *m, char **words, int count)
{
	int i, status = COMMAND_OK;
	uint8_t guid[16];

	for (i = 0; i < count && status == COMMAND_OK; i++)
		status = etl_guid_parse(words[i], guid) ? subscribe_name(m, words[i]) :
						      subscribe(m, guid, words[i]);
	return status;
}

static void put_hex(FILE *to, const uint8_t *data, uint32_t size)
{
	uint32_t i;

	for (i = 0; i < size; i++)
		fprintf(to, "%02x", data[i]);
}

static void print_text(const struct monitor_event *e, const char *guid)
{
	time_t seconds = (e->time - FILETIME_UNIX) / FILETIME_HZ;
	char day[32] = "";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(day, sizeof(day), "%Y-%m-%d %H:%M:%S", &tm);
	printf("%s.%07u  %s  provider %u  instance %u  %u bytes  ", day,
	       (unsigned int)(e->time % FILETIME_HZ), guid, e->provider_id, e->instance, e->size);
	put_hex(stdout, e->data, e->size);
	putchar('\n');
}

/* One object a line: there is no end to wait for. */
static void print_json(const struct monitor_event *e, const char *guid)
{
	struct json json = { .to = stdout };

	json_open(&json, NULL, '{');
	json_number(&json, "time", e->time);
	json_string(&json, "guid", guid);
	json_number(&json, "flags", e->flags);
	json_number(&json, "provider_id", e->provider_id);
	json_number(&json, "instance", e->instance);
	json_number(&json, "lost", e->lost);
	fputs(",\"data\":\"", stdout);
	put_hex(stdout, e->data, e->size);
	putchar('"');
	json_close(&json, '}');
	putchar('\n');
}

static void print_event(struct monitor *m, const struct monitor_event *e)
{
	char guid[ETL_GUID_TEXT];

	if (e->lost != m->lost)
		fprintf(stderr, "wmitrace monitor: %" PRIu64 " events lost: they came faster than they could be printed\n",
			e->lost - m->lost);
	m->lost = e->lost;
	etl_guid_format(e->guid, guid);
	if (m->as_json)
		print_json(e, guid);
	else
		print_text(e, guid);
}

static int follow(struct monitor *m, uint8_t *buffer)
{
	struct monitor_event event;

	while (m->count) {
		ssize_t size = read(m->device, buffer, BUFFER_SIZE);
		size_t at = 0;
		int more;

		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0)
			return fail("monitor", "cannot read %s: %s", WMITRACE_DEVICE,
				    strerror(errno));
		while (m->count && (more = monitor_next(buffer, size, &at, &event))) {
			if (more < 0)
				return fail("monitor", "%s gave what is no event; are module and tools of one version?",
					    WMITRACE_DEVICE);
			print_event(m, &event);
			m->count--;
		}
		if (fflush(stdout))
			return fail("monitor", "cannot write: %s", strerror(errno));
	}
	return COMMAND_OK;
}

int cmd_monitor(int argc, char **argv)
{
	struct monitor m = { .count = UINT64_MAX };
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_count,
		.context = &m,
		.least = 1,
		.most = 64,
		.mixed = true,
		.words = "a GUID or provider",
	};
	int status = arguments_parse(&arguments, argc, argv);
	uint8_t *buffer;

	if (status != ARGUMENTS_GO_ON)
		return status;
	m.as_json = arguments.json;
	m.device = open_device("monitor");
	if (m.device < 0)
		return COMMAND_FAILED;
	status = subscribe_all(&m, arguments.rest, arguments.count);
	buffer = malloc(BUFFER_SIZE);
	if (!buffer)
		status = fail("monitor", "not enough memory");
	if (status == COMMAND_OK)
		status = follow(&m, buffer);
	free(buffer);
	close(m.device);
	return status;
}
