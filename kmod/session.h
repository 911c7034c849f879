/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_SESSION_H
#define WT_SESSION_H

#include "buffer.h"
#include "wmitrace/evntrace.h"

struct file;

/* Serialises what starts, stops, finds or changes sessions.  Taken before all other locks. */
extern struct mutex wt_control_mutex;
extern atomic_t wt_session_generation;
extern wait_queue_head_t wt_session_wait;
extern struct wt_logger *wt_slots[WMITRACE_LOGGERS];

/**
 * struct wt_start - a request to start a session
 * @settings: as from user space; its strings are not looked at
 * @name: consumed on success
 * @file: consumed on success; empty = none
 * @owner: with WMITRACE_START_OWNED: descriptor that the session's life hangs on
 * @boot: started with the module: may be NONSTOPPABLE
 */
struct wt_start {
	const struct wmitrace_session *settings;
	struct wt_name name;
	struct wt_name file;
	struct file *owner;
	bool boot;
};

void wt_sessions_changed(void);
u32 wt_start_settle_name(struct wt_start *start);
u32 wt_session_start(struct wt_start *start, struct wt_logger **out);
u32 wt_session_set_flags(struct wt_logger *l, u32 flags);
u32 wt_session_stop(struct wt_logger *l);
u32 wt_session_flush(struct wt_logger *l);
u32 wt_session_update(struct wt_logger *l, const struct wmitrace_session *s, struct wt_name *file);
void wt_session_release(struct wt_logger *l);
void wt_session_close_owner(struct file *owner);
void wt_session_release_all(void);
struct wt_logger *wt_session_by_name(const struct wt_name *name, bool stopped);
struct wt_logger *wt_session_by_handle(u64 handle, bool stopped);
bool wt_session_is_kernel(const struct wt_start *start);
bool wt_session_is_global(const struct wt_logger *l);
void wt_session_describe(struct wt_logger *l, struct wmitrace_session *s);
void wt_session_counts(struct wt_logger *l, struct wt_counts *sum);

/* Of a logger in a slot: it still accepts events. */
static inline bool wt_session_is_live(const struct wt_logger *l)
{
	return l->state != WMITRACE_STATE_STOPPED;
}

/* It runs until the module goes, and does not keep that. */
static inline bool wt_session_is_nonstoppable(const struct wt_logger *l)
{
	return l->mode & EVENT_TRACE_NONSTOPPABLE_MODE;
}

static inline u64 wt_counts_lost(const struct wt_counts *c)
{
	return c->lost_full + c->lost_size + c->lost_nested;
}

/* settings.c: what a start request turns into */
u32 wt_settings_check(const struct wt_start *start, bool kernel);
void wt_settings_apply(struct wt_logger *l, const struct wmitrace_session *s);

#endif
