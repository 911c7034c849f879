/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PROVIDER_PUPPET_H
#define PROVIDER_PUPPET_H

#include <wmitrace/ntdef.h>

__printf(1, 2) void puppet_say(const char *format, ...);

/* Says TAP lines about WmiQueryTraceInformation (A141-A157), given a running session. */
void puppet_query(const char *session, u64 handle);

#endif
