// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions: start, stop, flush, update, release, statistics (wmi-api section
 * 16, 17.4, 19).  Process context; all under wt_control_mutex.
 *
 * A stopped logger keeps its slot and its buffers, readable, until it is
 * released or a new session needs the slot.
 */
#include <linux/cpumask.h>
#include <linux/cred.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uuid.h>

#include "bridge.h"
#include "debugfs.h"
#include "header.h"
#include "kernel.h"
#include "provider.h"
#include "reader.h"
#include "session.h"
#include "wmitrace/evntrace.h"

DEFINE_MUTEX(wt_control_mutex);	/* see session.h */
DECLARE_WAIT_QUEUE_HEAD(wt_session_wait);
atomic_t wt_session_generation;
struct wt_logger *wt_slots[WMITRACE_LOGGERS];

#define KERNEL_LOGGER_NAME_UTF8	"NT Kernel Logger"

/* Drivers know the GlobalLogger's handle without being told (wmi-api 17.2). */
#define WMITRACE_GLOBAL_LOGGER	1

/* SystemTraceControlGuid {9e814aad-3204-11d2-9a82-006008a86939} */
static const u8 kernel_guid[16] = { 0xad, 0x4a, 0x81, 0x9e, 0x04, 0x32, 0xd2, 0x11,
				    0x9a, 0x82, 0x00, 0x60, 0x08, 0xa8, 0x69, 0x39 };

static u32 last_id = 1;		/* ids are handed out round-robin from 2 (wmi-api section 5) */
static u64 stop_count;

/* Tells those who poll the device. */
void wt_sessions_changed(void)
{
	atomic_inc(&wt_session_generation);
	wake_up_all(&wt_session_wait);
}

struct wt_logger *wt_session_by_name(const struct wt_name *name, bool stopped)
{
	struct wt_logger *found = NULL;
	u32 id;

	for (id = 0; id < WMITRACE_LOGGERS; id++) {
		struct wt_logger *l = wt_slots[id];

		if (!l || !wt_name_equal(&l->name, name))
			continue;
		if (wt_session_is_live(l))
			return l;
		if (stopped && (!found || found->stop_order < l->stop_order))
			found = l;
	}
	return found;
}

/* Only bits 0-15 count; the kernel logger's id is written 0xffff. */
struct wt_logger *wt_session_by_handle(u64 handle, bool stopped)
{
	u32 id = handle & 0xffff;
	struct wt_logger *l;

	if (id == WMITRACE_KERNEL_HANDLE)
		id = WMITRACE_KERNEL_LOGGER;
	else if (!id)
		return NULL;
	if (id >= WMITRACE_LOGGERS)
		return NULL;
	l = wt_slots[id];
	return l && (stopped || wt_session_is_live(l)) ? l : NULL;
}

static bool guid_in_use(const u8 *guid)
{
	u32 id;

	for (id = 0; id < WMITRACE_LOGGERS; id++)
		if (wt_slots[id] && wt_session_is_live(wt_slots[id]) &&
		    !memcmp(wt_slots[id]->guid, guid, sizeof(wt_slots[id]->guid)))
			return true;
	return false;
}

static bool has_kernel_name(const struct wt_name *name)
{
	static const struct wt_name kernel = { KERNEL_LOGGER_NAME_UTF8, 16, 16 };

	return wt_name_equal(name, &kernel);
}

/* Is the session for the kernel's events?  By its name, or by its mode under any other (17.1). */
bool wt_session_is_kernel(const struct wt_start *start)
{
	return has_kernel_name(&start->name) ||
	       (start->settings->mode & EVENT_TRACE_SYSTEM_LOGGER_MODE);
}

static bool is_global_logger(const struct wt_name *name)
{
	static const struct wt_name global = { "GlobalLogger", 12, 12 };

	return wt_name_equal(name, &global);
}

/* The session that drivers look for and that makes no callbacks (wmi-api 17.2). */
bool wt_session_is_global(const struct wt_logger *l)
{
	return l->id == WMITRACE_GLOBAL_LOGGER && is_global_logger(&l->name);
}

/*
 * wt_start_settle_name() - with kernel flags the GlobalLogger is the kernel logger (A214)
 *
 * Before anything is decided by the name.  Return: a WMITRACE_ERROR_ code.
 */
