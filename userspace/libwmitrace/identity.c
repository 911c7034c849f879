// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include "identity.h"

/* Neither call tells whether it did what it was asked; an id that cannot be says which is set. */
static uid_t current_uid(void)
{
	return setfsuid(-1);
}

static gid_t current_gid(void)
{
	return setfsgid(-1);
}

int identity_assume(const struct identity *identity)
{
	if (geteuid() || !identity->uid)
		return 0;
	/* The group first: it takes the capability that the other gives up. */
	setfsgid(identity->gid);
	setfsuid(identity->uid);
	if (current_uid() == identity->uid && current_gid() == identity->gid)
		return 0;
	identity_restore();
	return -EPERM;
}

void identity_restore(void)
{
	if (current_uid() != geteuid())
		setfsuid(geteuid());
	if (current_gid() != getegid())
		setfsgid(getegid());
}
