// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "command.h"
#include "failure.h"
#include "session-call.h"

const struct option stopped_options[] = {
	{ "stopped", no_argument, NULL, 's' },
	{ NULL, 0, NULL, 0 }
};

int session_call(const char *command, enum control_operation operation, const char *what,
		 uint32_t flags, struct control_session *session)
{
	int device, err, status = address_session(command, session, what);

	if (status != COMMAND_OK)
		return status;
	device = open_device(command);
	if (device < 0)
		return COMMAND_FAILED;
	session->s.flags = flags;
	err = control_call(device, operation, session);
	close(device);
	return err ? fail_session(command, what, session, err) : COMMAND_OK;
}
