// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disks: DiskIo and the disks themselves (kernel-events 7.4, 8.6).
 *
 * A request is remembered from when it is first seen, which is where it is
 * made if an I/O scheduler gets it, until its last part is done.  The probes
 * run in any context but NMI, maybe under the queue's lock.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/hash.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <trace/events/block.h>

#include "compat.h"
#include "kernel-address.h"
#include "kernel-disk.h"
#include "kernel-probes.h"
#include "kernel-record.h"
#include "kernel-text.h"

/*
 * struct pending - a request that is not done
 * @rq: key; NULL: free
 * @issued: when the driver got it; 0: not yet
 */
struct pending {
	const struct request *rq;
	u64 irp, issued, offset;
	u32 bytes, tid;
};

#define BUCKET_BITS	10
#define BUCKET_SLOTS	8

struct bucket {
	raw_spinlock_t lock;
	struct pending slot[BUCKET_SLOTS];
};

struct disk {
	dev_t dev;
	char name[DISK_NAME_LEN];
	u32 sector_size;
	u64 sectors;
};

#define DISKS_MAX	256
#define NO_DISK		U32_MAX

/* Disks by number, in the order in which they are first seen. */
static struct {
	raw_spinlock_t lock;	/* of those who add */
	u32 count;
	struct disk disk[DISKS_MAX];
} *disks;

static struct bucket *buckets;
static DEFINE_PER_CPU(u32, serial);

/* ---- disks */

static u32 find_disk(dev_t dev, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (disks->disk[i].dev == dev)
			return i;
	return NO_DISK;
}

static u32 add_disk_locked(struct gendisk *gendisk, dev_t dev)
{
	u32 number = find_disk(dev, disks->count);
	struct disk *d;

	if (number != NO_DISK || disks->count == DISKS_MAX)
		return number;
	number = disks->count;
	d = &disks->disk[number];
	d->dev = dev;
	strscpy(d->name, gendisk->disk_name, sizeof(d->name));
	d->sector_size = queue_logical_block_size(gendisk->queue);
	d->sectors = get_capacity(gendisk);
	smp_store_release(&disks->count, number + 1);	/* pairs with disk_number() */
	return number;
}

static u32 disk_number(const struct request *rq)
{
	struct gendisk *gendisk = rq->q->disk;
	unsigned long irq;
	u32 number;
	dev_t dev;

	if (!gendisk)
		return NO_DISK;
	dev = disk_devt(gendisk);
	number = find_disk(dev, smp_load_acquire(&disks->count));	/* add_disk_locked() */
	if (number != NO_DISK)
		return number;
	raw_spin_lock_irqsave(&disks->lock, irq);
	number = add_disk_locked(gendisk, dev);
	raw_spin_unlock_irqrestore(&disks->lock, irq);
	return number;
}

/* ---- requests */

static struct bucket *bucket_of(const struct request *rq)
{
	return &buckets[hash_ptr(rq, BUCKET_BITS)];
}

static struct pending *find_pending(struct bucket *b, const struct request *rq)
{
	u32 i;

	for (i = 0; i < BUCKET_SLOTS; i++)
		if (b->slot[i].rq == rq)
			return &b->slot[i];
	return NULL;
}

/* Pairs the beginning of a request with its end.  No address: a CPU and what it counts. */
static u64 next_irp(void)
{
	return (u64)(raw_smp_processor_id() + 1) << 32 | this_cpu_inc_return(serial);
}

static u16 init_hook(const struct request *rq)
{
	switch (req_op(rq)) {
	case REQ_OP_READ:
		return ETL_HOOK_DISK_READ_INIT;
	case REQ_OP_WRITE:
	case REQ_OP_WRITE_ZEROES:
		return ETL_HOOK_DISK_WRITE_INIT;
	case REQ_OP_FLUSH:
		return ETL_HOOK_DISK_FLUSH_INIT;
	default:
		return 0;
	}
}

