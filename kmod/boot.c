// SPDX-License-Identifier: GPL-2.0-only
/*
 * Boot sessions: started with the module, before any driver that traces and
 * before user space could ask for them (wmi-api 17.2, 17.3).  What Windows
 * keeps in the registry is the parameter `boot`:
 *
 *	NAME[,SETTING=VALUE]...[;NAME...]
 *
 * A session that cannot be started is reported in the kernel log; drivers that
 * need the module are not to fail for it.
 */
#define pr_fmt(fmt)	KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uuid.h>

#include "boot.h"
#include "provider.h"
#include "session.h"

#define PROVIDERS_MAX	32u

static char *boot;
module_param(boot, charp, 0400);
MODULE_PARM_DESC(boot, "sessions to start at once: NAME[,SETTING=VALUE]...[;NAME...], see wmitrace(4)");

/**
 * struct plan - a session of the parameter
 * @settings: for @start
 * @start: the request
 * @provider: what enable= said, each GUID[:LEVEL[:FLAGS]]
 * @providers: how many
 */
struct plan {
	struct wmitrace_session settings;
	struct wt_start start;
	char *provider[PROVIDERS_MAX];
	u32 providers;
};

static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
	{ "buffer_size", offsetof(struct wmitrace_session, buffer_size) },
	{ "min_buffers", offsetof(struct wmitrace_session, min_buffers) },
	{ "max_buffers", offsetof(struct wmitrace_session, max_buffers) },
	{ "flush_timer", offsetof(struct wmitrace_session, flush_timer) },
	{ "mode", offsetof(struct wmitrace_session, mode) },
	{ "clock", offsetof(struct wmitrace_session, clock) },
	{ "max_file_size", offsetof(struct wmitrace_session, max_file_size) },
	{ "flags", offsetof(struct wmitrace_session, enable_flags) },
};

static int take_number(struct plan *plan, const char *name, const char *value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!strcmp(name, numbers[i].name))
			return kstrtou32(value, 0,
					 (u32 *)((u8 *)&plan->settings + numbers[i].offset));
	return -EINVAL;
}

/* Exactly a GUID. */
static int take_guid(const char *text, void *guid)
{
	return strlen(text) == UUID_STRING_LEN ? guid_parse(text, guid) : -EINVAL;
}

static int take_setting(struct plan *plan, char *setting)
{
	char *name = strsep(&setting, "="), *value = setting;

	if (!value)
		return -EINVAL;
	if (!strcmp(name, "file") && !plan->start.file.utf8)
		return wt_name_init(&plan->start.file, value, strlen(value));
	if (!strcmp(name, "guid"))
		return take_guid(value, plan->settings.guid);
	if (strcmp(name, "enable"))
		return take_number(plan, name, value);
	if (plan->providers == PROVIDERS_MAX)
		return -EINVAL;
	plan->provider[plan->providers++] = value;
	return 0;
}

/* Reads the settings; says which one makes no sense. */
static int take_settings(struct plan *plan, char *text)
{
	const char *name = strsep(&text, ",");
	char *setting, whole[64];
	int ret = wt_name_init(&plan->start.name, name, strlen(name));

	while (!ret && (setting = strsep(&text, ","))) {
		strscpy(whole, setting, sizeof(whole));
		ret = take_setting(plan, setting);
		if (ret)
			pr_err("boot session '%s': '%s' makes no sense\n", name, whole);
	}
	return ret;
}

/* Providers hear of it when they register: none can have yet. */
static void enable(const struct plan *plan, struct wt_logger *l, char *text)
{
	struct wt_enablement how = { .id = l->id, .level = 5, .any = U64_MAX };
	char *guid_text = strsep(&text, ":"), *level = strsep(&text, ":"), *flags = text;
	u32 error = WMITRACE_ERROR_INVALID_PARAMETER;
	GUID guid;

	if (!take_guid(guid_text, &guid) && (!level || !kstrtou8(level, 0, &how.level)) &&
	    (!flags || !kstrtou64(flags, 0, &how.any)) && l->id != WMITRACE_KERNEL_LOGGER &&
	    !wt_session_is_global(l))
		error = wt_enable(&guid, &how);
	if (error)
		pr_err("boot session '%s': cannot enable '%s' (Win32 error %u)\n", l->name.utf8,
		       guid_text, error);
}

static u32 start(struct plan *plan)
{
	struct wt_logger *l;
	u32 i, error;

	lockdep_assert_held(&wt_control_mutex);
	plan->start.settings = &plan->settings;
	plan->start.boot = true;
	error = wt_start_settle_name(&plan->start);
	if (!error)
		error = wt_session_start(&plan->start, &l);
	if (error)
		return error;
	for (i = 0; i < plan->providers; i++)
		enable(plan, l, plan->provider[i]);
	pr_info("boot session '%s' is logger %u\n", l->name.utf8, l->id);
	wt_logger_get(l);
	if (l->id == WMITRACE_KERNEL_LOGGER)
		error = wt_session_set_flags(l, plan->settings.enable_flags);
	wt_logger_put(l);
	return error;
}

static void start_one(char *text)
{
	struct plan *plan = kzalloc(sizeof(*plan), GFP_KERNEL);
	u32 error = WMITRACE_ERROR_NOT_ENOUGH_MEMORY;

	if (plan && take_settings(plan, text)) {
		error = WMITRACE_ERROR_INVALID_PARAMETER;
	} else if (plan) {
		mutex_lock(&wt_control_mutex);
		error = start(plan);
		mutex_unlock(&wt_control_mutex);
	}
	if (error)
		pr_err("boot session '%s': not started (Win32 error %u)\n", text, error);
	if (plan) {
		wt_name_free(&plan->start.name);
		wt_name_free(&plan->start.file);
		kfree(plan);
	}
}

/* At the end of the module's initialisation, which does not fail any more. */
void wt_boot_sessions(void)
{
	char *copy = boot ? kstrdup(boot, GFP_KERNEL) : NULL, *rest = copy, *one;

	while ((one = strsep(&rest, ";")))
		if (*one)
			start_one(one);
	kfree(copy);
}
