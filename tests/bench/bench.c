// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The bench module: calls one function many times with interrupts off and says
 * what a call costs in ticks of the cycle counter, less an empty call.
 *
 *	echo WHO CASE FUNCTION BYTES CALLS >/sys/kernel/debug/wmitrace_bench/run
 *	cat /sys/kernel/debug/wmitrace_bench/result
 *
 * adds a line "WHO CASE BYTES TICKS FAILED CALLS"; WHO and CASE are the
 * caller's words, TICKS are hundredths, FAILED counts calls that did not log.
 * In a machine that counts instructions as time (scripts/bench --rig count) a
 * tick is an instruction.
 */
#include <linux/debugfs.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timex.h>
#include <linux/uaccess.h>

#include "bench.h"

#define RESULT_MAX	65536
#define WARM_CALLS	8

u8 bench_payload[BENCH_BYTES_MAX];
u64 bench_handle;
module_param_named(handle, bench_handle, ullong, 0644);
MODULE_PARM_DESC(handle, "logger handle of the session that wmitrace's own functions log to");

static DEFINE_MUTEX(lock);
static struct dentry *dir;
static char *result;			/* lines so far */
static size_t result_used;

static noinline int empty(u32 bytes)
{
	OPTIMIZER_HIDE_VAR(bytes);
	return 0;
}

/* Ticks of @calls calls.  @failed: how many of them logged nothing. */
static noinline u64 time_calls(int (*call)(u32 bytes), u32 bytes, u32 calls, u32 *failed)
{
	u64 start = get_cycles();
	u32 i;

	*failed = 0;
	for (i = 0; i < calls; i++)
		*failed += call(bytes) != 0;
	return get_cycles() - start;
}

static const struct bench_function empty_function[] = {
	{ "empty", BENCH_ANY, empty },
	{ }
};

static const struct bench_function *find(const char *name, u32 bytes)
{
	const struct bench_function *const tables[] = { empty_function, bench_ours, bench_peers };
	const struct bench_function *f;
	int i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (f = tables[i]; f->name; f++)
			if (!strcmp(f->name, name) && (f->bytes == BENCH_ANY || f->bytes == bytes))
				return f;
	return NULL;
}

static int measure(const char *who, const char *what, const struct bench_function *f, u32 bytes,
		   u32 calls)
{
	unsigned long flags;
	u64 nothing, ticks;
	u32 failed;

	local_irq_save(flags);
	time_calls(empty, bytes, WARM_CALLS, &failed);
	time_calls(f->call, bytes, WARM_CALLS, &failed);
	nothing = time_calls(empty, bytes, calls, &failed);
	ticks = time_calls(f->call, bytes, calls, &failed);
	local_irq_restore(flags);

	ticks = ticks > nothing ? (ticks - nothing) * 100 / calls : 0;
	result_used += scnprintf(result + result_used, RESULT_MAX - result_used,
				 "%s %s %u %llu %u %u\n", who, what, bytes, ticks, failed, calls);
	return 0;
}

static ssize_t run_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char line[128], who[32], what[32], name[32];
	const struct bench_function *f;
	u32 bytes, calls;
	int ret;

	if (len >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, len))
		return -EFAULT;
	line[len] = '\0';
	if (sscanf(line, "%31s %31s %31s %u %u", who, what, name, &bytes, &calls) != 5 ||
	    bytes > BENCH_BYTES_MAX || !calls)
		return -EINVAL;
	f = find(name, bytes);
	if (!f)
		return -ENOENT;
	mutex_lock(&lock);
	ret = measure(who, what, f, bytes, calls);
	mutex_unlock(&lock);
	return ret ? ret : len;
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.write = run_write,
	.llseek = noop_llseek,
};

static int result_show(struct seq_file *m, void *unused)
{
	mutex_lock(&lock);
	seq_write(m, result, result_used);
	mutex_unlock(&lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(result);

static int __init bench_init(void)
{
	int ret;

	memset(bench_payload, 'a', sizeof(bench_payload));
	result = kvmalloc(RESULT_MAX, GFP_KERNEL);
	if (!result)
		return -ENOMEM;
	ret = bench_ours_init();
	if (ret)
		goto err_result;
	dir = debugfs_create_dir("wmitrace_bench", NULL);
	ret = bench_peers_init(dir);
	if (ret)
		goto err_dir;
	debugfs_create_file("run", 0200, dir, NULL, &run_fops);
	debugfs_create_file("result", 0400, dir, NULL, &result_fops);
	return 0;

err_dir:
	debugfs_remove(dir);
	bench_ours_exit();
err_result:
	kvfree(result);
	return ret;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	bench_peers_exit();
	debugfs_remove(dir);
	bench_ours_exit();
	kvfree(result);
}
module_exit(bench_exit);

MODULE_DESCRIPTION("wmitrace: what an event costs, here and with other tracers");
MODULE_LICENSE("GPL");
