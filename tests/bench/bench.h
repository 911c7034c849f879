/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bench module: functions to measure, ours and those of others. */
#ifndef BENCH_H
#define BENCH_H

#include <linux/compiler.h>
#include <linux/timex.h>
#include <linux/types.h>

struct dentry;
struct file_operations;

#define BENCH_BYTES_MAX	1024
#define BENCH_ANY	U32_MAX

/**
 * struct bench_function - what logs one event
 * @name: NULL ends a table
 * @bytes: payload it is made for, or BENCH_ANY
 * @call: gets the payload's size; 0 = logged
 */
struct bench_function {
	const char *name;
	u32 bytes;
	int (*call)(u32 bytes);
};

/* As wmitrace's own clock reads it: the host's where the kernel has none. */
static __always_inline u64 bench_cycles(void)
{
#ifdef CONFIG_UML_X86
	return __builtin_ia32_rdtsc();
#else
	return get_cycles();
#endif
}

/* memcpy() of so many bytes, as kernels for machines compile it: User-Mode Linux calls. */
#define bench_copy	__builtin_memcpy

extern const struct bench_function bench_ours[], bench_peers[];
extern u8 bench_payload[BENCH_BYTES_MAX];
extern u64 bench_handle;		/* of the session that ours log to */

const struct bench_function *bench_find(const char *name, u32 bytes);
extern const struct file_operations bench_load_fops;

int bench_ours_init(void);
void bench_ours_exit(void);
int bench_peers_init(struct dentry *dir);
void bench_peers_exit(void);

#endif
