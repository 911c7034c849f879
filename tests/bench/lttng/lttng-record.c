// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lttng-record FILE KIB EVENT COMMAND: records EVENT while the shell runs COMMAND, in
 * so much of buffers a CPU that are read each 10 ms, into FILE and FILE.N, one a CPU.
 * Prints how many events were discarded and how many bytes written.
 *
 * Does for each packet what lttng-consumerd does where it is told to map buffers:
 * get, write from the mapping, put.  (The service itself would need a system around it.)
 */
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>

#include "lttng-calls.h"

/* Of its ringbuffer/vfs.h, which only the kernel can include. */
#define GET_NEXT_SUBBUF		_IO(0xF6, 0x05)
#define PUT_NEXT_SUBBUF		_IO(0xF6, 0x06)
#define GET_PADDED_SUBBUF_SIZE	_IOR(0xF6, 0x08, unsigned long)
#define GET_MMAP_LEN		_IOR(0xF6, 0x0A, unsigned long)
#define GET_MMAP_READ_OFFSET	_IOR(0xF6, 0x0B, unsigned long)
#define FLUSH_EMPTY		_IO(0xF6, 0x0F)

#define STREAMS_MAX	64

struct stream {
	int fd, file;
	const char *map;
	uint64_t discarded, bytes;
	pthread_t thread;
};

static struct stream streams[STREAMS_MAX];
static int stopped;

static void write_packet(struct stream *s)
{
	unsigned long size, offset, done = 0;
	ssize_t n;

	if (ioctl(s->fd, GET_PADDED_SUBBUF_SIZE, &size) || ioctl(s->fd, GET_MMAP_READ_OFFSET, &offset) ||
	    ioctl(s->fd, LTTNG_KERNEL_ABI_RING_BUFFER_GET_EVENTS_DISCARDED, &s->discarded))
		fail("packet");
	for (; done < size; done += n) {
		n = write(s->file, s->map + offset + done, size - done);
		if (n <= 0)
			fail("write");
	}
	s->bytes += size;
}

static void write_ready(struct stream *s)
{
	while (!ioctl(s->fd, GET_NEXT_SUBBUF)) {
		write_packet(s);
		if (ioctl(s->fd, PUT_NEXT_SUBBUF))
			fail("put");
	}
}

static void *consume(void *stream)
{
	struct stream *s = stream;
	struct pollfd wait = { .fd = s->fd, .events = POLLIN };

	while (!__atomic_load_n(&stopped, __ATOMIC_ACQUIRE)) {
		poll(&wait, 1, 10);
		write_ready(s);
	}
	write_ready(s);
	/* A packet more, which says what was discarded up to now. */
	if (ioctl(s->fd, FLUSH_EMPTY))
		fail("flush");
	write_ready(s);
	return NULL;
}

static void open_stream(struct stream *s, const char *path, int n)
{
	unsigned long size;
	char name[4096];

	snprintf(name, sizeof(name), n ? "%s.%d" : "%s", path, n);
	s->file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (s->file < 0)
		fail(name);
	if (ioctl(s->fd, GET_MMAP_LEN, &size))
		fail("mmap length");
	s->map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, s->fd, 0);
	if (s->map == MAP_FAILED)
		fail("mmap");
}

int main(int argc, char **argv)
{
	struct lttng_kernel_abi_channel settings = {
		.subbuf_size = 256 << 10,
		.output = LTTNG_KERNEL_ABI_MMAP, .read_timer_interval = 10000,	/* us */
	};
	int session, channel, count, i, status;
	uint64_t discarded = 0, bytes = 0;

	if (argc != 5) {
		fprintf(stderr, "usage: lttng-record FILE KIB EVENT COMMAND\n");
		return 2;
	}
	settings.num_subbuf = atoi(argv[2]) / 256;
	session = make_session();
	channel = make_channel(session, &settings);
	add_event(channel, argv[3]);
	for (count = 0; count < STREAMS_MAX; count++) {
		streams[count].fd = ioctl(channel, LTTNG_KERNEL_ABI_STREAM);
		if (streams[count].fd < 0)
			break;
		open_stream(&streams[count], argv[1], count);
	}
	if (ioctl(session, LTTNG_KERNEL_ABI_SESSION_START))
		fail("start");
	for (i = 0; i < count; i++)
		if (pthread_create(&streams[i].thread, NULL, consume, &streams[i]))
			fail("thread");
	status = system(argv[4]);
	if (ioctl(session, LTTNG_KERNEL_ABI_SESSION_STOP))
		fail("stop");
	__atomic_store_n(&stopped, 1, __ATOMIC_RELEASE);
	for (i = count; i--;) {
		pthread_join(streams[i].thread, NULL);
		close(streams[i].file);		/* FILE is the last */
		discarded += streams[i].discarded;
		bytes += streams[i].bytes;
	}
	printf("%llu %llu\n", (unsigned long long)discarded, (unsigned long long)bytes);
	return status != 0;
}
