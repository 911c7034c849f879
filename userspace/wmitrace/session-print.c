// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "etl.h"
#include "kernel-flags.h"
#include "mode.h"
#include "session-print.h"

#define FILETIME_HZ	10000000u
#define TIME_TEXT_SIZE	24

static const char *state_name(uint32_t state)
{
	static const char *const names[] = {
		[WMITRACE_STATE_FREE]		= "free",
		[WMITRACE_STATE_RUNNING]	= "running",
		[WMITRACE_STATE_STOPPED]	= "stopped",
		[WMITRACE_STATE_STOPPING]	= "stopping",
	};

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : "unknown";
}

static const char *clock_name(uint32_t clock)
{
	static const char *const names[] = {
		[ETL_CLOCK_PERF]	= "perf",
		[ETL_CLOCK_SYSTEM]	= "system",
		[ETL_CLOCK_CYCLES]	= "cycles",
	};

	return clock && clock < sizeof(names) / sizeof(names[0]) ? names[clock] : "unknown";
}

/* Local time, to the second. */
static void format_time(uint64_t filetime, char text[TIME_TEXT_SIZE])
{
	time_t seconds = ((int64_t)filetime - (int64_t)ETL_FILETIME_UNIX) / FILETIME_HZ;
	struct tm tm;

	localtime_r(&seconds, &tm);
	strftime(text, TIME_TEXT_SIZE, "%Y-%m-%d %H:%M:%S", &tm);
}

static void label(FILE *to, const char *name)
{
	fprintf(to, "%-13s ", name);
}

void session_print_events(FILE *to, const struct control_session *session)
{
	const struct wmitrace_session *s = &session->s;

	fprintf(to, "%" PRIu64 " logged, %" PRIu64 " lost", (uint64_t)s->logged, (uint64_t)s->lost);
	if (s->lost_full)
		fprintf(to, "; %" PRIu64 " found no free buffer (more or larger buffers help)",
			(uint64_t)s->lost_full);
	if (s->lost_size)
		fprintf(to, "; %" PRIu64 " did not fit in a buffer", (uint64_t)s->lost_size);
	if (s->lost_nested)
		fprintf(to, "; %" PRIu64 " were lapped while being written", (uint64_t)s->lost_nested);
	if (s->overwritten)
		fprintf(to, "; %" PRIu64 " overwritten by newer ones", (uint64_t)s->overwritten);
	if (s->rejected)
		fprintf(to, "; %" PRIu64 " calls were malformed", (uint64_t)s->rejected);
	fputc('\n', to);
}

static void print_state(FILE *to, const struct wmitrace_session *s)
{
	char text[TIME_TEXT_SIZE];

	format_time(s->start_time, text);
	label(to, "State");
	fprintf(to, "%s, started %s by process %d", state_name(s->state), text, s->owner_pid);
	if (s->stop_time) {
		format_time(s->stop_time, text);
		fprintf(to, ", stopped %s", text);
	}
	fputc('\n', to);
}

static void print_settings(FILE *to, const struct control_session *session)
{
	const struct wmitrace_session *s = &session->s;
	char guid[ETL_GUID_TEXT], mode[MODE_TEXT_MAX];

	etl_guid_format(s->guid, guid);
	mode_format(s->mode, mode);
	label(to, "GUID");
	fprintf(to, "%s\n", guid);
	if (s->id == WMITRACE_KERNEL_LOGGER) {
		char flags[KERNEL_FLAGS_TEXT_MAX];

		kernel_flags_format(s->enable_flags, flags);
		label(to, "Logs");
		fprintf(to, "%s (0x%x)\n", flags, s->enable_flags);
		if (s->unlogged_flags) {
			kernel_flags_format(s->unlogged_flags, flags);
			label(to, "");
			fprintf(to, "without events on this kernel: %s\n", flags);
		}
	}
	label(to, "Log file");
	fprintf(to, "%s", *session->file ? session->file : "none: read " WMITRACE_DEBUGFS);
	if (s->max_file_size)
		fprintf(to, ", at most %u %s", s->max_file_size, s->mode & MODE_KBYTES ? "KB" : "MB");
	fputc('\n', to);
	label(to, "Mode");
	fprintf(to, "%s (0x%x)\n", mode, s->mode);
	label(to, "Clock");
	if (s->clock == ETL_CLOCK_PERF)
		fprintf(to, "%s, %" PRIu64 " Hz\n", clock_name(s->clock), (uint64_t)s->perf_freq);
	else
		fprintf(to, "%s\n", clock_name(s->clock));
	label(to, "Flush timer");
	if (s->flush_timer)
		fprintf(to, "%u %s\n", s->flush_timer, s->mode & MODE_MS_FLUSH_TIMER ? "ms" : "s");
	else
		fputs("none: buffers are handed over when full\n", to);
}

