// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps wt_wall in step with the kernel's timekeeping, which says at each of
 * its updates (a tick, the clock set, its rate adjusted, another clock source)
 * what it has written down: pvclock_gtod_register_notifier().
 */
#include <linux/notifier.h>
#include <linux/pvclock_gtod.h>
#include <linux/timekeeper_internal.h>

#include "etl/layout.h"
#include "wall-clock.h"

struct wt_wall wt_wall;

/* Is wt_counter() what the kernel keeps its time by? */
static bool is_cycle_counter(const struct clocksource *clock)
{
#ifdef CONFIG_X86
	return clock->vdso_clock_mode == VDSO_CLOCKMODE_TSC;
#else
	return false;
#endif
}

/*
 * FILETIME units are 100 ns, tk->mult >> tk->shift is nanoseconds a cycle, and
 * the line starts at a whole unit: what is beyond it is taken off the cycles.
 */
static struct wt_wall_line line_of(const struct timekeeper *tk)
{
	const struct tk_read_base *base = &tk->tkr_mono;
	struct wt_wall_line line = {};
	u64 rest;

	/* A counter of less than 10 MHz: steeper than the scale can say. */
	if (!is_cycle_counter(base->clock) || base->shift > 32 ||
	    base->mult >= 100ull << base->shift)
		return line;
	line.scale = div_u64((u64)base->mult << 32, 100) << (32 - base->shift);
	line.filetime = tk->xtime_sec * 10000000 + ETL_FILETIME_UNIX +
			div64_u64_rem(base->xtime_nsec, 100ull << base->shift, &rest);
	line.cycles = base->cycle_last - div_u64(rest, base->mult);
	return line;
}

static void put_line(struct wt_wall_line *to, const struct wt_wall_line *line)
{
	WRITE_ONCE(to->cycles, line->cycles);
	WRITE_ONCE(to->filetime, line->filetime);
	WRITE_ONCE(to->scale, line->scale);
}

/* Under the timekeeping lock, interrupts off. */
static int update(struct notifier_block *nb, unsigned long was_set, void *timekeeper)
{
	const struct wt_wall_line line = line_of(timekeeper);

	smp_wmb();	/* line: the last update's second copy before readers leave for it */
	WRITE_ONCE(wt_wall.count, wt_wall.count + 1);
	smp_wmb();	/* line: readers have left for line[1] before line[0] changes */
	put_line(&wt_wall.line[0], &line);
	smp_wmb();	/* line: line[0] is whole before readers come back */
	WRITE_ONCE(wt_wall.count, wt_wall.count + 1);
	smp_wmb();	/* line: readers have come back before line[1] changes */
	put_line(&wt_wall.line[1], &line);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = update };

/* wt_wall is right when this returns. */
int wt_wall_init(void)
{
	return pvclock_gtod_register_notifier(&notifier);
}

void wt_wall_exit(void)
{
	pvclock_gtod_unregister_notifier(&notifier);
}