u32 wt_start_settle_name(struct wt_start *start)
{
	if (!start->settings->enable_flags || !is_global_logger(&start->name))
		return WMITRACE_ERROR_SUCCESS;
	wt_name_free(&start->name);
	return wt_name_init(&start->name, KERNEL_LOGGER_NAME_UTF8,
			    strlen(KERNEL_LOGGER_NAME_UTF8)) ?
	       WMITRACE_ERROR_NOT_ENOUGH_MEMORY : WMITRACE_ERROR_SUCCESS;
}

/*
 * An id for a session without one of its own: 2-31 in turn, so that a stale
 * handle does not meet a new session at once; 1, the GlobalLogger's, when
 * nothing else is free; then that of the logger that was stopped first.
 * Returns 0 if all 31 are running.
 */
static u32 find_ordinary_id(void)
{
	struct wt_logger *oldest = NULL;
	u32 i, id;

	for (i = 0; i < WMITRACE_LOGGERS - 2; i++) {
		id = 2 + (last_id - 1 + i) % (WMITRACE_LOGGERS - 2);
		if (!wt_slots[id])
			return id;
	}
	if (!wt_slots[1])
		return 1;
	for (id = 1; id < WMITRACE_LOGGERS; id++) {
		struct wt_logger *l = wt_slots[id];

		if (l->state == WMITRACE_STATE_STOPPED &&
		    (!oldest || l->stop_order < oldest->stop_order))
			oldest = l;
	}
	return oldest ? oldest->id : 0;
}

/* The id for a session, whose slot is free or a stopped logger's; false: none. */
static bool find_id(const struct wt_start *start, u32 *id)
{
	if (wt_session_is_kernel(start))
		*id = WMITRACE_KERNEL_LOGGER;
	else if (is_global_logger(&start->name))
		*id = WMITRACE_GLOBAL_LOGGER;
	else
		return (*id = find_ordinary_id());
	return !wt_slots[*id] || !wt_session_is_live(wt_slots[*id]);
}

static void flush_expired(struct work_struct *work)
{
	struct wt_logger *l = container_of(work, struct wt_logger, flush_work.work);
	unsigned long interval = READ_ONCE(l->flush_interval);

	wt_buffer_flush_all(l);
	if (interval)
		schedule_delayed_work(&l->flush_work, interval);
}

/* FlushTimer 0 means none for files and 1 s for real time; a flight recorder has none. */
static void set_flush_timer(struct wt_logger *l)
{
	u64 ms = l->mode & EVENT_TRACE_USE_MS_FLUSH_TIMER ? l->flush_timer :
							    (u64)l->flush_timer * MSEC_PER_SEC;

	if (!ms && (l->mode & EVENT_TRACE_REAL_TIME_MODE))
		ms = MSEC_PER_SEC;
	if (l->overwrite)
		ms = 0;
	WRITE_ONCE(l->flush_interval,
		   ms ? max(1ul, msecs_to_jiffies(min_t(u64, ms, UINT_MAX / 2))) : 0);
	if (ms)
		mod_delayed_work(system_wq, &l->flush_work, l->flush_interval);
	else
		cancel_delayed_work_sync(&l->flush_work);
}

/* Time zero: raw time and wall clock as one pair, before any event (etl-format 11.2). */
static void set_anchor(struct wt_logger *l)
{
	preempt_disable();
	l->anchor = wt_clock_read(&l->clock);
	l->start_time = wt_filetime_now();
	preempt_enable();
	if (l->clock.type == ETL_CLOCK_SYSTEM)
		l->start_time = l->anchor;
	atomic64_set(&l->stamp, l->anchor);
}

static void set_identity(struct wt_logger *l, const struct wt_start *start)
{
	static const u8 zero[16];

	l->name = start->name;
	l->file = start->file;
	current_fsuid_fsgid(&l->file_uid, &l->file_gid);
	l->starter_tid = task_pid_nr(current);
	l->starter_pid = task_tgid_nr(current);
	l->owner = start->owner;
	if (has_kernel_name(&l->name))
		memcpy(l->guid, kernel_guid, sizeof(l->guid));	/* A180 */
	else if (memcmp(start->settings->guid, zero, sizeof(zero)))
		memcpy(l->guid, start->settings->guid, sizeof(l->guid));
	else
		guid_gen((guid_t *)l->guid);
}

