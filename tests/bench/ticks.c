// SPDX-License-Identifier: GPL-2.0-or-later
/* Says the time stamp counter: instructions, where they count as time. */
#include <stdio.h>
#include <x86intrin.h>

int main(void)
{
	return printf("%llu\n", __rdtsc()) < 0;
}
