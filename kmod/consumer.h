/* SPDX-License-Identifier: GPL-2.0-only */
/* Consumers of WMI events: in the kernel, and readers of /dev/wmitrace. */
#ifndef WT_CONSUMER_H
#define WT_CONSUMER_H

#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "wmitrace/iowmi.h"

struct module;
struct wt_delivery;

/**
 * struct wt_queue - events that wait for a reader
 * @lock: guards @ring, @head, @count and @lost; taken in process context only
 * @wait: readers
 * @read_mutex: one reader at a time
 * @ring: WT_QUEUE_EVENTS places, allocated with the first subscription
 * @head: the oldest event's place
 * @count: events
 * @lost: events that found no place
 */
struct wt_queue {
	spinlock_t lock;
	wait_queue_head_t wait;
	struct mutex read_mutex;
	struct wt_delivery **ring;
	u32 head, count;
	u64 lost;
};

#define WT_QUEUE_EVENTS	1024u

void wt_queue_init(struct wt_queue *q);
void wt_queue_destroy(struct wt_queue *q);
u32 wt_queue_subscribe(struct wt_queue *q, const GUID *guid);
u32 wt_queue_unsubscribe(struct wt_queue *q, const GUID *guid);
ssize_t wt_queue_read(struct wt_queue *q, char __user *buf, size_t len, bool block);
__poll_t wt_queue_poll(struct wt_queue *q, struct file *file, poll_table *wait);

NTSTATUS wt_delivery_prepare(const WNODE_HEADER *wnode, const GUID *guid,
			     struct wt_delivery **out);
void wt_delivery_queue(struct wt_delivery *d, WNODE_HEADER *wnode);
void wt_consumer_module_gone(struct module *module);
int wt_consumer_init(void);
void wt_consumer_exit(void);

#endif
