// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delivery of WMI events (wmi-api 9.2, 9.3, 13): to callbacks in the kernel and
 * to readers of /dev/wmitrace that subscribed to the GUID.
 *
 * IoWMIWriteEvent hands an event over and returns; one worker delivers events
 * in the order in which they came and lets go of each once everybody has it.
 * Readers have bounded queues: what finds one full is lost to that reader, and
 * counted.
 *
 * The list of consumers is read under SRCU, because callbacks sleep, and changed
 * under consumer_mutex, which is not held over callbacks of any kind.  Closing a
 * consumer waits for its callback, unless it is that callback that closes it.
 * Lock order: consumer_mutex, wt_registry_mutex.
 */
#define pr_fmt(fmt)	KBUILD_MODNAME ": " fmt

#include <linux/export.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "clock.h"
#include "consumer.h"
#include "provider.h"
#include "uapi/wmitrace.h"
#include "wmitrace/evntrace.h"

#define PENDING_MAX	1024u	/* events that wait for the worker */

/**
 * struct wt_delivery - an event on its way
 * @ref: the worker's, and a queue's each
 * @node: in the worker's list
 * @wnode: pool memory, ours; callbacks may write to it
 * @guid: whose event
 * @size: bytes of @wnode
 * @time: FILETIME at which it was handed over
 */
struct wt_delivery {
	struct kref ref;
	struct list_head node;
	WNODE_HEADER *wnode;
	GUID guid;
	u32 size;
	u64 time;
};

/**
 * struct consumer - a block opened in the kernel, or a subscription of a reader
 * @node: in consumers
 * @guid: what it listens to
 * @queue: reader's; NULL: @callback
 * @callback: NULL until it is set
 * @context: for it
 * @owner: module that opened it; may be NULL
 * @listens: opened for notification
 * @rcu: for its end
 */
struct consumer {
	struct list_head node;
	GUID guid;
	struct wt_queue *queue;
	WMI_NOTIFICATION_CALLBACK callback;
	void *context;
	struct module *owner;
	bool listens;
	struct rcu_head rcu;
};

DEFINE_STATIC_SRCU(consumers_srcu);
static DEFINE_MUTEX(consumer_mutex);
static LIST_HEAD(consumers);

static DEFINE_SPINLOCK(pending_lock);
static LIST_HEAD(pending);
static u32 pending_count;
static struct workqueue_struct *workqueue;
static struct task_struct *deliverer;	/* while it delivers */

static void deliver_pending(struct work_struct *work);
static DECLARE_WORK(delivery_work, deliver_pending);

/* ---- events ------------------------------------------------------------- */

static void free_delivery(struct kref *ref)
{
	struct wt_delivery *d = container_of(ref, struct wt_delivery, ref);

	kfree(d->wnode);
	kfree(d);
}

static void put_delivery(struct wt_delivery *d)
{
	kref_put(&d->ref, free_delivery);
}

static bool anyone_listens(const GUID *guid)
{
	struct consumer *c;
	bool found = false;
	int idx = srcu_read_lock(&consumers_srcu);

	list_for_each_entry_srcu(c, &consumers, node, srcu_read_lock_held(&consumers_srcu))
		if (c->listens && IsEqualGUID(&c->guid, guid)) {
			found = true;
			break;
		}
	srcu_read_unlock(&consumers_srcu, idx);
	return found;
}

/* Consumers get what the fields of a MOF array point to, not the pointers. */
static NTSTATUS flatten(const WNODE_HEADER *w, WNODE_HEADER **out)
{
	u32 i, count = (w->BufferSize - sizeof(*w)) / sizeof(MOF_FIELD);
	const MOF_FIELD *field = (const MOF_FIELD *)(w + 1);
	WNODE_HEADER *flat;
	u64 size = sizeof(*w);
	u8 *to;

	if (count > MAX_MOF_FIELDS)
		return STATUS_ARRAY_BOUNDS_EXCEEDED;
	for (i = 0; i < count; i++)
		size += field[i].Length;
	if (size > WMITRACE_EVENT_SIZE_MAX)
		return STATUS_BUFFER_OVERFLOW;
	flat = kmalloc(size, GFP_KERNEL);
	if (!flat)
		return STATUS_INSUFFICIENT_RESOURCES;
	*flat = *w;
	flat->BufferSize = size;
	flat->Flags &= ~WNODE_FLAG_USE_MOF_PTR;
	to = (u8 *)(flat + 1);
	for (i = 0; i < count; i++) {
		memcpy(to, (const void *)(uintptr_t)field[i].DataPtr, field[i].Length);
		to += field[i].Length;
	}
	*out = flat;
	return STATUS_SUCCESS;
}

