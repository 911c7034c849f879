// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LTTng's wrapper/kallsyms.c for User-Mode Linux.  LTTng finds kallsyms_lookup_name()
 * by a kprobe, and there are none; who inserts the module has it from /proc/kallsyms.
 */
#include <linux/module.h>
#include <wrapper/kallsyms.h>

static ulong address;
module_param(address, ulong, 0);
MODULE_PARM_DESC(address, "of kallsyms_lookup_name()");

unsigned long wrapper_kallsyms_lookup_name(const char *name)
{
	unsigned long (*lookup)(const char *name) = (void *)address;

	return lookup ? lookup(name) : 0;
}
EXPORT_SYMBOL_GPL(wrapper_kallsyms_lookup_name);
