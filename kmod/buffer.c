// SPDX-License-Identifier: GPL-2.0-only
/*
 * The per-CPU buffers: switch, complete, flush.
 *
 * Terms.  A CPU's buffer is a ring of sub-buffers; each is one ETL buffer.
 * The uses of sub-buffers are numbered from 0 per CPU (`seq`); use `seq` lies
 * in sub-buffer `seq & mask`.
 *
 * Writers run on the owning CPU with preemption off and may interrupt each
 * other at any instruction; an interrupting writer finishes before the
 * interrupted one goes on.  So against each other they need atomicity of
 * single instructions only (local64_t), not ordering.  Other CPUs come in
 * as readers, and as flushers, which let the owning CPU close its sub-buffer
 * (or do it themselves where that CPU cannot write: dead, or logger stopped).
 *
 * Life of a sub-buffer:
 *
 *	free -> open -> closed -> published -> (discard: consumed) -> free
 *
 *	open	  by the cmpxchg that moves `pos` into it (wt_reserve_slow)
 *	closed	  by the cmpxchg that moves `pos` out of it: no more reserves
 *	published by whoever's commit makes the count complete (wt_complete)
 *	consumed  by the reader's `consumed` (discard); a flight recorder takes
 *		  the oldest published one back instead
 *
 * Ordering with other CPUs, by label:
 *
 *	publish  wt_complete: store-release of sub->done, after every byte
 *	publish' reader.c: load-acquire of sub->done, before the copy.
 *		 => a reader sees only complete sub-buffers.
 *	free	 reader.c: store-release of c->consumed, after the copy
 *	free'	 subbuf_is_free: load-acquire of c->consumed, before reuse.
 *		 => a writer does not overwrite what is being copied.
 *	lap	 wt_reserve_slow: smp_wmb between moving `pos` and the first
 *		 byte written to a sub-buffer in use again (flight recorder)
 *	lap'	 reader.c: smp_rmb between the copy and the second look at pos.
 *		 => a copy that was overtaken is recognised and thrown away.
 *	line	 wall-clock.c: smp_wmb around each step of the count
 *	line'	 wall-clock.h: smp_rmb behind the first and before the second
 *		 look at the count.
 *		 => a line that changed while it was read is read again.
 *	wake	 wake: smp_mb between done and the look at the timer
 *	wake'	 debugfs.c: smp_mb between joining the queue and the look at done
 *		 => a reader sees what the timer that it sleeps for will not tell.
 *
 * tests/litmus has a file for each pair, named after the label.
 */
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/relay.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>

#include "buffer.h"
#include "crash.h"

#define WT_WAKE_PART	4			/* of the ring, to be read: wakes at once */
#define WT_WAKE_DELAY	msecs_to_jiffies(10)	/* for less */

/*
 * wt_time_clamped() - time of a clock that may step back
 *
 * Any context.  Each caller first moves last_time forward, then reserves; one
 * that interrupts in between makes that reserve fail, and its retry sees the
 * newer last_time.
 */
u64 wt_time_clamped(struct wt_logger *l, struct wt_cpu *c)
{
	s64 last = local64_read(&c->last_time);
	u64 now;

	do {
		now = max_t(u64, wt_clock_read(&l->clock), last);
	} while (!local64_try_cmpxchg(&c->last_time, &last, now));
	return now;
}

static u64 lost_events(struct wt_cpu *c)
{
	return local64_read(&c->lost_full) + local64_read(&c->lost_size) +
	       local64_read(&c->lost_nested);
}

/* A sub-buffer's last byte is committed: takes it into the counters.  On its CPU. */
static void account(struct wt_cpu *c, struct wt_subbuf *sub, u32 records)
{
	u64 lost = lost_events(c);

	sub->flags = ETL_BUFFER_PROC_INDEX;
	if (lost != c->lost_flagged) {
		c->lost_flagged = lost;
		sub->flags |= ETL_BUFFER_EVENTS_LOST;
	}
	sub->records = records;
	local64_add(records, &c->records);
	local64_set(&sub->commit, 0);
}

