// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages by which `wmitrace recover` finds a session's buffers in a memory dump.
 *
 * They describe where things are and never change while they are there; what
 * changes is read where the hot path keeps it.  A page is one only from when
 * its magic is written, which comes last, until that is wiped.
 */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "etl/crash.h"
#include "buffer.h"
#include "crash.h"
#include "header.h"

/* Where a list of values is being written. */
struct list {
	struct etl_crash_page **pages;	/* newest first */
	u64 session;
	u32 cpu;
	u32 first;			/* number of the next value */
	enum etl_crash_kind kind;
	struct etl_crash_page *page;	/* the last one, not full; NULL: a new one is needed */
};

static const u8 magic[16] = ETL_CRASH_MAGIC;

static_assert(sizeof(struct etl_crash_page) == ETL_CRASH_PAGE);
static_assert(sizeof(struct etl_crash_cpu) % sizeof(__le64) == 0);

/* Of buffers, of what kvcalloc() gave, of a CPU's own memory: one or the other. */
static phys_addr_t physical(const void *p)
{
	if (is_vmalloc_addr(p))
		return page_to_phys(vmalloc_to_page(p)) + offset_in_page(p);
	return virt_to_phys((void *)p);
}

static int new_page(struct list *list)
{
	struct etl_crash_page *page = (void *)get_zeroed_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	page->self = cpu_to_le64(virt_to_phys(page));
	page->session = cpu_to_le64(list->session);
	page->version = cpu_to_le16(ETL_CRASH_VERSION);
	page->kind = cpu_to_le16(list->kind);
	page->cpu = cpu_to_le32(list->cpu);
	page->first = cpu_to_le32(list->first);
	page->next = cpu_to_le64((unsigned long)*list->pages);
	*list->pages = page;
	list->page = page;
	return 0;
}

/* Whoever stops in the middle removes all pages. */
static int add_value(struct list *list, u64 value)
{
	u32 count = list->page ? le32_to_cpu(list->page->count) : 0;
	int ret;

	if (!list->page || count == ARRAY_SIZE(list->page->values)) {
		ret = new_page(list);
		if (ret)
			return ret;
		count = 0;
	}
	list->page->values[count] = cpu_to_le64(value);
	list->page->count = cpu_to_le32(count + 1);
	list->first++;
	return 0;
}

static int add_bytes(struct list *list, const void *data, size_t size)
{
	size_t at;
	int ret = 0;

	for (at = 0; !ret && at < size; at += sizeof(u64)) {
		u64 value = 0;

		memcpy(&value, data + at, min(sizeof(value), size - at));
		ret = add_value(list, le64_to_cpu((__force __le64)value));
	}
	return ret;
}

static void show(struct etl_crash_page *page)
{
	for (; page; page = (void *)(unsigned long)le64_to_cpu(page->next)) {
		smp_wmb();	/* pairs with nothing here: whoever reads stopped us */
		memcpy(page->magic, magic, sizeof(magic));
	}
}

/* wt_crash_remove() - the memory that @pages tell of is about to be freed.  Process context. */
void wt_crash_remove(struct etl_crash_page **pages)
{
	struct etl_crash_page *page = *pages;

	while (page) {
		struct etl_crash_page *next = (void *)(unsigned long)le64_to_cpu(page->next);

		memzero_explicit(page->magic, sizeof(page->magic));
		free_page((unsigned long)page);
		page = next;
	}
	*pages = NULL;
}

static int add_header(struct wt_logger *l)
{
	struct list list = {
		.pages = &l->crash,
		.session = l->crash_session,
		.kind = ETL_CRASH_HEADER,
	};
	size_t size;
	u8 *header = wt_header_build(l, &size);
	int ret;

	if (!header)
		return -ENOMEM;
	ret = add_bytes(&list, header, size);
	kfree(header);
	return ret;
}

/*
 * wt_crash_add_logger() - keeps the header buffer as it is now
 *
 * Process context.  Return: 0 or -ENOMEM.
 */
int wt_crash_add_logger(struct wt_logger *l)
{
	int ret;

	l->crash_session = get_random_u64();
	ret = add_header(l);

	if (ret)
		wt_crash_remove(&l->crash);
	else
		show(l->crash);
	return ret;
}

static struct etl_crash_field field(size_t offset, size_t size)
{
	return (struct etl_crash_field){ cpu_to_le16(offset), cpu_to_le16(size) };
}

static int add_cpu(struct list *list, struct wt_logger *l, struct wt_cpu *c)
{
	struct etl_crash_cpu cpu = {
		.buffer_size = cpu_to_le32(l->subbuf_size),
		.buffers = cpu_to_le32(l->subbufs),
		.overwrite = cpu_to_le32(l->overwrite),
		.close_token = cpu_to_le32(WT_CLOSE_TOKEN),
		.pos = cpu_to_le64(physical(&c->pos)),
		.consumed = cpu_to_le64(physical(&c->consumed)),
		.lost = {
			cpu_to_le64(physical(&c->lost_full)),
			cpu_to_le64(physical(&c->lost_size)),
			cpu_to_le64(physical(&c->lost_nested)),
		},
		.commit = field(offsetof(struct wt_subbuf, commit),
				sizeof_field(struct wt_subbuf, commit)),
		.seq = field(offsetof(struct wt_subbuf, seq),
			     sizeof_field(struct wt_subbuf, seq)),
		.used = field(offsetof(struct wt_subbuf, used),
			      sizeof_field(struct wt_subbuf, used)),
		.number = field(offsetof(struct wt_subbuf, number),
				sizeof_field(struct wt_subbuf, number)),
		.done = field(offsetof(struct wt_subbuf, done),
			      sizeof_field(struct wt_subbuf, done)),
	};

	return add_bytes(list, &cpu, sizeof(cpu));
}

/*
 * wt_crash_add_cpu() - tells where a CPU's buffers are
 * @l: wt_crash_add_logger() has seen it
 * @c: about to be bound
 * @sub: the states of its buffers
 * @ring: their memory
 *
 * Process context.  Return: 0 or -ENOMEM.
 */
int wt_crash_add_cpu(struct wt_logger *l, struct wt_cpu *c, const struct wt_subbuf *sub,
		     const u8 *ring)
{
	struct list list = {
		.pages = &c->crash,
		.session = l->crash_session,
		.cpu = c->cpu,
		.kind = ETL_CRASH_RING,
	};
	int ret = add_cpu(&list, l, c);
	unsigned int i;
	size_t at;

	for (i = 0; !ret && i < l->subbufs; i++)
		ret = add_value(&list, physical(&sub[i]));
	for (at = 0; !ret && at < (size_t)l->subbufs * l->subbuf_size; at += ETL_CRASH_PAGE)
		ret = add_value(&list, physical(ring + at));
	if (ret)
		wt_crash_remove(&c->crash);
	else
		show(c->crash);
	return ret;
}
