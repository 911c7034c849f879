// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cost RESULT FILE COMMAND...: runs COMMAND, which writes FILE, and writes to RESULT
 * "CPU_US COMPLETE_NS END_NS": the time that it and all its children were on a CPU,
 * in microseconds; when somebody who had written to FILE closed it last, and when
 * COMMAND ended (monotonic).
 */
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long microseconds(struct timeval t)
{
	return t.tv_sec * 1000000LL + t.tv_usec;
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int watch_folder_of(const char *path)
{
	int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", path);
	if (watch >= 0 && inotify_add_watch(watch, dirname(folder), IN_CLOSE_WRITE) < 0)
		return -1;
	return watch;
}

/* Has a file called @name been closed since the last time? */
static int was_closed(int watch, const char *name)
{
	_Alignas(struct inotify_event) char events[4096];
	const struct inotify_event *event;
	int closed = 0;
	ssize_t n, at;

	while ((n = read(watch, events, sizeof(events))) > 0)
		for (at = 0; at < n; at += (ssize_t)sizeof(*event) + event->len) {
			event = (const struct inotify_event *)(events + at);
			closed |= event->len && !strcmp(event->name, name);
		}
	return closed;
}

/* Returns when @child has ended.  @complete: when @path was closed last. */
static int wait_for(pid_t child, int watch, const char *path, long long *complete)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	struct pollfd wait[] = {
		{ .fd = watch, .events = POLLIN },
		{ .fd = pidfd_open(child, 0), .events = POLLIN },
	};

	if (wait[1].fd < 0)
		return -1;
	do {
		long long woken;

		poll(wait, 2, -1);
		woken = now();
		if (was_closed(watch, name))
			*complete = woken;
	} while (!wait[1].revents);
	return 0;
}

int main(int argc, char **argv)
{
	long long complete = 0, end;
	struct rusage usage;
	int status, watch;
	pid_t child;
	FILE *to;

	if (argc < 4)
		return 2;
	watch = watch_folder_of(argv[2]);
	if (watch < 0) {
		perror(argv[2]);
		return 1;
	}
	child = fork();
	if (!child) {
		execvp(argv[3], argv + 3);
		perror(argv[3]);
		_exit(127);
	}
	if (child < 0 || wait_for(child, watch, argv[2], &complete))
		return 1;
	end = now();
	if (waitpid(child, &status, 0) != child || getrusage(RUSAGE_CHILDREN, &usage))
		return 1;
	to = fopen(argv[1], "w");
	if (!to)
		return 1;
	fprintf(to, "%lld %lld %lld\n",
		microseconds(usage.ru_utime) + microseconds(usage.ru_stime), complete, end);
	if (fclose(to))
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