void session_print(FILE *to, const struct control_session *session)
{
	const struct wmitrace_session *s = &session->s;

	label(to, "Session");
	fprintf(to, "%s (logger %u)\n", session->name, s->id);
	print_state(to, s);
	print_settings(to, session);
	label(to, "Buffers");
	fprintf(to, "%u of %u KB on %u CPUs, %u free; minimum %u, maximum %u\n",
		s->number_of_buffers, s->buffer_size, s->cpus, s->free_buffers,
		s->min_buffers, s->max_buffers);
	label(to, "Events");
	session_print_events(to, session);
	label(to, "Delivered");
	fprintf(to, "%" PRIu64 " buffers; %" PRIu64 " written, %" PRIu64 " lost on the way to the file\n",
		(uint64_t)s->buffers_delivered, (uint64_t)s->buffers_written,
		(uint64_t)s->buffers_lost);
	label(to, "Drained by");
	if (s->logger_tid)
		fprintf(to, "thread %u\n", s->logger_tid);
	else
		fputs("nobody\n", to);
}

/* Columns that hold the widest value, but not above 40. */
static int name_width(const struct control_session *sessions, size_t count)
{
	size_t width = strlen("NAME"), i;

	for (i = 0; i < count; i++)
		if (strlen(sessions[i].name) > width)
			width = strlen(sessions[i].name);
	return width > 40 ? 40 : width;
}

void sessions_print_table(FILE *to, const struct control_session *sessions, size_t count)
{
	int width = name_width(sessions, count);
	size_t i;

	fprintf(to, "%2s  %-*s  %-7s  %12s  %10s  %7s  %s\n",
		"ID", width, "NAME", "STATE", "LOGGED", "LOST", "BUFFERS", "FILE");
	for (i = 0; i < count; i++) {
		const struct wmitrace_session *s = &sessions[i].s;

		fprintf(to, "%2u  %-*s  %-7s  %12" PRIu64 "  %10" PRIu64 "  %7u  %s\n",
			s->id, width, sessions[i].name, state_name(s->state), (uint64_t)s->logged,
			(uint64_t)s->lost, s->number_of_buffers,
			*sessions[i].file ? sessions[i].file : "-");
	}
}

/* ISO 8601, UTC */
static void json_time(struct json *json, const char *key, uint64_t filetime)
{
	char text[ETL_FILETIME_TEXT + 1];

	etl_filetime_format(filetime, text);
	*strchr(text, ' ') = 'T';
	strcat(text, "Z");
	json_string(json, key, text);
}

static void json_settings(struct json *json, const struct wmitrace_session *s)
{
	char mode[MODE_TEXT_MAX];

	mode_format(s->mode, mode);
	json_number(json, "buffer_size_kb", s->buffer_size);
	json_number(json, "min_buffers", s->min_buffers);
	json_number(json, "max_buffers", s->max_buffers);
	json_number(json, "flush_timer", s->flush_timer);
	json_number(json, "mode", s->mode);
	json_string(json, "mode_names", mode);
	json_string(json, "clock", clock_name(s->clock));
	json_number(json, "max_file_size", s->max_file_size);
	json_number(json, "enable_flags", s->enable_flags);
	json_number(json, "unlogged_flags", s->unlogged_flags);
}

static void json_statistics(struct json *json, const struct wmitrace_session *s)
{
	json_number(json, "cpus", s->cpus);
	json_number(json, "number_of_buffers", s->number_of_buffers);
	json_number(json, "free_buffers", s->free_buffers);
	json_number(json, "logger_tid", s->logger_tid);
	json_number(json, "owner_pid", s->owner_pid);
	json_number(json, "file_uid", s->file_uid);
	json_number(json, "file_gid", s->file_gid);
	json_number(json, "attempts", s->attempts);
	json_number(json, "logged", s->logged);
	json_number(json, "lost", s->lost);
	json_number(json, "lost_full", s->lost_full);
	json_number(json, "lost_size", s->lost_size);
	json_number(json, "lost_nested", s->lost_nested);
	json_number(json, "overwritten", s->overwritten);
	json_number(json, "rejected", s->rejected);
	json_number(json, "buffers_delivered", s->buffers_delivered);
	json_number(json, "buffers_written", s->buffers_written);
	json_number(json, "buffers_lost", s->buffers_lost);
	json_number(json, "realtime_buffers_lost", s->realtime_buffers_lost);
	json_number(json, "perf_freq", s->perf_freq);
}

void session_print_json(struct json *json, const struct control_session *session)
{
	const struct wmitrace_session *s = &session->s;
	char guid[ETL_GUID_TEXT];

	etl_guid_format(s->guid, guid);
	json_number(json, "id", s->id);
	json_number(json, "handle", s->handle);
	json_string(json, "name", session->name);
	json_string(json, "state", state_name(s->state));
	json_string(json, "file", session->file);
	json_string(json, "guid", guid);
	json_time(json, "start_time", s->start_time);
	if (s->stop_time)
		json_time(json, "stop_time", s->stop_time);
	json_settings(json, s);
	json_statistics(json, s);
}

void session_show(const struct control_session *session, bool as_json)
{
	struct json json = { .to = stdout };

	if (!as_json) {
		session_print(stdout, session);
		return;
	}
	json_open(&json, NULL, '{');
	session_print_json(&json, session);
	json_close(&json, '}');
	putchar('\n');
}
