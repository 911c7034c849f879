/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The per-CPU buffers: reserve, commit, switch, flush.  docs/buffer-design.md
 * explains the algorithm; the comment in buffer.c lists its ordering pairs.
 */
#ifndef WT_BUFFER_H
#define WT_BUFFER_H

#include <linux/bits.h>
#include <linux/cache.h>
#include <linux/irq_work.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "etl/layout.h"
#include "compat.h"
#include "logger.h"
#include "wall-clock.h"

struct page;

/*
 * A position: the number of the current sub-buffer on this CPU in the high
 * half, the offset of the next free byte in the low half.  WT_CLOSED in the
 * low half says that the sub-buffer is closed and the next event takes the
 * next one into use.
 */
#define WT_CLOSED		0x80000000u
#define WT_POS(seq, offset)	(((u64)(seq) << 32) | (offset))
#define WT_POS_SEQ(pos)		((u32)((u64)(pos) >> 32))
#define WT_POS_OFFSET(pos)	((u32)(pos))

/*
 * A commit count: records in the high half, bytes in the low half.  Opening
 * adds the buffer header, every record its aligned size, closing the unused
 * rest and WT_CLOSE_TOKEN: the sub-buffer is complete when the low half is its
 * size + WT_CLOSE_TOKEN, which can happen only once and only after closing.
 */
#define WT_CLOSE_TOKEN		1u
#define WT_ONE_RECORD		BIT_ULL(32)

/**
 * struct wt_subbuf - one sub-buffer of a CPU: one ETL buffer
 * @commit: see above; 0 when not in use.  Written on the owning CPU.
 * @data: the buffer, header first
 * @seq: number on this CPU of the use that @commit, @used and @number are of
 * @used: offset at which it was closed
 * @cpu: whose ring it is in
 * @full: @commit's low half when it is complete
 * @number: SequenceNumber: number in the session; 0 = never used
 * @records: records of the last published use
 * @flags: ETL_BUFFER_* for its header
 * @done: @seq + 1 of the last published use (label publish)
 */
struct wt_subbuf {
	local64_t commit;
	u8 *data;
	u32 seq;
	u32 used;
	struct wt_cpu *cpu;
	u32 full;
	u64 number;
	u32 records;
	u32 done;
	u16 flags;
} ____cacheline_aligned;

/**
 * struct wt_cpu - one CPU's buffer of one logger
 *
 * First line: what a writer touches.  Counters are written on the owning CPU
 * (or by whoever holds flush_mutex once there are no writers).
 */
struct wt_cpu {
	local64_t pos;
	struct wt_subbuf *sub;		/* NULL: this CPU has no buffer (yet) */
	u32 size;			/* of a sub-buffer; 0 while @sub is NULL */
	u32 mask;			/* number of sub-buffers - 1 */
	local64_t last_time;		/* newest time given; clocks that may step back only */

	local64_t records ____cacheline_aligned;	/* of published sub-buffers */
	local64_t overwritten;
	local64_t lost_full;
	local64_t lost_size;
	local64_t lost_nested;
	local64_t rejected;
	u64 lost_flagged;		/* losses already flagged on a buffer */
	struct irq_work wake;
	struct wt_logger *logger;
	u32 cpu;

	/* Reader's side.  @consumed is read by writers (label free). */
	u32 consumed ____cacheline_aligned;	/* sub-buffers below are free */
	u32 given;			/* next sub-buffer to hand out */
	u32 given_bytes;		/* of it, handed out already */
	u32 limit;			/* flight recorder: hand out only below */
	bool rewind;			/* flight recorder: next read starts at the oldest */
	bool busy;			/* open by a reader */
	u64 delivered;			/* sub-buffers handed out completely */
	u8 *bounce;			/* flight recorder: the buffer being handed out */
	u32 wake_level;			/* buffers to be read at which readers are woken at once */
	struct mutex read_lock;		/* the reader's side, against release */
	u8 *ring;			/* memory of all sub-buffers; NULL with @sub */
	spinlock_t ring_lock;		/* @ring, for page faults: no other lock inside */
	struct dentry *file;
	struct etl_crash_page *crash;	/* tell a memory dump's reader where the buffer is */
};

/**
 * struct wt_record - a reserved record
 * @data: 8-aligned; write @len bytes there, then wt_commit()
 * @sub: where it lies
 * @time: the record's time in the session's raw clock
 * @len: bytes reserved, a multiple of 8
 */
struct wt_record {
	u8 *data;
	struct wt_subbuf *sub;
	u64 time;
	u32 len;
};

bool wt_reserve_slow(struct wt_logger *l, struct wt_cpu *c, u32 len, struct wt_record *r);
void wt_complete(struct wt_subbuf *sub, u32 records);
u64 wt_time_clamped(struct wt_logger *l, struct wt_cpu *c);

int wt_buffer_bind(struct wt_logger *l, unsigned int cpu);
void wt_buffer_unbind(struct wt_cpu *c);
void wt_buffer_init(struct wt_logger *l, unsigned int cpu);
struct page *wt_buffer_page(struct wt_cpu *c, u64 offset);
void wt_buffer_close(struct wt_logger *l, unsigned int cpu);
void wt_buffer_flush(struct wt_logger *l, unsigned int cpu);
void wt_buffer_flush_all(struct wt_logger *l);

