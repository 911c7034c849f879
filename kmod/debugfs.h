/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_DEBUGFS_H
#define WT_DEBUGFS_H

#include <linux/capability.h>
#include <linux/errno.h>

struct dentry;
struct file;
struct wt_cpu;
struct wt_logger;

extern struct dentry *wt_debugfs_root;

/* Modes let root in; it takes the capability as well, which a container's root has not. */
static inline int wt_debugfs_may_read(void)
{
	return perfmon_capable() ? 0 : -EPERM;
}

int wt_debugfs_init(void);
void wt_debugfs_exit(void);
int wt_debugfs_add_logger(struct wt_logger *l);
struct dentry *wt_debugfs_add_cpu(struct wt_logger *l, unsigned int cpu);
struct wt_cpu *wt_debugfs_cpu(struct file *file);
void wt_debugfs_remove_logger(struct wt_logger *l);

#endif
