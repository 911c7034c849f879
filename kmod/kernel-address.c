// SPDX-License-Identifier: GPL-2.0-only
#include <linux/capability.h>
#include <linux/kernel.h>

#include "kernel-address.h"

bool wt_addresses_shown;

/*
 * The current task asks for events: the rule of /proc/kallsyms.  kptr_restrict
 * is no module's to read; %pK prints zeros for anybody if it is 2.
 */
void wt_addresses_decide(void)
{
	char text[2 * sizeof(void *) + 1];

	snprintf(text, sizeof(text), "%pK", &wt_addresses_shown);
	WRITE_ONCE(wt_addresses_shown,
		   capable(CAP_SYSLOG) && strspn(text, "0") != strlen(text));
}