/* Raw time that never steps back within this CPU.  Any context, on @c's CPU. */
static __always_inline u64 wt_time(struct wt_logger *l, struct wt_cpu *c)
{
	if (likely(l->clock.source == WT_SOURCE_COUNTER))
		return wt_clock_read(&l->clock);
	return wt_time_clamped(l, c);
}

/*
 * wt_time() for a session whose clock is @source: the counter or the wall
 * clock.  False: it takes a call.  An interrupt that reserves in between makes
 * its caller's reserve fail, as in wt_time_clamped().
 */
static __always_inline bool wt_try_time(struct wt_cpu *c, enum wt_clock_source source, u64 *time)
{
	s64 last;

	if (source == WT_SOURCE_COUNTER) {
		*time = wt_counter();
		return true;
	}
	last = local64_read(&c->last_time);
	do {
		if (!wt_wall_read(time))
			return false;
		if ((s64)*time < last)
			*time = last;
	} while (unlikely(!local64_try_cmpxchg(&c->last_time, &last, *time)));
	return true;
}

/**
 * wt_reserve() - reserve a record in this CPU's buffer
 * @l: from wt_writer_enter(): preemption is off until wt_writer_exit()
 * @size: bytes of the record, at most ETL_RECORD_SIZE_MAX
 * @r: filled in on success
 *
 * Any context, nested in itself.  The clock is read inside the retry loop, so
 * time never steps back within a CPU.  On failure the loss has been counted.
 *
 * Return: true, and the caller must wt_commit() before it enables preemption.
 */
static __always_inline bool wt_reserve(struct wt_logger *l, u32 size, struct wt_record *r)
{
	struct wt_cpu *c = this_cpu_ptr(l->cpus);
	u32 len = ETL_ALIGN(size);
	s64 old = local64_read(&c->pos);

	do {
		if (unlikely(WT_POS_OFFSET(old) + len > c->size)) {
			struct wt_record slow = {};	/* @r stays in registers */
			bool reserved = wt_reserve_slow(l, c, len, &slow);

			*r = slow;
			return reserved;
		}
		r->time = wt_time(l, c);
	} while (unlikely(!local64_try_cmpxchg(&c->pos, &old, old + len)));

	r->sub = &c->sub[WT_POS_SEQ(old) & c->mask];
	r->data = r->sub->data + WT_POS_OFFSET(old);
	r->len = len;
	return true;
}

/**
 * wt_try_reserve() - wt_reserve() where nothing stands in the way
 * @c: this CPU's buffer of a logger as there, which takes kernel writers
 * @source: its clock: a constant, so that who logs by the counter saves no registers for the other
 * @size: as there
 * @r: as there
 *
 * Calls nothing, so that a caller that calls nothing else needs no stack frame.
 *
 * Return: true as there; false: nothing has happened, wt_reserve() can tell why.
 */
static __always_inline bool wt_try_reserve(struct wt_cpu *c, enum wt_clock_source source,
					   u32 size, struct wt_record *r)
{
	u32 len = ETL_ALIGN(size);
	s64 old = local64_read(&c->pos);

	do {
		if (unlikely(WT_POS_OFFSET(old) + len > c->size))
			return false;
		/* Loaded before: loads behind the counter's reading wait for it. */
		r->sub = &c->sub[WT_POS_SEQ(old) & c->mask];
		if (unlikely(!wt_try_time(c, source, &r->time)))
			return false;
	} while (unlikely(!local64_try_cmpxchg(&c->pos, &old, old + len)));

	r->data = r->sub->data + WT_POS_OFFSET(old);
	r->len = len;
	return true;
}

/**
 * wt_drop_if_full() - count an event for which there is no room
 * @l: as in wt_try_reserve(), which has said no
 * @size: as there
 *
 * Calls nothing.  A flight recorder makes room, and what is too large for any
 * buffer is another loss: both are wt_reserve()'s.
 *
 * Return: true: the event is lost, and counted; false: nothing has happened.
 */
static __always_inline bool wt_drop_if_full(struct wt_logger *l, u32 size)
{
	struct wt_cpu *c = this_cpu_ptr(l->cpus);
	u64 pos = local64_read(&c->pos);
	u32 len = ETL_ALIGN(size);

	if (l->overwrite || !c->sub || len > l->usable || WT_POS_OFFSET(pos) + len <= c->size ||
	    WT_POS_SEQ(pos) + 1 - READ_ONCE(c->consumed) <= c->mask)
		return false;
	local64_inc(&c->lost_full);
	return true;
}

/**
 * wt_commit() - make a reserved record count
 *
 * Context of wt_reserve(), same CPU.  Whoever adds the last missing bytes
 * completes the sub-buffer.
 */
static __always_inline void wt_commit(const struct wt_record *r)
{
	u64 count;

	barrier();	/* the record's bytes before its count, for this CPU's interrupts */
	count = local64_add_return(WT_ONE_RECORD | r->len, &r->sub->commit);
	if (unlikely((u32)count == r->sub->full))
		wt_complete(r->sub, count >> 32);
}

/* Counters of a CPU, as one reading.  Exact when nobody writes. */
struct wt_counts {
	u64 logged, lost_full, lost_size, lost_nested, overwritten, rejected;
};

void wt_buffer_counts(struct wt_logger *l, unsigned int cpu, struct wt_counts *sum);
void wt_buffer_usage(struct wt_logger *l, unsigned int cpu, u32 *total, u32 *unused);

#endif
