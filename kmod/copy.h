/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_COPY_H
#define WT_COPY_H

#include <linux/sched.h>
#include <linux/string.h>
#include <linux/types.h>

#include "compat.h"

/* From here on the processor's own string moves pay for their start. */
#define WT_COPY_LONG	512u

static __always_inline void wt_copy_word(u8 *to, const u8 *from)
{
	put_unaligned(get_unaligned((const u64 *)from), (u64 *)to);
}

/* Where builtins are off (User-Mode Linux) memcpy() of 16 bytes is a call, too. */
static __always_inline void wt_copy_guid(void *to, const void *guid)
{
	wt_copy_word(to, guid);
	wt_copy_word((u8 *)to + 8, (const u8 *)guid + 8);
}

/* Thread id and process id of the running thread, side by side: one load, one store. */
static __always_inline void wt_put_ids(void *to)
{
	const struct task_struct *task = current;

	put_unaligned_le64((u32)task->pid | (u64)(u32)task->tgid << 32, to);
}

/*
 * memcpy for what drivers log: a few words, mostly.  Moves that may overlap
 * take the place of a loop over the rest, and nothing is called.
 */
static __always_inline void wt_copy_short(u8 *to, const void *data, u32 len)
{
	const u8 *from = data, *last = from + len - 16;
	u8 *to_last = to + len - 16;

	if (len > 16) {
		for (; from + 48 <= last; from += 48, to += 48) {
			wt_copy_word(to, from);
			wt_copy_word(to + 8, from + 8);
			wt_copy_word(to + 16, from + 16);
			wt_copy_word(to + 24, from + 24);
			wt_copy_word(to + 32, from + 32);
			wt_copy_word(to + 40, from + 40);
		}
		for (; from < last; from += 16, to += 16) {
			wt_copy_word(to, from);
			wt_copy_word(to + 8, from + 8);
		}
		wt_copy_word(to_last, last);
		wt_copy_word(to_last + 8, last + 8);
	} else if (len >= 8) {
		u64 rest = get_unaligned((const u64 *)(last + 8));

		wt_copy_word(to, from);
		put_unaligned(rest, (u64 *)(to_last + 8));
	} else if (len >= 4) {
		u32 rest = get_unaligned((const u32 *)(last + 12));

		put_unaligned(get_unaligned((const u32 *)from), (u32 *)to);
		put_unaligned(rest, (u32 *)(to_last + 12));
	} else {
		while (len--)
			*to++ = *from++;
	}
}

/* The same for much, at least 8 bytes. */
static __always_inline void wt_copy_long(u8 *to, const void *data, u32 len)
{
#if defined(CONFIG_X86_64) && !defined(CONFIG_KASAN)	/* which does not see into asm */
	unsigned long words = len / 8;

	wt_copy_word(to + len - 8, (const u8 *)data + len - 8);
	asm volatile("rep movsq" : "+D" (to), "+S" (data), "+c" (words) : : "memory");
#else
	memcpy(to, data, len);
#endif
}

/* For any length. */
static __always_inline void wt_copy(u8 *to, const void *data, u32 len)
{
	if (unlikely(len >= WT_COPY_LONG))
		wt_copy_long(to, data, len);
	else
		wt_copy_short(to, data, len);
}

#endif
