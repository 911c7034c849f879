// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enabling: what sessions and consumers want of a GUID, known or not yet, and
 * what a provider is told of it (wmi-api section 7).
 *
 * A classic provider keeps one handle: it belongs to the session that enabled
 * it last, and only that one's disable or end reaches it (A53, A54).  What
 * sessions want stays when providers go, so that a driver that is loaded again
 * is enabled again.  Locks: see provider.c.
 */
#include <linux/bits.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "provider.h"
#include "uapi/wmitrace.h"

#define GUIDS_MAX	4096u	/* that user space can have us remember */

static u32 guid_count;

struct wt_guid *wt_guid_find(const GUID *guid)
{
	struct wt_guid *g;

	lockdep_assert_held(&wt_registry_mutex);
	list_for_each_entry(g, &wt_guids, node)
		if (IsEqualGUID(&g->guid, guid))
			return g;
	return NULL;
}

static struct wt_guid *make_known(struct wt_guid *g, const GUID *guid)
{
	g->guid = *guid;
	INIT_LIST_HEAD(&g->entries);
	list_add_tail(&g->node, &wt_guids);
	guid_count++;
	return g;
}

/*
 * For who wants to wait for a provider: finds or makes, though not without end; NULL
 * without memory.  One that nobody needs goes with wt_guid_put().
 */
static struct wt_guid *get_to_wait(const GUID *guid)
{
	struct wt_guid *g = wt_guid_find(guid);

	if (g || guid_count >= GUIDS_MAX)
		return g;
	g = kzalloc(sizeof(*g), GFP_KERNEL);
	return g ? make_known(g, guid) : NULL;
}

void wt_guid_put(struct wt_guid *g)
{
	if (!list_empty(&g->entries) || g->handle || g->sessions.count || g->consumers || g->ending)
		return;
	list_del(&g->node);
	guid_count--;
	kfree(g);
}

/* Memory for an entry and for the GUID that it may bring; NULL without.  Needs no lock. */
struct wt_entry *wt_entry_alloc(void)
{
	struct wt_entry *e = kzalloc(sizeof(*e), GFP_KERNEL);

	if (!e)
		return NULL;
	e->guid = kzalloc(sizeof(*e->guid), GFP_KERNEL);
	if (e->guid)
		return e;
	kfree(e);
	return NULL;
}

/* One that wt_entry_add() has not taken. */
void wt_entry_free(struct wt_entry *e)
{
	kfree(e->guid);
	kfree(e);
}

void wt_entry_add(struct wt_entry *e, struct wt_provider *p, const GUID *guid, enum wt_kind kind)
{
	struct wt_guid *g = wt_guid_find(guid);

	if (g)
		kfree(e->guid);
	else
		g = make_known(e->guid, guid);
	e->guid = g;
	e->provider = p;
	e->kind = kind;
	list_add_tail(&e->of_provider, &p->entries);
	list_add_tail(&e->of_guid, &g->entries);
}

void wt_entry_remove(struct wt_entry *e)
{
	list_del(&e->of_provider);
	list_del(&e->of_guid);
	wt_guid_put(e->guid);
	kfree(e);
}

/* Has its provider to be told something? */
bool wt_entry_due(const struct wt_entry *e)
{
	return e->kind != WT_KIND_NONE && !e->provider->blocked &&
	       e->told != e->guid->asked[e->kind];
}

/* What its provider is to be told now. */
void wt_entry_order(const struct wt_entry *e, struct wt_order *order)
{
	const struct wt_guid *g = e->guid;

	*order = (struct wt_order){ .guid = g->guid, .kind = e->kind };
	switch (e->kind) {
	case WT_KIND_CLASSIC:
		order->enable = g->handle;
		order->handle = g->handle ? g->handle : e->handle;
		break;
	case WT_KIND_MULTI:
		order->enable = g->sessions.count;
		order->sessions = g->sessions;
		break;
	case WT_KIND_EVENT:
		order->enable = g->consumers;
		break;
	case WT_KIND_NONE:
		break;
	}
}

/* ENABLE_EVENTS or DISABLE_EVENTS to a callback (wmi-api 7.1). */
bool wt_tell_classic(struct wt_provider *p, const struct wt_order *order)
{
	GUID path = order->guid;
	WNODE_HEADER wnode = {
		.BufferSize = sizeof(wnode),
		.HistoricalContext = order->handle,
		.Guid = order->guid,
		.Flags = order->kind == WT_KIND_CLASSIC ? WNODE_FLAG_TRACED_GUID : 0,
	};
	u32 used;

	return NT_SUCCESS(wt_provider_call(p, order->enable ? IRP_MN_ENABLE_EVENTS :
							      IRP_MN_DISABLE_EVENTS,
					   &path, sizeof(wnode), &wnode, &used));
}

