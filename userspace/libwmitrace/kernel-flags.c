// SPDX-License-Identifier: LGPL-2.1-or-later
#include "flag-words.h"
#include "kernel-flags.h"

static const struct flag_word flags_by_name[] = {
	{ 0x00000001, "process", NULL },
	{ 0x00000002, "thread", NULL },
	{ 0x00000004, "image", NULL },
	{ 0x00000008, "process-counters", NULL },
	{ 0x00000010, "cswitch", NULL },
	{ 0x00000020, "dpc", NULL },
	{ 0x00000040, "interrupt", NULL },
	{ 0x00000080, "syscall", NULL },
	{ 0x00000100, "disk", NULL },
	{ 0x00000200, "disk-file", NULL },
	{ 0x00000400, "disk-init", NULL },
	{ 0x00000800, "dispatcher", NULL },
	{ 0x00001000, "pagefault", NULL },
	{ 0x00002000, "hardfault", NULL },
	{ 0x00004000, "virtual-alloc", NULL },
	{ 0x00008000, "vamap", NULL },
	{ 0x00010000, "network", NULL },
	{ 0x00020000, "registry", NULL },
	{ 0x00040000, "dbgprint", NULL },
	{ 0x00080000, "job", NULL },
	{ 0x00100000, "alpc", NULL },
	{ 0x00200000, "split-io", NULL },
	{ 0x00400000, "debug-events", NULL },
	{ 0x00800000, "driver", NULL },
	{ 0x01000000, "profile", NULL },
	{ 0x02000000, "file", NULL },
	{ 0x04000000, "file-init", NULL },
	{ 0x10000000, "no-sysconfig", NULL },
};

#define FLAGS	(sizeof(flags_by_name) / sizeof(flags_by_name[0]))

int kernel_flags_parse(const char *text, uint32_t *flags, const char **bad)
{
	return flag_words_parse(flags_by_name, FLAGS, text, flags, bad);
}

void kernel_flags_format(uint32_t flags, char text[KERNEL_FLAGS_TEXT_MAX])
{
	flag_words_format(flags_by_name, FLAGS, flags, text, KERNEL_FLAGS_TEXT_MAX);
}

const char *kernel_flag_name(size_t index)
{
	return index < FLAGS ? flags_by_name[index].name : NULL;
}
