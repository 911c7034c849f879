// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel-flags.h"

static const struct {
	uint32_t value;
	const char *name;
} flags_by_name[] = {
	{ 0x00000001, "process" },
	{ 0x00000002, "thread" },
	{ 0x00000004, "image" },
	{ 0x00000008, "process-counters" },
	{ 0x00000010, "cswitch" },
	{ 0x00000020, "dpc" },
	{ 0x00000040, "interrupt" },
	{ 0x00000080, "syscall" },
	{ 0x00000100, "disk" },
	{ 0x00000200, "disk-file" },
	{ 0x00000400, "disk-init" },
	{ 0x00000800, "dispatcher" },
	{ 0x00001000, "pagefault" },
	{ 0x00002000, "hardfault" },
	{ 0x00004000, "virtual-alloc" },
	{ 0x00008000, "vamap" },
	{ 0x00010000, "network" },
	{ 0x00020000, "registry" },
	{ 0x00040000, "dbgprint" },
	{ 0x00080000, "job" },
	{ 0x00100000, "alpc" },
	{ 0x00200000, "split-io" },
	{ 0x00400000, "debug-events" },
	{ 0x00800000, "driver" },
	{ 0x01000000, "profile" },
	{ 0x02000000, "file" },
	{ 0x04000000, "file-init" },
	{ 0x10000000, "no-sysconfig" },
};

#define FLAGS	(sizeof(flags_by_name) / sizeof(flags_by_name[0]))

static int parse_word(const char *word, size_t len, uint32_t *value)
{
	unsigned long long number;
	char *end;
	size_t i;

	for (i = 0; i < FLAGS; i++) {
		if (strlen(flags_by_name[i].name) == len &&
		    !strncasecmp(word, flags_by_name[i].name, len)) {
			*value = flags_by_name[i].value;
			return 0;
		}
	}
	if (len == 4 && !strncasecmp(word, "none", len)) {
		*value = 0;
		return 0;
	}
	if (!len || *word < '0' || *word > '9')
		return -EINVAL;
	errno = 0;
	number = strtoull(word, &end, 0);
	if (errno || end != word + len || number > UINT32_MAX)
		return -EINVAL;
	*value = number;
	return 0;
}

int kernel_flags_parse(const char *text, uint32_t *flags, const char **bad)
{
	uint32_t sum = 0;

	for (;;) {
		size_t len = strcspn(text, ",");
		uint32_t value;

		if (parse_word(text, len, &value)) {
			*bad = text;
			return -EINVAL;
		}
		sum |= value;
		if (!text[len])
			break;
		text += len + 1;
	}
	*flags = sum;
	return 0;
}

void kernel_flags_format(uint32_t flags, char text[KERNEL_FLAGS_TEXT_MAX])
{
	size_t used = 0, i;

	if (!flags) {
		strcpy(text, "none");
		return;
	}
	for (i = 0; i < FLAGS; i++) {
		if (!(flags & flags_by_name[i].value))
			continue;
		flags &= ~flags_by_name[i].value;
		used += snprintf(text + used, KERNEL_FLAGS_TEXT_MAX - used, "%s%s",
				 used ? "," : "", flags_by_name[i].name);
	}
	if (flags)
		snprintf(text + used, KERNEL_FLAGS_TEXT_MAX - used, "%s0x%x", used ? "," : "", flags);
}

const char *kernel_flag_name(size_t index)
{
	return index < FLAGS ? flags_by_name[index].name : NULL;
}
