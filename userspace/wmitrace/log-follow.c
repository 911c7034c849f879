// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "command.h"
#include "failure.h"
#include "log-follow.h"
#include "log-open.h"
#include "log-series.h"

#define POLL_NS		200000000	/* between two looks at a growing file */
#define SERIES_POLLS	10		/* how often the next file of a series is looked for */

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

static void pause_a_little(void)
{
	static const struct timespec pause = { .tv_nsec = POLL_NS };

	nanosleep(&pause, NULL);
}

/*
 * Until all files are finalised and nothing came since: a look at a file's
 * size and one at its header may have the last buffers between them.
 */
static int follow_files(struct follow *f, const char *command, struct etl_log *log)
{
	struct etl_error err;
	int status, changed;

	f->done = calloc(etl_file_count(log), sizeof(*f->done));
	if (!f->done)
		return fail(command, "out of memory");
	do {
		status = show_new(f, log);
		if (status != COMMAND_OK)
			break;
		changed = etl_refresh(log, &err);
		if (changed < 0)
			status = complain(command, &err);
		else if (!changed && !all_finalised(log))
			pause_a_little();
	} while (status == COMMAND_OK && (changed || !all_finalised(log)));
	free(f->done);
	return status;
}

/* Puts the next file of the series in the place of *@log; false if there is none. */
static bool next_of_series(struct etl_log **log)
{
	char *path = etl_file_count(*log) == 1 ? log_series_next(etl_facts(*log, 0)) : NULL;
	const char *paths[] = { path };
	struct etl_log *next = NULL;
	int i;

	for (i = 0; path && i < SERIES_POLLS; i++) {
		/* It is created first and gets its header then. */
		if (!etl_open(&next, paths, 1, NULL))
			break;
		pause_a_little();
	}
	free(path);
	if (!next)
		return false;
	log_tell_loss(*log);
	etl_close(*log);
	*log = next;
	return true;
}

/* A circular file does not grow: what is new overwrites what was shown. */
static int refuse_circular(const char *command, const struct etl_log *log)
{
	size_t i;

	for (i = 0; i < etl_file_count(log); i++) {
		const struct etl_facts *facts = etl_facts(log, i);

		if (facts->mode & ETL_MODE_CIRCULAR && !(facts->flags & ETL_FACTS_FINALISED))
			return fail(command, "%s: a circular file cannot be followed, as new events overwrite old ones; see 'wmitrace monitor --help'",
				    facts->path);
	}
	return COMMAND_OK;
}

int log_follow(const char *command, struct etl_log **log,
	       int (*show)(void *context, struct etl_log *log, const struct etl_range *range),
	       void *context)
{
	struct follow f = { .show = show, .context = context };
	int status = refuse_circular(command, *log);

	if (status == COMMAND_OK) {
		do
			status = follow_files(&f, command, *log);
		while (status == COMMAND_OK && next_of_series(log));
	}
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
