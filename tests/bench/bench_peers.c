// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What others log an event with, and the least that could do.
 *
 *	floor		reads the cycle counter, moves a position with a local
 *			compare-and-exchange, copies: no header, no second CPU
 *	relay-least	the least a correct user of relay does: interrupts off,
 *			reserve, a header of 16 bytes, copy
 *	relay-write	relay_write(): no time, no header, not for NMIs
 *	trace-printk	with the payload as text
 *	tracepoint	a trace event with an array as its only field; costs what
 *			listens to it: nothing, ftrace, or LTTng
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/relay.h>
#include <linux/version.h>
#include <linux/vmalloc.h>
#include <asm/local64.h>

#include "bench.h"

#define CREATE_TRACE_POINTS
#include "bench_trace.h"

EXPORT_TRACEPOINT_SYMBOL_GPL(bench_16);
EXPORT_TRACEPOINT_SYMBOL_GPL(bench_64);
EXPORT_TRACEPOINT_SYMBOL_GPL(bench_256);
EXPORT_TRACEPOINT_SYMBOL_GPL(bench_1024);

#define FLOOR_SIZE	(256u << 10)
#define SUBBUF_SIZE	65536
#define SUBBUFS		4

static char text[BENCH_BYTES_MAX + 1];	/* its last n characters are n bytes of payload */
static u8 *floor_memory;
static local64_t floor_position;
static struct rchan *channel;

struct relay_header {
	u64 time;
	u32 bytes;
	u32 id;
};

static __always_inline int log_floor(u32 bytes)
{
	s64 old = local64_read(&floor_position), seen;
	u64 time;

	for (;;) {
		time = bench_cycles();
		seen = local64_cmpxchg(&floor_position, old, old + bytes + sizeof(time));
		if (likely(seen == old))
			break;
		old = seen;
	}
	bench_copy(floor_memory + (old & (FLOOR_SIZE - 1)), &time, sizeof(time));
	bench_copy(floor_memory + (old & (FLOOR_SIZE - 1)) + sizeof(time), bench_payload, bytes);
	return 0;
}

static __always_inline int log_relay_least(u32 bytes)
{
	struct relay_header *h;
	unsigned long flags;

	local_irq_save(flags);
	h = relay_reserve(channel, sizeof(*h) + bytes);
	if (h) {
		h->time = bench_cycles();
		h->bytes = bytes;
		h->id = 7;
		bench_copy(h + 1, bench_payload, bytes);
	}
	local_irq_restore(flags);
	return !h;
}

#define SIZED(size)								\
static noinline int floor_##size(u32 bytes)					\
{										\
	return log_floor(size);							\
}										\
static noinline int relay_least_##size(u32 bytes)				\
{										\
	return log_relay_least(size);						\
}										\
static noinline int tracepoint_##size(u32 bytes)				\
{										\
	trace_bench_##size(bench_payload);					\
	return 0;								\
}

SIZED(16)
SIZED(64)
SIZED(256)
SIZED(1024)

static noinline int relay_write_any(u32 bytes)
{
	relay_write(channel, bench_payload, bytes);
	return 0;
}

static noinline int printk_any(u32 bytes)
{
	trace_printk("%s", text + BENCH_BYTES_MAX - bytes);
	return 0;
}

#define SIZED_ENTRIES(size)							\
	{ "floor", size, floor_##size },					\
	{ "relay-least", size, relay_least_##size },				\
	{ "tracepoint", size, tracepoint_##size }

const struct bench_function bench_peers[] = {
	SIZED_ENTRIES(16),
	SIZED_ENTRIES(64),
	SIZED_ENTRIES(256),
	SIZED_ENTRIES(1024),
	{ "relay-write", BENCH_ANY, relay_write_any },
	{ "trace-printk", BENCH_ANY, printk_any },
	{ }
};

static struct dentry *create_buf_file(const char *filename, struct dentry *parent, umode_t mode,
				      struct rchan_buf *buf, int *is_global)
{
	return debugfs_create_file(filename, mode, parent, buf, &relay_file_operations);
}

static int remove_buf_file(struct dentry *dentry)
{
	debugfs_remove(dentry);
	return 0;
}

/* "relayfs: abolish prev_padding", 6.17 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0)
#define SUBBUF_START_ARGS	struct rchan_buf *buf, void *subbuf, void *prev_subbuf
#else
#define SUBBUF_START_ARGS	struct rchan_buf *buf, void *subbuf, void *prev_subbuf, \
				size_t prev_padding
#endif

/* Overwrites: nobody reads. */
static int subbuf_start(SUBBUF_START_ARGS)
{
	return 1;
}

static const struct rchan_callbacks callbacks = {
	.create_buf_file = create_buf_file,
	.remove_buf_file = remove_buf_file,
	.subbuf_start = subbuf_start,
};

int bench_peers_init(struct dentry *dir)
{
	memset(text, 'a', BENCH_BYTES_MAX);
	floor_memory = vzalloc(FLOOR_SIZE + BENCH_BYTES_MAX + sizeof(u64));
	if (!floor_memory)
		return -ENOMEM;
	channel = relay_open("relay", dir, SUBBUF_SIZE, SUBBUFS, &callbacks, NULL);
	if (!channel) {
		vfree(floor_memory);
		return -ENOMEM;
	}
	return 0;
}

void bench_peers_exit(void)
{
	relay_close(channel);
	vfree(floor_memory);
}
