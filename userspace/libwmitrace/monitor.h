/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events for consumers, as drivers fire them: a reader of /dev/wmitrace. */
#ifndef LIBWMITRACE_MONITOR_H
#define LIBWMITRACE_MONITOR_H

#include <stddef.h>
#include <stdint.h>

#include <uapi/wmitrace.h>

/* 0 or -errno; *@win32 is the Win32 code.  Whether a provider has the GUID does not matter. */
int monitor_subscribe(int device, const uint8_t guid[16], uint32_t *win32);

/* A WNODE, taken apart as far as the kinds of events go. */
struct monitor_event {
	uint64_t time;			/* FILETIME at which the driver wrote it */
	uint64_t lost;			/* events that this device has lost so far */
	uint8_t guid[16];
	uint32_t flags;			/* WNODE_FLAG_* */
	uint32_t provider_id;
	uint32_t instance;		/* of a single instance, otherwise 0 */
	const uint8_t *data;		/* of a single instance its data, otherwise all behind the header */
	uint32_t size;
};

/*
 * Takes the event at *@at of the @size bytes that read() gave, and moves on.
 * Returns 1, 0 at the end, or -EINVAL for what is no event.
 */
int monitor_next(const uint8_t *buffer, size_t size, size_t *at, struct monitor_event *event);

#endif /* LIBWMITRACE_MONITOR_H */
