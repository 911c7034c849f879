/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As much of the kernel as <wmitrace/wpp.h> needs to compile outside of it,
 * with any compiler for any machine: tests/source/wpp_compilers.sh.  The files
 * in linux/ and asm/ all include this one.
 */
#ifndef WPP_HOSTED_KERNEL_H
#define WPP_HOSTED_KERNEL_H

typedef __SIZE_TYPE__ size_t;
typedef __UINTPTR_TYPE__ uintptr_t;
typedef unsigned char u8, __u8;
typedef unsigned short u16, __u16, __le16, __be16;
typedef unsigned int u32, __u32, __le32, __be32, gfp_t;
typedef unsigned long long u64, __u64, __le64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64, __s64;
typedef _Bool bool;
typedef __builtin_va_list va_list;
typedef struct { u8 b[16]; } guid_t;
typedef struct { int counter; } atomic_t;
struct module { const char *name; const char *srcversion; };
struct in6_addr { u8 s6_addr[16]; };

#define NULL			((void *)0)
#define DECLARE_FLEX_ARRAY(type, name)	struct { struct { } empty_##name; type name[]; }
#define true			1
#define false			0
#define __always_inline		inline __attribute__((always_inline))
#define __maybe_unused		__attribute__((unused))
#define __weak			__attribute__((weak))
#define __used			__attribute__((used))
#define __aligned(n)		__attribute__((aligned(n)))
#define __section(name)		__attribute__((section(name)))
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define static_assert(x, ...)	_Static_assert(x, #x)
#define offsetof(type, member)	__builtin_offsetof(type, member)
#define BITS_PER_LONG		(8 * __SIZEOF_LONG__)
#define THIS_MODULE		((struct module *)0)
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define cpu_to_le16(x)	((u16)(x))
#define cpu_to_le32(x)	((u32)(x))
#define cpu_to_le64(x)	((u64)(x))
#else
#define cpu_to_le16(x)	__builtin_bswap16(x)
#define cpu_to_le32(x)	__builtin_bswap32(x)
#define cpu_to_le64(x)	__builtin_bswap64(x)
#endif

void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strnlen(const char *s, size_t max);

/* What inline functions of <wmitrace/wdm.h> call, and nobody here calls them. */
#define GFP_KERNEL	0
#define GFP_ATOMIC	1
#define __GFP_ZERO	2
#define atomic_inc_return(a)	(++(a)->counter)
#define atomic_dec_return(a)	(--(a)->counter)
#define xchg(p, v)		__atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)
#define cmpxchg(p, old, v)	__sync_val_compare_and_swap(p, old, v)
#define preemptible()		1
void *kmalloc(size_t size, gfp_t flags);
void kfree(const void *p);
u64 ktime_get_real_fast_ns(void);

#endif
