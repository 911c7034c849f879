/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_CLOCK_H
#define WT_CLOCK_H

#include <linux/timex.h>
#include <linux/types.h>

/* What a session's time stamps are read from. */
enum wt_clock_source {
	WT_SOURCE_COUNTER,	/* wt_counter(), trusted: monotonic on each CPU */
	WT_SOURCE_CYCLES,	/* wt_counter(), not trusted */
	WT_SOURCE_MONO,		/* ktime_get_mono_fast_ns() */
	WT_SOURCE_REAL,		/* wall clock as FILETIME */
};

/**
 * struct wt_clock - a session's clock
 * @source:	where time stamps come from
 * @type:	what the file says: enum etl_clock
 * @frequency:	Hz of the performance counter, whatever the clock in use
 * @mhz:	CPU speed; the scale of ETL_CLOCK_CYCLES
 */
struct wt_clock {
	enum wt_clock_source source;
	u32 type;
	u64 frequency;
	u32 mhz;
};

int wt_clock_init(struct wt_clock *clock, u32 type);
u64 wt_clock_read_slow(const struct wt_clock *clock);
u64 wt_filetime_now(void);
u64 wt_filetime_boot(void);

/* The cycle counter, 0 where there is none.  User-Mode Linux has its host's.  Any context. */
static __always_inline u64 wt_counter(void)
{
#ifdef CONFIG_UML_X86
	return __builtin_ia32_rdtsc();
#else
	return get_cycles();
#endif
}

/*
 * Raw time of the session.  Any context.  Only WT_SOURCE_COUNTER never steps
 * back within a CPU; callers clamp the others (wt_time()).
 */
static __always_inline u64 wt_clock_read(const struct wt_clock *clock)
{
	if (likely(clock->source == WT_SOURCE_COUNTER))
		return wt_counter();
	return wt_clock_read_slow(clock);
}

#endif
