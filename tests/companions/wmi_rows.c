// SPDX-License-Identifier: GPL-2.0-only
/*
 * wmi.ko: acceptance rows of consumers, the WMI library, the framework and
 * the newer provider API.
 * Reading /sys/kernel/debug/wmitrace_wmi/rows runs them; handle= is a session's.
 * Reading bad_handles passes handles that are none, and leaves warnings.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "wmi_rows.h"

unsigned long long wmi_handle;
module_param_named(handle, wmi_handle, ullong, 0444);

static struct seq_file *out;
static struct dentry *dir;

void wmi_check(bool good, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	seq_puts(out, good ? "ok - " : "not ok - ");
	seq_vprintf(out, format, args);
	seq_putc(out, '\n');
	va_end(args);
}

/* Once: the file's buffer has room for all of it from the start. */
static int rows_show(struct seq_file *m, void *unused)
{
	out = m;
	wmi_consumer_rows();
	wmi_library_rows();
	wmi_wdf_rows();
	wmi_etw_rows();
	return 0;
}

static int bad_handles_show(struct seq_file *m, void *unused)
{
	out = m;
	wmi_wdf_bad_handles();
	return 0;
}

static int rows_open(struct inode *inode, struct file *file)
{
	return single_open_size(file, rows_show, NULL, 64 * 1024);
}

static const struct file_operations rows_fops = {
	.owner = THIS_MODULE,
	.open = rows_open,
	.read = seq_read,
	.release = single_release,
};

static int bad_handles_open(struct inode *inode, struct file *file)
{
	return single_open_size(file, bad_handles_show, NULL, 64 * 1024);
}

static const struct file_operations bad_handles_fops = {
	.owner = THIS_MODULE,
	.open = bad_handles_open,
	.read = seq_read,
	.release = single_release,
};

static int __init wmi_init(void)
{
	dir = debugfs_create_dir("wmitrace_wmi", NULL);
	debugfs_create_file("rows", 0400, dir, NULL, &rows_fops);
	debugfs_create_file("bad_handles", 0400, dir, NULL, &bad_handles_fops);
	return 0;
}
module_init(wmi_init);

static void __exit wmi_exit(void)
{
	debugfs_remove(dir);
}
module_exit(wmi_exit);

MODULE_DESCRIPTION("wmitrace: acceptance rows of WMI events, library and framework");
MODULE_LICENSE("GPL");
