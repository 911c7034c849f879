// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a start request turns into: mode rules and the replacement of
 * unreasonable values (wmi-api 16.2, 16.3).
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "header.h"
#include "kernel.h"
#include "session.h"
#include "wmitrace/evntrace.h"

#define DEFAULT_BUFFER_KB	64u
#define EXTRA_BUFFERS		20u	/* customary distance of maximum and minimum */
#define SUBBUFS_MAX		65536u		/* per CPU */

/* Modes that a session may be started with. */
#define MODES_KNOWN (EVENT_TRACE_FILE_MODE_SEQUENTIAL | EVENT_TRACE_FILE_MODE_CIRCULAR | \
		     EVENT_TRACE_FILE_MODE_APPEND | EVENT_TRACE_FILE_MODE_NEWFILE | \
		     EVENT_TRACE_USE_MS_FLUSH_TIMER | EVENT_TRACE_FILE_MODE_PREALLOCATE | \
		     EVENT_TRACE_NONSTOPPABLE_MODE | \
		     EVENT_TRACE_SECURE_MODE | EVENT_TRACE_REAL_TIME_MODE | \
		     EVENT_TRACE_DELAY_OPEN_FILE_MODE | EVENT_TRACE_BUFFERING_MODE | \
		     EVENT_TRACE_ADD_HEADER_MODE | EVENT_TRACE_USE_KBYTES_FOR_SIZE | \
		     EVENT_TRACE_USE_GLOBAL_SEQUENCE | EVENT_TRACE_USE_LOCAL_SEQUENCE | \
		     EVENT_TRACE_STOP_ON_HYBRID_SHUTDOWN | \
		     EVENT_TRACE_PERSIST_ON_HYBRID_SHUTDOWN | \
		     EVENT_TRACE_USE_PAGED_MEMORY | EVENT_TRACE_SYSTEM_LOGGER_MODE | \
		     EVENT_TRACE_INDEPENDENT_SESSION_MODE)

/* Modes that exist, but that this logger does not offer. */
#define MODES_NOT_OFFERED (EVENT_TRACE_COMPRESSED_MODE | EVENT_TRACE_NO_PER_PROCESSOR_BUFFERING)

/* What the kernel logger cannot do (wmi-api 17.1, A188). */
#define MODES_NOT_KERNEL (EVENT_TRACE_FILE_MODE_NEWFILE | EVENT_TRACE_USE_GLOBAL_SEQUENCE | \
			  EVENT_TRACE_USE_LOCAL_SEQUENCE | EVENT_TRACE_USE_PAGED_MEMORY)

#define FILE_MODES (EVENT_TRACE_FILE_MODE_SEQUENTIAL | EVENT_TRACE_FILE_MODE_CIRCULAR | \
		    EVENT_TRACE_FILE_MODE_APPEND | EVENT_TRACE_FILE_MODE_NEWFILE | \
		    EVENT_TRACE_FILE_MODE_PREALLOCATE)

/* One excludes all of the other (wmi-api 16.3). */
static const struct {
	u32 mode, excludes;
} exclusions[] = {
	{ EVENT_TRACE_FILE_MODE_CIRCULAR, EVENT_TRACE_FILE_MODE_SEQUENTIAL |
	  EVENT_TRACE_FILE_MODE_APPEND | EVENT_TRACE_FILE_MODE_NEWFILE },
	{ EVENT_TRACE_FILE_MODE_APPEND, EVENT_TRACE_FILE_MODE_NEWFILE |
	  EVENT_TRACE_FILE_MODE_PREALLOCATE | EVENT_TRACE_REAL_TIME_MODE },
	{ EVENT_TRACE_FILE_MODE_NEWFILE, EVENT_TRACE_FILE_MODE_PREALLOCATE },
	{ EVENT_TRACE_BUFFERING_MODE, FILE_MODES | EVENT_TRACE_REAL_TIME_MODE },
	{ EVENT_TRACE_USE_GLOBAL_SEQUENCE, EVENT_TRACE_USE_LOCAL_SEQUENCE },
	{ EVENT_TRACE_STOP_ON_HYBRID_SHUTDOWN, EVENT_TRACE_PERSIST_ON_HYBRID_SHUTDOWN },
};

/* Boot sessions only, and those that never end by themselves (A220). */
static bool may_be_nonstoppable(const struct wt_start *start)
{
	u32 mode = start->settings->mode;

	return start->boot &&
	       (mode & (EVENT_TRACE_FILE_MODE_CIRCULAR | EVENT_TRACE_BUFFERING_MODE) ||
		(mode & EVENT_TRACE_REAL_TIME_MODE && !start->file.units));
}

/*
 * wt_settings_check() - refuse what cannot be replaced
 *
 * Return: a WMITRACE_ERROR_ code.
 */
