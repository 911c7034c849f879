// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which trace events are bridged to which sessions.
 *
 * A trace event's probe is typed, and what turns its arguments into a record is
 * private to ftrace and perf.  Of the ways to get at that record, perf's is
 * taken: a counter of the event on each CPU, that "overflows" with every event
 * and hands the record to its handler.  It needs exported functions only, works
 * for modules' and dynamic events, in every context, and writes no second
 * buffer.  (ftrace's exports get every instance's events without saying whose:
 * an event that somebody else traces, too, would be logged twice.)  What it
 * does not give: events inside the making of another event's record on the same
 * CPU in the same context, which perf drops without counting; and those of a
 * CPU that has just come up, until a worker has attached it.
 *
 * perf holds a reference to a traced module, which would keep it from being
 * unloaded.  It is given back: the notifier below ends the counters before the
 * module goes.
 *
 * Locks: bridge_mutex before everything that perf takes, and outside of
 * wt_control_mutex and of CPU hotplug, whose lock perf takes.
 */
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/perf_event.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace_events.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "bridge.h"
#include "logger.h"

static DEFINE_MUTEX(bridge_mutex);
static LIST_HEAD(bridges);
static struct cpumask came_up;		/* CPUs whose counters, if any, are dead */
static enum cpuhp_state hotplug_state;

/* ---- counters --------------------------------------------------------------------- */

static int attach(struct wt_bridge *b, unsigned int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = b->request.id,
		.sample_period = 1,
		/* PERIOD: once an event, whatever that counts as */
		.sample_type = PERF_SAMPLE_RAW | PERF_SAMPLE_PERIOD,
	};
	struct perf_event *counter;

	counter = perf_event_create_kernel_counter(&attr, cpu, NULL, wt_bridge_overflow, b);
	if (IS_ERR(counter))
		return PTR_ERR(counter) == -ENODEV ? 0 : PTR_ERR(counter);	/* CPU is down */
	if (b->module)
		module_put(b->module);
	b->counters[cpu] = counter;
	return 0;
}

static void detach(struct wt_bridge *b, struct perf_event *counter)
{
	if (!counter)
		return;
	if (b->module)
		__module_get(b->module);	/* which perf gives back */
	perf_event_release_kernel(counter);
}

static void detach_all(struct wt_bridge *b)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		detach(b, b->counters[cpu]);
}

static int attach_all(struct wt_bridge *b)
{
	unsigned int cpu;
	int ret = 0;

	for_each_online_cpu(cpu) {	/* one that comes up now is came_up's */
		ret = attach(b, cpu);
		if (ret)
			break;
	}
	return ret;
}

/* ---- bridges ---------------------------------------------------------------------- */

static void free_bridge(struct wt_bridge *b)
{
	if (b->logger)
		wt_logger_put(b->logger);
	kfree(b->counters);
	kfree(b->items);
	kfree(b->ops);
	kfree(b);
}

/* Ends those on @ended, which are in no other list. */
static void end_bridges(struct list_head *ended)
{
	struct wt_bridge *b, *next;

	if (list_empty(ended))
		return;
	list_for_each_entry(b, ended, list)
		detach_all(b);
	synchronize_rcu();	/* handlers that still run */
	list_for_each_entry_safe(b, next, ended, list)
		free_bridge(b);
}

static struct wt_bridge *find(const struct wt_logger *l, const struct wmitrace_bridge *request)
{
	struct wt_bridge *b;

	list_for_each_entry(b, &bridges, list)
		if (b->logger == l && !strcmp(b->request.system, request->system) &&
		    !strcmp(b->request.event, request->event))
			return b;
	return NULL;
}

static struct wt_bridge *new_bridge(struct wt_logger *l, const struct wmitrace_bridge *request)
{
	struct wt_bridge *b = kzalloc(sizeof(*b), GFP_KERNEL);
	int ret;

	if (!b)
		return ERR_PTR(-ENOMEM);
	b->request = *request;
	wt_logger_get(l);
	b->logger = l;
	b->counters = kcalloc(nr_cpu_ids, sizeof(*b->counters), GFP_KERNEL);
	ret = b->counters ? wt_bridge_load(b) : -ENOMEM;
	if (!ret)
		return b;
	free_bridge(b);
	return ERR_PTR(ret);
}

