/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Log files are opened, renamed and removed with the rights of the process that
 * named them, not with those of the one that writes them: whoever may start a
 * session must not thereby write where only the service could.
 */
#ifndef LIBWMITRACE_IDENTITY_H
#define LIBWMITRACE_IDENTITY_H

#include <sys/types.h>

struct identity {
	uid_t uid;
	gid_t gid;
};

/*
 * Takes on @identity for what this thread does with file systems; does nothing
 * where that is root, or where this process is not and so has no other rights.
 * Returns 0 or -EPERM; then nothing has changed.
 */
int identity_assume(const struct identity *identity);

/* Back to the process's own; after a failed identity_assume() too. */
void identity_restore(void);

#endif /* LIBWMITRACE_IDENTITY_H */
