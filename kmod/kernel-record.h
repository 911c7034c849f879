/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing the kernel logger's records (kernel-events section 1).
 */
#ifndef WT_KERNEL_RECORD_H
#define WT_KERNEL_RECORD_H

#include <linux/types.h>

#include "etl/kernel.h"
#include "buffer.h"

/**
 * wt_kernel_enter() - the kernel logger, for its probes
 *
 * wt_writer_enter() for the logger that drivers cannot address.  Any context.
 * Return: a logger that stays valid until wt_writer_exit(), with preemption
 * off; or NULL, with preemption as it was.
 */
static __always_inline struct wt_logger *wt_kernel_enter(void)
{
	struct wt_logger *l;

	preempt_disable_notrace();
	l = rcu_dereference_sched(wt_writers[WMITRACE_KERNEL_LOGGER]);
	if (unlikely(!l))
		preempt_enable_notrace();
	return l;
}

/* What a record occupies beyond its size is 0 (the last word is written before the rest). */
static __always_inline bool wt_kernel_reserve(struct wt_logger *l, u32 size, struct wt_record *r)
{
	if (unlikely(!wt_reserve(l, size, r)))
		return false;
	if (size & (ETL_RECORD_ALIGN - 1))
		*(u64 *)(r->data + r->len - sizeof(u64)) = 0;
	return true;
}

/**
 * wt_perfinfo() - reserve a record with a PERFINFO64 header
 * @l: from wt_kernel_enter()
 * @hook: enum etl_hook
 * @version: of the payload
 * @size: of the payload
 * @r: filled in on success; wt_commit() when the payload is written
 *
 * Return: the payload, or NULL: the loss has been counted.
 */
static __always_inline void *wt_perfinfo(struct wt_logger *l, u16 hook, u16 version, u32 size,
					 struct wt_record *r)
{
	struct etl_perfinfo_header *h;

	if (unlikely(!wt_kernel_reserve(l, sizeof(*h) + size, r)))
		return NULL;
	h = (struct etl_perfinfo_header *)r->data;
	h->version = cpu_to_le16(version);
	h->header_type = ETL_HEADER_PERFINFO64;
	h->marker = ETL_MARKER_EVENT;
	h->size = cpu_to_le16(sizeof(*h) + size);
	h->type = hook & 0xff;
	h->group = hook >> 8;
	h->time_stamp = cpu_to_le64(r->time);
	return h + 1;
}

/* Lays out a SYSTEM64 header.  Times of the thread are left 0. */
static inline void *wt_system_header(struct etl_system_header *h, u16 hook, u16 version, u32 size,
				     u64 time)
{
	*h = (struct etl_system_header){
		.version = cpu_to_le16(version),
		.header_type = ETL_HEADER_SYSTEM64,
		.marker = ETL_MARKER_EVENT,
		.size = cpu_to_le16(sizeof(*h) + size),
		.type = hook & 0xff,
		.group = hook >> 8,
		.time_stamp = cpu_to_le64(time),
	};
	return h + 1;
}

/* wt_perfinfo() with a SYSTEM64 header, which names a thread. */
static inline void *wt_system(struct wt_logger *l, u16 hook, u16 version, u32 size,
			      u32 tid, u32 pid, struct wt_record *r)
{
	struct etl_system_header *h;

	if (!wt_kernel_reserve(l, sizeof(*h) + size, r))
		return NULL;
	h = (struct etl_system_header *)r->data;
	wt_system_header(h, hook, version, size, r->time);
	h->thread_id = cpu_to_le32(tid);
	h->process_id = cpu_to_le32(pid);
	return h + 1;
}

#endif
