// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The bench module: calls one function many times with interrupts off and says
 * what a call costs in ticks of the cycle counter, less an empty call.
 *
 *	echo WHO CASE FUNCTION BYTES CALLS [WARM [BATCHES [OTHER]]] \
 *		>/sys/kernel/debug/wmitrace_bench/run
 *	cat /sys/kernel/debug/wmitrace_bench/result
 *
 * gives "WHO CASE BYTES TICKS FAILED CALLS"; WHO and CASE are the caller's
 * words, TICKS are hundredths, FAILED counts calls that did not log.  WARM calls
 * come first (8), and are not counted.  With BATCHES that many times CALLS are
 * made, and TICKS are those of the median batch.  Meanwhile another CPU calls the
 * function OTHER.
 *
 * In a machine that counts instructions as time (scripts/bench --rig count) a
 * tick is an instruction: all batches are alike, and few calls are warm enough.
 * Elsewhere (--rig native) "hertz" measures how many ticks there are in a second,
 * calls have to come round in the buffers before these are in the cache, and the
 * median is of those batches that the host did not interrupt.
 *
 * A result is that of the last run alone: who asked for it looks at the calls
 * that failed before the next one, and none is cut off for want of room.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/err.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "bench.h"

#define WARM_CALLS	8
#define BATCHES_MAX	99

u8 bench_payload[BENCH_BYTES_MAX];
u64 bench_handle;
module_param_named(handle, bench_handle, ullong, 0644);
MODULE_PARM_DESC(handle, "logger handle of the session that wmitrace's own functions log to");

static DEFINE_MUTEX(lock);
static struct dentry *dir;
static char result[160];		/* of the last run */

static noinline int empty(u32 bytes)
{
	OPTIMIZER_HIDE_VAR(bytes);
	return 0;
}

/* Ticks of @calls calls.  @failed: how many of them logged nothing. */
static noinline u64 time_calls(int (*call)(u32 bytes), u32 bytes, u32 calls, u32 *failed)
{
	u64 start = bench_cycles();
	u32 i;

	*failed = 0;
	for (i = 0; i < calls; i++)
		*failed += call(bytes) != 0;
	return bench_cycles() - start;
}

static const struct bench_function empty_function[] = {
	{ "empty", BENCH_ANY, empty },
	{ }
};

/* NULL: there is none for so many bytes. */
const struct bench_function *bench_find(const char *name, u32 bytes)
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

static int compare(const void *a, const void *b)
{
	u64 left = *(const u64 *)a, right = *(const u64 *)b;

	return left < right ? -1 : left > right;
}

/* Ticks of the median of @batches; @failed: of all their calls. */
static u64 time_batches(int (*call)(u32 bytes), u32 bytes, u32 calls, u32 batches, u32 *failed)
{
	static u64 ticks[BATCHES_MAX];
	u32 i, of_batch;

	*failed = 0;
	for (i = 0; i < batches; i++) {
		ticks[i] = time_calls(call, bytes, calls, &of_batch);
		*failed += of_batch;
	}
	sort(ticks, batches, sizeof(*ticks), compare, NULL);
	return ticks[batches / 2];
}

struct other {
	const struct bench_function *function;
	u32 bytes;
	bool runs;
};

static int other_thread(void *data)
{
	struct other *other = data;
	u32 failed;

	while (!kthread_should_stop()) {
		time_calls(other->function->call, other->bytes, 1000, &failed);
		WRITE_ONCE(other->runs, true);
		cond_resched();
	}
	return 0;
}

/* On another CPU than this one, where the caller stays.  Returns when it runs. */
static struct task_struct *start_other(struct other *other)
{
	unsigned int cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());
	struct task_struct *task;

	if (cpu >= nr_cpu_ids)
		return ERR_PTR(-ENODEV);
	task = kthread_create_on_cpu(other_thread, other, cpu, "bench_other/%u");
	if (IS_ERR(task))
		return task;
	wake_up_process(task);
	while (!READ_ONCE(other->runs))
		usleep_range(100, 200);
	return task;
}

