// SPDX-License-Identifier: GPL-2.0-only
/*
 * Session clocks (wmi-api 3.6, 16.2; etl-format section 7).
 *
 * Every source can be read in any context, NMI included.
 */
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/timekeeping.h>
#ifdef CONFIG_X86
#include <asm/msr.h>
#include <asm/tsc.h>
#endif
#ifdef CONFIG_UML_X86
#include <linux/delay.h>
#include <asm/cpufeature.h>
#endif

#include "etl/layout.h"
#include "clock.h"
#include "compat.h"
#include "wall-clock.h"

#if defined(CONFIG_X86)

/*
 * kHz of the cycle counter if the kernel keeps its own time with it: then it is
 * constant, never stops and agrees over CPUs.  0 if not.
 */
static u32 trusted_counter_khz(void)
{
	struct system_time_snapshot snapshot;
	u64 before = rdtsc_ordered(), after;

	ktime_get_snapshot(&snapshot);
	after = rdtsc_ordered();
	if (!check_tsc_unstable() && snapshot.cycles >= before && snapshot.cycles <= after)
		return tsc_khz;
	return 0;
}

static u32 counter_khz(void)
{
	return tsc_khz;
}

#elif defined(CONFIG_UML_X86)

/* Counter and time of one moment: of several pairs the one that was read fastest. */
static void read_pair(u64 *counter, u64 *ns)
{
	u64 least = U64_MAX;
	int i;

	for (i = 0; i < 20; i++) {
		u64 before = wt_counter(), now = ktime_get_raw_ns(), after = wt_counter();

		if (after - before < least) {
			least = after - before;
			*counter = before;
			*ns = now;
		}
	}
}

/* The host's counter, measured once: the kernel has no idea of it. */
static u32 counter_khz(void)
{
	static u32 khz;
	u64 counter[2], ns[2];

	if (!khz) {
		read_pair(&counter[0], &ns[0]);
		msleep(50);
		read_pair(&counter[1], &ns[1]);
		khz = div64_u64((counter[1] - counter[0]) * USEC_PER_SEC, ns[1] - ns[0]);
	}
	return khz;
}

/* As the host says of its CPUs: at one speed, never stopping, so that its kernel can agree them. */
static u32 trusted_counter_khz(void)
{
	if (boot_cpu_has(X86_FEATURE_CONSTANT_TSC) && boot_cpu_has(X86_FEATURE_NONSTOP_TSC))
		return counter_khz();
	return 0;
}

#else

static u32 counter_khz(void)
{
	return 0;
}

static u32 trusted_counter_khz(void)
{
	return 0;
}

#endif

static u32 cpu_mhz(void)
{
	return max(counter_khz() / 1000, 1u);
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
	u64 filetime;

	switch (clock->source) {
	case WT_SOURCE_MONO:
		return ktime_get_mono_fast_ns();
	case WT_SOURCE_REAL:
		if (wt_wall_read(&filetime))
			return filetime;
		return div_u64(ktime_get_real_fast_ns(), 100) + ETL_FILETIME_UNIX;
	default:
		return wt_counter();
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
		} else if (wt_counter()) {
			clock->source = WT_SOURCE_CYCLES;
		} else {
			clock->source = WT_SOURCE_REAL;
			clock->type = ETL_CLOCK_SYSTEM;
		}
		return 0;
	}
	return -EINVAL;
}
