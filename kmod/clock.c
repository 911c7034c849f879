// SPDX-License-Identifier: GPL-2.0-only
/*
 * Session clocks (wmi-api 3.6, 16.2; etl-format section 7).
 *
 * Every source can be read in any context, NMI included.
 */
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>
#ifdef CONFIG_X86
#include <asm/msr.h>
#include <asm/tsc.h>
#endif

#include "etl/layout.h"
#include "clock.h"

/*
 * kHz of the cycle counter if the kernel keeps its own time with it: then it is
 * constant, never stops and agrees over CPUs.  0 if not.
 */
static u32 trusted_counter_khz(void)
{
#ifdef CONFIG_X86
	struct system_time_snapshot snapshot;
	u64 before = rdtsc_ordered(), after;

	ktime_get_snapshot(&snapshot);
	after = rdtsc_ordered();
	if (!check_tsc_unstable() && snapshot.cycles >= before && snapshot.cycles <= after)
		return tsc_khz;
#endif
	return 0;
}

static u32 cpu_mhz(void)
{
#ifdef CONFIG_X86
	if (tsc_khz >= 1000)
		return tsc_khz / 1000;
#endif
	return 1;
}

u64 wt_filetime_now(void)
{
	return div_u64(ktime_get_real_ns(), 100) + ETL_FILETIME_UNIX;
}

u64 wt_filetime_boot(void)
{
	return div_u64(ktime_get_real_ns() - ktime_get_boottime_ns(), 100) + ETL_FILETIME_UNIX;
}

u64 wt_clock_read_slow(const struct wt_clock *clock)
{
	switch (clock->source) {
	case WT_SOURCE_MONO:
		return ktime_get_mono_fast_ns();
	case WT_SOURCE_REAL:
		return div_u64(ktime_get_real_fast_ns(), 100) + ETL_FILETIME_UNIX;
	default:
		return get_cycles();
	}
}

/**
 * wt_clock_init() - choose the source for a clock type
 * @clock: filled in
 * @type: Wnode.ClientContext: enum etl_clock, or 0 for the default
 *
 * The performance counter is the cycle counter where the kernel trusts it and
 * the fast monotonic clock otherwise; CPU cycles fall back to system time
 * where there is no counter at all (wmi-api 16.2).
 *
 * Return: 0, or -EINVAL for an unknown type.
 */
int wt_clock_init(struct wt_clock *clock, u32 type)
{
	u32 khz = trusted_counter_khz();

	clock->mhz = cpu_mhz();
	clock->frequency = khz ? (u64)khz * 1000 : NSEC_PER_SEC;
	clock->type = type ? type : ETL_CLOCK_PERF;

	switch (clock->type) {
	case ETL_CLOCK_PERF:
		clock->source = khz ? WT_SOURCE_COUNTER : WT_SOURCE_MONO;
		return 0;
	case ETL_CLOCK_SYSTEM:
		clock->source = WT_SOURCE_REAL;
		return 0;
	case ETL_CLOCK_CYCLES:
		if (khz) {
			clock->source = WT_SOURCE_COUNTER;
		} else if (get_cycles()) {
			clock->source = WT_SOURCE_CYCLES;
		} else {
			clock->source = WT_SOURCE_REAL;
			clock->type = ETL_CLOCK_SYSTEM;
		}
		return 0;
	}
	return -EINVAL;
}
