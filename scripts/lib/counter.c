// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints the frequency of this machine's cycle counter in kHz, measured against
 * its clock over 200 ms.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

struct pair {
	uint64_t counter, ns;
};

static uint64_t ns_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* Counter and clock of one moment: of many pairs the one that nothing came between. */
static struct pair read_pair(void)
{
	struct pair best = { 0 };
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < 100; i++) {
		uint64_t before = __rdtsc(), ns = ns_now(), after = __rdtsc();

		if (after - before < least) {
			least = after - before;
			best = (struct pair){ before, ns };
		}
	}
	return best;
}

int main(void)
{
	struct pair from = read_pair(), to;

	nanosleep(&(struct timespec){ .tv_nsec = 200000000 }, NULL);
	to = read_pair();
	printf("%.0f\n", (double)(to.counter - from.counter) * 1e6 / (double)(to.ns - from.ns));
	return 0;
}
