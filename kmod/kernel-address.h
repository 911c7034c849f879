/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel addresses in payloads: there only if whoever asked for the events may
 * see them (K24).
 */
#ifndef WT_KERNEL_ADDRESS_H
#define WT_KERNEL_ADDRESS_H

#include <linux/types.h>
#include <linux/uaccess.h>

extern bool wt_addresses_shown;

void wt_addresses_decide(void);

/* A routine of the kernel, or 0. */
static inline u64 wt_routine(const void *routine)
{
	return READ_ONCE(wt_addresses_shown) ? (unsigned long)routine : 0;
}

/* An address that may be of either side: those of the kernel as by wt_routine(). */
static inline u64 wt_address(unsigned long address)
{
	return address < TASK_SIZE_MAX || READ_ONCE(wt_addresses_shown) ? address : 0;
}

/*
 * A function that is never called: its address stands for what has no routine
 * of its own, or none that a module can know, and its name says what.
 */
#define WT_ROUTINE(_name)			\
	static noinline void _name(void)	\
	{					\
		asm volatile("# " #_name);	\
	}

#endif
