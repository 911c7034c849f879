// SPDX-License-Identifier: LGPL-2.1-or-later
#include "flag-words.h"
#include "mode.h"

static const struct flag_word modes[] = {
	{ 0, "none", "FILE_MODE_NONE" },
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

int mode_parse(const char *text, uint32_t *mode, const char **bad)
{
	return flag_words_parse(modes, MODES, text, mode, bad);
}

void mode_format(uint32_t mode, char text[MODE_TEXT_MAX])
{
	flag_words_format(modes, MODES, mode, text, MODE_TEXT_MAX);
}
