// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loggers: allocation, their relay channel, and CPUs that come and go.
 *
 * relay provides the memory of each CPU's buffer and allocates it for CPUs
 * that come up later; the files are ours (debugfs.c), because relay's own file
 * operations know nothing of our positions.
 *
 * Locks, outermost first: cpus_read_lock or the hotplug callbacks,
 * bound_mutex, wt_logger.flush_mutex.
 */
#define pr_fmt(fmt)	KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/oom.h>
#include <linux/relay.h>
#include <linux/slab.h>

#include "buffer.h"
#include "compat.h"
#include "crash.h"
#include "debugfs.h"
#include "logger.h"
#include "session.h"

struct wt_logger __rcu *wt_writers[WMITRACE_LOGGERS];
atomic_t wt_global_message_number;

static DEFINE_MUTEX(bound_mutex);	/* bound_loggers, and the CPUs of each */
static LIST_HEAD(bound_loggers);
static int hotplug_state;

#ifdef CONFIG_PREEMPTION
/* The scheduler was asked for while a writer had preemption off. */
noinline void wt_writer_preempted(void)
{
	__preempt_schedule_notrace();
}
#endif

/* relay wants a dentry as a sign of success; without a base name it does nothing with it. */
static struct dentry *create_buf_file(const char *filename, struct dentry *parent, umode_t mode,
				      struct rchan_buf *buf, int *is_global)
{
	return wt_debugfs_root;
}

static int remove_buf_file(struct dentry *dentry)
{
	return 0;
}

static const struct rchan_callbacks relay_callbacks = {
	.create_buf_file = create_buf_file,
	.remove_buf_file = remove_buf_file,
};

static void wake_readers(struct timer_list *timer)
{
	wake_up_all(&container_of(timer, struct wt_logger, wake_timer)->wait);
}

/* Returns a logger with one reference, or NULL. */
struct wt_logger *wt_logger_alloc(void)
{
	struct wt_logger *l = kzalloc(sizeof(*l), GFP_KERNEL);

	if (!l)
		return NULL;
	l->cpus = alloc_percpu(struct wt_cpu);
	if (!l->cpus) {
		kfree(l);
		return NULL;
	}
	kref_init(&l->ref);
	mutex_init(&l->flush_mutex);
	mutex_init(&l->settings_mutex);
	init_waitqueue_head(&l->wait);
	timer_setup(&l->wake_timer, wake_readers, 0);
	INIT_LIST_HEAD(&l->bound);
	return l;
}

static void free_logger(struct kref *ref)
{
	struct wt_logger *l = container_of(ref, struct wt_logger, ref);

	wt_name_free(&l->name);
	wt_name_free(&l->file);
	free_percpu(l->cpus);
	kfree(l);
}

void wt_logger_put(struct wt_logger *l)
{
	kref_put(&l->ref, free_logger);
}

/* A CPU has a file once it has a buffer and the logger a folder.  Return: 0 or -errno. */
static int publish_cpu(struct wt_logger *l, unsigned int cpu)
{
	struct wt_cpu *c = per_cpu_ptr(l->cpus, cpu);
	struct dentry *file;

	if (!l->dir || !c->sub || c->file)
		return 0;
	file = wt_debugfs_add_cpu(l, cpu);
	if (IS_ERR(file))
		return PTR_ERR(file);
	c->file = file;
	return 0;
}

static int bind_cpus(struct wt_logger *l)
{
	unsigned int cpu;
	int ret = 0;

	for_each_possible_cpu(cpu)
		ret = ret ?: wt_buffer_bind(l, cpu);
	return ret;
}

/*
 * relay asks for page after page as if nothing could fail, so that the kernel would
 * end processes for buffers that never fit.  Who takes memory after this look makes
 * the caller end, not a bystander.
 */
static struct rchan *open_channel(struct wt_logger *l)
{
	u64 pages = ((u64)l->subbuf_size * l->subbufs * num_online_cpus()) >> PAGE_SHIFT;
	struct rchan *chan;