/* A provider of @guid that somebody has to call, with a reference, or NULL. */
static struct wt_provider *provider_due(const GUID *guid)
{
	struct wt_provider *found = NULL;
	struct wt_entry *e;
	struct wt_guid *g;

	mutex_lock(&wt_registry_mutex);
	g = wt_guid_find(guid);
	if (g)
		list_for_each_entry(e, &g->entries, of_guid)
			if (wt_entry_due(e) && READ_ONCE(e->provider->caller) != current) {
				found = e->provider;
				wt_provider_get(found);
				break;
			}
	mutex_unlock(&wt_registry_mutex);
	return found;
}

/*
 * Returns when all providers of @guid have been told; one whose callback this
 * is will be when it returns.
 */
void wt_guid_deliver(const GUID *guid)
{
	struct wt_provider *p;

	while ((p = provider_due(guid))) {
		wt_provider_deliver(p);
		wt_provider_put(p);
	}
}

static u64 pack_handle(const struct wt_enablement *how)
{
	u64 id = how->id == WMITRACE_KERNEL_LOGGER ? WMITRACE_KERNEL_HANDLE : how->id;

	return id | (u64)how->level << 16 | how->any << 32;
}

static struct wt_enablement *find_session(struct wt_guid *g, u32 id)
{
	u32 i;

	for (i = 0; i < g->sessions.count; i++)
		if (g->sessions.of[i].id == id)
			return &g->sessions.of[i];
	return NULL;
}

static void drop_session(struct wt_guid *g, struct wt_enablement *s)
{
	struct wt_enablement *end = &g->sessions.of[g->sessions.count--];

	memmove(s, s + 1, (end - s - 1) * sizeof(*s));
}

static bool has_kind(const struct wt_guid *g, enum wt_kind kind)
{
	const struct wt_entry *e;

	list_for_each_entry(e, &g->entries, of_guid)
		if (e->kind == kind)
			return true;
	return false;
}

static u32 enable_locked(struct wt_guid *g, const struct wt_enablement *how)
{
	bool multi = has_kind(g, WT_KIND_MULTI);
	struct wt_enablement *s = find_session(g, how->id);

	if (s && !multi && !has_kind(g, WT_KIND_CLASSIC))	/* A58 */
		return s->level == how->level && s->any == how->any && s->all == how->all ?
		       WMITRACE_ERROR_SUCCESS : WMITRACE_ERROR_INVALID_FUNCTION;
	if (!s && g->sessions.count == WT_SESSIONS_PER_GUID) {
		if (multi)
			return WMITRACE_ERROR_NO_SYSTEM_RESOURCES;
		drop_session(g, &g->sessions.of[0]);	/* dispossessed long ago */
	}
	if (s)
		drop_session(g, s);
	g->sessions.of[g->sessions.count++] = *how;
	g->handle = pack_handle(how);
	g->asked[WT_KIND_CLASSIC]++;
	g->asked[WT_KIND_MULTI]++;
	return WMITRACE_ERROR_SUCCESS;
}

/**
 * wt_enable() - enable a GUID for a session
 * @guid: known or not: a provider that registers it later is told then
 * @how: session, level, keywords
 *
 * With wt_control_mutex held, so that the session stays.  Providers are told by
 * wt_guid_deliver(), which comes after releasing it.
 *
 * Return: a WMITRACE_ERROR_ code (wmi-api 16.5).
 */
u32 wt_enable(const GUID *guid, const struct wt_enablement *how)
{
	struct wt_guid *g;
	u32 error;

	mutex_lock(&wt_registry_mutex);
	g = get_to_wait(guid);
	error = g ? enable_locked(g, how) : WMITRACE_ERROR_NOT_ENOUGH_MEMORY;
	if (g)
		wt_guid_put(g);
	mutex_unlock(&wt_registry_mutex);
	return error;
}

/* Returns whether there is anyone to tell. */
static bool disable_locked(struct wt_guid *g, u32 id)
{
	struct wt_enablement *s = find_session(g, id);
	u32 packed = id == WMITRACE_KERNEL_LOGGER ? WMITRACE_KERNEL_HANDLE : id;
	bool owner = (g->handle & 0xffff) == packed;

	if (owner) {
		g->handle = 0;
		g->asked[WT_KIND_CLASSIC]++;
	}
	if (s) {
		drop_session(g, s);
		g->asked[WT_KIND_MULTI]++;
	}
	return owner || s;
}

