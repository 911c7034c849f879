// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reading side of a CPU's buffer: whole ETL buffers in order.
 *
 * A read acknowledges: it frees for the writers the buffers that earlier reads
 * of the same open file delivered completely.  A reader that dies between
 * reading a buffer and storing it loses nothing: the next one gets it again.
 *
 * Once a session has stopped nobody needs the space: reading frees nothing and
 * can be repeated until the logger is released.
 *
 * A flight recorder is not slowed by its readers: each buffer is copied first
 * and the copy thrown away if writers have come round meanwhile (label lap').
 * It offers what the ring held when a snapshot was asked for.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "buffer.h"
#include "reader.h"

static bool is_stopped(struct wt_cpu *c)
{
	return READ_ONCE(c->logger->state) == WMITRACE_STATE_STOPPED;
}

static u32 current_seq(struct wt_cpu *c)
{
	return WT_POS_SEQ(local64_read(&c->pos));
}

static bool is_published(struct wt_cpu *c, u32 seq)
{
	struct wt_subbuf *sub = &c->sub[seq & c->mask];

	return smp_load_acquire(&sub->done) == seq + 1 && READ_ONCE(sub->number); /* publish' */
}

/* Flight recorder: the first use, from @seq on, that is in the ring. */
static u32 oldest_from(struct wt_cpu *c, u32 seq)
{
	u32 oldest = current_seq(c) - c->mask;

	if ((s32)(seq - oldest) < 0)
		seq = oldest;
	/* A young ring has not used every sub-buffer yet. */
	while ((s32)(c->limit - seq) > 0 && !is_published(c, seq))
		seq++;
	return seq;
}

/*
 * The flush time of a buffer is when its reader gets it.  Never decreases over
 * all CPUs of the session, so that buffers written in the order in which they
 * were read are in the order that real files have (etl-format section 1).
 */
static void stamp(struct wt_logger *l, u8 *data)
{
	struct etl_buffer_header *h = (struct etl_buffer_header *)data;
	u64 now = max_t(u64, wt_clock_read(&l->clock), le64_to_cpu(h->time_stamp));
	s64 last = atomic64_read(&l->stamp);

	do {
		now = max_t(u64, now, last);
	} while (!atomic64_try_cmpxchg(&l->stamp, &last, now));
	h->time_stamp = cpu_to_le64(now);
}

/* @seq is the next to hand out: wake() looks at it. */
static void give(struct wt_cpu *c, u32 seq)
{
	WRITE_ONCE(c->given, seq);
}

/* What is next has been handed out completely. */
static void given(struct wt_cpu *c)
{
	c->given_bytes = 0;
	give(c, c->given + 1);
	WRITE_ONCE(c->delivered, c->delivered + 1);
}

/* Flight recorder: the next buffer as a copy nobody changes, or NULL at the end of the snapshot. */
static u8 *copy_next(struct wt_cpu *c)
{
	if (c->rewind) {
		give(c, oldest_from(c, current_seq(c) - c->mask));
		c->rewind = false;
	}
	for (;;) {
		give(c, oldest_from(c, c->given));
		if ((s32)(c->limit - c->given) <= 0)
			return NULL;
		/* Writers may come round meanwhile: seen below. */
		data_race(memcpy(c->bounce, c->sub[c->given & c->mask].data, c->size));
		smp_rmb();	/* lap' */
		if (current_seq(c) - c->given <= c->mask)
			return c->bounce;
	}
}

/* The buffer to hand out from, at given_bytes; NULL if there is none now. */
static u8 *next_buffer(struct wt_cpu *c)
{
	u8 *data;

	if (c->given_bytes)
		return c->bounce ? c->bounce : c->sub[c->given & c->mask].data;
	if (c->bounce)
		data = copy_next(c);
	else
		data = is_published(c, c->given) ? c->sub[c->given & c->mask].data : NULL;
	if (data)
		stamp(c->logger, data);
	return data;
}

/*
 * wt_reader_open() - become the reader of a CPU
 *
 * Process context.  Starts at the first buffer not acknowledged.
 * Return: 0, or -EBUSY: there is one already.
 */
int wt_reader_open(struct wt_cpu *c)
{
	int ret = -EBUSY;

	mutex_lock(&c->read_lock);
	if (!c->busy) {
		c->busy = true;
		give(c, c->consumed);
		c->given_bytes = 0;
		c->rewind |= c->bounce && is_stopped(c);
		ret = 0;
	}
	mutex_unlock(&c->read_lock);
	return ret;
}

void wt_reader_close(struct wt_cpu *c)
{
	mutex_lock(&c->read_lock);
	c->busy = false;
	mutex_unlock(&c->read_lock);
}

/* The reader is done with what it was given.  False if there is nothing to read from. */
static bool release_given(struct wt_cpu *c)
{
	if (!c->sub)
		return false;
	if (!is_stopped(c))
		smp_store_release(&c->consumed, c->given);	/* free */
	return true;
}

/*
 * wt_reader_read() - hand out buffers
 *
 * Process context.  Return: bytes copied, 0 where nothing is complete now,
 * -EFAULT, or -EINTR.
 */
ssize_t wt_reader_read(struct wt_cpu *c, char __user *buf, size_t len)
{
	size_t done = 0;

	if (mutex_lock_interruptible(&c->read_lock))
		return -EINTR;
	if (!release_given(c))
		goto out;
	while (done < len) {
		u8 *data = next_buffer(c);
		size_t part;

		if (!data)
			break;
		part = min_t(size_t, len - done, c->size - c->given_bytes);
		if (copy_to_user(buf + done, data + c->given_bytes, part)) {
			if (!done)
				done = -EFAULT;
			break;
		}
		done += part;
		c->given_bytes += part;
		if (c->given_bytes == c->size)
			given(c);
	}
out:
	mutex_unlock(&c->read_lock);
	return done;
}

/*
 * wt_reader_take() - hand out buffers where they lie
 *
 * Process context; not for flight recorders.  Does what wt_reader_read() does,
 * less the copy: only up to the ring's end, and a buffer of which a part was
 * read is handed out whole.
 *
 * Return: 0, @take filled in; or -EINTR.
 */
int wt_reader_take(struct wt_cpu *c, struct wmitrace_take *take)
{
	u32 index;

	take->bytes = 0;
	if (mutex_lock_interruptible(&c->read_lock))
		return -EINTR;
	if (!release_given(c))
		goto out;
	index = c->given & c->mask;
	take->offset = (u64)index * c->size;
	while (take->bytes < take->most && index <= c->mask && is_published(c, c->given)) {
		stamp(c->logger, c->sub[index++].data);
		take->bytes += c->size;
		given(c);
	}
out:
	mutex_unlock(&c->read_lock);
	return 0;
}

/* True if a read would return data.  Process context. */
bool wt_reader_has_data(struct wt_cpu *c)
{
	bool has = false;

	mutex_lock(&c->read_lock);
	if (c->sub && c->bounce)
		has = c->given_bytes || c->rewind || (s32)(c->limit - c->given) > 0;
	else if (c->sub)
		has = c->given_bytes || is_published(c, c->given);
	mutex_unlock(&c->read_lock);
	return has;
}

/* Flight recorder: offer what is published now, from the oldest on.  After a flush or the end. */
void wt_reader_snapshot(struct wt_logger *l)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct wt_cpu *c = per_cpu_ptr(l->cpus, cpu);

		mutex_lock(&c->read_lock);
		if (c->sub) {
			c->limit = current_seq(c) + 1;
			c->rewind = true;
		}
		mutex_unlock(&c->read_lock);
	}
	wake_up_all(&l->wait);
}

/* Buffers that readers starting now would get. */
u32 wt_reader_pending(struct wt_logger *l)
{
	unsigned int cpu;
	u32 pending = 0;

	for_each_possible_cpu(cpu) {
		struct wt_cpu *c = per_cpu_ptr(l->cpus, cpu);
		u32 seq, end;

		mutex_lock(&c->read_lock);
		if (c->sub) {
			end = current_seq(c) + 1;
			if (c->bounce)
				end = c->limit;
			seq = c->bounce ? end - c->mask - 1 : c->consumed;
			for (; seq != end; seq++)
				pending += is_published(c, seq);
		}
		mutex_unlock(&c->read_lock);
	}
	return pending;
}
