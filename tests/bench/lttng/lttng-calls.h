/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a session of LTTng takes, without its service: each call succeeds, or the
 * program ends and says which did not.
 */
#ifndef LTTNG_CALLS_H
#define LTTNG_CALLS_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <lttng/abi.h>

static inline void fail(const char *what)
{
	perror(what);
	exit(1);
}

static inline int make_session(void)
{
	int lttng = open("/proc/lttng", O_RDWR), session;

	if (lttng < 0)
		fail("/proc/lttng");
	session = ioctl(lttng, LTTNG_KERNEL_ABI_SESSION);
	if (session < 0)
		fail("session");
	return session;
}

static inline int make_channel(int session, struct lttng_kernel_abi_channel *settings)
{
	int channel = ioctl(session, LTTNG_KERNEL_ABI_CHANNEL, settings);

	if (channel < 0)
		fail("channel");
	return channel;
}

static inline void add_event(int channel, const char *name)
{
	struct lttng_kernel_abi_event event = { .instrumentation = LTTNG_KERNEL_ABI_TRACEPOINT };
	int fd;

	strncpy(event.name, name, sizeof(event.name) - 1);
	fd = ioctl(channel, LTTNG_KERNEL_ABI_EVENT, &event);
	if (fd < 0 || ioctl(fd, LTTNG_KERNEL_ABI_ENABLE))
		fail(name);
}

#endif
