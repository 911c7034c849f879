// SPDX-License-Identifier: GPL-2.0-only
/*
 * EtwRegister and its family: registration and enabling (wmi-api section 14).
 *
 * Such a provider may be enabled by several sessions.  Writers find the list of
 * them under RCU: a list that is complete before it is published, and replaced
 * as a whole.  A session joins the list before the callback tells the provider,
 * and leaves it after: what callbacks write is logged (wmi-api 7.2).  When a
 * disable returns to the controller no writer uses the old list any more.
 */
#include <linux/bitmap.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "etw.h"

struct wt_etw __rcu *wt_etw_table[WMITRACE_ETW_REGISTRATIONS];

/*
 * 0 for what is enabled or not registered; but no handle has index 0, so that
 * handle 0 is found out to be none.
 */
u64 wmitrace_etw_idle[WMITRACE_ETW_REGISTRATIONS] = { 1 };
EXPORT_SYMBOL_GPL(wmitrace_etw_idle);

/* Under wt_registry_mutex. */
static DECLARE_BITMAP(used, WMITRACE_ETW_REGISTRATIONS) = { 1 };
static u64 registrations;

static u32 index_of(const struct wt_etw *r)
{
	return r->handle % WMITRACE_ETW_REGISTRATIONS;
}

/* Whether callers need not call at all.  One that does all the same finds no session. */
static void set_idle(const struct wt_etw *r, bool idle)
{
	WRITE_ONCE(wmitrace_etw_idle[index_of(r)], idle ? r->handle : 0);
}

static bool same(const struct wt_enablements *a, const struct wt_enablements *b)
{
	u32 i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (a->of[i].id != b->of[i].id || a->of[i].level != b->of[i].level ||
		    a->of[i].any != b->of[i].any || a->of[i].all != b->of[i].all)
			return false;
	return true;
}

/* Replaces the list that writers use and waits until the old one is not. */
static void publish(struct wt_etw *r, const struct wt_enablements *sessions)
{
	const struct wt_enablements *now = rcu_access_pointer(r->sessions);
	struct wt_enablements *next = &r->copies[now == &r->copies[0]];

	if (now && same(now, sessions))
		return;
	*next = *sessions;
	rcu_assign_pointer(r->sessions, next->count ? next : NULL);
	set_idle(r, !next->count);
	synchronize_rcu();
}

static bool has_session(const struct wt_enablements *s, u32 id)
{
	u32 i;

	for (i = 0; i < s->count; i++)
		if (s->of[i].id == id)
			return true;
	return false;
}

/* Those of @wanted, and those that are on their way out as far as there is room. */
static void publish_both(struct wt_etw *r, const struct wt_enablements *wanted)
{
	const struct wt_enablements *now = rcu_access_pointer(r->sessions);
	struct wt_enablements both = *wanted;
	u32 i;

	for (i = 0; now && i < now->count && both.count < WT_SESSIONS_PER_GUID; i++)
		if (!has_session(wanted, now->of[i].id))
			both.of[both.count++] = now->of[i];
	publish(r, &both);
}

/*
 * One provider, several sessions: the callback hears what lets any of them have
 * what it wants.
 */
static struct wt_enablement combine(const struct wt_enablements *s)
{
	struct wt_enablement all = { .all = s->count ? ~0ull : 0 };
	u32 i;

	for (i = 0; i < s->count; i++) {
		all.level = max(all.level, s->of[i].level);
		all.any |= s->of[i].any;
		all.all &= s->of[i].all;
	}
	for (i = 0; i < s->count; i++)
		if (!s->of[i].level)	/* every level */
			all.level = 0;
	return all;
}

static void call_back(struct wt_provider *p, u32 code, const struct wt_enablement *how)
{
	struct wt_etw *r = p->data;
	GUID source = { };

	if (!r->callback || !try_module_get(p->owner))
		return;
	r->callback(&source, code, how->level, how->any, how->all, NULL, r->context);
	module_put(p->owner);
}

static void capture(struct wt_provider *p, const struct wt_enablement *how)
{
	call_back(p, EVENT_CONTROL_CODE_CAPTURE_STATE, how);
}

