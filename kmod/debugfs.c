// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/wmitrace: the table of loggers, and for each of them its
 * header buffer, the buffers of its CPUs and its counters.  Read-only, for
 * root with the capability.
 *
 * debugfs holds a file's owner in place only while it opens; every open
 * descriptor therefore holds a reference to its logger.  Removing a file waits
 * for opens in progress, so opening may take no lock that is held meanwhile
 * (wt_control_mutex).
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "debugfs.h"
#include "header.h"
#include "kernel.h"
#include "provider-list.h"
#include "reader.h"
#include "session.h"

struct dentry *wt_debugfs_root;

/* ---- cpuN: the buffers of a CPU */

static int cpu_open(struct inode *inode, struct file *file)
{
	struct wt_cpu *c = inode->i_private;
	struct wt_logger *l = c->logger;
	int ret = wt_debugfs_may_read();

	if (!ret)
		ret = wt_reader_open(c);
	if (ret)
		return ret;
	wt_logger_get(l);
	file->private_data = c;
	/* A reader sees what was committed before; a flight recorder waits for a flush. */
	if (!l->overwrite)
		wt_buffer_flush(l, c->cpu);
	return stream_open(inode, file);
}

static int cpu_release(struct inode *inode, struct file *file)
{
	struct wt_cpu *c = file->private_data;
	struct wt_logger *l = c->logger;

	wt_reader_close(c);
	wt_logger_put(l);
	return 0;
}

static ssize_t cpu_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	return wt_reader_read(file->private_data, buf, len);
}

static __poll_t cpu_poll(struct file *file, poll_table *wait)
{
	struct wt_cpu *c = file->private_data;
	__poll_t events = 0;

	poll_wait(file, &c->logger->wait, wait);
	smp_mb();	/* wake': before 6.14 poll_wait() has none */
	if (READ_ONCE(c->logger->state) == WMITRACE_STATE_STOPPED)
		events |= EPOLLHUP;
	if (wt_reader_has_data(c))
		events |= EPOLLIN | EPOLLRDNORM;
	return events;
}

static const struct file_operations cpu_fops = {
	.owner = THIS_MODULE,
	.open = cpu_open,
	.release = cpu_release,
	.read = cpu_read,
	.poll = cpu_poll,
};

/* The CPU that an open file is the reader of, or NULL. */
struct wt_cpu *wt_debugfs_cpu(struct file *file)
{
	return file->f_op == &cpu_fops ? file->private_data : NULL;
}

/* ---- header: the header buffer as of the moment of opening */

struct header_file {
	u8 *used;
	size_t used_size;
	size_t size;
};

static int header_open(struct inode *inode, struct file *file)
{
	struct wt_logger *l = inode->i_private;
	struct header_file *h;
	int ret = wt_debugfs_may_read();

	if (ret)
		return ret;
	h = kzalloc(sizeof(*h), GFP_KERNEL);
	if (!h)
		return -ENOMEM;
	/* The header counts the buffers that opening the CPU files next will offer. */
	if (!l->overwrite && READ_ONCE(l->state) == WMITRACE_STATE_RUNNING)
		wt_buffer_flush_all(l);
	h->used = wt_header_build(l, &h->used_size);
	if (!h->used) {
		kfree(h);
		return -ENOMEM;
	}
	h->size = l->subbuf_size;
	file->private_data = h;
	return 0;
}

static int header_release(struct inode *inode, struct file *file)
{
	struct header_file *h = file->private_data;

	kfree(h->used);
	kfree(h);
	return 0;
}

/* Copies @len bytes of fill.  Returns 0 or -EFAULT. */
static int copy_fill(char __user *buf, size_t len)
{
	u8 fill[64];

	memset(fill, ETL_FILL_BYTE, sizeof(fill));
	while (len) {
		size_t part = min(len, sizeof(fill));

		if (copy_to_user(buf, fill, part))
			return -EFAULT;
		buf += part;
		len -= part;
	}
	return 0;
}

static ssize_t header_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct header_file *h = file->private_data;
	size_t from_used = 0;

	if (*pos < 0 || *pos >= h->size)
		return 0;
	len = min_t(size_t, len, h->size - *pos);
	if (*pos < h->used_size) {
		from_used = min_t(size_t, len, h->used_size - *pos);
		if (copy_to_user(buf, h->used + *pos, from_used))
			return -EFAULT;
	}
	if (copy_fill(buf + from_used, len - from_used))
		return -EFAULT;
	*pos += len;
	return len;
}

