// SPDX-License-Identifier: GPL-2.0-only
/*
 * The header buffer of a session's file (etl-format section 5).
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/time.h>

#include "buffer.h"
#include "header.h"
#include "kernel.h"
#include "reader.h"
#include "session.h"
#include "wmitrace/evntrace.h"

/* The operating system that readers choose kernel event layouts by: Windows 10, 19041. */
#define OS_MAJOR	10
#define OS_MINOR	0
#define OS_BUILD	19041

#define RECORD_FIXED	(sizeof(struct etl_system_header) + sizeof(struct etl_logfile_header))

/* Bytes in use of a header buffer with a file name of so many UTF-16 units. */
size_t wt_header_size(const struct wt_logger *l, u32 file_units)
{
	size_t masks = l->id == WMITRACE_KERNEL_LOGGER ? ETL_ALIGN(WT_KERNEL_MASKS_SIZE) : 0;

	return sizeof(struct etl_buffer_header) + masks +
	       ETL_ALIGN(RECORD_FIXED + 2 * ((size_t)l->name.units + 1 + file_units + 1));
}

static u32 saturate(u64 count)
{
	return min_t(u64, count, U32_MAX);
}

static void fill_logfile(struct wt_logger *l, struct etl_logfile_header *f)
{
	bool layout2 = l->subbuf_size > 1024 * 1024 || nr_cpu_ids > 256;
	struct wt_counts counts;

	wt_session_counts(l, &counts);
	f->buffer_size = cpu_to_le32(l->subbuf_size);
	f->os_major = OS_MAJOR;
	f->os_minor = OS_MINOR;
	f->layout_major = layout2 ? ETL_LAYOUT2_MAJOR : ETL_LAYOUT_MAJOR;
	f->layout_minor = layout2 ? ETL_LAYOUT2_MINOR : ETL_LAYOUT_MINOR;
	f->os_build = cpu_to_le32(OS_BUILD);
	f->processors = cpu_to_le32(nr_cpu_ids);
	f->timer_resolution = cpu_to_le32(TICK_NSEC / 100);
	f->max_file_size = cpu_to_le32(l->max_file_size);
	f->mode = cpu_to_le32(l->mode & ~(EVENT_TRACE_REAL_TIME_MODE |
					  EVENT_TRACE_STOP_ON_HYBRID_SHUTDOWN |
					  EVENT_TRACE_PERSIST_ON_HYBRID_SHUTDOWN));
	f->start_buffers = cpu_to_le32(1);
	f->pointer_size = cpu_to_le32(sizeof(void *));
	f->events_lost = cpu_to_le32(saturate(wt_counts_lost(&counts)));
	f->cpu_mhz = cpu_to_le32(l->clock.mhz);
	f->tz.bias = cpu_to_le32(sys_tz.tz_minuteswest);
	f->boot_time = cpu_to_le64(wt_filetime_boot());
	f->perf_freq = cpu_to_le64(l->clock.frequency);
	f->start_time = cpu_to_le64(l->start_time);
	f->clock_type = cpu_to_le32(l->clock.type);
	f->buffers_lost = cpu_to_le32(saturate(l->report.buffers_lost));
	f->end_time = cpu_to_le64(l->stop_time);
	/*
	 * What the CPU files hold now, so that readers which believe it find
	 * their way through a file pulled with cat while the session runs.
	 */
	f->buffers_written = cpu_to_le32(1 + wt_reader_pending(l));
}

static void fill_buffer_header(struct wt_logger *l, struct etl_buffer_header *h, size_t used)
{
	h->buffer_size = cpu_to_le32(l->subbuf_size);
	h->saved_offset = cpu_to_le32(used);
	h->current_offset = cpu_to_le32(used);
	h->offset = cpu_to_le32(used);
	h->logger_id = cpu_to_le16(l->id);
	h->state = cpu_to_le32(ETL_BUFFER_STATE_FLUSH);
	h->flags = cpu_to_le16(ETL_BUFFER_FLUSH_MARKER | ETL_BUFFER_PROC_INDEX);
	h->type = cpu_to_le16(ETL_BUFFER_HEADER);
}

/**
 * wt_header_build() - the used part of the header buffer as of now
 * @l: logger with buffers
 * @size: bytes returned; the rest of the buffer, up to subbuf_size, is fill
 *
 * Process context.  Return: memory for kfree(), or NULL.
 */
u8 *wt_header_build(struct wt_logger *l, size_t *size)
{
	struct etl_buffer_header *h;
	struct etl_system_header *s;
	u8 *buf, *strings;

	mutex_lock(&l->settings_mutex);
	*size = wt_header_size(l, l->file.units);
	buf = kzalloc(*size, GFP_KERNEL);
	if (!buf)
		goto out;
	h = (struct etl_buffer_header *)buf;
	fill_buffer_header(l, h, *size);

	s = (struct etl_system_header *)(h + 1);
	s->version = cpu_to_le16(2);
	s->header_type = ETL_HEADER_SYSTEM64;
	s->marker = ETL_MARKER_EVENT;
	s->thread_id = cpu_to_le32(l->starter_tid);
	s->process_id = cpu_to_le32(l->starter_pid);
	s->time_stamp = cpu_to_le64(l->anchor);
	fill_logfile(l, (struct etl_logfile_header *)(s + 1));

	strings = (u8 *)s + RECORD_FIXED;
	strings += wt_name_utf16(&l->name, strings);
	strings += wt_name_utf16(&l->file, strings);
	s->size = cpu_to_le16(strings - (u8 *)s);
	if (l->id == WMITRACE_KERNEL_LOGGER)
		wt_kernel_masks_record(l, (u8 *)s + ETL_ALIGN(strings - (u8 *)s));
out:
	mutex_unlock(&l->settings_mutex);
	return buf;
}