/* Lays out header and fill and lets readers have the sub-buffer.  Any CPU. */
static void publish(struct wt_cpu *c, struct wt_subbuf *sub)
{
	struct wt_logger *l = c->logger;
	/* Not before its records, whose clock stands while it has been set back. */
	u64 now = max_t(u64, wt_clock_read(&l->clock), local64_read(&c->last_time));

	*(struct etl_buffer_header *)sub->data = (struct etl_buffer_header){
		.buffer_size = cpu_to_le32(c->size),
		.saved_offset = cpu_to_le32(sub->used),
		.current_offset = cpu_to_le32(c->size + sub->used),
		.time_stamp = cpu_to_le64(now),
		.sequence_number = cpu_to_le64(sub->number),
		.processor = cpu_to_le16(c->cpu),
		.logger_id = cpu_to_le16(l->id),
		.state = cpu_to_le32(ETL_BUFFER_STATE_FLUSH),
		.offset = cpu_to_le32(sub->used),
		.flags = cpu_to_le16(sub->flags),
		.type = cpu_to_le16(ETL_BUFFER_GENERIC),
	};
	memset(sub->data + sub->used, ETL_FILL_BYTE, c->size - sub->used);
	smp_store_release(&sub->done, sub->seq + 1);	/* publish */
	irq_work_queue(&c->wake);
}

/*
 * wt_complete() - publish a sub-buffer whose every byte is committed
 *
 * Called once per use, by whoever made it complete, on its CPU; any context.
 */
noinline void wt_complete(struct wt_subbuf *sub, u32 records)
{
	account(sub->cpu, sub, records);
	publish(sub->cpu, sub);
}

/*
 * Wakes readers when a good part of the ring is to be read, and for less not
 * more often than every WT_WAKE_DELAY: a reader costs less the more it gets.
 */
static void wake(struct irq_work *work)
{
	struct wt_cpu *c = container_of(work, struct wt_cpu, wake);
	struct wt_logger *l = c->logger;

	if (WT_POS_SEQ(local64_read(&c->pos)) - READ_ONCE(c->given) >= c->wake_level) {
		wake_up_all(&l->wait);
		return;
	}
	smp_mb();	/* wake: published before looking, as a timer that is pending tells of it */
	if (!timer_pending(&l->wake_timer))
		mod_timer(&l->wake_timer, jiffies + WT_WAKE_DELAY);
}

/* May use @seq take @sub, as far as its previous use is concerned? */
static bool subbuf_is_free(struct wt_logger *l, struct wt_cpu *c, struct wt_subbuf *sub, u32 seq)
{
	if (l->overwrite)
		return READ_ONCE(sub->done) == seq - c->mask;	/* = (seq - subbufs) + 1 */
	return seq - smp_load_acquire(&c->consumed) <= c->mask;	/* free' */
}

/*
 * Accounts for the end of use @seq at @offset.  Returns the sub-buffer if
 * nobody is writing there any more: the caller publishes it.
 */
static struct wt_subbuf *close_subbuf(struct wt_cpu *c, u32 seq, u32 offset)
{
	struct wt_subbuf *sub = &c->sub[seq & c->mask];
	u64 count;

	sub->used = offset;
	barrier();	/* used before the token, for this CPU's interrupts */
	count = local64_add_return(c->size - offset + WT_CLOSE_TOKEN, &sub->commit);
	if ((u32)count != sub->full)
		return NULL;
	account(c, sub, count >> 32);
	return sub;
}

/*
 * Takes use @seq of @sub, which `pos` has just been moved into.  Cannot be
 * complete before its caller commits.
 */
static void open_subbuf(struct wt_logger *l, struct wt_cpu *c, struct wt_subbuf *sub,
			u32 seq, u64 number)
{
	if (l->overwrite) {
		local64_add(sub->records, &c->overwritten);
		smp_wmb();	/* lap */
	}
	sub->seq = seq;
	WRITE_ONCE(sub->number, number);	/* a flight recorder's reader may look */
	sub->records = 0;
	barrier();	/* the above before the header's bytes count */
	local64_add(sizeof(struct etl_buffer_header), &sub->commit);
}

/*
 * wt_reserve_slow() - reserve where the current sub-buffer has no room
 *
 * Moves to the next sub-buffer and reserves there in one step, or counts the
 * loss.  The number in the session is taken before the step: if an interrupt
 * took the step meanwhile, ours is thrown away (real files have such gaps), so
 * that numbers increase within a CPU.  Any context.
 */