/* Takes buffers and files away. */
static void unfurnish(struct wt_logger *l)
{
	wt_logger_unbind(l);
	wt_debugfs_remove_logger(l);
	wt_logger_close_buffers(l);
}

/*
 * Buffers and files for @l.  A stopped logger that has the slot makes room before
 * the files are made, which have its names.  Return: 0, or -errno: there is nothing.
 */
static int furnish(struct wt_logger *l)
{
	int ret = wt_logger_open_buffers(l);

	if (ret)
		return ret;
	if (wt_slots[l->id])
		wt_session_release(wt_slots[l->id]);
	ret = wt_logger_publish(l);
	if (ret)
		unfurnish(l);
	return ret;
}

/**
 * wt_session_start() - start a session
 * @start: the request
 * @out: the new logger
 *
 * The kernel logger logs nothing before wt_session_set_flags().
 *
 * Return: a WMITRACE_ERROR_ code; on failure nothing has changed, but that for want
 * of memory a stopped logger may have lost its slot.
 */
u32 wt_session_start(struct wt_start *start, struct wt_logger **out)
{
	const struct wmitrace_session *s = start->settings;
	bool kernel = wt_session_is_kernel(start);
	struct wt_logger *l;
	u32 error, id;

	lockdep_assert_held(&wt_control_mutex);
	if (!start->name.units)
		return WMITRACE_ERROR_INVALID_NAME;
	if (!has_kernel_name(&start->name) && !memcmp(s->guid, kernel_guid, sizeof(kernel_guid)))
		return WMITRACE_ERROR_INVALID_PARAMETER;	/* A179 */
	error = wt_settings_check(start, kernel);
	if (error)
		return error;
	if (wt_session_by_name(&start->name, false) ||
	    (!has_kernel_name(&start->name) && guid_in_use(s->guid)))
		return WMITRACE_ERROR_ALREADY_EXISTS;

	l = wt_logger_alloc();
	if (!l)
		return WMITRACE_ERROR_NOT_ENOUGH_MEMORY;
	if (!find_id(start, &id)) {
		wt_logger_put(l);
		return WMITRACE_ERROR_NO_SYSTEM_RESOURCES;
	}
	l->id = id;
	INIT_DELAYED_WORK(&l->flush_work, flush_expired);
	set_identity(l, start);
	wt_settings_apply(l, s);
	set_anchor(l);
	if (furnish(l)) {
		l->name = (struct wt_name){ };	/* the caller's still */
		l->file = (struct wt_name){ };
		wt_logger_put(l);
		return WMITRACE_ERROR_NOT_ENOUGH_MEMORY;
	}
	start->name = (struct wt_name){ };
	start->file = (struct wt_name){ };
	if (id > 1)
		last_id = id;
	if (!wt_session_is_nonstoppable(l))
		__module_get(THIS_MODULE);
	l->state = WMITRACE_STATE_RUNNING;
	wt_slots[id] = l;
	rcu_assign_pointer(wt_writers[id], l);
	set_flush_timer(l);
	wt_sessions_changed();
	*out = l;
	return WMITRACE_ERROR_SUCCESS;
}

/*
 * wt_session_set_flags() - change what the kernel logger logs
 *
 * Running processes and threads are listed in the log, which can take as long
 * as its reader takes to make room; so wt_control_mutex is released meanwhile,
 * and @l, to which the caller needs a reference, can have stopped on return.
 *
 * Return: a WMITRACE_ERROR_ code.
 */
u32 wt_session_set_flags(struct wt_logger *l, u32 flags)
{
	u32 error;

	lockdep_assert_held(&wt_control_mutex);
	mutex_unlock(&wt_control_mutex);
	error = wt_kernel_set_flags(l, flags);
	mutex_lock(&wt_control_mutex);
	return error;
}

/* Now; but the wall clock may have been set back to before the session, or an event of it. */
static u64 end_time(struct wt_logger *l)
{
	u64 time = max(wt_filetime_now(), l->start_time);
	unsigned int cpu;

	if (l->clock.type != ETL_CLOCK_SYSTEM)
		return time;
	for_each_possible_cpu(cpu)
		time = max_t(u64, time, local64_read(&per_cpu_ptr(l->cpus, cpu)->last_time));
	return time;
}