u32 wt_settings_check(const struct wt_start *start, bool kernel)
{
	const struct wmitrace_session *s = start->settings;
	const struct wt_name *file = &start->file;
	const u32 needs_size = EVENT_TRACE_FILE_MODE_CIRCULAR | EVENT_TRACE_FILE_MODE_NEWFILE |
			       EVENT_TRACE_FILE_MODE_PREALLOCATE;
	size_t i;

	if (s->mode & ~(MODES_KNOWN | MODES_NOT_OFFERED))
		return WMITRACE_ERROR_INVALID_PARAMETER;
	if (s->mode & MODES_NOT_OFFERED)
		return WMITRACE_ERROR_NOT_SUPPORTED;
	if (kernel ? (s->mode & MODES_NOT_KERNEL) || (s->enable_flags & ~WT_KERNEL_FLAGS) :
		     s->enable_flags)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	if ((s->mode & EVENT_TRACE_NONSTOPPABLE_MODE) && !may_be_nonstoppable(start))
		return WMITRACE_ERROR_INVALID_PARAMETER;
	if ((s->mode & EVENT_TRACE_FILE_MODE_NEWFILE) && start->boot)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	for (i = 0; i < ARRAY_SIZE(exclusions); i++)
		if ((s->mode & exclusions[i].mode) && (s->mode & exclusions[i].excludes))
			return WMITRACE_ERROR_INVALID_PARAMETER;
	if ((s->mode & EVENT_TRACE_BUFFERING_MODE) && file->units)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	if ((s->mode & needs_size) && !s->max_file_size)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	if ((s->mode & EVENT_TRACE_FILE_MODE_NEWFILE) && !strstr(file->utf8, "%d"))
		return WMITRACE_ERROR_INVALID_NAME;
	if ((s->mode & EVENT_TRACE_FILE_MODE_APPEND) && s->clock != ETL_CLOCK_SYSTEM)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	if (s->clock > ETL_CLOCK_CYCLES)
		return WMITRACE_ERROR_INVALID_PARAMETER;
	return WMITRACE_ERROR_SUCCESS;
}

/* Buffer size in bytes: in range, whole pages, and the header record fits. */
static u32 subbuf_size(const struct wmitrace_session *s, struct wt_logger *l)
{
	u32 kb = clamp_t(u32, s->buffer_size ? s->buffer_size : DEFAULT_BUFFER_KB,
			 ETL_BUFFER_SIZE_MIN / 1024, ETL_BUFFER_SIZE_MAX / 1024);
	size_t header = wt_header_size(l, l->file.units);

	return round_up(max_t(u32, kb * 1024, header), max_t(u32, PAGE_SIZE, ETL_BUFFER_SIZE_MIN));
}

/*
 * Sub-buffers per CPU: a power of two, so that finding one needs no division.
 * All memory is allocated at the start: a writer that finds its ring full can
 * be in a context that cannot allocate.  A flight recorder keeps min_buffers
 * full ones beside the one being written (wmi-api A206).  At most a quarter of
 * the machine's memory per session.
 */
static u32 subbufs_per_cpu(struct wt_logger *l, u32 min_buffers, u32 max_buffers)
{
	u32 cpus = num_online_cpus();
	u64 pages = ((u64)totalram_pages() / 4) / cpus;
	u32 want = l->overwrite ? DIV_ROUND_UP(min_buffers, cpus) + 1 :
				  DIV_ROUND_UP(max_buffers, cpus);
	u32 most = min_t(u64, SUBBUFS_MAX, min_t(u64, pages * PAGE_SIZE, U32_MAX) / l->subbuf_size);

	want = roundup_pow_of_two(clamp_t(u32, want, 2, SUBBUFS_MAX));
	return max_t(u32, 2, min_t(u32, want, rounddown_pow_of_two(max_t(u32, most, 2))));
}

/*
 * Fills in the settings of a logger that has its names and passed
 * wt_settings_check().
 */
void wt_settings_apply(struct wt_logger *l, const struct wmitrace_session *s)
{
	u32 least = 2 * num_online_cpus();
	u32 min_buffers = max(s->min_buffers, least);
	u32 max_buffers = s->max_buffers ? s->max_buffers : min_buffers + EXTRA_BUFFERS;

	l->mode = s->mode & ~(EVENT_TRACE_DELAY_OPEN_FILE_MODE | EVENT_TRACE_ADD_HEADER_MODE);
	l->overwrite = s->mode & EVENT_TRACE_BUFFERING_MODE;
	l->no_kernel = s->mode & EVENT_TRACE_USE_PAGED_MEMORY;
	if (s->mode & EVENT_TRACE_USE_LOCAL_SEQUENCE)
		l->sequence = WT_SEQUENCE_LOCAL;
	else if (s->mode & EVENT_TRACE_USE_GLOBAL_SEQUENCE)
		l->sequence = WT_SEQUENCE_GLOBAL;
	/* Never there: the obsolete time, the writer's say on pointers, numbers (A81, A94). */
	l->message_flags = TRACE_MESSAGE_FLAG_MASK &
			   ~(TRACE_MESSAGE_PERFORMANCE_TIMESTAMP | TRACE_MESSAGE_POINTER32 |
			     TRACE_MESSAGE_POINTER64);
	if (l->sequence == WT_SEQUENCE_NONE)
		l->message_flags &= ~TRACE_MESSAGE_SEQUENCE;
	l->max_file_size = s->max_file_size;
	l->subbuf_size = subbuf_size(s, l);
	l->usable = l->subbuf_size - sizeof(struct etl_buffer_header);
	l->subbufs = subbufs_per_cpu(l, min_buffers, max(min_buffers, max_buffers));
	l->min_buffers = min(min_buffers, l->subbufs * num_online_cpus());
	l->flush_timer = s->flush_timer;
	wt_clock_init(&l->clock, s->clock);
	if (!l->no_kernel && l->clock.source == WT_SOURCE_COUNTER)
		l->counter_flags = l->message_flags;
	if (!l->no_kernel && l->clock.source == WT_SOURCE_REAL)
		l->wall_flags = l->message_flags;
}
