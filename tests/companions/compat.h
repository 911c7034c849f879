/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the kernels that companions are built for, 6.1 to 7.3. */
#ifndef COMPANION_COMPAT_H
#define COMPANION_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/version.h>

/* "hrtimers: Introduce hrtimer_setup() to replace hrtimer_init()" */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/* "tracing/treewide: Remove second parameter of __assign_str()", 6.10 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define COMPANION_ASSIGN_STR(field, text)	__assign_str(field)
#define COMPANION_ASSIGN_REL_STR(field, text)	__assign_rel_str(field)
#else
#define COMPANION_ASSIGN_STR(field, text)	__assign_str(field, text)
#define COMPANION_ASSIGN_REL_STR(field, text)	__assign_rel_str(field, text)
#endif

#ifdef CONFIG_X86_LOCAL_APIC
#include <asm/apic.h>
#include <asm/irq_vectors.h>
#include <asm/nmi.h>

#define COMPANION_HAS_NMI	1

/* "x86/apic: Wrap IPI calls into helper functions" */
static inline void companion_send_nmi(int cpu)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	apic->send_IPI_mask(cpumask_of(cpu), NMI_VECTOR);
#else
	__apic_send_IPI_mask(cpumask_of(cpu), NMI_VECTOR);
#endif
}
#endif

#endif /* COMPANION_COMPAT_H */
