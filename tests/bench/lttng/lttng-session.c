// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lttng-session overwrite|discard KIB EVENT...: an LTTng session with so much of
 * buffers a CPU that nobody reads.  Says "ready" and lives until it is killed.
 * (LTTng's own service would need a system around it.)
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <lttng/abi.h>

static int failed(const char *what)
{
	perror(what);
	return 1;
}

static int add_event(int channel, const char *name)
{
	struct lttng_kernel_abi_event event = { .instrumentation = LTTNG_KERNEL_ABI_TRACEPOINT };
	int fd;

	strncpy(event.name, name, sizeof(event.name) - 1);
	fd = ioctl(channel, LTTNG_KERNEL_ABI_EVENT, &event);
	return fd < 0 || ioctl(fd, LTTNG_KERNEL_ABI_ENABLE);
}

int main(int argc, char **argv)
{
	struct lttng_kernel_abi_channel settings = {
		.subbuf_size = 64 << 10,
		.output = LTTNG_KERNEL_ABI_MMAP,
	};
	int lttng, session, channel, i;

	if (argc < 4) {
		fprintf(stderr, "usage: lttng-session overwrite|discard KIB EVENT...\n");
		return 2;
	}
	settings.num_subbuf = atoi(argv[2]) / 64;
	settings.overwrite = !strcmp(argv[1], "overwrite");
	lttng = open("/proc/lttng", O_RDWR);
	if (lttng < 0)
		return failed("/proc/lttng");
	session = ioctl(lttng, LTTNG_KERNEL_ABI_SESSION);
	if (session < 0)
		return failed("session");
	channel = ioctl(session, LTTNG_KERNEL_ABI_CHANNEL, &settings);
	if (channel < 0)
		return failed("channel");
	for (i = 3; i < argc; i++)
		if (add_event(channel, argv[i]))
			return failed(argv[i]);
	/* A stream of each CPU, as a consumer has them. */
	while (ioctl(channel, LTTNG_KERNEL_ABI_STREAM) >= 0)
		;
	if (ioctl(session, LTTNG_KERNEL_ABI_SESSION_START))
		return failed("start");
	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}
