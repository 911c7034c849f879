// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>

#include "service.h"

int service_claim(int device)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(device, F_OFD_SETLK, &lock) < 0 ? -errno : 0;
}

bool service_claimed(int device)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return !fcntl(device, F_OFD_GETLK, &lock) && lock.l_type != F_UNLCK;
}
