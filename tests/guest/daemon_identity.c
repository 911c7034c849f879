// SPDX-License-Identifier: GPL-2.0-or-later
/* usage: daemon_identity ID COMMAND...: runs it as user and group ID, with CAP_PERFMON and no more */
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PERFMON_WORD	(CAP_PERFMON / 32)
#define PERFMON_BIT	(1u << (CAP_PERFMON % 32))

static int keep_perfmon(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2] = { 0 };

	sets[PERFMON_WORD].effective = PERFMON_BIT;
	sets[PERFMON_WORD].permitted = PERFMON_BIT;
	sets[PERFMON_WORD].inheritable = PERFMON_BIT;
	if (syscall(SYS_capset, &header, sets))
		return -1;
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_PERFMON, 0, 0);
}

int main(int argc, char **argv)
{
	unsigned int id;

	if (argc < 3)
		return 2;
	id = atoi(argv[1]);
	if (setgroups(0, NULL) || prctl(PR_SET_KEEPCAPS, 1) || setresgid(id, id, id) ||
	    setresuid(id, id, id) || keep_perfmon()) {
		perror("daemon_identity");
		return 126;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
