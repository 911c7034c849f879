// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

static sigset_t original;

int child_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, &original))
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The pipe closes when the command is executed, and carries errno if that fails. */
static void execute(char **argv, int pipe_end)
{
	int err;
	ssize_t ignored;

	sigprocmask(SIG_SETMASK, &original, NULL);
	execvp(argv[0], argv);
	err = errno;
	ignored = write(pipe_end, &err, sizeof(err));
	(void)ignored;
	_exit(127);
}

pid_t child_start(char **argv)
{
	int ends[2], err = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (!pid)
		execute(argv, ends[1]);
	if (pid < 0)
		err = errno;
	close(ends[1]);
	if (pid > 0) {
		do {
			n = read(ends[0], &err, sizeof(err));
		} while (n < 0 && errno == EINTR);
		if (n > 0)
			waitpid(pid, NULL, 0);
	}
	close(ends[0]);
	return err ? -err : pid;
}

int child_reap(pid_t pid, int *status)
{
	int how;

	if (waitpid(pid, &how, WNOHANG) != pid)
		return 0;
	*status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
	return 1;
}

int child_status_of_error(int err)
{
	return err == -ENOENT ? 127 : 126;
}
