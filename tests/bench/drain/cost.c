// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cost FILE COMMAND...: runs COMMAND and writes to FILE "CPU_US END_NS": the time
 * that it and all its children were on a CPU, in microseconds, and when it ended
 * (monotonic).
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long microseconds(struct timeval t)
{
	return t.tv_sec * 1000000LL + t.tv_usec;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	struct timespec end;
	int status;
	pid_t child;
	FILE *to;

	if (argc < 3)
		return 2;
	child = fork();
	if (!child) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (getrusage(RUSAGE_CHILDREN, &usage))
		return 1;
	to = fopen(argv[1], "w");
	if (!to)
		return 1;
	fprintf(to, "%lld %lld\n", microseconds(usage.ru_utime) + microseconds(usage.ru_stime),
		end.tv_sec * 1000000000LL + end.tv_nsec);
	if (fclose(to))
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