static bool tell(struct wt_provider *p, const struct wt_order *order)
{
	struct wt_enablements wanted = order->sessions;
	struct wt_enablement how = combine(&wanted);
	struct wt_etw *r = p->data;

	if (order->enable)
		publish_both(r, &wanted);
	call_back(p, order->enable ? EVENT_CONTROL_CODE_ENABLE_PROVIDER :
				     EVENT_CONTROL_CODE_DISABLE_PROVIDER, &how);
	publish(r, &wanted);
	return true;
}

/* A provider that keeps one handle, by the newer call. */
static bool tell_classic(struct wt_provider *p, const struct wt_order *order)
{
	struct wt_etw *r = p->data;
	u64 handle = order->handle;
	GUID guid = order->guid;
	NTSTATUS status;

	if (!r->classic)
		return true;
	if (!try_module_get(p->owner))
		return false;
	status = r->classic(&guid, order->enable ? EVENT_CONTROL_CODE_ENABLE_PROVIDER :
						   EVENT_CONTROL_CODE_DISABLE_PROVIDER,
			    &handle, r->context);
	module_put(p->owner);
	return NT_SUCCESS(status);
}

/* The registry has forgotten the provider: writers must too. */
static void removed(struct wt_provider *p)
{
	struct wt_etw *r = p->data;
	u32 i = index_of(r);

	set_idle(r, false);
	RCU_INIT_POINTER(wt_etw_table[i], NULL);
	mutex_lock(&wt_registry_mutex);
	clear_bit(i, used);
	mutex_unlock(&wt_registry_mutex);
	synchronize_rcu();
	kfree(rcu_access_pointer(r->traits));
	kfree(r);
	wt_provider_put(p);
}

/* Takes an index and makes the handle, or fails.  The registration is not findable yet. */
static bool take_handle(struct wt_etw *r)
{
	u32 i;

	lockdep_assert_held(&wt_registry_mutex);
	i = find_first_zero_bit(used, WMITRACE_ETW_REGISTRATIONS);
	if (i == WMITRACE_ETW_REGISTRATIONS)
		return false;
	set_bit(i, used);
	r->handle = ++registrations * WMITRACE_ETW_REGISTRATIONS + i;
	return true;
}

/* Adds handle, provider and entry; on failure nothing is left of them. */
static NTSTATUS add(struct wt_etw *r, enum wt_kind kind)
{
	struct wt_provider *p = r->provider;
	struct wt_entry *e = wt_entry_alloc();

	if (!e)
		return STATUS_INSUFFICIENT_RESOURCES;
	wt_provider_add(p);	/* no other has this address */
	mutex_lock(&wt_registry_mutex);
	if (take_handle(r)) {
		wt_entry_add(e, p, &r->guid, kind);
		rcu_assign_pointer(wt_etw_table[index_of(r)], r);
		set_idle(r, true);
		p->removed = removed;
		mutex_unlock(&wt_registry_mutex);
		wt_provider_give_turn(p);
		return STATUS_SUCCESS;
	}
	mutex_unlock(&wt_registry_mutex);
	wt_entry_free(e);
	wt_provider_give_turn(p);
	wt_provider_remove(p);
	return STATUS_INSUFFICIENT_RESOURCES;
}

static NTSTATUS register_guid(const GUID *guid, struct wt_etw *r, enum wt_kind kind,
			      struct module *owner, u64 *handle)
{
	struct wt_provider *p;
	NTSTATUS status;

	p = wt_provider_alloc(r, NULL, owner);
	if (!p)
		return STATUS_INSUFFICIENT_RESOURCES;
	r->guid = *guid;
	r->provider = p;
	p->data = r;
	p->tell = kind == WT_KIND_MULTI ? tell : tell_classic;
	p->capture = kind == WT_KIND_MULTI ? capture : NULL;
	status = add(r, kind);
	if (status) {
		wt_provider_put(p);
		return status;
	}
	WRITE_ONCE(*handle, r->handle);	/* callbacks may use it, one that runs already, too */
	wt_guid_deliver(guid);
	return STATUS_SUCCESS;
}

