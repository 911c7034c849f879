// SPDX-License-Identifier: GPL-2.0-only
/*
 * api.ko: runs rows by name and keeps what they say.
 *
 *	insmod api.ko handle=2,3,...		in the order of enum api_session
 *	echo A66 > /sys/kernel/debug/wmitrace_api/run
 *	cat /sys/kernel/debug/wmitrace_api/result
 *	echo clear > /sys/kernel/debug/wmitrace_api/run
 *
 * `rows` lists the names.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "api_rows.h"

unsigned long long api_handle[API_SESSIONS];
module_param_array_named(handle, api_handle, ullong, NULL, 0444);
MODULE_PARM_DESC(handle, "logger handles, in the order of enum api_session");

/* 8b8ff8a3-1d0c-4f5b-b1e2-c3d4e5f60718 */
const GUID api_guid = {
	0x8b8ff8a3, 0x1d0c, 0x4f5b, { 0xb1, 0xe2, 0xc3, 0xd4, 0xe5, 0xf6, 0x07, 0x18 }
};

static const struct api_row * const tables[] = {
	api_type_rows, api_message_rows, api_event_rows
};

static char text[256 * 1024];
static size_t used;
static DEFINE_MUTEX(mutex);	/* text, used, and one row at a time */
static struct dentry *dir;

static __printf(1, 2) void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	used += vscnprintf(text + used, sizeof(text) - used, format, args);
	va_end(args);
}

void api_check(const char *row, bool good, const char *what)
{
	say("%s - %s [%s]\n", good ? "ok" : "not ok", what, row);
}

void api_status(const char *row, NTSTATUS got, NTSTATUS want, const char *what)
{
	api_check(row, got == want, what);
	if (got != want)
		say("# status %#x, not %#x\n", got, want);
}

void api_fact(const char *name, u64 value)
{
	say("fact %s %llu\n", name, value);
}

/* Returns the number of rows run. */
static int run_rows(const char *name)
{
	const struct api_row *row;
	int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (row = tables[i]; row->name; row++)
			if (!strcmp(name, "all") || !strcmp(name, row->name)) {
				row->run();
				n++;
			}
	return n;
}

static ssize_t run_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char word[16] = "", *name;
	ssize_t ret = len;

	if (len >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, buf, len))
		return -EFAULT;
	name = strim(word);
	mutex_lock(&mutex);
	if (!strcmp(name, "clear"))
		used = 0;
	else if (!run_rows(name))
		ret = -ENOENT;
	mutex_unlock(&mutex);
	return ret;
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.write = run_write,
};

static int result_show(struct seq_file *m, void *unused)
{
	mutex_lock(&mutex);
	seq_write(m, text, used);
	mutex_unlock(&mutex);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(result);

static int rows_show(struct seq_file *m, void *unused)
{
	const struct api_row *row;
	int i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (row = tables[i]; row->name; row++)
			seq_printf(m, "%s\n", row->name);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(rows);

static int __init api_init(void)
{
	int ret = api_event_init();

	if (ret)
		return ret;
	ret = api_context_init();
	if (ret) {
		api_event_exit();
		return ret;
	}
	dir = debugfs_create_dir("wmitrace_api", NULL);
	debugfs_create_file("run", 0200, dir, NULL, &run_fops);
	debugfs_create_file("result", 0400, dir, NULL, &result_fops);
	debugfs_create_file("rows", 0400, dir, NULL, &rows_fops);
	return 0;
}
module_init(api_init);

static void __exit api_exit(void)
{
	debugfs_remove(dir);
	api_context_exit();
	api_event_exit();
}
module_exit(api_exit);

MODULE_DESCRIPTION("wmitrace: acceptance rows of the driver-facing API");
MODULE_LICENSE("GPL");
