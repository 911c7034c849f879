// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "failure.h"
#include "live.h"
#include "log-open.h"

#define ROOM	(8u << 20)	/* bytes of buffers read and sorted at a time, at least one */

static int read_header(struct live *live, const char *folder)
{
	char path[256];
	size_t n;
	FILE *from;

	snprintf(path, sizeof(path), "%s/header", folder);
	from = fopen(path, "r");
	if (!from)
		return fail(live->command, "cannot read %s: %s; is debugfs mounted?", path,
			    strerror(errno));
	n = fread(live->data, 1, live->header, from);
	fclose(from);
	if (n != live->header)
		return fail(live->command, "%s is too short", path);
	return COMMAND_OK;
}

int live_open(struct live *live, const char *command, const struct control_session *session)
{
	char folder[200];
	int err, status;

	memset(live, 0, sizeof(*live));
	live->command = command;
	live->header = (size_t)session->s.buffer_size * 1024;
	live->size = live->header + (live->header > ROOM ? live->header : ROOM - ROOM % live->header);
	live->data = malloc(live->size);
	if (!live->data)
		return fail(command, "out of memory");
	snprintf(folder, sizeof(folder), "%s/logger%02u", WMITRACE_DEBUGFS, session->s.id);
	status = read_header(live, folder);
	if (status == COMMAND_OK) {
		err = cpu_files_open(&live->files, folder);
		if (err)
			status = fail(command, "cannot read the buffers in %s: %s", folder,
				      err == -EBUSY ? "somebody else does" : strerror(-err));
	}
	if (status != COMMAND_OK)
		free(live->data);
	return status;
}

void live_close(struct live *live)
{
	cpu_files_close(&live->files);
	free(live->data);
}

/* The buffers of all CPUs, as far as there is room.  Returns their bytes or -errno. */
static ssize_t read_buffers(struct live *live, bool *more)
{
	size_t used = live->header;
	ssize_t n = 1;

	while (live->size - used >= live->header) {
		n = cpu_files_read(&live->files, live->data + used, live->size - used);
		if (n <= 0)
			break;
		used += n;
	}
	*more = n > 0;
	return n < 0 ? n : (ssize_t)(used - live->header);
}

static int take_all(struct live *live, struct etl_log *log,
		    void (*take)(void *context, const struct etl_record *rec), void *context)
{
	const struct etl_range range = { 0, live->header, 0 };
	struct etl_cursor *cursor;
	struct etl_record rec;
	struct etl_error err;
	int ret, status = COMMAND_OK;

	if (etl_cursor_open(&cursor, log, ETL_TIME_ORDER, &range, &err))
		return complain(live->command, &err);
	while ((ret = etl_next(cursor, &rec))) {
		if (ret > 0)
			take(context, &rec);
		else
			status = complain(live->command, etl_cursor_error(cursor));
	}
	etl_cursor_close(cursor);
	return status;
}

int live_read(struct live *live, void (*take)(void *context, const struct etl_record *rec),
	      void *context, bool *more)
{
	ssize_t size = read_buffers(live, more);
	struct etl_error err;
	struct etl_log *log;
	int status;

	if (size < 0)
		return fail(live->command, "cannot read the session's buffers: %s", strerror(-size));
	if (!size)
		return COMMAND_OK;
	if (etl_open_memory(&log, live->data, live->header + size, "the session", &err))
		return complain(live->command, &err);
	status = take_all(live, log, take, context);
	etl_close(log);
	cpu_files_acknowledge(&live->files);
	return status;
}