static void log_init(struct wt_logger *l, const struct request *rq, u64 irp)
{
	struct etl_disk_init *init;
	struct wt_record r;

	init = wt_system(l, init_hook(rq), 3, sizeof(*init), current->pid, current->tgid, &r);
	if (!init)
		return;
	init->irp = cpu_to_le64(irp);
	init->issuing_thread = cpu_to_le32(current->pid);
	wt_commit(&r);
}

/* Returns the slot of @rq, new or not; NULL: there is none left. */
static struct pending *take_slot(struct wt_logger *l, struct bucket *b, const struct request *rq)
{
	struct pending *p = find_pending(b, rq);

	if (p)
		return p;
	p = find_pending(b, NULL);
	if (!p)
		return NULL;
	*p = (struct pending){ .rq = rq, .irp = next_irp(), .tid = current->pid };
	if (READ_ONCE(l->enable_flags) & EVENT_TRACE_FLAG_DISK_IO_INIT)
		log_init(l, rq, p->irp);
	return p;
}

static void see(const struct request *rq, bool issued)
{
	struct wt_logger *l;
	struct pending *p;
	unsigned long irq;
	struct bucket *b;

	if (!init_hook(rq))
		return;
	l = wt_kernel_enter();
	if (!l)
		return;
	b = bucket_of(rq);
	raw_spin_lock_irqsave(&b->lock, irq);
	p = take_slot(l, b, rq);
	if (p && issued) {
		p->issued = wt_time(l, this_cpu_ptr(l->cpus));
		p->offset = (u64)blk_rq_pos(rq) << SECTOR_SHIFT;
		p->bytes = blk_rq_bytes(rq);
	}
	raw_spin_unlock_irqrestore(&b->lock, irq);
	wt_writer_exit();
}

static void probe_block_rq_insert(void *data, struct request *rq)
{
	see(rq, false);
}

static void probe_block_rq_issue(void *data, struct request *rq)
{
	see(rq, true);
}

static u32 irp_flags(const struct request *rq)
{
	u32 flags = ETL_IRP_PRIORITY_NORMAL;

	if (rq->cmd_flags & REQ_SWAP)
		flags |= ETL_IRP_PAGING;
	return flags | (rq_is_sync((struct request *)rq) ? ETL_IRP_NO_CACHE : 0);
}

static void log_flush(struct wt_logger *l, const struct request *rq, const struct pending *p)
{
	struct etl_disk_flush *flush;
	struct wt_record r;

	flush = wt_perfinfo(l, ETL_HOOK_DISK_FLUSH, 3, sizeof(*flush), &r);
	if (!flush)
		return;
	*flush = (struct etl_disk_flush){
		.disk = cpu_to_le32(disk_number(rq)),
		.irp_flags = cpu_to_le32(irp_flags(rq)),
		.response_time = cpu_to_le64(r.time - p->issued),
		.irp = cpu_to_le64(p->irp),
		.issuing_thread = cpu_to_le32(p->tid),
	};
	wt_commit(&r);
}

static void log_transfer(struct wt_logger *l, const struct request *rq, const struct pending *p)
{
	u16 hook = req_op(rq) == REQ_OP_READ ? ETL_HOOK_DISK_READ : ETL_HOOK_DISK_WRITE;
	struct etl_disk_io *io;
	struct wt_record r;

	io = wt_perfinfo(l, hook, 3, sizeof(*io), &r);
	if (!io)
		return;
	*io = (struct etl_disk_io){
		.disk = cpu_to_le32(disk_number(rq)),
		.irp_flags = cpu_to_le32(irp_flags(rq)),
		.size = cpu_to_le32(p->bytes),
		.offset = cpu_to_le64(p->offset),
		.irp = cpu_to_le64(p->irp),
		.response_time = cpu_to_le64(r.time - p->issued),
		.issuing_thread = cpu_to_le32(p->tid),
	};
	wt_commit(&r);
}

