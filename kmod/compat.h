/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between the supported kernels (6.1 to 7.3), and nothing else.
 * The rest of the module is written for the newest kernel.
 */
#ifndef WT_COMPAT_H
#define WT_COMPAT_H

#include <linux/version.h>
#include <asm/local64.h>

/* "move asm/unaligned.h to linux/unaligned.h", 6.12 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)	/* sparse has no __has_include */
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* "locking/local, arch: Rewrite local_add_unless() ..., add local{,64}_try_cmpxchg()", 6.5 */
#ifndef local64_try_cmpxchg
static __always_inline bool wt_local64_try_cmpxchg(local64_t *l, s64 *old, s64 new)
{
	s64 seen = local64_cmpxchg(l, *old, new);

	if (likely(seen == *old))
		return true;
	*old = seen;
	return false;
}

#define local64_try_cmpxchg wt_local64_try_cmpxchg
#endif

#endif
