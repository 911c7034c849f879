// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pool of what is remembered of processes.  Probes run with preemption off,
 * where a real-time kernel can neither allocate nor free.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "kernel-known.h"

#define CHUNK	64	/* processes that memory is had for at once */
#define LOW	128	/* with fewer left, more are had */

struct chunk {
	struct hlist_node node;
	struct wt_known known[CHUNK];
};

static DEFINE_RAW_SPINLOCK(lock);
static HLIST_HEAD(chunks);
static HLIST_HEAD(idle);
static unsigned int idle_count;

/* May sleep. */
static int add_chunk(void)
{
	struct chunk *chunk = kvmalloc(sizeof(*chunk), GFP_KERNEL | __GFP_NOWARN);
	unsigned long irq;
	unsigned int i;

	if (!chunk)
		return -ENOMEM;
	raw_spin_lock_irqsave(&lock, irq);
	hlist_add_head(&chunk->node, &chunks);
	for (i = 0; i < CHUNK; i++)
		hlist_add_head(&chunk->known[i].node, &idle);
	WRITE_ONCE(idle_count, idle_count + CHUNK);
	raw_spin_unlock_irqrestore(&lock, irq);
	return 0;
}

static void refill(struct work_struct *work)
{
	while (READ_ONCE(idle_count) < LOW && !add_chunk())
		;
}

static DECLARE_WORK(refill_work, refill);

/* Return: 0 or -ENOMEM; then, too, wt_known_stop() is due. */
int wt_known_start(void)
{
	refill(NULL);
	return READ_ONCE(idle_count) < LOW ? -ENOMEM : 0;
}

/* Nobody takes any more; what was taken is gone, too. */
void wt_known_stop(void)
{
	struct hlist_node *next;
	struct chunk *chunk;

	cancel_work_sync(&refill_work);
	hlist_for_each_entry_safe(chunk, next, &chunks, node)
		kvfree(chunk);
	INIT_HLIST_HEAD(&chunks);
	INIT_HLIST_HEAD(&idle);
	idle_count = 0;
}

/*
 * wt_known_take() - one that has this image
 *
 * Context: any but NMI, and no lock of the scheduler's held, unless @may_sleep.
 * Return: NULL where processes begin faster than memory is had.
 */
struct wt_known *wt_known_take(struct wt_text image, bool may_sleep)
{
	struct wt_known *known;
	unsigned long irq;

	if (READ_ONCE(idle_count) < LOW) {
		if (may_sleep)
			refill(NULL);
		else
			schedule_work(&refill_work);
	}
	raw_spin_lock_irqsave(&lock, irq);
	known = hlist_entry_safe(idle.first, struct wt_known, node);
	if (known) {
		hlist_del(&known->node);
		WRITE_ONCE(idle_count, idle_count - 1);
	}
	raw_spin_unlock_irqrestore(&lock, irq);
	if (!known)
		return NULL;
	known->image_len = image.len;
	memcpy(known->image, image.at, image.len);
	return known;
}

/* Any context but NMI; @known may be NULL. */
void wt_known_give(struct wt_known *known)
{
	unsigned long irq;

	if (!known)
		return;
	raw_spin_lock_irqsave(&lock, irq);
	hlist_add_head(&known->node, &idle);
	WRITE_ONCE(idle_count, idle_count + 1);
	raw_spin_unlock_irqrestore(&lock, irq);
}