/* Forgets @rq; false if it was not issued within the log. */
static bool take_pending(const struct request *rq, struct pending *done)
{
	struct bucket *b = bucket_of(rq);
	struct pending *p;
	unsigned long irq;

	raw_spin_lock_irqsave(&b->lock, irq);
	p = find_pending(b, rq);
	*done = p ? *p : (struct pending){ };
	if (p)
		p->rq = NULL;
	raw_spin_unlock_irqrestore(&b->lock, irq);
	return done->issued;
}

/* Maybe one part of several: the last one counts. */
static void probe_block_rq_complete(void *data, struct request *rq, blk_status_t error,
				    unsigned int nr_bytes)
{
	struct wt_logger *l;
	struct pending done;

	if (!init_hook(rq) || nr_bytes < blk_rq_bytes(rq))
		return;
	l = wt_kernel_enter();
	if (!l)
		return;
	if (take_pending(rq, &done) && (READ_ONCE(l->enable_flags) & EVENT_TRACE_FLAG_DISK_IO)) {
		if (req_op(rq) == REQ_OP_FLUSH)
			log_flush(l, rq, &done);
		else
			log_transfer(l, rq, &done);
	}
	wt_writer_exit();
}

/* Ends first: what is remembered is forgotten again. */
struct wt_probe wt_disk_probes[] = {
	WT_PROBE(block_rq_complete, WT_DISK_FLAGS),
	WT_PROBE(block_rq_issue, WT_DISK_FLAGS),
	WT_PROBE(block_rq_insert, WT_DISK_FLAGS),
	{ }
};

/* Before the probes are attached.  Return: 0 or -ENOMEM. */
int wt_disks_alloc(void)
{
	u32 i;

	buckets = kvcalloc(1 << BUCKET_BITS, sizeof(*buckets), GFP_KERNEL);
	disks = kvzalloc(sizeof(*disks), GFP_KERNEL);
	if (!buckets || !disks) {
		wt_disks_free();
		return -ENOMEM;
	}
	for (i = 0; i < 1 << BUCKET_BITS; i++)
		raw_spin_lock_init(&buckets[i].lock);
	raw_spin_lock_init(&disks->lock);
	return 0;
}

/* After the probes are detached. */
void wt_disks_free(void)
{
	kvfree(buckets);
	kvfree(disks);
	buckets = NULL;
	disks = NULL;
}

/* ---- what the numbers stand for */

/* What everybody makes of a disk that has no cylinders. */
#define TRACK_SECTORS		63
#define CYLINDER_TRACKS		255

static void log_disk(struct wt_logger *l, u32 number, const struct disk *d)
{
	struct etl_config_disk *disk;
	struct wt_record r;
	size_t len = strlen(d->name);

	disk = wt_system(l, ETL_HOOK_CONFIG_DISK, 2, sizeof(*disk), current->pid, current->tgid,
			 &r);
	if (!disk)
		return;
	*disk = (struct etl_config_disk){
		.disk = cpu_to_le32(number),
		.sector_size = cpu_to_le32(d->sector_size),
		.track_sectors = cpu_to_le32(TRACK_SECTORS),
		.cylinder_tracks = cpu_to_le32(CYLINDER_TRACKS),
		.cylinders = cpu_to_le64(div_u64(d->sectors << SECTOR_SHIFT,
						 d->sector_size * TRACK_SECTORS *
						 CYLINDER_TRACKS)),
	};
	wt_utf16_put((u8 *)disk->name, d->name, len);
	wt_commit(&r);
}

/* Those of which the log tells.  Process context. */
void wt_disks_log(void)
{
	struct wt_logger *l = wt_kernel_enter();
	u32 i;

	if (!l)
		return;
	for (i = 0; disks && i < disks->count; i++)
		log_disk(l, i, &disks->disk[i]);
	wt_writer_exit();
}