static NTSTATUS take_place(void)
{
	bool full;

	spin_lock(&pending_lock);
	full = pending_count == PENDING_MAX;
	pending_count += !full;
	spin_unlock(&pending_lock);
	return full ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

static void give_place(void)
{
	spin_lock(&pending_lock);
	pending_count--;
	spin_unlock(&pending_lock);
}

/*
 * wt_delivery_prepare() - all of a delivery that can fail
 * @wnode: the caller's still, and unchanged
 * @guid: of the event: @wnode may have a pointer in its place
 * @out: NULL if nobody listens
 *
 * Process context.  Followed by wt_delivery_queue() if there is one.
 */
NTSTATUS wt_delivery_prepare(const WNODE_HEADER *wnode, const GUID *guid,
			     struct wt_delivery **out)
{
	struct wt_delivery *d;
	NTSTATUS status;

	*out = NULL;
	if (!anyone_listens(guid))
		return STATUS_SUCCESS;
	status = take_place();
	if (status)
		return status;
	d = kzalloc(sizeof(*d), GFP_KERNEL);
	status = d ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
	if (d && (wnode->Flags & WNODE_FLAG_USE_MOF_PTR))
		status = flatten(wnode, &d->wnode);
	if (status) {
		kfree(d);
		give_place();
		return status;
	}
	kref_init(&d->ref);
	d->guid = *guid;
	d->time = wt_filetime_now();
	*out = d;
	return STATUS_SUCCESS;
}

/* Takes @wnode over and hands it to the worker. */
void wt_delivery_queue(struct wt_delivery *d, WNODE_HEADER *wnode)
{
	if (d->wnode)
		kfree(wnode);		/* the flat copy goes instead */
	else
		d->wnode = wnode;
	d->size = d->wnode->BufferSize;
	d->wnode->Guid = d->guid;
	d->wnode->Flags &= ~WNODE_FLAG_USE_GUID_PTR;
	spin_lock(&pending_lock);
	list_add_tail(&d->node, &pending);
	spin_unlock(&pending_lock);
	queue_work(workqueue, &delivery_work);
}

static struct wt_delivery *next_pending(void)
{
	struct wt_delivery *d;

	spin_lock(&pending_lock);
	d = list_first_entry_or_null(&pending, struct wt_delivery, node);
	if (d) {
		list_del(&d->node);
		pending_count--;
	}
	spin_unlock(&pending_lock);
	return d;
}

static void push(struct wt_queue *q, struct wt_delivery *d)
{
	spin_lock(&q->lock);
	if (q->count == WT_QUEUE_EVENTS) {
		q->lost++;
	} else {
		kref_get(&d->ref);
		q->ring[(q->head + q->count) % WT_QUEUE_EVENTS] = d;
		WRITE_ONCE(q->count, q->count + 1);
	}
	spin_unlock(&q->lock);
	wake_up(&q->wait);
}

static void call(struct consumer *c, struct wt_delivery *d)
{
	WMI_NOTIFICATION_CALLBACK callback = smp_load_acquire(&c->callback); /* after context */

	if (!callback || !try_module_get(c->owner))
		return;
	callback(d->wnode, c->context);
	module_put(c->owner);
}

static void deliver(struct wt_delivery *d)
{
	struct consumer *c;
	int idx = srcu_read_lock(&consumers_srcu);

	list_for_each_entry_srcu(c, &consumers, node, srcu_read_lock_held(&consumers_srcu)) {
		if (!c->listens || !IsEqualGUID(&c->guid, &d->guid))
			continue;
		if (c->queue)
			push(c->queue, d);
		else
			call(c, d);
	}
	srcu_read_unlock(&consumers_srcu, idx);
}

static void deliver_pending(struct work_struct *work)
{
	struct wt_delivery *d;

	WRITE_ONCE(deliverer, current);
	while ((d = next_pending())) {
		deliver(d);
		put_delivery(d);
	}
	WRITE_ONCE(deliverer, NULL);
}

/* ---- consumers ----------------------------------------------------------- */

static void free_consumer(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct consumer, rcu));
}

/* Adds a consumer and has providers told, if it is the first (A64). */
static NTSTATUS add_consumer(struct consumer *c, bool must_be_known)
{
	NTSTATUS status = STATUS_SUCCESS;

	if (c->listens)
		status = wt_guid_add_consumer(&c->guid, must_be_known);
	else if (must_be_known && !wt_guid_is_event(&c->guid))
		status = STATUS_WMI_GUID_NOT_FOUND;
	if (status)
		return status;
	mutex_lock(&consumer_mutex);
	list_add_tail_rcu(&c->node, &consumers);
	mutex_unlock(&consumer_mutex);
	wt_guid_deliver(&c->guid);
	return STATUS_SUCCESS;
}