/*
 * wt_session_stop() - end a session
 *
 * Providers are told first, while the session still accepts what they log about
 * it (A50, A51).  Their callbacks may take long and call back, so
 * wt_control_mutex is released meanwhile; STOPPING keeps others off the session.
 *
 * On return no writer is inside, everything logged is readable and the
 * counters are final.
 */
u32 wt_session_stop(struct wt_logger *l)
{
	unsigned int cpu;

	lockdep_assert_held(&wt_control_mutex);
	if (l->state == WMITRACE_STATE_STOPPING)
		return WMITRACE_ERROR_ACTIVE_CONNECTIONS;
	WRITE_ONCE(l->state, WMITRACE_STATE_STOPPING);
	mutex_unlock(&wt_control_mutex);
	wt_bridge_end(l);
	if (l->id == WMITRACE_KERNEL_LOGGER)
		wt_kernel_stop(l);
	else
		wt_disable_all(l->id);
	mutex_lock(&wt_control_mutex);
	RCU_INIT_POINTER(wt_writers[l->id], NULL);
	synchronize_rcu();
	WRITE_ONCE(l->flush_interval, 0);
	cancel_delayed_work_sync(&l->flush_work);
	for_each_possible_cpu(cpu)
		wt_buffer_close(l, cpu);
	l->stop_time = end_time(l);
	l->stop_order = ++stop_count;
	if (l->overwrite)
		wt_reader_snapshot(l);
	WRITE_ONCE(l->state, WMITRACE_STATE_STOPPED);
	wake_up_all(&l->wait);
	if (!wt_session_is_nonstoppable(l))
		module_put(THIS_MODULE);
	wt_sessions_changed();
	return WMITRACE_ERROR_SUCCESS;
}

/* Makes everything logged so far readable; a flight recorder offers its whole ring. */
u32 wt_session_flush(struct wt_logger *l)
{
	lockdep_assert_held(&wt_control_mutex);
	wt_buffer_flush_all(l);
	if (l->overwrite)
		wt_reader_snapshot(l);
	return WMITRACE_ERROR_SUCCESS;
}

/**
 * wt_session_update() - change what may be changed while running
 * @l: running logger
 * @s: flush_timer and max_buffers (0 = unchanged; the number of buffers is
 *     fixed, the answer tells it), mode (REAL_TIME on or off)
 * @file: empty = unchanged; consumed on success
 *
 * Return: a WMITRACE_ERROR_ code (wmi-api 16.4, A199-A203).
 */
u32 wt_session_update(struct wt_logger *l, const struct wmitrace_session *s, struct wt_name *file)
{
	lockdep_assert_held(&wt_control_mutex);
	if (file->units) {
		if (!strcmp(file->utf8, l->file.utf8))
			return WMITRACE_ERROR_BAD_PATHNAME;
		if (wt_header_size(l, file->units) > l->subbuf_size)
			return WMITRACE_ERROR_BAD_LENGTH;
	}
	if ((s->mode & EVENT_TRACE_REAL_TIME_MODE) &&
	    (l->mode & (EVENT_TRACE_BUFFERING_MODE | EVENT_TRACE_FILE_MODE_APPEND)))
		return WMITRACE_ERROR_INVALID_PARAMETER;

	mutex_lock(&l->settings_mutex);
	if (file->units) {
		swap(l->file, *file);
		current_fsuid_fsgid(&l->file_uid, &l->file_gid);
	}
	WRITE_ONCE(l->mode, (l->mode & ~EVENT_TRACE_REAL_TIME_MODE) |
			    (s->mode & EVENT_TRACE_REAL_TIME_MODE));
	mutex_unlock(&l->settings_mutex);
	wt_sessions_changed();
	if (s->flush_timer)
		WRITE_ONCE(l->flush_timer, s->flush_timer);
	set_flush_timer(l);
	return WMITRACE_ERROR_SUCCESS;
}

/* Frees a stopped logger's buffers, files and slot. */
void wt_session_release(struct wt_logger *l)
{
	lockdep_assert_held(&wt_control_mutex);
	wt_slots[l->id] = NULL;
	unfurnish(l);
	wake_up_all(&l->wait);
	wt_logger_put(l);
	wt_sessions_changed();
}

