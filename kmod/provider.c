// SPDX-License-Identifier: GPL-2.0-only
/*
 * Providers: registration and the calls to their callbacks (wmi-api section 6).
 *
 * Two things keep order here, and only the first is a lock:
 *
 * - wt_registry_mutex guards the lists of providers and GUIDs, with all that
 *   hangs on them.  It is held for list work, never over a callback.  Lock
 *   order: wt_control_mutex, wt_registry_mutex.
 * - A provider's turn (take_turn, give_turn): whoever has it may call the
 *   provider, add or remove its entries, or end its registration.  So calls to
 *   one provider come one after the other, an entry found by the holder stays,
 *   and DEREGISTER waits for callbacks just by taking the turn.  No lock is
 *   held by who waits for a turn.
 *
 * Callbacks run with the turn and no lock at all: they may sleep, log, query,
 * register other providers.  A task that already has a provider's turn is one
 * of its callbacks: DEREGISTER from there is refused where Windows hangs (A27);
 * an enable from there is left to the holder, who looks for more to deliver
 * before it gives the turn away.  Two callbacks that deregister each other's
 * provider do wait for each other, as there.
 *
 * State is not pushed through a queue of requests: a request changes what a
 * GUID is to be (enable.c), and whoever has the turn tells the provider until
 * what it was told is what is wanted.  A provider's last callback therefore
 * matches the last request, whatever ran at the same time.
 */
#define pr_fmt(fmt)	KBUILD_MODNAME ": " fmt

#include <linux/export.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "consumer.h"
#include "provider.h"
#include "wdf.h"

DEFINE_MUTEX(wt_registry_mutex);	/* see above */
LIST_HEAD(wt_providers);
LIST_HEAD(wt_guids);

static u32 last_provider_id;

/**
 * wt_provider_alloc() - a provider, not registered yet, whose turn the caller has
 * @block: the address it is to be known by
 * @name: for listings; NULL: the module's
 * @owner: module that its callbacks lie in; may be NULL
 *
 * Return: one reference, or NULL.
 */
struct wt_provider *wt_provider_alloc(const void *block, const char *name, struct module *owner)
{
	struct wt_provider *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return NULL;
	kref_init(&p->ref);
	p->block = block;
	p->owner = owner;
	strscpy(p->name, name ? name : owner ? owner->name : "", sizeof(p->name));
	INIT_LIST_HEAD(&p->node);
	INIT_LIST_HEAD(&p->entries);
	init_waitqueue_head(&p->wait);
	p->caller = current;
	return p;
}

static void free_provider(struct kref *ref)
{
	kfree(container_of(ref, struct wt_provider, ref));
}

void wt_provider_get(struct wt_provider *p)
{
	kref_get(&p->ref);
}

void wt_provider_put(struct wt_provider *p)
{
	kref_put(&p->ref, free_provider);
}

/* Waits until nobody calls @p.  False: this task does, further up its stack. */
bool wt_provider_take_turn(struct wt_provider *p)
{
	if (READ_ONCE(p->caller) == current)
		return false;
	wait_event(p->wait, !cmpxchg(&p->caller, NULL, current));
	return true;
}

void wt_provider_give_turn(struct wt_provider *p)
{
	smp_store_release(&p->caller, NULL);	/* pairs with the cmpxchg of who is next */
	wake_up(&p->wait);
}

static struct wt_provider *find_locked(const void *block)
{
	struct wt_provider *p;

	list_for_each_entry(p, &wt_providers, node)
		if (p->block == block)
			return p;
	return NULL;
}

/* Returns a reference, or NULL. */
struct wt_provider *wt_provider_find(const void *block)
{
	struct wt_provider *p;

	mutex_lock(&wt_registry_mutex);
	p = find_locked(block);
	if (p)
		wt_provider_get(p);
	mutex_unlock(&wt_registry_mutex);
	return p;
}

static bool id_in_use(u32 id)
{
	struct wt_provider *p;

	list_for_each_entry(p, &wt_providers, node)
		if (p->id == id)
			return true;
	return false;
}

