/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The wall clock read from the cycle counter: what ktime_get_real_fast_ns()
 * computes, in the units of the file and without a call.
 */
#ifndef WT_WALL_CLOCK_H
#define WT_WALL_CLOCK_H

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/math64.h>
#include <linux/types.h>

#include "clock.h"

/*
 * A line: FILETIME at a count of the cycle counter, and how steep it is.  The
 * kernel's timekeeping makes a new one at each of its updates.
 */
struct wt_wall_line {
	u64 cycles;
	u64 filetime;
	u64 scale;		/* FILETIME units a cycle, times 2^64; 0: not by this counter */
};

/*
 * The line twice, for readers that may have interrupted the update: while one
 * is being written, @count says to read the other (label line).
 */
struct wt_wall {
	u32 count;
	struct wt_wall_line line[2];
} ____cacheline_aligned;

extern struct wt_wall wt_wall;

int wt_wall_init(void);
void wt_wall_exit(void);

/* The high half of a product, without the alignment of the stack that a 128-bit variable costs. */
static __always_inline u64 wt_mul_high(u64 a, u64 b)
{
#ifdef CONFIG_X86_64
	u64 high, low;

	asm("mulq %3" : "=d" (high), "=a" (low) : "1" (a), "rm" (b) : "cc");
	return high;
#else
	return mul_u64_u64_shr(a, b, 64);
#endif
}

/*
 * FILETIME now; steps back when the clock is set back, and on a CPU whose
 * counter lags.  False where the kernel does not keep its time by the cycle
 * counter.  Any context; calls nothing.
 */
static __always_inline bool wt_wall_read(u64 *filetime)
{
	const struct wt_wall_line *line;
	u64 cycles, scale;
	u32 count;

	do {
		count = READ_ONCE(wt_wall.count);
		smp_rmb();	/* line': the count before what it selects */
		line = &wt_wall.line[count & 1];
		scale = READ_ONCE(line->scale);
		if (unlikely(!scale))
			return false;
		cycles = wt_counter() - READ_ONCE(line->cycles);
		if (unlikely((s64)cycles < 0))
			cycles = 0;
		*filetime = READ_ONCE(line->filetime) + wt_mul_high(cycles, scale);
		smp_rmb();	/* line': and the count again after it */
	} while (unlikely(count != READ_ONCE(wt_wall.count)));
	return true;
}

#endif
