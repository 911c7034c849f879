// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "background.h"

static int waiting_parent = -1;

int background_start(void)
{
	int ends[2];
	char ready;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid) {
		close(ends[1]);
		_exit(read(ends[0], &ready, 1) == 1 ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	close(ends[0]);
	waiting_parent = ends[1];
	setsid();
	return 0;
}

void background_ready(void)
{
	int null;

	if (waiting_parent < 0)
		return;
	(void)!chdir("/");
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		close(null);
	}
	(void)!write(waiting_parent, "", 1);
	close(waiting_parent);
	waiting_parent = -1;
}

char *background_pidfile(const char *path)
{
	FILE *file = fopen(path, "we");

	if (!file)
		return NULL;
	fprintf(file, "%d\n", getpid());
	return fclose(file) ? NULL : realpath(path, NULL);
}