noinline bool wt_reserve_slow(struct wt_logger *l, struct wt_cpu *c, u32 len, struct wt_record *r)
{
	s64 old = local64_read(&c->pos);

	if (unlikely(!c->sub)) {
		local64_inc(&c->lost_full);
		return false;
	}
	if (unlikely(len > l->usable)) {
		local64_inc(&c->lost_size);
		return false;
	}
	r->len = len;
	for (;;) {
		struct wt_subbuf *closed;
		u32 offset = WT_POS_OFFSET(old);
		u32 seq = WT_POS_SEQ(old);
		struct wt_subbuf *next;
		u64 number;

		if (offset + len <= c->size) {	/* an interrupt has moved on for us */
			r->time = wt_time(l, c);
			if (!local64_try_cmpxchg(&c->pos, &old, old + len))
				continue;
			r->sub = &c->sub[seq & c->mask];
			r->data = r->sub->data + offset;
			return true;
		}

		next = &c->sub[(seq + 1) & c->mask];
		if (!subbuf_is_free(l, c, next, seq + 1)) {
			local64_inc(l->overwrite ? &c->lost_nested : &c->lost_full);
			return false;
		}
		number = atomic64_inc_return(&l->buffer_number);
		r->time = wt_time(l, c);
		if (!local64_try_cmpxchg(&c->pos, &old,
					 WT_POS(seq + 1, sizeof(struct etl_buffer_header) + len)))
			continue;
		open_subbuf(l, c, next, seq + 1, number);
		closed = offset & WT_CLOSED ? NULL : close_subbuf(c, seq, offset);
		if (closed)
			publish(c, closed);
		r->sub = next;
		r->data = next->data + sizeof(struct etl_buffer_header);
		return true;
	}
}

/*
 * Closes the CPU's open sub-buffer, if there is one.  On that CPU, or where it
 * cannot write.  Under flush_mutex.  Returns it if the caller has to publish it.
 */
static struct wt_subbuf *close_current(struct wt_cpu *c)
{
	s64 old = local64_read(&c->pos);

	do {
		if (WT_POS_OFFSET(old) & WT_CLOSED)
			return NULL;
	} while (!local64_try_cmpxchg(&c->pos, &old, WT_POS(WT_POS_SEQ(old), WT_CLOSED)));
	return close_subbuf(c, WT_POS_SEQ(old), WT_POS_OFFSET(old));
}

/* Closes the open sub-buffer of a CPU that cannot write now: dead, or the logger is stopped. */
void wt_buffer_close(struct wt_logger *l, unsigned int cpu)
{
	struct wt_cpu *c = per_cpu_ptr(l->cpus, cpu);
	struct wt_subbuf *closed;

	mutex_lock(&l->flush_mutex);
	closed = c->sub ? close_current(c) : NULL;
	if (closed)
		publish(c, closed);
	mutex_unlock(&l->flush_mutex);
}

struct close_call {
	struct wt_cpu *c;
	struct wt_subbuf *closed;
};

static void close_here(void *info)
{
	struct close_call *call = info;

	call->closed = close_current(call->c);
}

/* True if use @seq and all before it are published. */
static bool published_to(struct wt_cpu *c, u32 seq)
{
	u32 s = seq - c->mask;

	for (;; s++) {
		/* acquire: publish'; a later use of the sub-buffer says it as well */
		u32 done = smp_load_acquire(&c->sub[s & c->mask].done);

		if ((s32)(done - (s + 1)) < 0)
			return false;
		if (s == seq)
			return true;
	}
}

/*
 * wt_buffer_flush() - make everything committed on a CPU readable
 *
 * Process context.  Only the closing itself runs on that CPU with interrupts
 * off; the filling, which can be megabytes, runs here.  Waits for writers that
 * are in the middle of a record, so that what was logged before the call is
 * published when it returns.  A CPU that goes away meanwhile is closed by
 * wt_buffer_close().
 */
void wt_buffer_flush(struct wt_logger *l, unsigned int cpu)
{
	struct close_call call = { .c = per_cpu_ptr(l->cpus, cpu) };
	struct wt_cpu *c = call.c;
	s64 pos;

	mutex_lock(&l->flush_mutex);
	pos = local64_read(&c->pos);
	if (!(WT_POS_OFFSET(pos) & WT_CLOSED))
		smp_call_function_single(cpu, close_here, &call, 1);
	if (call.closed) {
		publish(c, call.closed);
		wake_up_all(&l->wait);
	}
	mutex_unlock(&l->flush_mutex);

	/* Not for ever: a writer stopped by a debugger must not hang us. */
	if (c->sub)
		wait_event_timeout(l->wait, published_to(c, WT_POS_SEQ(pos)), HZ);
}

void wt_buffer_flush_all(struct wt_logger *l)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		wt_buffer_flush(l, cpu);
}