/* With a consumer that this task took off the list. */
static void close_consumer(struct consumer *c)
{
	GUID guid = c->guid;
	bool listens = c->listens;

	if (READ_ONCE(deliverer) != current)
		synchronize_srcu(&consumers_srcu);
	call_srcu(&consumers_srcu, &c->rcu, free_consumer);
	if (listens) {
		wt_guid_drop_consumer(&guid);
		wt_guid_deliver(&guid);
	}
}

/* Takes the first consumer that @match accepts off the list. */
static struct consumer *take_consumer(bool (*match)(const struct consumer *c, const void *what),
				      const void *what)
{
	struct consumer *c, *found = NULL;

	mutex_lock(&consumer_mutex);
	list_for_each_entry(c, &consumers, node)
		if (match(c, what)) {
			list_del_rcu(&c->node);
			found = c;
			break;
		}
	mutex_unlock(&consumer_mutex);
	return found;
}

static bool is_object(const struct consumer *c, const void *object)
{
	return c == object && !c->queue;
}

static bool is_of_queue(const struct consumer *c, const void *queue)
{
	return c->queue == queue;
}

static bool is_of_module(const struct consumer *c, const void *module)
{
	return c->owner == module;
}

/* ---- in the kernel ------------------------------------------------------- */

/* IoWMIOpenBlock with the module that calls it; see there. */
NTSTATUS wmitrace_open_block(const GUID *guid, ULONG access, PVOID *object, struct module *owner)
{
	struct consumer *c;
	NTSTATUS status;

	might_sleep();
	if (!guid || !object)
		return STATUS_INVALID_PARAMETER;
	*object = NULL;
	if ((access & WMIGUID_NOTIFICATION) && !(access & SYNCHRONIZE))
		return STATUS_ACCESS_DENIED;
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return STATUS_INSUFFICIENT_RESOURCES;
	c->guid = *guid;
	c->owner = owner;
	c->listens = access & WMIGUID_NOTIFICATION;
	status = add_consumer(c, true);
	if (status)
		kfree(c);
	else
		*object = c;
	return status;
}
EXPORT_SYMBOL_GPL(wmitrace_open_block);

static struct consumer *find_object(const void *object)
{
	struct consumer *c;

	list_for_each_entry(c, &consumers, node)
		if (is_object(c, object))
			return c;
	return NULL;
}

NTSTATUS IoWMISetNotificationCallback(PVOID Object, WMI_NOTIFICATION_CALLBACK Callback,
				      PVOID Context)
{
	NTSTATUS status = STATUS_SUCCESS;
	struct consumer *c;

	mutex_lock(&consumer_mutex);
	c = find_object(Object);
	if (!c)
		status = STATUS_INVALID_HANDLE;
	else if (!c->listens)
		status = STATUS_ACCESS_DENIED;
	else if (c->callback)	/* it may be running, with its context */
		status = STATUS_INVALID_DEVICE_REQUEST;
	else
		c->context = Context;
	if (!status)
		smp_store_release(&c->callback, Callback);	/* after context */
	mutex_unlock(&consumer_mutex);
	return status;
}
EXPORT_SYMBOL_GPL(IoWMISetNotificationCallback);

VOID ObDereferenceObject(PVOID Object)
{
	struct consumer *c = take_consumer(is_object, Object);

	if (c)
		close_consumer(c);
	else
		WARN(1, "%pS: ObDereferenceObject of %p, which is no open block\n",
		     __builtin_return_address(0), Object);
}
EXPORT_SYMBOL_GPL(ObDereferenceObject);

/* A module that forgot to close its blocks would leave callbacks into nothing. */
void wt_consumer_module_gone(struct module *module)
{
	struct consumer *c;

	while ((c = take_consumer(is_of_module, module))) {
		pr_warn("%s goes without closing a data block: done for it\n", module->name);
		close_consumer(c);
	}
}

/* ---- readers ------------------------------------------------------------- */

void wt_queue_init(struct wt_queue *q)
{
	spin_lock_init(&q->lock);
	init_waitqueue_head(&q->wait);
	mutex_init(&q->read_mutex);
}

/* No reader is left. */
void wt_queue_destroy(struct wt_queue *q)
{
	struct consumer *c;

	while ((c = take_consumer(is_of_queue, q)))
		close_consumer(c);
	while (q->count--)
		put_delivery(q->ring[q->head++ % WT_QUEUE_EVENTS]);
	kvfree(q->ring);
}

static bool is_subscribed(struct wt_queue *q, const GUID *guid)
{
	struct consumer *c;
	bool found = false;

	mutex_lock(&consumer_mutex);
	list_for_each_entry(c, &consumers, node)
		found |= c->queue == q && IsEqualGUID(&c->guid, guid);
	mutex_unlock(&consumer_mutex);
	return found;
}