static NTSTATUS register_new(const GUID *guid, const struct wt_etw *as, enum wt_kind kind,
			     struct module *owner, u64 *handle)
{
	struct wt_etw *r;
	NTSTATUS status;

	might_sleep();
	if (!guid || !handle)
		return STATUS_INVALID_PARAMETER;
	WRITE_ONCE(*handle, 0);
	r = kmemdup(as, sizeof(*as), GFP_KERNEL);
	if (!r)
		return STATUS_INSUFFICIENT_RESOURCES;
	status = register_guid(guid, r, kind, owner, handle);
	if (status)
		kfree(r);
	return status;
}

/* EtwRegister with the module that calls it; see there. */
NTSTATUS wmitrace_etw_register(LPCGUID guid, PETWENABLECALLBACK callback, PVOID context,
			       PREGHANDLE handle, struct module *owner)
{
	const struct wt_etw as = { .callback = callback, .context = context };

	return register_new(guid, &as, WT_KIND_MULTI, owner, handle);
}
EXPORT_SYMBOL_GPL(wmitrace_etw_register);

/* EtwRegisterClassicProvider with the module that calls it; see there. */
NTSTATUS wmitrace_etw_register_classic(LPCGUID guid, PETWCLASSICCALLBACK callback, PVOID context,
				       PREGHANDLE handle, struct module *owner)
{
	const struct wt_etw as = { .classic = callback, .context = context };

	return register_new(guid, &as, WT_KIND_CLASSIC, owner, handle);
}
EXPORT_SYMBOL_GPL(wmitrace_etw_register_classic);

/* The provider of a handle, with a reference, or NULL. */
static struct wt_provider *provider_of(u64 handle)
{
	struct wt_provider *p = NULL;
	struct wt_etw *r;

	rcu_read_lock_sched();
	r = wt_etw_find(handle);
	if (r) {
		p = r->provider;
		wt_provider_get(p);
	}
	rcu_read_unlock_sched();
	return p;
}

NTSTATUS EtwUnregister(REGHANDLE RegHandle)
{
	struct wt_provider *p = provider_of(RegHandle);
	NTSTATUS status;

	might_sleep();
	if (!p)
		return STATUS_INVALID_HANDLE;
	status = wt_provider_remove(p);
	wt_provider_put(p);
	return status == STATUS_INVALID_PARAMETER ? STATUS_INVALID_HANDLE : status;
}
EXPORT_SYMBOL_GPL(EtwUnregister);

/* Traits begin with their size: u16, itself included. */
static struct wt_etw_traits *copy_traits(const void *information, u32 length)
{
	struct wt_etw_traits *traits;
	u16 size;

	if (!information || length < sizeof(size))
		return NULL;
	memcpy(&size, information, sizeof(size));
	if (size < sizeof(size) || size > length)
		return NULL;
	traits = kmalloc(struct_size(traits, data, size), GFP_KERNEL);
	if (traits) {
		traits->size = size;
		memcpy(traits->data, information, size);
	}
	return traits;
}

NTSTATUS EtwSetInformation(REGHANDLE RegHandle, EVENT_INFO_CLASS InformationClass,
			   PVOID EventInformation, ULONG InformationLength)
{
	struct wt_etw_traits *traits, *old = NULL;
	struct wt_etw *r;

	if (InformationClass != EventProviderSetTraits)
		return STATUS_NOT_SUPPORTED;
	traits = copy_traits(EventInformation, InformationLength);
	if (!traits)
		return STATUS_INVALID_PARAMETER;
	mutex_lock(&wt_registry_mutex);
	rcu_read_lock_sched();
	r = wt_etw_find(RegHandle);
	if (r)
		old = rcu_replace_pointer(r->traits, traits, true);
	rcu_read_unlock_sched();
	mutex_unlock(&wt_registry_mutex);
	if (!r)
		kfree(traits);
	if (old)
		kfree_rcu(old, rcu);
	return r ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}
EXPORT_SYMBOL_GPL(EtwSetInformation);
