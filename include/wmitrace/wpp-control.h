/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What <wmitrace/wpp.h> and the logger share: control blocks, source files.
 */
#ifndef WMITRACE_WPP_CONTROL_H
#define WMITRACE_WPP_CONTROL_H

#include <linux/compiler.h>

#include "iowmi.h"
#include "wmitrace.h"
#include "wpp-layout.h"

/**
 * struct wpp_control - a control GUID of a driver
 * @provider: what is registered for it
 * @Logger: handle of the session that enabled it; 0 = none
 * @Flags: the session's flag bits; 0 = nothing is logged
 * @Level: the session's level
 * @Guid: the control GUID
 *
 * Statements read what the logger's callback writes, in any context and
 * without a lock: volatile, since drivers' own macros name the members.
 */
struct wpp_control {
	struct wmi_provider provider;
	volatile u64 Logger;
	volatile u32 Flags[1];
	volatile u8 Level;
	GUID Guid;
};

/* struct wpp_file - a source file; head.names says where the names follow */
struct wpp_file {
	struct wpp_file_head head;
	struct module *owner;
};

/*
 * What every control block registers: answers REGINFO with the block's
 * GUID; keeps handle, level and flags as the session that enables it wants them.
 */
WMI_DISPATCH wmitrace_wpp_dispatch;

/**
 * wmitrace_wpp_register - what WPP_INIT_TRACING does
 * @controls: the module's control blocks
 * @count: how many
 * @owner: THIS_MODULE
 *
 * Context: process context that may sleep.
 *
 * Return: STATUS_SUCCESS, or why one could not be registered; then none is.
 */
NTSTATUS wmitrace_wpp_register(struct wpp_control *controls, u32 count, struct module *owner);

/**
 * wmitrace_wpp_unregister - what WPP_CLEANUP does
 * @controls: the module's control blocks
 * @count: how many
 * @owner: THIS_MODULE
 *
 * Afterwards statements are silent.  Harmless where nothing is registered.
 * Context: process context that may sleep.
 */
void wmitrace_wpp_unregister(struct wpp_control *controls, u32 count, struct module *owner);

/**
 * wmitrace_wpp_guid - make the message GUID of a source file
 * @file: the file's object
 *
 * Context: any, NMI included; from several CPUs at once.
 *
 * Return: the GUID, which stays.
 */
const GUID *wmitrace_wpp_guid(struct wpp_file *file);

/* The GUID of this source file's messages, made on first use.  Any context. */
static __always_inline const GUID *wpp_message_guid(struct wpp_file *file)
{
	if (likely(smp_load_acquire(&file->head.ready)))	/* pairs with wmitrace_wpp_guid() */
		return (const GUID *)file->head.guid;
	return wmitrace_wpp_guid(file);
}

#endif /* WMITRACE_WPP_CONTROL_H */