	if ((s64)pages >= si_mem_available())
		return NULL;
	set_current_oom_origin();
	chan = relay_open(NULL, NULL, l->subbuf_size, l->subbufs, &relay_callbacks, NULL);
	clear_current_oom_origin();
	return chan;
}

/*
 * wt_logger_open_buffers() - allocate the buffers of all online CPUs
 *
 * Settings are final.  Process context.
 * Return: 0, or -ENOMEM, and then there are none.
 */
int wt_logger_open_buffers(struct wt_logger *l)
{
	unsigned int cpu;
	int ret;

	for_each_possible_cpu(cpu)
		wt_buffer_init(l, cpu);
	ret = wt_crash_add_logger(l);
	if (ret)
		return ret;

	/* Without the lock a CPU just coming up could miss both this and relay's own callback. */
	ret = -ENOMEM;
	cpus_read_lock();
	l->chan = open_channel(l);
	if (l->chan) {
		mutex_lock(&bound_mutex);
		ret = bind_cpus(l);
		if (!ret)
			list_add(&l->bound, &bound_loggers);
		mutex_unlock(&bound_mutex);
	}
	cpus_read_unlock();
	if (l->chan && ret)
		wt_logger_close_buffers(l);
	else if (ret)
		wt_crash_remove(&l->crash);
	return ret;
}

/*
 * wt_logger_publish() - give the logger its folder, and the CPUs that have buffers their files
 *
 * Process context.  Return: 0, or -errno: some may be there.
 */
int wt_logger_publish(struct wt_logger *l)
{
	unsigned int cpu;
	int ret;

	mutex_lock(&bound_mutex);
	ret = wt_debugfs_add_logger(l);
	for_each_possible_cpu(cpu)
		ret = ret ?: publish_cpu(l, cpu);
	mutex_unlock(&bound_mutex);
	return ret;
}

/* From now on CPUs that come up leave the logger alone. */
void wt_logger_unbind(struct wt_logger *l)
{
	mutex_lock(&bound_mutex);
	list_del_init(&l->bound);
	mutex_unlock(&bound_mutex);
}

/*
 * Frees the buffers.  No writers, unbound, no debugfs files; open descriptors
 * read end of file from now on.
 */
void wt_logger_close_buffers(struct wt_logger *l)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct wt_cpu *c = per_cpu_ptr(l->cpus, cpu);

		mutex_lock(&c->read_lock);
		mutex_lock(&l->flush_mutex);
		wt_buffer_unbind(c);
		mutex_unlock(&l->flush_mutex);
		mutex_unlock(&c->read_lock);
	}
	timer_delete_sync(&l->wake_timer);
	wt_crash_remove(&l->crash);
	relay_close(l->chan);
	l->chan = NULL;
}

static int cpu_coming(unsigned int cpu)
{
	struct wt_logger *l;

	mutex_lock(&bound_mutex);
	list_for_each_entry(l, &bound_loggers, bound) {
		if (wt_buffer_bind(l, cpu))
			pr_warn("logger %u: no memory for CPU %u: its events will be lost\n",
				l->id, cpu);
		if (publish_cpu(l, cpu))
			pr_warn("logger %u: no file for CPU %u\n", l->id, cpu);
	}
	mutex_unlock(&bound_mutex);
	wt_sessions_changed();	/* there are new files to be read */
	return 0;
}

/* After the CPU is dead: what it has written becomes readable. */
static int cpu_gone(unsigned int cpu)
{
	struct wt_logger *l;

	mutex_lock(&bound_mutex);
	list_for_each_entry(l, &bound_loggers, bound)
		wt_buffer_close(l, cpu);
	mutex_unlock(&bound_mutex);
	return 0;
}

int wt_logger_init(void)
{
	/* A dynamic prepare state runs after relay's own, which allocates the memory. */
	int ret = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "wmitrace:prepare",
					    cpu_coming, cpu_gone);

	if (ret < 0)
		return ret;
	hotplug_state = ret;
	return 0;
}

void wt_logger_exit(void)
{
	cpuhp_remove_state_nocalls(hotplug_state);
}