/* The event's file, which holds its module, if it is the one that user space means. */
static struct trace_event_file *hold_event(const struct wmitrace_bridge *request)
{
	struct trace_event_file *file;

	file = trace_get_event_file(NULL, request->system, request->event);
	if (!IS_ERR(file) && file->event_call->event.type != request->id) {
		trace_put_event_file(file);
		return ERR_PTR(-ESTALE);
	}
	return file;
}

static struct module *module_of(const struct trace_event_call *call)
{
	return call->flags & TRACE_EVENT_FL_DYNAMIC ? NULL : call->module;
}

/* Begins @b, or ends it where that fails; one for the same is replaced. */
static int begin_bridge(struct wt_bridge *b)
{
	struct trace_event_file *file = hold_event(&b->request);
	struct wt_bridge *old;
	LIST_HEAD(ended);
	int ret;

	if (IS_ERR(file)) {
		free_bridge(b);
		return PTR_ERR(file);
	}
	b->module = module_of(file->event_call);
	ret = attach_all(b);
	old = find(b->logger, &b->request);
	if (ret) {
		list_add(&b->list, &ended);
	} else {
		if (old)
			list_move(&old->list, &ended);
		list_add_tail(&b->list, &bridges);
	}
	end_bridges(&ended);
	trace_put_event_file(file);
	return ret;
}

static u32 error_of(int err)
{
	switch (err) {
	case 0:
		return WMITRACE_ERROR_SUCCESS;
	case -ENOMEM:
		return WMITRACE_ERROR_NOT_ENOUGH_MEMORY;
	case -EPERM:		/* by the event: the caller may */
	case -EOPNOTSUPP:
		return WMITRACE_ERROR_NOT_SUPPORTED;
	case -ENOENT:
		return WMITRACE_ERROR_WMI_GUID_NOT_FOUND;
	}
	return WMITRACE_ERROR_INVALID_PARAMETER;
}

static bool named(const struct wmitrace_bridge *request)
{
	return memchr(request->system, 0, sizeof(request->system)) &&
	       memchr(request->event, 0, sizeof(request->event));
}

/**
 * wt_bridge_enable() - log a trace event
 * @l: session; not one that has stopped
 * @request: from user space, pointers included
 *
 * Process context, no locks.  Return: a WMITRACE_ERROR_ code, or -EFAULT.
 */
int wt_bridge_enable(struct wt_logger *l, const struct wmitrace_bridge *request)
{
	struct wt_bridge *b;
	int ret;

	if (!named(request) || request->level > U8_MAX || request->flags || request->reserved)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	if (security_locked_down(LOCKDOWN_TRACEFS))
		return WMITRACE_ERROR_ACCESS_DENIED;
	b = new_bridge(l, request);
	if (IS_ERR(b))
		return PTR_ERR(b) == -EFAULT ? -EFAULT : error_of(PTR_ERR(b));
	mutex_lock(&bridge_mutex);
	if (READ_ONCE(l->state) == WMITRACE_STATE_RUNNING) {
		ret = error_of(begin_bridge(b));
	} else {
		free_bridge(b);
		ret = WMITRACE_ERROR_ACTIVE_CONNECTIONS;
	}
	mutex_unlock(&bridge_mutex);
	return ret;
}

/**
 * wt_bridge_disable() - no longer log a trace event
 * @l: session
 * @request: system and event
 *
 * Process context, no locks.  Return: a WMITRACE_ERROR_ code.
 */
int wt_bridge_disable(struct wt_logger *l, const struct wmitrace_bridge *request)
{
	struct wt_bridge *b = NULL;
	LIST_HEAD(ended);

	if (!named(request) || request->flags || request->reserved)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	mutex_lock(&bridge_mutex);
	b = find(l, request);
	if (b)
		list_move(&b->list, &ended);
	end_bridges(&ended);
	mutex_unlock(&bridge_mutex);
	return b ? WMITRACE_ERROR_SUCCESS : WMITRACE_ERROR_WMI_GUID_NOT_FOUND;
}

