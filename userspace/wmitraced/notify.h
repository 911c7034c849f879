/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The service manager's notification protocol (sd_notify(3)) by plain datagrams. */
#ifndef WMITRACED_NOTIFY_H
#define WMITRACED_NOTIFY_H

/* Sends @state ("READY=1") if a service manager asked to be told. */
void notify_manager(const char *state);

#endif /* WMITRACED_NOTIFY_H */