static int measure(const char *who, const char *what, const struct bench_function *f, u32 bytes,
		   u32 calls, u32 warm, u32 batches)
{
	unsigned long flags;
	u64 nothing, ticks;
	u32 failed;

	local_irq_save(flags);
	time_calls(empty, bytes, warm, &failed);
	time_calls(f->call, bytes, warm, &failed);
	nothing = time_batches(empty, bytes, calls, batches, &failed);
	ticks = time_batches(f->call, bytes, calls, batches, &failed);
	local_irq_restore(flags);

	ticks = ticks > nothing ? (ticks - nothing) * 100 / calls : 0;
	scnprintf(result, sizeof(result), "%s %s %u %llu %u %u\n", who, what, bytes, ticks, failed,
		  calls * batches);
	return 0;
}

/* measure() while another CPU calls @function. */
static int measure_beside(const struct bench_function *function, const char *who, const char *what,
			  const struct bench_function *f, u32 bytes, u32 calls, u32 warm,
			  u32 batches)
{
	struct other other = { .function = function, .bytes = bytes };
	struct task_struct *task;
	int ret;

	migrate_disable();
	task = start_other(&other);
	ret = PTR_ERR_OR_ZERO(task);
	if (!ret) {
		ret = measure(who, what, f, bytes, calls, warm, batches);
		kthread_stop(task);
	}
	migrate_enable();
	return ret;
}

static ssize_t run_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char line[160], who[32], what[32], name[32], other_name[32] = "";
	const struct bench_function *f, *other = NULL;
	u32 bytes, calls, warm = WARM_CALLS, batches = 1;
	int ret;

	if (len >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, len))
		return -EFAULT;
	line[len] = '\0';
	if (sscanf(line, "%31s %31s %31s %u %u %u %u %31s", who, what, name, &bytes, &calls,
		   &warm, &batches, other_name) < 5 ||
	    bytes > BENCH_BYTES_MAX || !calls || !batches || batches > BATCHES_MAX)
		return -EINVAL;
	f = bench_find(name, bytes);
	if (*other_name)
		other = bench_find(other_name, bytes);
	if (!f || (*other_name && !other))
		return -ENOENT;
	mutex_lock(&lock);
	if (other)
		ret = measure_beside(other, who, what, f, bytes, calls, warm, batches);
	else
		ret = measure(who, what, f, bytes, calls, warm, batches);
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
	seq_puts(m, result);
	mutex_unlock(&lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(result);

/* Counter and time of one moment: of several pairs the one that was read fastest. */
static void read_pair(u64 *cycles, u64 *ns)
{
	u64 least = U64_MAX;
	int i;

	for (i = 0; i < 100; i++) {
		u64 before = bench_cycles(), now = ktime_get_raw_ns(), after = bench_cycles();

		if (after - before < least) {
			least = after - before;
			*cycles = before;
			*ns = now;
		}
	}
}

static int hertz_show(struct seq_file *m, void *unused)
{
	u64 cycles[2], ns[2];

	read_pair(&cycles[0], &ns[0]);
	msleep(200);
	read_pair(&cycles[1], &ns[1]);
	seq_printf(m, "%llu\n",
		   mul_u64_u64_div_u64(cycles[1] - cycles[0], NSEC_PER_SEC, ns[1] - ns[0]));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(hertz);

static int __init bench_init(void)
{
	int ret;

	memset(bench_payload, 'a', sizeof(bench_payload));
	ret = bench_ours_init();
	if (ret)
		return ret;
	dir = debugfs_create_dir("wmitrace_bench", NULL);
	ret = bench_peers_init(dir);
	if (ret)
		goto err_dir;
	debugfs_create_file("run", 0200, dir, NULL, &run_fops);
	debugfs_create_file("result", 0400, dir, NULL, &result_fops);
	debugfs_create_file("hertz", 0400, dir, NULL, &hertz_fops);
	debugfs_create_file("load", 0600, dir, NULL, &bench_load_fops);
	return 0;

err_dir:
	debugfs_remove(dir);
	bench_ours_exit();
	return ret;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	bench_peers_exit();
	debugfs_remove(dir);
	bench_ours_exit();
}
module_exit(bench_exit);

MODULE_DESCRIPTION("wmitrace: what an event costs, here and with other tracers");
MODULE_LICENSE("GPL");
