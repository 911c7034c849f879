// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing bridged events: the record of a trace event, run through the program
 * that user space made of its format, becomes the payload of a TraceLogging
 * event (kernel-events 11.2 to 11.4).
 */
#include <linux/err.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "etl/bridge.h"
#include "bridge.h"
#include "buffer.h"

#define CHANNEL_TRACELOGGING	11

static void put_header(const struct wt_bridge *b, struct etl_event_header *h, u32 size, u64 time)
{
	const struct wmitrace_bridge *request = &b->request;

	*h = (struct etl_event_header){
		.size = cpu_to_le16(size),
		.header_type = ETL_HEADER_EVENT64,
		.marker = ETL_MARKER_EVENT,
		.flags = cpu_to_le16(ETL_EVENT_EXTENDED_INFO),
		.thread_id = cpu_to_le32(current->pid),
		.process_id = cpu_to_le32(current->tgid),
		.time_stamp = cpu_to_le64(time),
		.channel = CHANNEL_TRACELOGGING,
		.level = request->level,
		.keyword = cpu_to_le64(request->keyword),
	};
	memcpy(&h->provider, request->guid, sizeof(h->provider));
}

static void write(const struct wt_bridge *b, struct wt_logger *l, const u8 *trace, u32 trace_size)
{
	const u32 fixed = sizeof(struct etl_event_header) + b->items_size;
	u32 size = fixed + etl_bridge_run(b->ops, b->request.op_count, trace, trace_size, NULL);
	struct wt_record r;

	if (unlikely(size > ETL_RECORD_SIZE_MAX || ETL_ALIGN(size) > l->usable)) {
		local64_inc(&this_cpu_ptr(l->cpus)->lost_size);
		return;
	}
	if (unlikely(!wt_reserve(l, size, &r)))
		return;
	/* What the record occupies beyond its size. */
	*(u64 *)(r.data + r.len - sizeof(u64)) = 0;
	put_header(b, (struct etl_event_header *)r.data, size, r.time);
	memcpy(r.data + sizeof(struct etl_event_header), b->items, b->items_size);
	etl_bridge_run(b->ops, b->request.op_count, trace, trace_size, r.data + fixed);
	wt_commit(&r);
}

/*
 * perf calls this for each event on the CPU where it happened, in whatever
 * context that was, NMI included; what @data points to is this CPU's.
 */
void wt_bridge_overflow(struct perf_event *event, struct perf_sample_data *data,
			struct pt_regs *regs)
{
	const struct wt_bridge *b = event->overflow_handler_context;
	struct wt_logger *l;

	preempt_disable_notrace();
	l = rcu_dereference_sched(wt_writers[b->logger->id]);
	if (likely(l == b->logger))
		write(b, l, data->raw->frag.data, data->raw->frag.size);
	preempt_enable_notrace();
}

/* ---- what user space hands in ------------------------------------------------- */

static u32 item_size(u32 bytes)
{
	return ETL_ALIGN(sizeof(struct etl_extended_item) + bytes);
}

/* A blob that begins with its size and is at most that long. */
static u8 *get_blob(u64 from, u16 *size)
{
	u8 *blob;

	if (get_user(*size, (u16 __user *)u64_to_user_ptr(from)))
		return ERR_PTR(-EFAULT);
	if (*size < sizeof(*size) || *size > WMITRACE_BRIDGE_BLOB_MAX)
		return ERR_PTR(-EINVAL);
	blob = memdup_user(u64_to_user_ptr(from), *size);
	if (!IS_ERR(blob))
		*(u16 *)blob = *size;	/* what was checked */
	return blob;
}

static u8 *put_item(u8 *to, u16 type, const void *data, u32 bytes, bool more)
{
	struct etl_extended_item *item = (struct etl_extended_item *)to;

	item->total = cpu_to_le16(item_size(bytes));
	item->type = cpu_to_le16(type);
	item->linkage = cpu_to_le16(more);
	item->size = cpu_to_le16(bytes);
	memcpy(item + 1, data, bytes);
	return to + item_size(bytes);
}

static int load_items(struct wt_bridge *b)
{
	u16 traits_size = 0, schema_size = 0;
	u8 *traits = get_blob(b->request.traits, &traits_size);
	u8 *schema = get_blob(b->request.schema, &schema_size);
	int ret = PTR_ERR_OR_ZERO(traits);

	if (!ret)
		ret = PTR_ERR_OR_ZERO(schema);
	if (!ret) {
		b->items_size = item_size(traits_size) + item_size(schema_size);
		b->items = kzalloc(b->items_size, GFP_KERNEL);
		ret = b->items ? 0 : -ENOMEM;
	}
	if (!ret)
		put_item(put_item(b->items, ETL_EXT_PROVIDER_TRAITS, traits, traits_size, true),
			 ETL_EXT_EVENT_SCHEMA, schema, schema_size, false);
	if (!IS_ERR(traits))
		kfree(traits);
	if (!IS_ERR(schema))
		kfree(schema);
	return ret;
}

static int load_ops(struct wt_bridge *b)
{
	u32 i;

	if (b->request.op_count > WMITRACE_BRIDGE_OPS_MAX)
		return -EINVAL;
	b->ops = memdup_user(u64_to_user_ptr(b->request.ops),
			     b->request.op_count * sizeof(*b->ops));
	if (IS_ERR(b->ops)) {
		int ret = PTR_ERR(b->ops);

		b->ops = NULL;
		return ret;
	}
	for (i = 0; i < b->request.op_count; i++)
		if (!etl_bridge_check(&b->ops[i]))
			return -EINVAL;
	return 0;
}

/* Fills in items and ops, which the caller frees, from @b->request.  0 or -errno; may sleep. */
int wt_bridge_load(struct wt_bridge *b)
{
	int ret = load_items(b);

	return ret ? ret : load_ops(b);
}
