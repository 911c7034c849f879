/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registrations of the newer provider API: what the writers read.  etw.c
 * registers and enables, etw-write.c writes.
 */
#ifndef WT_ETW_H
#define WT_ETW_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#include "provider.h"
#include "wmitrace/evntprov.h"

/* What EtwSetInformation attached: becomes an extended item of each event. */
struct wt_etw_traits {
	struct rcu_head rcu;
	u16 size;
	u8 data[];
};

/**
 * struct wt_etw - a registration
 * @handle: index in wt_etw_table and a number that is never used again
 * @sessions: for whom it is enabled; NULL = disabled
 * @traits: may be NULL
 * @guid: the provider's
 * @copies: what @sessions points to in turn
 * @callback: may be NULL
 * @classic: callback of a provider that serves one session; may be NULL
 * @context: for these
 * @provider: in the registry
 */
struct wt_etw {
	u64 handle;
	const struct wt_enablements __rcu *sessions;
	struct wt_etw_traits __rcu *traits;
	GUID guid;
	struct wt_enablements copies[2];
	PETWENABLECALLBACK callback;
	PETWCLASSICCALLBACK classic;
	void *context;
	struct wt_provider *provider;
};

extern struct wt_etw __rcu *wt_etw_table[WMITRACE_ETW_REGISTRATIONS];

/*
 * The registration of a handle, or NULL; any number may be asked for.  Any
 * context, preemption off while the result is used.
 */
static __always_inline struct wt_etw *wt_etw_find(u64 handle)
{
	struct wt_etw *r;

	r = rcu_dereference_sched(wt_etw_table[handle & (WMITRACE_ETW_REGISTRATIONS - 1)]);
	return likely(r && r->handle == handle) ? r : NULL;
}

/* activity.c: the thread's activity id.  Any context. */
void wt_activity_get(GUID *id);
NTSTATUS wt_activity_set(const GUID *id);
void wt_activity_exit(void);

#endif
