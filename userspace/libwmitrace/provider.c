// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>

#include "provider.h"

static const unsigned long requests[] = {
	[PROVIDER_ENABLE]		= WMITRACE_IOC_ENABLE,
	[PROVIDER_DISABLE]		= WMITRACE_IOC_DISABLE,
	[PROVIDER_CAPTURE_STATE]	= WMITRACE_IOC_CAPTURE_STATE,
};

int provider_request(int device, enum provider_request what, struct control_session *session,
		     const struct wmitrace_enable *how)
{
	struct wmitrace_enable request = *how;
	int err = 0;

	request.handle = session->s.handle;
	request.name.ptr = (uintptr_t)session->name;
	request.name.len = strlen(session->name);
	if (ioctl(device, requests[what], &request) < 0)
		err = -errno;
	session->s.win32 = request.win32;
	return err;
}

int provider_list(int device, struct wmitrace_provider **rows, size_t *count)
{
	void *all;
	int err = control_rows(device, WMITRACE_IOC_PROVIDERS, sizeof(**rows), &all, count);

	*rows = all;
	return err;
}

bool provider_is_called(const struct wmitrace_provider *row, const char *name)
{
	return !strcasecmp(row->module, name) || !strcasecmp(row->name, name);
}

int provider_parse_level(const char *text, uint32_t *level)
{
	static const char *const names[] = {
		"none", "critical", "error", "warning", "information", "verbose"
	};
	unsigned long number;
	uint32_t i;
	char *end;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcasecmp(text, names[i])) {
			*level = i;
			return 0;
		}
	if (*text < '0' || *text > '9')
		return -EINVAL;
	number = strtoul(text, &end, 0);
	if (*end || number > UINT8_MAX)
		return -EINVAL;
	*level = number;
	return 0;
}

const char *provider_kind_name(uint32_t kind)
{
	static const char *const names[] = {
		[WMITRACE_PROVIDER_CLASSIC]	= "control",
		[WMITRACE_PROVIDER_MULTI]	= "etw",
		[WMITRACE_PROVIDER_EVENT]	= "event",
		[WMITRACE_PROVIDER_NONE]	= "traced",
		[WMITRACE_PROVIDER_WAITING]	= "waiting",
	};

	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "unknown";
}
