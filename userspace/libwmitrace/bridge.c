// SPDX-License-Identifier: LGPL-2.1-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <traceevent/event-parse.h>

#include "bridge.h"

#define FORMAT_MAX	(256 * 1024)

/* ---- tracefs ----------------------------------------------------------------------- */

static const char *events_folder(void)
{
	static const char *const folders[] = {
		"/sys/kernel/tracing/events", "/sys/kernel/debug/tracing/events", NULL
	};
	int i;

	for (i = 0; folders[i]; i++)
		if (!access(folders[i], X_OK))
			return folders[i];
	return NULL;
}

struct list {
	struct bridge_event *events;
	size_t count, room;
};

static int add_event(struct list *list, const char *system, const char *name)
{
	struct bridge_event *event, *more;

	if (strlen(system) >= sizeof(event->system) || strlen(name) >= sizeof(event->name))
		return 0;		/* the module could not be told */
	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : 1024;
		more = reallocarray(list->events, list->room, sizeof(*more));
		if (!more)
			return -ENOMEM;
		list->events = more;
	}
	event = &list->events[list->count++];
	strcpy(event->system, system);
	strcpy(event->name, name);
	return 0;
}

/* Events of @system are the folders with a file `id`; ftrace's own have none that perf takes. */
static int add_system(struct list *list, const char *folder, const char *system)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int err = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/%s", folder, system);
	dir = opendir(path);
	if (!dir)
		return 0;		/* a file among the folders */
	while (!err && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s/%s/id", folder, system, entry->d_name);
		if (*entry->d_name != '.' && !access(path, R_OK))
			err = add_event(list, system, entry->d_name);
	}
	closedir(dir);
	return err;
}

static int by_name(const void *left, const void *right)
{
	const struct bridge_event *a = left, *b = right;
	int order = strcmp(a->system, b->system);

	return order ? order : strcmp(a->name, b->name);
}

int bridge_events(struct bridge_event **events, size_t *count)
{
	const char *folder = events_folder();
	struct list list = { NULL, 0, 0 };
	struct dirent *entry;
	int err = 0;
	DIR *dir;

	if (!folder)
		return -ENOENT;
	dir = opendir(folder);
	if (!dir)
		return -errno;
	while (!err && (entry = readdir(dir)))
		if (*entry->d_name != '.' && strcmp(entry->d_name, "ftrace"))
			err = add_system(&list, folder, entry->d_name);
	closedir(dir);
	if (err) {
		free(list.events);
		return err;
	}
	if (list.count)
		qsort(list.events, list.count, sizeof(*list.events), by_name);
	*events = list.events;
	*count = list.count;
	return 0;
}

bool bridge_match(const char *pattern, const char *system, const char *name)
{
	char whole[2 * WMITRACE_BRIDGE_NAME_MAX];

	snprintf(whole, sizeof(whole), "%s:%s", system, name);
	if (strchr(pattern, ':'))
		return !fnmatch(pattern, whole, 0);
	return !fnmatch(pattern, system, 0) || !fnmatch(pattern, name, 0);
}

/* Reads a file of the event whole, with a NUL; to be freed. */
static char *read_file(const struct bridge_event *event, const char *name, size_t *size)
{
	char path[PATH_MAX], *data = malloc(FORMAT_MAX);
	ssize_t got = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/%s/%s/%s", events_folder(), event->system, event->name, name);
	fd = data ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	*size = 0;
	while (fd >= 0 && *size < FORMAT_MAX - 1 &&
	       (got = read(fd, data + *size, FORMAT_MAX - 1 - *size)) > 0)
		*size += (size_t)got;
	if (fd < 0 || got < 0) {
		got = errno;
		if (fd >= 0)
			close(fd);
		free(data);
		errno = (int)got;
		return NULL;
	}
	close(fd);
	data[*size] = '\0';
	return data;
}

/* How it is printed does not matter here, and libtraceevent need not understand it. */
static size_t without_print_format(char *format, size_t size)
{
	static const char nothing[] = "print fmt: \"\"\n";
	char *print = strstr(format, "print fmt:");

	if (!print || size - (size_t)(print - format) < sizeof(nothing))
		return size;
	memcpy(print, nothing, sizeof(nothing));
	return (size_t)(print - format) + strlen(nothing);
}

static int make_schema(const struct bridge_event *event, struct trace_schema *schema)
{
	struct tep_event *parsed = NULL;
	struct tep_handle *tep;
	size_t size;
	char *format = read_file(event, "format", &size);
	int err = -errno;

	if (!format)
		return err;
	tep = tep_alloc();
	err = tep ? 0 : -ENOMEM;
	if (tep) {
		tep_set_long_size(tep, sizeof(long));
		size = without_print_format(format, size);
		if (tep_parse_format(tep, &parsed, format, size, event->system)) {
			snprintf(schema->reason, sizeof(schema->reason),
				 "%.60s:%.60s: its format file is not understood", event->system,
				 event->name);
			err = -EOPNOTSUPP;
		} else if (trace_schema_make(schema, parsed)) {
			err = -EOPNOTSUPP;
		}
		tep_free(tep);
	}
	free(format);
	return err;
}

/* ---- the module ------------------------------------------------------------------------ */

static void address(struct wmitrace_bridge *request, const struct control_session *session,
		    const struct bridge_event *event)
{
	request->handle = session->s.handle;
	request->name.ptr = (uintptr_t)session->name;
	request->name.len = (uint32_t)strlen(session->name);
	memcpy(request->system, event->system, sizeof(request->system));
	memcpy(request->event, event->name, sizeof(request->event));
}

static int call(int device, unsigned long operation, struct wmitrace_bridge *request,
		struct control_session *session)
{
	int err = ioctl(device, operation, request) < 0 ? -errno : 0;

	session->s.win32 = request->win32;
	return err;
}

int bridge_enable(int device, struct control_session *session, const struct bridge_event *event,
		  struct trace_schema *schema)
{
	struct wmitrace_bridge request = {
		.level = TRACE_SCHEMA_LEVEL,
		.keyword = TRACE_SCHEMA_KEYWORD,
	};
	size_t size;
	char *id;
	int err;

	session->s.win32 = 0;
	id = read_file(event, "id", &size);
	if (!id)
		return -errno;
	request.id = (uint32_t)strtoul(id, NULL, 10);
	free(id);
	err = make_schema(event, schema);
	if (err)
		return err;
	address(&request, session, event);
	memcpy(request.guid, schema->guid, sizeof(request.guid));
	request.traits = (uintptr_t)schema->traits;
	request.schema = (uintptr_t)schema->schema;
	request.ops = (uintptr_t)schema->ops;
	request.op_count = schema->op_count;
	*schema->reason = '\0';
	return call(device, WMITRACE_IOC_BRIDGE, &request, session);
}

int bridge_disable(int device, struct control_session *session, const struct bridge_event *event)
{
	struct wmitrace_bridge request = { .win32 = 0 };

	address(&request, session, event);
	return call(device, WMITRACE_IOC_UNBRIDGE, &request, session);
}

int bridge_list(int device, struct wmitrace_bridged **rows, size_t *count)
{
	void *all;
	int err = control_rows(device, WMITRACE_IOC_BRIDGES, sizeof(**rows), &all, count);

	*rows = all;
	return err;
}