/* The opposite; where the session has not enabled the GUID nothing happens (A61). */
void wt_disable(u32 id, const GUID *guid)
{
	struct wt_guid *g;

	mutex_lock(&wt_registry_mutex);
	g = wt_guid_find(guid);
	if (g) {
		disable_locked(g, id);
		wt_guid_put(g);
	}
	mutex_unlock(&wt_registry_mutex);
}

static bool take_ending(u32 id, GUID *guid)
{
	struct wt_guid *g;
	bool found = false;

	mutex_lock(&wt_registry_mutex);
	list_for_each_entry(g, &wt_guids, node)
		if (g->ending & BIT(id)) {
			g->ending &= ~BIT(id);
			*guid = g->guid;
			found = true;
			wt_guid_put(g);
			break;
		}
	mutex_unlock(&wt_registry_mutex);
	return found;
}

/*
 * wt_disable_all() - the end of session @id: tells all that it has enabled
 *
 * The session must still accept events and must not be enabled for anything
 * any more.  Calls callbacks: no locks.
 */
void wt_disable_all(u32 id)
{
	struct wt_guid *g;
	GUID guid;

	mutex_lock(&wt_registry_mutex);
	list_for_each_entry(g, &wt_guids, node)
		if (disable_locked(g, id))
			g->ending |= BIT(id);
	mutex_unlock(&wt_registry_mutex);
	while (take_ending(id, &guid))
		wt_guid_deliver(&guid);
}

/* The provider of @guid with the lowest id above @id, with a reference, or NULL. */
static struct wt_provider *next_provider(const GUID *guid, u32 id)
{
	struct wt_provider *found = NULL;
	struct wt_entry *e;
	struct wt_guid *g;

	mutex_lock(&wt_registry_mutex);
	g = wt_guid_find(guid);
	if (g)
		list_for_each_entry(e, &g->entries, of_guid)
			if (e->provider->id > id && (!found || e->provider->id < found->id))
				found = e->provider;
	if (found)
		wt_provider_get(found);
	mutex_unlock(&wt_registry_mutex);
	return found;
}

static u32 may_capture(const GUID *guid, u32 id)
{
	struct wt_guid *g;
	u32 error;

	mutex_lock(&wt_registry_mutex);
	g = wt_guid_find(guid);
	if (!g || !has_kind(g, WT_KIND_MULTI))
		error = WMITRACE_ERROR_WMI_GUID_NOT_FOUND;
	else
		error = find_session(g, id) ? WMITRACE_ERROR_SUCCESS :
					      WMITRACE_ERROR_INVALID_FUNCTION;
	mutex_unlock(&wt_registry_mutex);
	return error;
}

/**
 * wt_capture_state() - have the providers of a GUID log what state they are in
 * @guid: enabled for the session
 * @how: session; level and keywords that the providers are told
 *
 * Calls callbacks: no locks.  Returns when they have.
 *
 * Return: a WMITRACE_ERROR_ code.
 */
u32 wt_capture_state(const GUID *guid, const struct wt_enablement *how)
{
	u32 error = may_capture(guid, how->id);
	struct wt_provider *p;
	u32 id = 0;

	while (!error && (p = next_provider(guid, id))) {
		id = p->id;
		wt_provider_capture(p, guid, how);
		wt_provider_put(p);
	}
	return error;
}

/* Has a provider registered @guid for consumers? */
bool wt_guid_is_event(const GUID *guid)
{
	struct wt_guid *g;
	bool known;

	mutex_lock(&wt_registry_mutex);
	g = wt_guid_find(guid);
	known = g && has_kind(g, WT_KIND_EVENT);
	mutex_unlock(&wt_registry_mutex);
	return known;
}

/* One consumer more; providers are told by wt_guid_deliver(). */
NTSTATUS wt_guid_add_consumer(const GUID *guid, bool must_be_known)
{
	NTSTATUS status = STATUS_SUCCESS;
	struct wt_guid *g;

	mutex_lock(&wt_registry_mutex);
	g = must_be_known ? wt_guid_find(guid) : get_to_wait(guid);
	if (must_be_known && (!g || !has_kind(g, WT_KIND_EVENT)))
		status = STATUS_WMI_GUID_NOT_FOUND;
	else if (!g)
		status = STATUS_INSUFFICIENT_RESOURCES;
	else if (!g->consumers++)
		g->asked[WT_KIND_EVENT]++;
	mutex_unlock(&wt_registry_mutex);
	return status;
}

void wt_guid_drop_consumer(const GUID *guid)
{
	struct wt_guid *g;

	mutex_lock(&wt_registry_mutex);
	g = wt_guid_find(guid);
	if (!--g->consumers)
		g->asked[WT_KIND_EVENT]++;
	wt_guid_put(g);
	mutex_unlock(&wt_registry_mutex);
}
