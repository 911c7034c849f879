// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel logger: what it is asked to log, from start to stop
 * (kernel-events 3, 4.3, 4.4).
 *
 * The stream says what is logged: 0020 with the masks until now, 0005 with
 * those from now on, around what ends and what begins; 0008 when what runs
 * already is listed.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/security.h>
#include <linux/seq_file.h>
#include <linux/sched.h>

#include "debugfs.h"
#include "kernel.h"
#include "kernel-address.h"
#include "kernel-config.h"
#include "kernel-disk.h"
#include "kernel-image.h"
#include "kernel-interrupt.h"
#include "kernel-lifetime.h"
#include "kernel-probes.h"
#include "kernel-profile.h"
#include "kernel-record.h"
#include "kernel-scheduler.h"
#include "session.h"

/* Flags, probes and lifetimes.  Outside of wt_control_mutex. */
static DEFINE_MUTEX(kernel_mutex);

/* Where a flag's mask bit is not the flag itself in word 0 (kernel-events 3.2). */
static const struct {
	u32 flag, word, bit;
} moved[] = {
	{ EVENT_TRACE_FLAG_PROFILE, 1, 0x2 },
	{ EVENT_TRACE_FLAG_CSWITCH, 1, 0x4 },
	{ EVENT_TRACE_FLAG_DRIVER, 1, 0x10 },
	{ EVENT_TRACE_FLAG_DPC, 1, 0x80 },
	{ EVENT_TRACE_FLAG_DISPATCHER, 1, 0x200 },
	{ EVENT_TRACE_FLAG_INTERRUPT, 1, 0x4000 },
	{ EVENT_TRACE_FLAG_VIRTUAL_ALLOC, 1, 0x8000 },
	{ EVENT_TRACE_FLAG_SYSTEMCALL, 2, 0x40 },
};

static void fill_masks(struct etl_masks *masks, u32 flags)
{
	u32 words[ETL_MASK_WORDS] = { flags };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(moved); i++) {
		words[0] &= ~moved[i].flag;
		if (flags & moved[i].flag)
			words[moved[i].word] |= moved[i].bit;
	}
	for (i = 0; i < ETL_MASK_WORDS; i++)
		masks->word[i] = cpu_to_le32(words[i]);
	masks->version = cpu_to_le32(ETL_MASKS_VERSION);
}

/* The second record of the header buffer: WT_KERNEL_MASKS_SIZE bytes at @to. */
void wt_kernel_masks_record(struct wt_logger *l, u8 *to)
{
	struct etl_system_header *h = (struct etl_system_header *)to;

	fill_masks(wt_system_header(h, ETL_HOOK_MASKS, 2, sizeof(struct etl_masks), l->anchor),
		   READ_ONCE(l->enable_flags));
	h->thread_id = cpu_to_le32(l->starter_tid);
	h->process_id = cpu_to_le32(l->starter_pid);
}

static void log_masks(u16 hook, u32 flags)
{
	struct wt_logger *l = wt_kernel_enter();
	struct etl_masks *masks;
	struct wt_record r;

	if (!l)
		return;
	masks = wt_perfinfo(l, hook, 2, sizeof(*masks), &r);
	if (masks) {
		fill_masks(masks, flags);
		wt_commit(&r);
	}
	wt_writer_exit();
}

static void log_rundown_complete(void)
{
	struct wt_logger *l = wt_kernel_enter();
	struct wt_record r;

	if (!l)
		return;
	if (wt_perfinfo(l, ETL_HOOK_RUNDOWN_COMPLETE, 2, 0, &r))
		wt_commit(&r);
	wt_writer_exit();
}

/* What goes on from @old to @flags; lifetimes begin anew where what is logged of them changes. */
static u32 lasting(u32 old, u32 flags)
{
	u32 both = old & flags;

	return (old ^ flags) & WT_LIFETIME_FLAGS ? both & ~WT_LIFETIME_FLAGS : both;
}

/* Ends what only @keep of @old goes on of, lifetimes last; @stop: for good (4.4). */
static void end_classes(struct wt_logger *l, u32 old, u32 keep, bool stop)
{
	u32 gone = old & ~keep;

	wt_probes_set(keep | (old & WT_LIFETIME_FLAGS));
	if (stop && !(old & EVENT_TRACE_FLAG_NO_SYSCONFIG))
		wt_config_log();
	if (!(keep & WT_DISK_FLAGS)) {
		wt_disks_log();
		wt_disks_free();
	}
	if (gone & EVENT_TRACE_FLAG_IMAGE_LOAD)
		wt_images_stop();
	if (gone & (WT_LIFETIME_FLAGS | EVENT_TRACE_FLAG_IMAGE_LOAD))
		wt_rundown_end(l, gone);
	if (gone & WT_LIFETIME_FLAGS) {
		wt_probes_set(keep);
		wt_lifetimes_free();
	}
}

