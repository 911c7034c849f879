/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a Linux trace event is as a TraceLogging event: provider, schema, and
 * the program that makes a payload of a record (kernel-events 11.2 to 11.4).
 */
#ifndef LIBWMITRACE_TRACE_SCHEMA_H
#define LIBWMITRACE_TRACE_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include <uapi/wmitrace.h>

struct tep_event;

#define TRACE_SCHEMA_CHANNEL	11
#define TRACE_SCHEMA_LEVEL	4	/* information */
#define TRACE_SCHEMA_KEYWORD	1	/* all of the provider: it is one trace system */

struct trace_schema {
	unsigned char guid[16];		/* of the provider, "Linux.SYSTEM" */
	unsigned char traits[128];
	unsigned char schema[8192];
	uint32_t traits_size, schema_size;
	struct wmitrace_bridge_op ops[WMITRACE_BRIDGE_OPS_MAX];
	uint32_t op_count;
	char reason[160];		/* after an error: what is wrong */
};

/* Returns 0, or -EINVAL with a reason: the event has a field or a size that cannot be expressed. */
int trace_schema_make(struct trace_schema *schema, const struct tep_event *event);

/* The GUID of a TraceLogging provider called @name, which is ASCII. */
void trace_schema_guid(const char *name, unsigned char guid[16]);

#endif /* LIBWMITRACE_TRACE_SCHEMA_H */