/* Makes @p known.  On success the registry has taken a reference. */
NTSTATUS wt_provider_add(struct wt_provider *p)
{
	NTSTATUS status = STATUS_OBJECT_NAME_COLLISION;

	mutex_lock(&wt_registry_mutex);
	if (!find_locked(p->block)) {
		do {
			p->id = ++last_provider_id;
		} while (!p->id || id_in_use(p->id));
		wt_provider_get(p);
		list_add_tail(&p->node, &wt_providers);
		status = STATUS_SUCCESS;
	}
	mutex_unlock(&wt_registry_mutex);
	return status;
}

/* With the turn, which is given.  False if somebody else was first. */
static bool forget(struct wt_provider *p)
{
	struct wt_entry *e, *next;
	bool was_known;

	mutex_lock(&wt_registry_mutex);
	was_known = !p->gone;
	if (was_known) {
		p->gone = true;
		list_del_init(&p->node);
		list_for_each_entry_safe(e, next, &p->entries, of_provider)
			wt_entry_remove(e);
	}
	mutex_unlock(&wt_registry_mutex);
	wt_provider_give_turn(p);
	if (was_known) {
		if (p->removed)
			p->removed(p);
		wt_provider_put(p);
	}
	return was_known;
}

/*
 * Waits for a callback that runs and forgets @p, a reference of the caller's.
 * Afterwards no callback runs ever again.
 */