static void end(struct wt_logger *l, u32 flags, bool stop)
{
	u32 old = l->enable_flags, keep = lasting(old, flags);

	if (old & ~keep & EVENT_TRACE_FLAG_PROFILE)
		wt_profile_stop();
	log_masks(ETL_HOOK_MASKS_END, old);
	end_classes(l, old, keep, stop);
	WRITE_ONCE(l->enable_flags, flags);
	log_masks(ETL_HOOK_MASKS, flags);
}

/* What the probes of @new need, and no memory for it is a failure. */
static int prepare(u32 new, u32 keep)
{
	int ret = 0;

	if (new & WT_LIFETIME_FLAGS)
		ret = wt_lifetimes_alloc();
	if (!ret && (new & WT_DISK_FLAGS) && !(keep & WT_DISK_FLAGS))
		ret = wt_disks_alloc();
	if (new & EVENT_TRACE_FLAG_CSWITCH)
		wt_scheduler_reset();
	if (new & (EVENT_TRACE_FLAG_INTERRUPT | EVENT_TRACE_FLAG_DPC))
		wt_interrupts_reset(new);
	return ret;
}

/*
 * Begins what is new in @flags (4.3).  What this kernel cannot log is left out;
 * l->unlogged_flags says what.
 */
static int begin(struct wt_logger *l, u32 keep, u32 flags)
{
	u32 new = flags & ~keep;
	u32 unlogged = flags & ~(wt_probes_flags() | EVENT_TRACE_FLAG_PROFILE |
				 EVENT_TRACE_FLAG_NO_SYSCONFIG);
	int ret = prepare(new, keep);

	unlogged |= l->unlogged_flags & keep;
	if (!ret && (new & EVENT_TRACE_FLAG_IMAGE_LOAD) && wt_images_start())
		unlogged |= EVENT_TRACE_FLAG_IMAGE_LOAD;
	if (!ret)
		ret = wt_probes_set(flags & ~unlogged);
	if (!ret && (new & ~unlogged & (WT_LIFETIME_FLAGS | EVENT_TRACE_FLAG_IMAGE_LOAD)))
		ret = wt_rundown_begin(l, new & ~unlogged);
	if (!ret && (new & EVENT_TRACE_FLAG_PROFILE) && wt_profile_start())
		unlogged |= EVENT_TRACE_FLAG_PROFILE;
	WRITE_ONCE(l->unlogged_flags, unlogged);
	return ret;
}

static u32 change(struct wt_logger *l, u32 flags)
{
	u32 keep = lasting(l->enable_flags, flags);
	int ret;

	wt_addresses_decide();
	end(l, flags, false);
	ret = begin(l, keep, flags);
	log_rundown_complete();
	if (!ret)
		return WMITRACE_ERROR_SUCCESS;
	wt_probes_set(0);
	wt_profile_stop();
	wt_images_stop();
	wt_disks_free();
	wt_lifetimes_free();
	WRITE_ONCE(l->enable_flags, 0);
	log_masks(ETL_HOOK_MASKS, 0);
	return WMITRACE_ERROR_NOT_ENOUGH_MEMORY;
}

/**
 * wt_kernel_set_flags() - log what @flags ask for from now on
 * @l: the kernel logger
 * @flags: EVENT_TRACE_FLAG_*, within WT_KERNEL_FLAGS; 0 = nothing (wmi-api A200)
 *
 * What lockdown has ftrace and perf hide, this logger does not show either.
 *
 * Without wt_control_mutex.  Return: a WMITRACE_ERROR_ code.
 */
u32 wt_kernel_set_flags(struct wt_logger *l, u32 flags)
{
	u32 error = WMITRACE_ERROR_ACTIVE_CONNECTIONS;

	if (flags && security_locked_down(LOCKDOWN_TRACEFS))
		return WMITRACE_ERROR_ACCESS_DENIED;
	mutex_lock(&kernel_mutex);
	wt_probes_find();
	if (READ_ONCE(l->state) == WMITRACE_STATE_RUNNING)
		error = flags == l->enable_flags ? WMITRACE_ERROR_SUCCESS : change(l, flags);
	mutex_unlock(&kernel_mutex);
	return error;
}

/* The end of the session @l, which still accepts events and is STOPPING. */
void wt_kernel_stop(struct wt_logger *l)
{
	mutex_lock(&kernel_mutex);
	end(l, 0, true);
	log_rundown_complete();
	mutex_unlock(&kernel_mutex);
}

static int kernel_show(struct seq_file *m, void *unused)
{
	if (wt_debugfs_may_read())
		return -EPERM;
	mutex_lock(&kernel_mutex);
	wt_probes_find();
	wt_probes_show(m);
	wt_images_show(m);
	wt_profile_show(m);
	mutex_unlock(&kernel_mutex);
	return 0;
}

static int kernel_open(struct inode *inode, struct file *file)
{
	return single_open(file, kernel_show, NULL);
}

const struct file_operations wt_kernel_fops = {
	.owner = THIS_MODULE,
	.open = kernel_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