static const struct file_operations header_fops = {
	.owner = THIS_MODULE,
	.open = header_open,
	.release = header_release,
	.read = header_read,
	.llseek = default_llseek,
};

/* ---- stats and loggers: for people */

static void show_counts(struct seq_file *m, const struct wt_counts *c)
{
	u64 lost = wt_counts_lost(c);

	seq_printf(m, " %12llu %12llu %10llu %10llu %10llu %10llu %12llu %9llu\n",
		   c->logged + lost, c->logged, lost, c->lost_full, c->lost_size,
		   c->lost_nested, c->overwritten, c->rejected);
}

static int stats_show(struct seq_file *m, void *unused)
{
	struct wt_logger *l = m->private;
	struct wt_counts all = { };
	unsigned int cpu;

	if (wt_debugfs_may_read())
		return -EPERM;
	seq_printf(m, "%-6s %12s %12s %10s %10s %10s %10s %12s %9s\n", "cpu", "attempts",
		   "logged", "lost", "full", "size", "nested", "overwritten", "rejected");
	for_each_possible_cpu(cpu) {
		struct wt_counts one = { };

		wt_buffer_counts(l, cpu, &one);
		wt_buffer_counts(l, cpu, &all);
		seq_printf(m, "cpu%-3u", cpu);
		show_counts(m, &one);
	}
	seq_printf(m, "%-6s", "all");
	show_counts(m, &all);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static int loggers_show(struct seq_file *m, void *unused)
{
	u32 id;

	if (wt_debugfs_may_read())
		return -EPERM;
	seq_printf(m, "%2s %-7s %9s %7s %12s %10s  %s\n", "id", "state", "buffer_kb", "buffers",
		   "logged", "lost", "name");
	mutex_lock(&wt_control_mutex);
	for (id = 0; id < WMITRACE_LOGGERS; id++) {
		struct wt_logger *l = wt_slots[id];
		struct wmitrace_session s = { };

		if (!l)
			continue;
		wt_session_describe(l, &s);
		seq_printf(m, "%2u %-7s %9u %7u %12llu %10llu  %s\n", id,
			   wt_session_is_live(l) ? "running" : "stopped",
			   s.buffer_size, s.number_of_buffers, s.logged, s.lost, l->name.utf8);
	}
	mutex_unlock(&wt_control_mutex);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(loggers);

/* Adds loggerNN with all but the CPU files.  Return: 0 or -errno; parts may be there then. */
int wt_debugfs_add_logger(struct wt_logger *l)
{
	struct dentry *header, *stats;
	char name[16];

	snprintf(name, sizeof(name), "logger%02u", l->id);
	l->dir = debugfs_create_dir(name, wt_debugfs_root);
	header = debugfs_create_file("header", 0400, l->dir, l, &header_fops);
	stats = debugfs_create_file("stats", 0400, l->dir, l, &stats_fops);
	return PTR_ERR_OR_ZERO(header) ?: PTR_ERR_OR_ZERO(stats);
}

struct dentry *wt_debugfs_add_cpu(struct wt_logger *l, unsigned int cpu)
{
	char name[16];

	snprintf(name, sizeof(name), "cpu%u", cpu);
	return debugfs_create_file_unsafe(name, 0400, l->dir, per_cpu_ptr(l->cpus, cpu), &cpu_fops);
}

void wt_debugfs_remove_logger(struct wt_logger *l)
{
	debugfs_remove(l->dir);
	l->dir = NULL;
}

int wt_debugfs_init(void)
{
	struct dentry *root = debugfs_create_dir("wmitrace", NULL);

	if (IS_ERR(root))
		return PTR_ERR(root);
	wt_debugfs_root = root;
	debugfs_create_file("loggers", 0400, root, NULL, &loggers_fops);
	debugfs_create_file("providers", 0400, root, NULL, &wt_providers_fops);
	debugfs_create_file("kernel", 0400, root, NULL, &wt_kernel_fops);
	return 0;
}

void wt_debugfs_exit(void)
{
	debugfs_remove(wt_debugfs_root);
}
