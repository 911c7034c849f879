/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The service's messages: to standard error, or to the system log in the background. */
#ifndef WMITRACED_MESSAGE_H
#define WMITRACED_MESSAGE_H

#include <stdbool.h>
#include <syslog.h>

#include "etl.h"

/* Priorities are those of syslog(3); LOG_INFO is shown only if @verbose. */
void message_setup(bool to_syslog, bool verbose);
void message(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "SESSION: what etl_error_format() says" */
void message_error(int priority, const char *session, const struct etl_error *error);

#endif /* WMITRACED_MESSAGE_H */