NTSTATUS wt_provider_remove(struct wt_provider *p)
{
	if (!wt_provider_take_turn(p)) {
		pr_warn("%s: deregistration from inside a callback of the same provider refused\n",
			p->name);
		return STATUS_INVALID_DEVICE_REQUEST;
	}
	return forget(p) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/*
 * wt_provider_call() - call a classic provider
 *
 * With the turn.  The module stays while the callback runs; one that is on its
 * way out is not called any more.
 */
NTSTATUS wt_provider_call(struct wt_provider *p, u8 minor, void *path, u32 length, void *buffer,
			  u32 *used)
{
	NTSTATUS status;

	*used = 0;
	if (!try_module_get(p->owner))
		return STATUS_INVALID_DEVICE_STATE;
	status = p->dispatch(minor, path, length, buffer, (void *)p->block, used);
	module_put(p->owner);
	return status;
}

static struct wt_entry *first_due(struct wt_provider *p)
{
	struct wt_entry *e;

	list_for_each_entry(e, &p->entries, of_provider)
		if (wt_entry_due(e))
			return e;
	return NULL;
}

/* With the turn: tells @p all that it has not been told yet. */
static void deliver_due(struct wt_provider *p)
{
	struct wt_entry *e;

	mutex_lock(&wt_registry_mutex);
	while ((e = first_due(p))) {
		u64 asked = e->guid->asked[e->kind];
		struct wt_order order;
		bool agreed;

		wt_entry_order(e, &order);
		/* A consumer more is no news; nobody is told twice to stop (A61, A62, A64). */
		if (order.enable != e->enabled || (order.enable && e->kind != WT_KIND_EVENT)) {
			mutex_unlock(&wt_registry_mutex);
			agreed = p->tell(p, &order);
			mutex_lock(&wt_registry_mutex);
			e->enabled = order.enable && agreed;
			e->handle = e->enabled ? order.handle : 0;
		}
		e->told = asked;
	}
	mutex_unlock(&wt_registry_mutex);
}

/* Tells @p what it has not been told yet, unless this is one of its callbacks. */
void wt_provider_deliver(struct wt_provider *p)
{
	if (!wt_provider_take_turn(p))
		return;
	deliver_due(p);
	wt_provider_give_turn(p);
}

static struct wt_entry *find_entry(struct wt_provider *p, const GUID *guid)
{
	struct wt_entry *e;

	list_for_each_entry(e, &p->entries, of_provider)
		if (IsEqualGUID(&e->guid->guid, guid))
			return e;
	return NULL;
}

/* Has @p log its state, if it is enabled for @guid still.  Not from one of its callbacks. */
void wt_provider_capture(struct wt_provider *p, const GUID *guid, const struct wt_enablement *how)
{
	struct wt_entry *e;
	bool wanted;

	if (!wt_provider_take_turn(p))
		return;
	mutex_lock(&wt_registry_mutex);
	e = find_entry(p, guid);
	wanted = e && e->enabled && !p->blocked && p->capture;
	mutex_unlock(&wt_registry_mutex);
	if (wanted) {
		p->capture(p, how);
		deliver_due(p);		/* what its callback asked for */
	}
	wt_provider_give_turn(p);
}

/* With the turn and the registry: takes the GUID away, with a last call if it is enabled. */
static void retire(struct wt_entry *e)
{
	struct wt_order order;

	if (e->enabled) {
		wt_entry_order(e, &order);
		order.enable = false;
		order.handle = e->handle;
		mutex_unlock(&wt_registry_mutex);
		e->provider->tell(e->provider, &order);
		mutex_lock(&wt_registry_mutex);
	}
	wt_entry_remove(e);
}

static enum wt_kind kind_of(u32 flags)
{
	if (!(flags & WMIREG_FLAG_TRACED_GUID))
		return WT_KIND_EVENT;		/* TRACE_CONTROL_GUID alone says nothing (A37) */
	return flags & WMIREG_FLAG_TRACE_CONTROL_GUID ? WT_KIND_CLASSIC : WT_KIND_NONE;
}

static void free_entries(struct list_head *entries)
{
	struct wt_entry *e, *next;

	list_for_each_entry_safe(e, next, entries, of_provider)
		wt_entry_free(e);
}

/* As many as the answer can need, or none: an update that fails changes nothing. */
static bool alloc_entries(const WMIREGGUIDW *guids, u32 count, struct list_head *entries)
{
	struct wt_entry *e;
	u32 i;

	for (i = 0; i < count; i++) {
		if (guids[i].Flags & WMIREG_FLAG_REMOVE_GUID)
			continue;
		e = wt_entry_alloc();
		if (!e) {
			free_entries(entries);
			return false;
		}
		list_add(&e->of_provider, entries);
	}
	return true;
}

/* Takes over one entry of an answer to REGINFO (wmi-api 6.4), with one of @spare. */
static void merge_one(struct wt_provider *p, uintptr_t why, const WMIREGGUIDW *reg,
		      struct list_head *spare)
{
	struct wt_entry *e = find_entry(p, &reg->Guid);

	if (reg->Flags & WMIREG_FLAG_REMOVE_GUID) {
		if (e && why == WMIUPDATE)
			retire(e);
		return;			/* A38 */
	}
	if (e && e->flags == reg->Flags && e->instances == reg->InstanceCount)
		return;			/* A40 */
	if (e)
		retire(e);
	e = list_first_entry(spare, struct wt_entry, of_provider);
	list_del(&e->of_provider);
	wt_entry_add(e, p, &reg->Guid, kind_of(reg->Flags));
	e->flags = reg->Flags;
	e->instances = reg->InstanceCount;
}

/* Without any control GUID, each traced GUID is one (wmi-api 6.3). */
static void promote_traced(struct wt_provider *p)
{
	struct wt_entry *e;

	list_for_each_entry(e, &p->entries, of_provider)
		if (e->kind == WT_KIND_CLASSIC)
			return;
	list_for_each_entry(e, &p->entries, of_provider)
		if (e->kind == WT_KIND_NONE)
			e->kind = WT_KIND_CLASSIC;
}

/* With the turn: asks for GUIDs, takes them over, delivers what waits for them. */
static NTSTATUS learn(struct wt_provider *p, uintptr_t why)
{
	LIST_HEAD(spare);
	WMIREGGUIDW *guids;
	u32 i, count;
	NTSTATUS status = wt_reginfo_ask(p, why, &guids, &count);

	if (!NT_SUCCESS(status))
		return status;
	if (alloc_entries(guids, count, &spare)) {
		mutex_lock(&wt_registry_mutex);
		for (i = 0; i < count; i++)
			merge_one(p, why, &guids[i], &spare);
		promote_traced(p);
		mutex_unlock(&wt_registry_mutex);
		free_entries(&spare);
		deliver_due(p);
	} else {
		status = STATUS_INSUFFICIENT_RESOURCES;
	}
	kfree(guids);
	return status;
}

static NTSTATUS register_block(const void *block, u32 action, struct module *owner)
{
	const struct wmi_provider *named = block;
	struct wt_provider *p;
	NTSTATUS status;

	/* With the flag only the first member may be looked at (A30). */
	p = wt_provider_alloc(block, action & WMIREG_FLAG_CALLBACK ? NULL : named->name, owner);
	if (!p)
		return STATUS_INSUFFICIENT_RESOURCES;
	p->dispatch = named->dispatch;
	p->tell = wt_tell_classic;
	status = wt_provider_add(p);
	if (NT_SUCCESS(status)) {
		status = learn(p, WMIREGISTER);
		if (NT_SUCCESS(status))
			wt_provider_give_turn(p);
		else
			forget(p);
	}
	wt_provider_put(p);
	return status;
}

static NTSTATUS deregister_block(const void *block)
{
	struct wt_provider *p = wt_provider_find(block);
	NTSTATUS status;

	if (!p)
		return STATUS_INVALID_PARAMETER;
	status = wt_provider_remove(p);
	wt_provider_put(p);
	return status;
}

static NTSTATUS reregister_block(const void *block, u32 action, struct module *owner)
{
	NTSTATUS status = deregister_block(block);

	if (status == STATUS_INVALID_DEVICE_REQUEST)
		return status;
	return register_block(block, action, owner);
}

static NTSTATUS update_block(const void *block)
{
	struct wt_provider *p = wt_provider_find(block);
	NTSTATUS status;

	if (!p)
		return STATUS_INVALID_PARAMETER;
	if (wt_provider_take_turn(p)) {
		status = p->gone ? STATUS_INVALID_PARAMETER : learn(p, WMIUPDATE);
		wt_provider_give_turn(p);
	} else {
		status = STATUS_INVALID_DEVICE_REQUEST;
	}
	wt_provider_put(p);
	return status;
}

/* A provider that stays registered and is not called any more. */
static NTSTATUS block_requests(const void *block)
{
	struct wt_provider *p = wt_provider_find(block);

	if (!p)
		return STATUS_INVALID_PARAMETER;
	mutex_lock(&wt_registry_mutex);
	p->blocked = true;
	mutex_unlock(&wt_registry_mutex);
	wt_provider_put(p);
	return STATUS_SUCCESS;
}

/* IoWMIRegistrationControl with the module that calls it, or NULL; see there. */
NTSTATUS wmitrace_registration_control(const void *block, ULONG action, struct module *owner)
{
	const ULONG flags = WMIREG_FLAG_CALLBACK | WMIREG_FLAG_TRACE_PROVIDER |
			    WMIREG_FLAG_TRACE_NOTIFY_MASK;

	might_sleep();
	if (!block || !((const struct wmi_provider *)block)->dispatch)
		return STATUS_INVALID_PARAMETER;
	switch (action & ~flags) {
	case WMIREG_ACTION_REGISTER:
		return register_block(block, action, owner);
	case WMIREG_ACTION_DEREGISTER:
		return deregister_block(block);
	case WMIREG_ACTION_REREGISTER:
		return reregister_block(block, action, owner);
	case WMIREG_ACTION_UPDATE_GUIDS:
		return update_block(block);
	case WMIREG_ACTION_BLOCK_IRPS:
		return block_requests(block);
	}
	return STATUS_INVALID_PARAMETER;
}
EXPORT_SYMBOL_GPL(wmitrace_registration_control);

static struct wt_provider *find_of_module(struct module *module)
{
	struct wt_provider *p;

	mutex_lock(&wt_registry_mutex);
	list_for_each_entry(p, &wt_providers, node)
		if (p->owner == module || within_module((unsigned long)p->dispatch, module)) {
			wt_provider_get(p);
			mutex_unlock(&wt_registry_mutex);
			return p;
		}
	mutex_unlock(&wt_registry_mutex);
	return NULL;
}

/* A module that forgot to deregister would leave callbacks into nothing (A44). */
static int module_changed(struct notifier_block *nb, unsigned long state, void *data)
{
	struct module *module = data;
	struct wt_provider *p;

	if (state != MODULE_STATE_GOING)
		return NOTIFY_DONE;
	wt_consumer_module_gone(module);
	wt_wdf_module_gone(module);
	while ((p = find_of_module(module))) {
		pr_warn("%s goes without deregistering provider '%s': done for it\n",
			module->name, p->name);
		wt_provider_remove(p);
		wt_provider_put(p);
	}
	return NOTIFY_OK;
}

static struct notifier_block module_notifier = { .notifier_call = module_changed };

int wt_provider_init(void)
{
	return register_module_notifier(&module_notifier);
}

void wt_provider_exit(void)
{
	unregister_module_notifier(&module_notifier);
}