/* The end of session @l, which still accepts events and is STOPPING.  No locks held. */
void wt_bridge_end(struct wt_logger *l)
{
	struct wt_bridge *b, *next;
	LIST_HEAD(ended);

	mutex_lock(&bridge_mutex);
	list_for_each_entry_safe(b, next, &bridges, list)
		if (b->logger == l)
			list_move(&b->list, &ended);
	end_bridges(&ended);
	mutex_unlock(&bridge_mutex);
}

static int copy_row(void __user *to, size_t size, const struct wt_bridge *b)
{
	struct wmitrace_bridged row = { .id = b->request.id, .logger = b->logger->id };
	size_t known = min(size, sizeof(row));

	strscpy(row.system, b->request.system, sizeof(row.system));
	strscpy(row.event, b->request.event, sizeof(row.event));
	if (copy_to_user(to, &row, known) || clear_user(to + known, size - known))
		return -EFAULT;
	return 0;
}

/* Copies rows of all to user space.  Return: a WMITRACE_ERROR_ code, or -EFAULT. */
int wt_bridge_list(struct wmitrace_providers *list)
{
	void __user *to = u64_to_user_ptr(list->rows);
	struct wt_bridge *b;
	int ret = 0;

	list->count = 0;
	mutex_lock(&bridge_mutex);
	list_for_each_entry(b, &bridges, list) {
		if (list->count < list->cap && !ret)
			ret = copy_row(to + (size_t)list->count * list->row_size,
				       list->row_size, b);
		list->count++;
	}
	mutex_unlock(&bridge_mutex);
	if (ret)
		return ret;
	return list->count > list->cap ? WMITRACE_ERROR_MORE_DATA : 0;
}

/* ---- modules and CPUs that come and go --------------------------------------------- */

static int module_changes(struct notifier_block *nb, unsigned long state, void *module)
{
	struct wt_bridge *b, *next;
	LIST_HEAD(ended);

	if (state != MODULE_STATE_GOING)
		return NOTIFY_DONE;
	mutex_lock(&bridge_mutex);
	list_for_each_entry_safe(b, next, &bridges, list)
		if (b->module == module)
			list_move(&b->list, &ended);
	end_bridges(&ended);
	mutex_unlock(&bridge_mutex);
	return NOTIFY_OK;
}

/* Before ftrace, which forgets the module's events. */
static struct notifier_block module_notifier = {
	.notifier_call = module_changes,
	.priority = INT_MAX,
};

/* perf has taken the counters of a CPU that went down out of use for good. */
static void attach_cpus(struct work_struct *work)
{
	struct perf_event *dead;
	struct wt_bridge *b;
	unsigned int cpu;

	mutex_lock(&bridge_mutex);
	for_each_cpu(cpu, &came_up) {
		if (!cpumask_test_and_clear_cpu(cpu, &came_up))
			continue;
		list_for_each_entry(b, &bridges, list) {
			dead = b->counters[cpu];
			b->counters[cpu] = NULL;
			if (attach(b, cpu))
				pr_warn_ratelimited("wmitrace: %s:%s is not logged on CPU %u\n",
						    b->request.system, b->request.event, cpu);
			detach(b, dead);
		}
	}
	mutex_unlock(&bridge_mutex);
}

static DECLARE_WORK(attach_work, attach_cpus);

/* Under the lock of CPU hotplug, inside which perf cannot be called. */
static int cpu_comes_up(unsigned int cpu)
{
	cpumask_set_cpu(cpu, &came_up);
	schedule_work(&attach_work);
	return 0;
}

int wt_bridge_init(void)
{
	int ret = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "wmitrace:bridge", cpu_comes_up,
					    NULL);

	if (ret < 0)
		return ret;
	hotplug_state = ret;
	ret = register_module_notifier(&module_notifier);
	if (ret)
		cpuhp_remove_state_nocalls(hotplug_state);
	return ret;
}

/* No session runs any more, so nothing is bridged. */
void wt_bridge_exit(void)
{
	unregister_module_notifier(&module_notifier);
	cpuhp_remove_state_nocalls(hotplug_state);
	cancel_work_sync(&attach_work);
}
