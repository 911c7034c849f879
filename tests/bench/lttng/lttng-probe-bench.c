// SPDX-License-Identifier: GPL-2.0-or-later
/* LTTng's probe of the bench module's trace events. */
#include <linux/module.h>
#include <lttng/tracer.h>

#include "bench_trace.h"

#define LTTNG_PACKAGE_BUILD
#define CREATE_TRACE_POINTS
#define TRACE_INCLUDE_PATH .
#include "lttng-bench-events.h"

MODULE_DESCRIPTION("wmitrace: the bench's events for LTTng");
MODULE_LICENSE("GPL");
