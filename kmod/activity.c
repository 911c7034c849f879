// SPDX-License-Identifier: GPL-2.0-only
/*
 * EtwActivityIdControl: each thread's activity id, which events carry that are
 * written without one (wmi-api section 14).
 *
 * Threads have no room for it, so there is a table of those that have set one.
 * A thread changes only its own entry, as a whole; its interrupts may read it
 * meanwhile.  Setting the null id removes the entry, and each change drops
 * entries of the same bucket whose thread is gone.
 */
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/irqflags.h>
#include <linux/pid.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uuid.h>

#include "etw.h"

#define BUCKET_BITS	7

struct activity {
	struct hlist_node node;
	struct pid *pid;
	GUID id;
	struct rcu_head rcu;
};

static struct hlist_head buckets[1 << BUCKET_BITS];
static DEFINE_RAW_SPINLOCK(lock);
static unsigned int count;

static struct hlist_head *bucket_of(struct pid *pid)
{
	return &buckets[hash_ptr(pid, BUCKET_BITS)];
}

static struct activity *find(struct pid *pid)
{
	struct activity *a;

	hlist_for_each_entry_rcu(a, bucket_of(pid), node, true)
		if (a->pid == pid)
			return a;
	return NULL;
}

/* Any context; callers have preemption off or hold rcu_read_lock(). */
void wt_activity_get(GUID *id)
{
	struct activity *a = READ_ONCE(count) ? find(task_pid(current)) : NULL;

	*id = a ? a->id : (GUID){ };
}

static void free_activity(struct rcu_head *rcu)
{
	struct activity *a = container_of(rcu, struct activity, rcu);

	put_pid(a->pid);
	kfree(a);
}

static void drop(struct activity *a)
{
	hlist_del_rcu(&a->node);
	WRITE_ONCE(count, count - 1);
	call_rcu(&a->rcu, free_activity);
}

/* Drops this thread's entry, and those of threads that are gone. */
static void sweep(struct hlist_head *bucket, struct pid *mine)
{
	struct hlist_node *next;
	struct activity *a;

	hlist_for_each_entry_safe(a, next, bucket, node)
		if (a->pid == mine || !pid_task(a->pid, PIDTYPE_PID))
			drop(a);
}

NTSTATUS wt_activity_set(const GUID *id)
{
	static const GUID none;
	struct pid *pid = task_pid(current);
	struct activity *a = NULL;
	unsigned long flags;

	if (in_nmi())
		return STATUS_UNSUCCESSFUL;
	if (!IsEqualGUID(id, &none)) {
		a = kmalloc(sizeof(*a), GFP_ATOMIC);
		if (!a)
			return STATUS_NO_MEMORY;
		a->pid = get_pid(pid);
		a->id = *id;
	}
	rcu_read_lock();
	raw_spin_lock_irqsave(&lock, flags);
	sweep(bucket_of(pid), pid);
	if (a) {
		hlist_add_head_rcu(&a->node, bucket_of(pid));
		WRITE_ONCE(count, count + 1);
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	rcu_read_unlock();
	return STATUS_SUCCESS;
}

/* No module that could call is left. */
void wt_activity_exit(void)
{
	struct hlist_node *next;
	struct activity *a;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(buckets); i++)
		hlist_for_each_entry_safe(a, next, &buckets[i], node)
			drop(a);
	rcu_barrier();
}

static NTSTATUS control(u32 code, GUID *id)
{
	GUID old, new = *id;

	switch (code) {
	case EVENT_ACTIVITY_CTRL_GET_ID:
		wt_activity_get(id);
		return STATUS_SUCCESS;
	case EVENT_ACTIVITY_CTRL_SET_ID:
		return wt_activity_set(id);
	case EVENT_ACTIVITY_CTRL_CREATE_ID:
		guid_gen((guid_t *)id);
		return STATUS_SUCCESS;
	case EVENT_ACTIVITY_CTRL_CREATE_SET_ID:
		guid_gen((guid_t *)&new);
		break;
	case EVENT_ACTIVITY_CTRL_GET_SET_ID:
		break;
	default:
		return STATUS_INVALID_PARAMETER;
	}
	wt_activity_get(&old);
	*id = old;
	return wt_activity_set(&new);
}

NTSTATUS EtwActivityIdControl(ULONG ControlCode, LPGUID ActivityId)
{
	NTSTATUS status;

	if (!ActivityId)
		return STATUS_INVALID_PARAMETER;
	rcu_read_lock();
	status = control(ControlCode, ActivityId);
	rcu_read_unlock();
	return status;
}
EXPORT_SYMBOL_GPL(EtwActivityIdControl);