/* Waits for another task's wt_session_stop(), without wt_control_mutex. */
static void wait_until_stopped(struct wt_logger *l)
{
	wt_logger_get(l);
	mutex_unlock(&wt_control_mutex);
	wait_event(wt_session_wait, READ_ONCE(l->state) == WMITRACE_STATE_STOPPED);
	wt_logger_put(l);
	mutex_lock(&wt_control_mutex);
}

/* Ends the sessions whose life hangs on @owner. */
void wt_session_close_owner(struct file *owner)
{
	u32 id = 0;

	mutex_lock(&wt_control_mutex);
	while (id < WMITRACE_LOGGERS) {
		struct wt_logger *l = wt_slots[id];

		if (!l || l->owner != owner) {
			id++;
		} else if (l->state == WMITRACE_STATE_STOPPING) {
			wait_until_stopped(l);	/* and see what is left of it */
		} else {
			if (l->state == WMITRACE_STATE_RUNNING)
				wt_session_stop(l);
			wt_session_release(l);
		}
	}
	mutex_unlock(&wt_control_mutex);
}

/* At unload: what cannot be stopped ends now, nothing else runs any more. */
void wt_session_release_all(void)
{
	u32 id;

	mutex_lock(&wt_control_mutex);
	for (id = 0; id < WMITRACE_LOGGERS; id++) {
		struct wt_logger *l = wt_slots[id];

		if (l && wt_session_is_live(l))
			wt_session_stop(l);
		if (l)
			wt_session_release(l);
	}
	mutex_unlock(&wt_control_mutex);
}

void wt_session_counts(struct wt_logger *l, struct wt_counts *sum)
{
	unsigned int cpu;

	*sum = (struct wt_counts){ };
	for_each_possible_cpu(cpu)
		wt_buffer_counts(l, cpu, sum);
}

/* Fills in everything but the strings and the error code. */
void wt_session_describe(struct wt_logger *l, struct wmitrace_session *s)
{
	struct wt_counts counts;
	unsigned int cpu;

	lockdep_assert_held(&wt_control_mutex);
	wt_session_counts(l, &counts);
	s->flags = l->owner ? WMITRACE_START_OWNED : 0;
	s->handle = l->id ? l->id : WMITRACE_KERNEL_HANDLE;
	memcpy(s->guid, l->guid, sizeof(s->guid));
	s->buffer_size = l->subbuf_size / 1024;
	s->min_buffers = l->min_buffers;
	s->flush_timer = l->flush_timer;
	s->mode = l->mode;
	s->clock = l->clock.type;
	s->max_file_size = l->max_file_size;
	s->enable_flags = READ_ONCE(l->enable_flags);
	s->unlogged_flags = READ_ONCE(l->unlogged_flags);
	s->id = l->id;
	s->state = l->state;
	s->cpus = 0;
	s->number_of_buffers = 0;
	s->free_buffers = 0;
	s->buffers_delivered = 0;
	for_each_possible_cpu(cpu) {
		struct wt_cpu *c = per_cpu_ptr(l->cpus, cpu);

		s->cpus += !!c->sub;
		s->buffers_delivered += READ_ONCE(c->delivered);
		wt_buffer_usage(l, cpu, &s->number_of_buffers, &s->free_buffers);
	}
	s->max_buffers = s->number_of_buffers;
	s->logger_tid = l->report.logger_tid;
	s->owner_pid = l->starter_pid;
	s->file_uid = from_kuid_munged(&init_user_ns, l->file_uid);
	s->file_gid = from_kgid_munged(&init_user_ns, l->file_gid);
	s->logged = counts.logged;
	s->lost = wt_counts_lost(&counts);
	s->attempts = s->logged + s->lost;
	s->lost_full = counts.lost_full;
	s->lost_size = counts.lost_size;
	s->lost_nested = counts.lost_nested;
	s->overwritten = counts.overwritten;
	s->rejected = counts.rejected;
	s->buffers_written = l->report.buffers_written;
	s->buffers_lost = l->report.buffers_lost;
	s->realtime_buffers_lost = l->report.realtime_buffers_lost;
	s->start_time = l->start_time;
	s->stop_time = l->stop_time;
	s->perf_freq = l->clock.frequency;
}
