// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "command.h"
#include "failure.h"
#include "log-follow.h"
#include "log-open.h"

#define POLL_NS		200000000	/* between two looks at a growing file */

/* Behind the last whole buffer; a compressed file's buffers tell their sizes themselves. */
static uint64_t whole_end(const struct etl_facts *facts)
{
	if (facts->flags & (ETL_FACTS_FINALISED | ETL_FACTS_COMPRESSED) || !facts->buffer_size)
		return facts->size;
	return facts->size - facts->size % facts->buffer_size;
}

static bool all_finalised(const struct etl_log *log)
{
	size_t i;

	for (i = 0; i < etl_file_count(log); i++)
		if (!(etl_facts(log, i)->flags & (ETL_FACTS_FINALISED | ETL_FACTS_CONTINUES)))
			return false;
	return true;
}

struct follow {
	int (*show)(void *context, struct etl_log *log, const struct etl_range *range);
	void *context;
	uint64_t *done;			/* by file: what has been shown */
};

/* Shows what all files have behind done[], and moves that on. */
static int show_new(struct follow *f, struct etl_log *log)
{
	int status = COMMAND_OK;
	size_t i;

	for (i = 0; status == COMMAND_OK && i < etl_file_count(log); i++) {
		struct etl_range range = { i, f->done[i], whole_end(etl_facts(log, i)) };

		if (range.end <= range.begin)
			continue;
		status = f->show(f->context, log, &range);
		f->done[i] = range.end;
	}
	return status;
}

int log_follow(const char *command, struct etl_log *log,
	       int (*show)(void *context, struct etl_log *log, const struct etl_range *range),
	       void *context)
{
	static const struct timespec pause = { .tv_nsec = POLL_NS };
	struct follow f = { show, context, calloc(etl_file_count(log), sizeof(*f.done)) };
	struct etl_error err;
	int status;

	if (!f.done)
		return fail(command, "out of memory");
	for (;;) {
		bool complete = all_finalised(log);

		status = show_new(&f, log);
		if (status != COMMAND_OK || complete)
			break;
		nanosleep(&pause, NULL);
		if (etl_refresh(log, &err) < 0) {
			status = complain(command, &err);
			break;
		}
	}
	free(f.done);
	return status == LOG_ENOUGH ? COMMAND_OK : status;
}

void log_tell_loss(const struct etl_log *log)
{
	size_t i;

	for (i = 0; i < etl_file_count(log); i++) {
		const struct etl_facts *facts = etl_facts(log, i);

		if (facts->events_lost)
			fprintf(stderr, "%s: the session lost %u event%s\n", facts->path,
				facts->events_lost, facts->events_lost == 1 ? "" : "s");
		if (facts->buffers_lost)
			fprintf(stderr, "%s: %u buffer%s could not be written\n", facts->path,
				facts->buffers_lost, facts->buffers_lost == 1 ? "" : "s");
	}
}
