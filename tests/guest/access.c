// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a command as somebody else.
 *
 *	access UID GID[,GROUP...] COMMAND...	as this user
 *	access bare GID[,GROUP...] COMMAND...	as root without any capability
 *	access apart COMMAND...			as root of a new user namespace
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static void set_groups(char *text)
{
	gid_t groups[8];
	size_t count = 0;
	char *word;

	for (word = strtok(text, ","); word && count < 8; word = strtok(NULL, ","))
		groups[count++] = strtoul(word, NULL, 10);
	if (setgroups(count, groups) || setresgid(groups[0], groups[0], groups[0]))
		err(125, "groups");
}

static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2];
	int cap;

	memset(none, 0, sizeof(none));
	for (cap = 0; !prctl(PR_CAPBSET_DROP, cap, 0, 0, 0); cap++)
		;
	if (syscall(SYS_capset, &header, none))
		err(125, "capset");
}

static void write_map(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(125, "%s", path);
	close(fd);
}

static void enter_user_namespace(void)
{
	char map[64];

	snprintf(map, sizeof(map), "0 %u 1", getuid());
	if (unshare(CLONE_NEWUSER))
		err(125, "unshare");
	write_map("/proc/self/uid_map", map);
}

int main(int argc, char **argv)
{
	char **command = argv + 3;

	if (argc > 2 && !strcmp(argv[1], "apart")) {
		enter_user_namespace();
		command = argv + 2;
	} else if (argc > 3) {
		set_groups(argv[2]);
		if (!strcmp(argv[1], "bare"))
			drop_capabilities();
		else if (setresuid(atoi(argv[1]), atoi(argv[1]), atoi(argv[1])))
			err(125, "uid");
	} else {
		errx(125, "who, and what?");
	}
	execvp(command[0], command);
	err(125, "%s", command[0]);
}
