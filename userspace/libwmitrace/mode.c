// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mode.h"

static const struct {
	uint32_t value;
	const char *name;
	const char *windows;	/* without EVENT_TRACE_ */
} modes[] = {
	{ MODE_SEQUENTIAL, "sequential", "FILE_MODE_SEQUENTIAL" },
	{ MODE_CIRCULAR, "circular", "FILE_MODE_CIRCULAR" },
	{ MODE_APPEND, "append", "FILE_MODE_APPEND" },
	{ MODE_NEWFILE, "newfile", "FILE_MODE_NEWFILE" },
	{ MODE_MS_FLUSH_TIMER, "ms-flush-timer", "USE_MS_FLUSH_TIMER" },
	{ MODE_PREALLOCATE, "preallocate", "FILE_MODE_PREALLOCATE" },
	{ 0x00000040, "nonstoppable", "NONSTOPPABLE_MODE" },
	{ 0x00000080, "secure", "SECURE_MODE" },
	{ MODE_REAL_TIME, "real-time", "REAL_TIME_MODE" },
	{ 0x00000200, "delay-open-file", "DELAY_OPEN_FILE_MODE" },
	{ MODE_BUFFERING, "buffering", "BUFFERING_MODE" },
	{ 0x00000800, "private-logger", "PRIVATE_LOGGER_MODE" },
	{ 0x00001000, "add-header", "ADD_HEADER_MODE" },
	{ MODE_KBYTES, "kbytes", "USE_KBYTES_FOR_SIZE" },
	{ MODE_GLOBAL_SEQUENCE, "global-sequence", "USE_GLOBAL_SEQUENCE" },
	{ MODE_LOCAL_SEQUENCE, "local-sequence", "USE_LOCAL_SEQUENCE" },
	{ 0x00010000, "relog", "RELOG_MODE" },
	{ 0x00020000, "private-in-proc", "PRIVATE_IN_PROC" },
	{ 0x00040000, "buffer-interface", "BUFFER_INTERFACE_MODE" },
	{ 0x00080000, "kd-filter", "KD_FILTER_MODE" },
	{ 0x00100000, "reserved", "MODE_RESERVED" },
	{ 0x00200000, "lost-events-debug", "LOST_EVENTS_DEBUG_MODE" },
	{ 0x00400000, "stop-on-hybrid-shutdown", "STOP_ON_HYBRID_SHUTDOWN" },
	{ 0x00800000, "persist-on-hybrid-shutdown", "PERSIST_ON_HYBRID_SHUTDOWN" },
	{ 0x01000000, "paged-memory", "USE_PAGED_MEMORY" },
	{ 0x02000000, "system-logger", "SYSTEM_LOGGER_MODE" },
	{ 0x04000000, "compressed", "COMPRESSED_MODE" },
	{ 0x08000000, "independent-session", "INDEPENDENT_SESSION_MODE" },
	{ 0x10000000, "no-per-processor-buffering", "NO_PER_PROCESSOR_BUFFERING" },
	{ 0x20000000, "blocking", "BLOCKING_MODE" },
	{ 0x80000000, "addto-triage-dump", "ADDTO_TRIAGE_DUMP" },
};

#define MODES	(sizeof(modes) / sizeof(modes[0]))

/* '-' and '_', and upper and lower case, are the same. */
static int same_word(const char *word, size_t len, const char *name)
{
	size_t i;

	for (i = 0; i < len; i++) {
		int a = word[i] == '_' ? '-' : tolower((unsigned char)word[i]);
		int b = name[i] == '_' ? '-' : tolower((unsigned char)name[i]);

		if (a != b || !b)
			return 0;
	}
	return !name[len];
}

static int parse_word(const char *word, size_t len, uint32_t *value)
{
	static const char prefix[] = "EVENT_TRACE_";
	const char *windows = word;
	size_t windows_len = len;
	unsigned long long number;
	char *end;
	size_t i;

	if (len > sizeof(prefix) - 1 && !strncasecmp(word, prefix, sizeof(prefix) - 1)) {
		windows += sizeof(prefix) - 1;
		windows_len -= sizeof(prefix) - 1;
	}
	for (i = 0; i < MODES; i++) {
		if (same_word(word, len, modes[i].name) ||
		    same_word(windows, windows_len, modes[i].windows)) {
			*value = modes[i].value;
			return 0;
		}
	}
	if (same_word(word, len, "none") || same_word(windows, windows_len, "FILE_MODE_NONE")) {
		*value = 0;
		return 0;
	}
	if (!len || !isdigit((unsigned char)word[0]))
		return -EINVAL;
	errno = 0;
	number = strtoull(word, &end, 0);
	if (errno || end != word + len || number > UINT32_MAX)
		return -EINVAL;
	*value = number;
	return 0;
}

int mode_parse(const char *text, uint32_t *mode, const char **bad)
{
	uint32_t sum = 0;

	for (;;) {
		size_t len = strcspn(text, ",");
		uint32_t value;

		if (parse_word(text, len, &value)) {
			if (bad)
				*bad = text;
			return -EINVAL;
		}
		sum |= value;
		if (!text[len])
			break;
		text += len + 1;
	}
	*mode = sum;
	return 0;
}

void mode_format(uint32_t mode, char text[MODE_TEXT_MAX])
{
	size_t used = 0, i;

	if (!mode) {
		strcpy(text, "none");
		return;
	}
	for (i = 0; i < MODES; i++) {
		if (!(mode & modes[i].value))
			continue;
		mode &= ~modes[i].value;
		used += snprintf(text + used, MODE_TEXT_MAX - used, "%s%s",
				 used ? "," : "", modes[i].name);
	}
	if (mode)
		snprintf(text + used, MODE_TEXT_MAX - used, "%s0x%x", used ? "," : "", mode);
}
