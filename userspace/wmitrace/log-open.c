// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <unistd.h>

#include "command.h"
#include "failure.h"
#include "log-open.h"

static void on_bus_error(int signal)
{
	static const char text[] = "wmitrace: the file was cut off while it was being read\n";

	(void)signal;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(COMMAND_FAILED);
	_exit(COMMAND_FAILED);
}

int complain(const char *command, const struct etl_error *err)
{
	char text[sizeof(*err) + 64];

	etl_error_format(err, text, sizeof(text));
	return fail(command, "%s", text);
}

struct etl_log *open_log(const char *command, char **paths, int count)
{
	struct sigaction action = { .sa_handler = on_bus_error };
	struct etl_error err;
	struct etl_log *log;

	if (etl_open(&log, (const char *const *)paths, (size_t)count, &err)) {
		complain(command, &err);
		return NULL;
	}
	sigaction(SIGBUS, &action, NULL);
	return log;
}