/* Prepares a CPU's state; it has no buffer until wt_buffer_bind(). */
void wt_buffer_init(struct wt_logger *l, unsigned int cpu)
{
	struct wt_cpu *c = per_cpu_ptr(l->cpus, cpu);

	local64_set(&c->pos, WT_POS(U32_MAX, WT_CLOSED));
	local64_set(&c->last_time, l->anchor);
	c->logger = l;
	c->cpu = cpu;
	init_irq_work(&c->wake, wake);
	mutex_init(&c->read_lock);
	spin_lock_init(&c->ring_lock);
}

/*
 * wt_buffer_bind() - give a CPU the buffer that relay has allocated for it
 *
 * Before that CPU can write: at start, or while it comes up.
 * Return: 0, or -ENOMEM: events on that CPU are then counted as lost.
 */
int wt_buffer_bind(struct wt_logger *l, unsigned int cpu)
{
	struct rchan_buf *buf = *per_cpu_ptr(l->chan->buf, cpu);
	struct wt_cpu *c = per_cpu_ptr(l->cpus, cpu);
	struct wt_subbuf *sub;
	u32 i;

	if (!buf || c->sub)
		return 0;
	sub = kvcalloc(l->subbufs, sizeof(*sub), GFP_KERNEL);
	if (!sub)
		return -ENOMEM;
	if (l->overwrite) {
		c->bounce = vmalloc(l->subbuf_size);
		if (!c->bounce) {
			kvfree(sub);
			return -ENOMEM;
		}
	}
	for (i = 0; i < l->subbufs; i++) {
		sub[i].data = buf->start + (size_t)i * l->subbuf_size;
		sub[i].cpu = c;
		sub[i].full = l->subbuf_size + WT_CLOSE_TOKEN;
		/* as if the use one lap before the first had been published */
		sub[i].done = i - l->subbufs + 1;
	}
	if (wt_crash_add_cpu(l, c, sub, buf->start)) {
		vfree(c->bounce);
		c->bounce = NULL;
		kvfree(sub);
		return -ENOMEM;
	}
	spin_lock(&c->ring_lock);
	c->ring = buf->start;
	spin_unlock(&c->ring_lock);
	c->wake_level = max(l->subbufs / WT_WAKE_PART, 1u);
	c->mask = l->subbufs - 1;
	c->size = l->subbuf_size;
	c->sub = sub;
	return 0;
}

/* No writer, no reader. */
void wt_buffer_unbind(struct wt_cpu *c)
{
	irq_work_sync(&c->wake);
	wt_crash_remove(&c->crash);
	spin_lock(&c->ring_lock);
	c->ring = NULL;
	spin_unlock(&c->ring_lock);
	c->size = 0;
	kvfree(c->sub);
	c->sub = NULL;
	vfree(c->bounce);
	c->bounce = NULL;
}

/* The page of a CPU's ring at @offset, with a reference, or NULL.  Process context. */
struct page *wt_buffer_page(struct wt_cpu *c, u64 offset)
{
	struct page *page = NULL;

	spin_lock(&c->ring_lock);
	if (c->ring && offset < (u64)c->logger->subbufs * c->logger->subbuf_size) {
		page = vmalloc_to_page(c->ring + offset);
		get_page(page);
	}
	spin_unlock(&c->ring_lock);
	return page;
}

/* Adds a CPU's counters to @sum. */
void wt_buffer_counts(struct wt_logger *l, unsigned int cpu, struct wt_counts *sum)
{
	struct wt_cpu *c = per_cpu_ptr(l->cpus, cpu);
	u32 i;

	sum->logged += local64_read(&c->records);
	if (c->sub)
		for (i = 0; i <= c->mask; i++)
			sum->logged += (u64)local64_read(&c->sub[i].commit) >> 32;
	sum->lost_full += local64_read(&c->lost_full);
	sum->lost_size += local64_read(&c->lost_size);
	sum->lost_nested += local64_read(&c->lost_nested);
	sum->overwritten += local64_read(&c->overwritten);
	sum->rejected += local64_read(&c->rejected);
}

/* Adds a CPU's sub-buffers: all, and those that neither hold data nor are being written. */
void wt_buffer_usage(struct wt_logger *l, unsigned int cpu, u32 *total, u32 *unused)
{
	struct wt_cpu *c = per_cpu_ptr(l->cpus, cpu);
	u32 used;

	if (!c->sub)
		return;
	used = WT_POS_SEQ(local64_read(&c->pos)) + 1 - READ_ONCE(c->consumed);
	*total += c->mask + 1;
	*unused += c->mask + 1 - min(used, c->mask + 1);
}
