/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Providers, the GUIDs they know, and who has enabled these: the registry.
 * provider.c explains locks and life times.
 */
#ifndef WT_PROVIDER_H
#define WT_PROVIDER_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "wmitrace/iowmi.h"

struct module;
struct task_struct;
struct wt_provider;

#define WT_SESSIONS_PER_GUID	8	/* for providers of the newer kind (wmi-api 14) */

/* How a GUID of a provider is enabled. */
enum wt_kind {
	WT_KIND_CLASSIC,	/* control GUID: for one session, which gets its handle */
	WT_KIND_MULTI,		/* EtwRegister: for several sessions */
	WT_KIND_EVENT,		/* while it has consumers */
	WT_KIND_NONE,		/* not at all: its control GUID is */
	WT_KINDS = WT_KIND_NONE
};

/**
 * struct wt_enablement - what a session has enabled a GUID with
 * @id: session
 * @level: 0-255
 * @any: keywords; its low half are a classic provider's flags
 * @all: keywords that must all be there
 */
struct wt_enablement {
	u32 id;
	u8 level;
	u64 any, all;
};

/* Sessions that a GUID is enabled for, oldest first. */
struct wt_enablements {
	u32 count;
	struct wt_enablement of[WT_SESSIONS_PER_GUID];
};

/**
 * struct wt_guid - a GUID that someone has registered, enabled or subscribed to
 * @node: in the registry
 * @guid: the GUID
 * @entries: of providers
 * @asked: by kind of entry: counts what has been asked for; providers are
 *	called until what they were told has the same number
 * @handle: what a classic provider is to have: the newest session's; 0 = disabled
 * @consumers: how many there are
 * @sessions: what other providers are to have
 * @ending: sessions, by bit, that end and have yet to tell providers
 */
struct wt_guid {
	struct list_head node;
	GUID guid;
	struct list_head entries;
	u64 asked[WT_KINDS];
	u64 handle;
	u32 consumers;
	struct wt_enablements sessions;
	u32 ending;
};

/**
 * struct wt_entry - a GUID as registered by a provider
 * @of_provider: in wt_provider.entries
 * @of_guid: in wt_guid.entries
 * @provider: whose
 * @guid: which
 * @kind: how it is enabled
 * @flags: WMIREG_FLAG_*, as registered
 * @instances: as registered
 * @told: wt_guid.asked of the state that the provider has been told
 * @enabled: it agreed to be enabled
 * @handle: what it was enabled with (classic)
 */
struct wt_entry {
	struct list_head of_provider;
	struct list_head of_guid;
	struct wt_provider *provider;
	struct wt_guid *guid;
	enum wt_kind kind;
	u32 flags;
	u32 instances;
	u64 told;
	bool enabled;
	u64 handle;
};

/* What a provider is about to be told: a copy, taken under the lock. */
struct wt_order {
	GUID guid;
	enum wt_kind kind;
	bool enable;
	u64 handle;
	struct wt_enablements sessions;
};

/**
 * struct wt_provider - a registered block
 * @ref: the registry's, and those of callers
 * @node: in the registry
 * @block: the address it is known by
 * @tell: tells the provider what it is to do; called with the turn, no locks.
 *	Returns false if the provider refused to be enabled.
 * @capture: asks it to log its state; called as @tell is.  NULL where that
 *	cannot be asked for.
 * @removed: the registry has forgotten the provider; no locks.  May be NULL.
 * @dispatch: callback of classic providers
 * @data: @tell's own
 * @owner: module that registered it; may be NULL
 * @name: for listings
 * @id: ProviderId: not 0, unique while registered
 * @entries: its GUIDs
 * @caller: who has the turn
 * @wait: for the turn
 * @gone: deregistered: not to be called any more
 * @blocked: WMIREG_ACTION_BLOCK_IRPS: not to be called
 */
struct wt_provider {
	struct kref ref;
	struct list_head node;
	const void *block;
	bool (*tell)(struct wt_provider *p, const struct wt_order *order);
	void (*capture)(struct wt_provider *p, const struct wt_enablement *how);
	void (*removed)(struct wt_provider *p);
	WMI_DISPATCH *dispatch;
	void *data;
	struct module *owner;
	char name[64];
	u32 id;
	struct list_head entries;
	struct task_struct *caller;
	wait_queue_head_t wait;
	bool gone;
	bool blocked;
};

extern struct mutex wt_registry_mutex;
extern struct list_head wt_providers;
extern struct list_head wt_guids;

/* provider.c */
struct wt_provider *wt_provider_alloc(const void *block, const char *name, struct module *owner);
NTSTATUS wt_provider_add(struct wt_provider *p);
NTSTATUS wt_provider_remove(struct wt_provider *p);
struct wt_provider *wt_provider_find(const void *block);
void wt_provider_get(struct wt_provider *p);
void wt_provider_put(struct wt_provider *p);
bool wt_provider_take_turn(struct wt_provider *p);
void wt_provider_give_turn(struct wt_provider *p);
NTSTATUS wt_provider_call(struct wt_provider *p, u8 minor, void *path, u32 length, void *buffer,
			  u32 *used);
void wt_provider_deliver(struct wt_provider *p);
void wt_provider_capture(struct wt_provider *p, const GUID *guid, const struct wt_enablement *how);
int wt_provider_init(void);
void wt_provider_exit(void);

/* reginfo.c */
NTSTATUS wt_reginfo_ask(struct wt_provider *p, uintptr_t why, WMIREGGUIDW **guids, u32 *count);

/* enable.c: all with wt_registry_mutex held unless they say otherwise */
struct wt_guid *wt_guid_find(const GUID *guid);
void wt_guid_put(struct wt_guid *g);
struct wt_entry *wt_entry_alloc(void);						/* without */
void wt_entry_free(struct wt_entry *e);						/* without */
void wt_entry_add(struct wt_entry *e, struct wt_provider *p, const GUID *guid, enum wt_kind kind);
void wt_entry_remove(struct wt_entry *e);
bool wt_entry_due(const struct wt_entry *e);
void wt_entry_order(const struct wt_entry *e, struct wt_order *order);
bool wt_tell_classic(struct wt_provider *p, const struct wt_order *order);	/* without */
void wt_guid_deliver(const GUID *guid);						/* without */
u32 wt_enable(const GUID *guid, const struct wt_enablement *how);		/* without */
void wt_disable(u32 id, const GUID *guid);					/* without */
void wt_disable_all(u32 id);							/* without */
u32 wt_capture_state(const GUID *guid, const struct wt_enablement *how);	/* without */
bool wt_guid_is_event(const GUID *guid);					/* without */
NTSTATUS wt_guid_add_consumer(const GUID *guid, bool must_be_known);		/* without */
void wt_guid_drop_consumer(const GUID *guid);					/* without */

#endif