static int alloc_ring(struct wt_queue *q)
{
	struct wt_delivery **ring;

	if (READ_ONCE(q->ring))
		return 0;
	ring = kvcalloc(WT_QUEUE_EVENTS, sizeof(*ring), GFP_KERNEL);
	if (!ring)
		return -ENOMEM;
	if (cmpxchg(&q->ring, NULL, ring))	/* somebody else was faster */
		kvfree(ring);
	return 0;
}

/* The GUID need not be known.  Returns a WMITRACE_ERROR_ code. */
u32 wt_queue_subscribe(struct wt_queue *q, const GUID *guid)
{
	struct consumer *c;

	if (is_subscribed(q, guid))
		return WMITRACE_ERROR_ALREADY_EXISTS;
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c || alloc_ring(q)) {
		kfree(c);
		return WMITRACE_ERROR_NOT_ENOUGH_MEMORY;
	}
	c->guid = *guid;
	c->queue = q;
	c->listens = true;
	if (!add_consumer(c, false))
		return WMITRACE_ERROR_SUCCESS;
	kfree(c);
	return WMITRACE_ERROR_NOT_ENOUGH_MEMORY;
}

struct subscription {
	struct wt_queue *queue;
	const GUID *guid;
};

static bool is_subscription(const struct consumer *c, const void *what)
{
	const struct subscription *s = what;

	return c->queue == s->queue && IsEqualGUID(&c->guid, s->guid);
}

u32 wt_queue_unsubscribe(struct wt_queue *q, const GUID *guid)
{
	const struct subscription what = { .queue = q, .guid = guid };
	struct consumer *c = take_consumer(is_subscription, &what);

	if (!c)
		return WMITRACE_ERROR_WMI_GUID_NOT_FOUND;
	close_consumer(c);
	return WMITRACE_ERROR_SUCCESS;
}

/* The oldest event, which stays in the queue; and how many were lost before now. */
static struct wt_delivery *peek(struct wt_queue *q, u64 *lost)
{
	struct wt_delivery *d;

	spin_lock(&q->lock);
	d = q->count ? q->ring[q->head % WT_QUEUE_EVENTS] : NULL;
	*lost = q->lost;
	spin_unlock(&q->lock);
	return d;
}

static void pop(struct wt_queue *q, struct wt_delivery *d)
{
	spin_lock(&q->lock);
	q->head++;
	WRITE_ONCE(q->count, q->count - 1);
	spin_unlock(&q->lock);
	put_delivery(d);
}

/* Copies an event with its header.  Returns the bytes, 0 if they do not fit, or -EFAULT. */
static ssize_t copy_event(struct wt_delivery *d, u64 lost, char __user *buf, size_t len)
{
	struct wmitrace_event header = {
		.size = ALIGN(sizeof(header) + d->size, 8),
		.wnode_size = d->size,
		.time = d->time,
		.lost = lost,
	};

	if (header.size > len)
		return 0;
	if (copy_to_user(buf, &header, sizeof(header)) ||
	    copy_to_user(buf + sizeof(header), d->wnode, header.wnode_size) ||
	    clear_user(buf + sizeof(header) + header.wnode_size,
		       header.size - sizeof(header) - header.wnode_size))
		return -EFAULT;
	return header.size;
}

/* Whole events, as many as are there and fit.  With read_mutex. */
static ssize_t read_events(struct wt_queue *q, char __user *buf, size_t len)
{
	struct wt_delivery *d;
	ssize_t done = 0;
	u64 lost;

	while ((d = peek(q, &lost))) {
		ssize_t n = copy_event(d, lost, buf + done, len - done);

		if (n < 0 && !done)
			return n;
		if (n <= 0)
			return done ? done : -EMSGSIZE;
		pop(q, d);
		done += n;
	}
	return done;
}

ssize_t wt_queue_read(struct wt_queue *q, char __user *buf, size_t len, bool block)
{
	ssize_t ret;

	if (!READ_ONCE(q->ring))
		return -EINVAL;		/* nothing is subscribed to */
	if (mutex_lock_interruptible(&q->read_mutex))
		return -ERESTARTSYS;
	do {
		if (block && wait_event_interruptible(q->wait, READ_ONCE(q->count)))
			ret = -ERESTARTSYS;
		else
			ret = read_events(q, buf, len);
	} while (!ret && block);
	mutex_unlock(&q->read_mutex);
	return ret ? ret : -EAGAIN;
}

__poll_t wt_queue_poll(struct wt_queue *q, struct file *file, poll_table *wait)
{
	poll_wait(file, &q->wait, wait);
	return READ_ONCE(q->count) ? EPOLLIN | EPOLLRDNORM : 0;
}

int wt_consumer_init(void)
{
	workqueue = alloc_ordered_workqueue("wmitrace", 0);
	return workqueue ? 0 : -ENOMEM;
}

/* No module that could call is left, and no open descriptor. */
void wt_consumer_exit(void)
{
	destroy_workqueue(workqueue);
	srcu_barrier(&consumers_srcu);
}
