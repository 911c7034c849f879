// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lttng-session overwrite|discard KIB EVENT...: an LTTng session with so much of
 * buffers a CPU that nobody reads.  Says "ready" and lives until it is killed.
 * (LTTng's own service would need a system around it.)
 */
#include "lttng-calls.h"

int main(int argc, char **argv)
{
	struct lttng_kernel_abi_channel settings = {
		.subbuf_size = 64 << 10,
		.output = LTTNG_KERNEL_ABI_MMAP,
	};
	int session, channel, i;

	if (argc < 4) {
		fprintf(stderr, "usage: lttng-session overwrite|discard KIB EVENT...\n");
		return 2;
	}
	settings.num_subbuf = atoi(argv[2]) / 64;
	settings.overwrite = !strcmp(argv[1], "overwrite");
	session = make_session();
	channel = make_channel(session, &settings);
	for (i = 3; i < argc; i++)
		add_event(channel, argv[i]);
	/* A stream of each CPU, as a consumer has them. */
	while (ioctl(channel, LTTNG_KERNEL_ABI_STREAM) >= 0)
		;
	if (ioctl(session, LTTNG_KERNEL_ABI_SESSION_START))
		fail("start");
	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}
