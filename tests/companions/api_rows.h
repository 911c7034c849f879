/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * api.ko: acceptance rows of wmi-api section 22 as functions of a companion
 * module.  A row checks what the calls return; what the log holds is checked on
 * the host, by tests/host/api.py, which knows what each row writes.
 */
#ifndef API_ROWS_H
#define API_ROWS_H

#include <wmitrace/wdm.h>
#include <wmitrace/wmitrace.h>

/* The sessions that rows write to; tests/guest/api_calls.sh starts them. */
enum api_session {
	PLAIN,		/* 64 KB buffers, no sequence numbers */
	LOCAL,		/* local sequence */
	LOCAL2,		/* another one, which A95 is the first to write to */
	GLOBAL,		/* global sequence */
	GLOBAL2,
	TINY,		/* 4 KB buffers */
	BIG,		/* 128 KB buffers */
	RING,		/* 128 KB buffers, flight recorder */
	FULL,		/* 4 KB buffers that nobody reads */
	PAGED,		/* EVENT_TRACE_USE_PAGED_MEMORY */
	STOPPED,	/* does not run any more */
	API_SESSIONS
};

extern unsigned long long api_handle[API_SESSIONS];

/* The class of api.ko's messages and events */
extern const GUID api_guid;

struct api_row {
	const char *name;	/* as in wmi-api: A66 */
	void (*run)(void);
};

/* Each ends with an empty one. */
extern const struct api_row api_type_rows[];
extern const struct api_row api_message_rows[];
extern const struct api_row api_event_rows[];

/*
 * What a row says, in process context: "ok - text [A66]" or "not ok - text [A66]".
 * A row may say several things; each is a test of its own.
 */
void api_check(const char *row, bool good, const char *text);
void api_status(const char *row, NTSTATUS got, NTSTATUS want, const char *text);

/* A number that the host needs: "fact NAME VALUE". */
void api_fact(const char *name, u64 value);

/* Message number, or an event's Class.Version, of the row's @n th record: says who wrote it. */
#define API_NUMBER(row, n)	((row) * 100 + (n))

/* ---- contexts ---------------------------------------------------------- */

enum api_context {
	PROCESS_CONTEXT,
	IRQS_OFF,
	RAW_SPINLOCK,
	SOFTIRQ_CONTEXT,
	HARDIRQ_CONTEXT,
	NMI_CONTEXT,
	API_CONTEXTS
};

extern const char * const api_context_names[API_CONTEXTS];

/*
 * Calls @fn(@arg) once in context @c on this CPU and waits for its end.
 * Returns whether it did run there.
 */
bool api_in_context(enum api_context c, void (*fn)(void *arg), void *arg);

int api_context_init(void);
void api_context_exit(void);
int api_event_init(void);
void api_event_exit(void);

#endif /* API_ROWS_H */
