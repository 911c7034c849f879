// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Load: every CPU logs at a rate.
 *
 *	echo FUNCTION BYTES RATE MS >/sys/kernel/debug/wmitrace_bench/load
 *	cat /sys/kernel/debug/wmitrace_bench/load
 *
 * has a thread on each CPU make RATE calls a second for MS milliseconds, a part
 * of them each millisecond, and then says "CALLS FAILED NS END LATE": of all CPUs
 * together, the time it took, when it ended (monotonic), and by how many ns the
 * latest part came late.  A thread that comes late does not catch up: a host that
 * stops a CPU lowers the rate, which NS shows, and does not make a burst.
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "bench.h"

struct load {
	const struct bench_function *function;
	u32 bytes, rate, ms;
	atomic_t running;
	struct completion done;
};

struct load_cpu {
	struct load *load;
	u64 calls, failed;
	s64 late;		/* ns, the most */
	struct task_struct *task;
};

static DEFINE_MUTEX(lock);
static char result[100];

static int load_thread(void *data)
{
	struct load_cpu *cpu = data;
	struct load *load = cpu->load;
	ktime_t next = ktime_get(), now;
	u64 made = 0, due;
	u32 i;

	for (i = 1; i <= load->ms; i++) {
		for (due = (u64)load->rate * i / 1000; made < due; made++)
			cpu->failed += load->function->call(load->bytes) != 0;
		next = ktime_add_ms(next, 1);
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule_hrtimeout(&next, HRTIMER_MODE_ABS);
		now = ktime_get();
		cpu->late = max(cpu->late, ktime_to_ns(ktime_sub(now, next)));
		if (ktime_after(now, ktime_add_ms(next, 1)))
			next = now;
	}
	cpu->calls = made;
	if (atomic_dec_and_test(&load->running))
		complete(&load->done);
	return 0;
}

/* Starts all threads at once; frees nothing that one of them uses. */
static int run_load(struct load *load, struct load_cpu __percpu *cpus)
{
	u64 calls = 0, failed = 0, start, end;
	s64 late = 0;
	unsigned int cpu;
	int ret = 0;

	for_each_online_cpu(cpu) {
		struct load_cpu *c = per_cpu_ptr(cpus, cpu);

		c->load = load;
		c->task = kthread_create_on_cpu(load_thread, c, cpu, "bench_load/%u");
		if (IS_ERR(c->task)) {
			ret = PTR_ERR(c->task);
			c->task = NULL;
			break;
		}
		atomic_inc(&load->running);
	}
	start = ktime_get_ns();
	for_each_possible_cpu(cpu) {
		struct task_struct *task = per_cpu_ptr(cpus, cpu)->task;

		if (task && !ret)
			wake_up_process(task);
		else if (task)
			kthread_stop(task);
	}
	if (ret)
		return ret;
	wait_for_completion(&load->done);
	end = ktime_get_ns();
	for_each_possible_cpu(cpu) {
		calls += per_cpu_ptr(cpus, cpu)->calls;
		failed += per_cpu_ptr(cpus, cpu)->failed;
		late = max(late, per_cpu_ptr(cpus, cpu)->late);
	}
	scnprintf(result, sizeof(result), "%llu %llu %llu %llu %lld\n", calls, failed, end - start,
		  end, late);
	return 0;
}

static ssize_t load_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct load load = { .running = ATOMIC_INIT(0) };
	struct load_cpu __percpu *cpus;
	char line[128], name[32];
	int ret;

	if (len >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, len))
		return -EFAULT;
	line[len] = '\0';
	if (sscanf(line, "%31s %u %u %u", name, &load.bytes, &load.rate, &load.ms) != 4 ||
	    load.bytes > BENCH_BYTES_MAX || load.ms > 60000)
		return -EINVAL;
	load.function = bench_find(name, load.bytes);
	if (!load.function)
		return -ENOENT;
	cpus = alloc_percpu(struct load_cpu);
	if (!cpus)
		return -ENOMEM;
	init_completion(&load.done);
	mutex_lock(&lock);
	ret = run_load(&load, cpus);
	mutex_unlock(&lock);
	free_percpu(cpus);
	return ret ? ret : len;
}

static int load_show(struct seq_file *m, void *unused)
{
	mutex_lock(&lock);
	seq_puts(m, result);
	mutex_unlock(&lock);
	return 0;
}

static int load_open(struct inode *inode, struct file *file)
{
	return single_open(file, load_show, NULL);
}

const struct file_operations bench_load_fops = {
	.owner = THIS_MODULE,
	.open = load_open,
	.read = seq_read,
	.write = load_write,
	.llseek = seq_lseek,
	.release = single_release,
};
