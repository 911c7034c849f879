// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is registered, by which module, with which GUIDs, enabled by whom: for
 * the PROVIDERS request and for people (debugfs `providers`).
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "debugfs.h"
#include "provider-list.h"
#include "provider.h"
#include "uapi/wmitrace.h"

static_assert(WMITRACE_ENABLED_MAX == WT_SESSIONS_PER_GUID);
static_assert((int)WMITRACE_PROVIDER_CLASSIC == (int)WT_KIND_CLASSIC);
static_assert((int)WMITRACE_PROVIDER_MULTI == (int)WT_KIND_MULTI);
static_assert((int)WMITRACE_PROVIDER_EVENT == (int)WT_KIND_EVENT);
static_assert((int)WMITRACE_PROVIDER_NONE == (int)WT_KIND_NONE);

static void add_enabled(struct wmitrace_provider *row, const struct wt_enablement *by)
{
	row->enabled[row->enabled_count++] = (struct wmitrace_enabled){
		.id = by->id,
		.level = by->level,
		.any = by->any,
		.all = by->all,
	};
}

static void add_sessions(struct wmitrace_provider *row, const struct wt_guid *g)
{
	u32 i;

	for (i = 0; i < g->sessions.count; i++)
		add_enabled(row, &g->sessions.of[i]);
}

/* A classic provider serves one session: the one whose handle it has been given. */
static void add_owner(struct wmitrace_provider *row, u64 handle)
{
	u32 id = handle & 0xffff;
	const struct wt_enablement by = {
		.id = id == WMITRACE_KERNEL_HANDLE ? WMITRACE_KERNEL_LOGGER : id,
		.level = handle >> 16,
		.any = handle >> 32,
	};

	if (handle)
		add_enabled(row, &by);
}

static void fill_entry(struct wmitrace_provider *row, const struct wt_entry *e)
{
	const struct wt_provider *p = e->provider;

	memset(row, 0, sizeof(*row));
	memcpy(row->guid, &e->guid->guid, sizeof(row->guid));
	row->kind = e->kind;
	row->flags = e->flags;
	row->provider_id = p->id;
	if (p->owner)
		strscpy(row->module, p->owner->name, sizeof(row->module));
	strscpy(row->name, p->name, sizeof(row->name));
	if (e->kind == WT_KIND_CLASSIC)
		add_owner(row, e->handle);
	else if (e->kind == WT_KIND_MULTI)
		add_sessions(row, e->guid);
	else if (e->kind == WT_KIND_EVENT)
		row->consumers = e->guid->consumers;
}

static void fill_waiting(struct wmitrace_provider *row, const struct wt_guid *g)
{
	memset(row, 0, sizeof(*row));
	memcpy(row->guid, &g->guid, sizeof(row->guid));
	row->kind = WMITRACE_PROVIDER_WAITING;
	row->consumers = g->consumers;
	add_sessions(row, g);
}

/* Fills in at most @cap rows and returns how many there are. */
static u32 fill(struct wmitrace_provider *rows, u32 cap)
{
	const struct wt_provider *p;
	const struct wt_entry *e;
	const struct wt_guid *g;
	u32 n = 0;

	lockdep_assert_held(&wt_registry_mutex);
	list_for_each_entry(p, &wt_providers, node)
		list_for_each_entry(e, &p->entries, of_provider) {
			if (n < cap)
				fill_entry(&rows[n], e);
			n++;
		}
	list_for_each_entry(g, &wt_guids, node)
		if (list_empty(&g->entries)) {
			if (n < cap)
				fill_waiting(&rows[n], g);
			n++;
		}
	return n;
}

/* Returns all rows, the caller's to kvfree(), or NULL without memory. */
static struct wmitrace_provider *snapshot(u32 *count)
{
	struct wmitrace_provider *rows;

	mutex_lock(&wt_registry_mutex);
	*count = fill(NULL, 0);
	rows = kvmalloc_array(*count + 1, sizeof(*rows), GFP_KERNEL);
	if (rows)
		fill(rows, *count);
	mutex_unlock(&wt_registry_mutex);
	return rows;
}

static int copy_row(void __user *to, size_t size, const struct wmitrace_provider *row)
{
	size_t known = min(size, sizeof(*row));

	if (copy_to_user(to, row, known) || clear_user(to + known, size - known))
		return -EFAULT;
	return 0;
}

/* The PROVIDERS request.  Returns a WMITRACE_ERROR_ code, or -EFAULT. */
int wt_providers_copy(struct wmitrace_providers *list)
{
	void __user *to = u64_to_user_ptr(list->rows);
	struct wmitrace_provider *rows;
	int ret = 0;
	u32 i;

	rows = snapshot(&list->count);
	if (!rows)
		return WMITRACE_ERROR_NOT_ENOUGH_MEMORY;
	for (i = 0; i < list->count && i < list->cap && !ret; i++)
		ret = copy_row(to + (size_t)i * list->row_size, list->row_size, &rows[i]);
	kvfree(rows);
	if (ret)
		return ret;
	return list->count > list->cap ? WMITRACE_ERROR_MORE_DATA : 0;
}

static void show_row(struct seq_file *m, const struct wmitrace_provider *row)
{
	static const char * const kinds[] = {
		[WMITRACE_PROVIDER_CLASSIC] = "control",
		[WMITRACE_PROVIDER_MULTI] = "etw",
		[WMITRACE_PROVIDER_EVENT] = "event",
		[WMITRACE_PROVIDER_NONE] = "traced",
		[WMITRACE_PROVIDER_WAITING] = "waiting",
	};
	u32 i;

	seq_printf(m, "%pUl %-7s %-16s %-16s", row->guid, kinds[row->kind],
		   row->module[0] ? row->module : "-", row->name[0] ? row->name : "-");
	for (i = 0; i < row->enabled_count; i++)
		seq_printf(m, " logger%02u:level=%u,flags=%#llx", row->enabled[i].id,
			   row->enabled[i].level, row->enabled[i].any);
	if (row->consumers)
		seq_printf(m, " consumers=%u", row->consumers);
	seq_putc(m, '\n');
}

static int wt_providers_show(struct seq_file *m, void *unused)
{
	struct wmitrace_provider *rows;
	u32 i, count;

	if (wt_debugfs_may_read())
		return -EPERM;
	rows = snapshot(&count);
	if (!rows)
		return -ENOMEM;
	seq_printf(m, "%-36s %-7s %-16s %-16s %s\n", "guid", "kind", "module", "name",
		   "enabled by");
	for (i = 0; i < count; i++)
		show_row(m, &rows[i]);
	kvfree(rows);
	return 0;
}

static int wt_providers_open(struct inode *inode, struct file *file)
{
	return single_open(file, wt_providers_show, NULL);
}

const struct file_operations wt_providers_fops = {
	.owner = THIS_MODULE,
	.open = wt_providers_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
