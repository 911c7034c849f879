// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks whose lives and turns on a CPU are known beforehand, for kernel_tasks.sh.
 * What a task knows of itself goes to standard output, a line each:
 *
 *	busy PID CPU		ran on CPU from the sleep behind its name wt-begin on
 *	account PID LOAD NS	ran for NS, by schedstat, from the sleep behind its name wt-begin
 *				to the one behind wt-end
 *	pair PID PID COUNT	woke each other COUNT times each
 *	thread PID TID		was created by pthread_create, and ended
 *	fork PID CHILD STATUS	child ended with STATUS
 *	exec PID TID		thread TID, not the first, calls exec
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

/* What the scheduler says that process has run for, in ns: exact while it sleeps. */
static uint64_t run_time(pid_t pid)
{
	unsigned long long ns = 0;
	char path[40];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", pid);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%llu", &ns) != 1)
		die(path);
	fclose(file);
	return ns;
}

static uint64_t cpu_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* Until that process sleeps under a name. */
static void await_sleep(pid_t pid, const char *name)
{
	char path[40], comm[20] = "", state = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	for (;;) {
		file = fopen(path, "r");
		if (!file || fscanf(file, "%*d (%19[^)]) %c", comm, &state) != 2)
			die(path);
		fclose(file);
		if (state == 'S' && !strcmp(comm, name))
			return;
		usleep(10000);
	}
}

static void wait_for_byte(int from)
{
	char byte;

	if (read(from, &byte, 1) != 1)
		die("read");
}

static void give_byte(int to)
{
	if (write(to, "", 1) != 1)
		die("write");
}

/* Loads that take turns in different ways. */
static void spin(void)
{
	for (volatile int i = 0; i < 100000; i++)
		;
}

static void spin_and_yield(void)
{
	for (int i = 0; i < 10; i++)
		spin();
	sched_yield();
}

static void spin_and_sleep(void)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	for (int i = 0; i < 20; i++)
		spin();
	nanosleep(&moment, NULL);
}

static void (*const loads[])(void) = { spin, spin_and_yield, spin_and_sleep };

#define LOADS	(sizeof(loads) / sizeof(*loads))

/* What is to be accounted for lies between two sleeps, each behind a name. */
static void run_load(void (*load)(void), int gate, uint64_t ns)
{
	prctl(PR_SET_NAME, "wt-begin");
	wait_for_byte(gate);
	for (uint64_t start = cpu_time(); cpu_time() - start < ns;)
		load();
	prctl(PR_SET_NAME, "wt-end");
	wait_for_byte(gate);
	_exit(0);
}

/* account MS: loads, each twice, that run for MS at the same time. */
static int account(int ms)
{
	struct { pid_t pid; int gate; uint64_t begin, end; } task[2 * LOADS];
	size_t i, count = sizeof(task) / sizeof(*task);

	for (i = 0; i < count; i++) {
		int gate[2];

		if (pipe(gate))
			die("pipe");
		task[i].gate = gate[1];
		task[i].pid = fork();
		if (task[i].pid < 0)
			die("fork");
		if (!task[i].pid)
			run_load(loads[i % LOADS], gate[0], ms * 1000000ull);
	}
	for (i = 0; i < count; i++) {
		await_sleep(task[i].pid, "wt-begin");
		task[i].begin = run_time(task[i].pid);
	}
	for (i = 0; i < count; i++)
		give_byte(task[i].gate);
	for (i = 0; i < count; i++) {
		await_sleep(task[i].pid, "wt-end");
		task[i].end = run_time(task[i].pid);
		printf("account %d %zu %llu\n", task[i].pid, i % LOADS,
		       (unsigned long long)(task[i].end - task[i].begin));
	}
	for (i = 0; i < count; i++) {
		give_byte(task[i].gate);
		waitpid(task[i].pid, NULL, 0);
	}
	return 0;
}

/* Sleeps, runs for a while on a CPU, sleeps. */
static int busy(int cpu)
{
	const struct timespec moment = { .tv_nsec = 50000000 };
	uint64_t start;

	pin(cpu);
	prctl(PR_SET_NAME, "wt-begin");
	nanosleep(&moment, NULL);
	for (start = cpu_time(); cpu_time() - start < 100000000;)
		spin();
	nanosleep(&moment, NULL);
	printf("busy %d %d\n", getpid(), cpu);
	return 0;
}

static void bounce(int in, int out, int count, int first)
{
	char byte = 0;

	while (count--) {
		if (first && write(out, &byte, 1) != 1)
			die("write");
		if (read(in, &byte, 1) != 1)
			die("read");
		if (!first && write(out, &byte, 1) != 1)
			die("write");
	}
}

static int pair(int count)
{
	int there[2], back[2], status;
	pid_t child;

	if (pipe(there) || pipe(back))
		die("pipe");
	prctl(PR_SET_NAME, "wt-ping");
	child = fork();
	if (!child) {
		prctl(PR_SET_NAME, "wt-pong");
		bounce(there[0], back[1], count, 0);
		_exit(0);
	}
	bounce(back[0], there[1], count, 1);
	waitpid(child, &status, 0);
	printf("pair %d %d %d\n", getpid(), child, count);
	return 0;
}

static void *short_thread(void *unused)
{
	(void)unused;
	prctl(PR_SET_NAME, "wt-short");
	printf("thread %d %ld\n", getpid(), syscall(SYS_gettid));
	return NULL;
}

static int threads(int count)
{
	pthread_t thread;

	while (count--) {
		if (pthread_create(&thread, NULL, short_thread, NULL))
			die("pthread_create");
		pthread_join(thread, NULL);
	}
	return 0;
}

/* Children that end at once, by exit or a signal; some with threads that end together with them. */
static int forks(int count)
{
	int i, status;
	pid_t child;

	for (i = 0; i < count; i++) {
		child = fork();
		if (!child) {
			pthread_t thread;

			if (i % 4 == 3 && !pthread_create(&thread, NULL, short_thread, NULL))
				pthread_detach(thread);
			if (i % 8 == 5)
				kill(getpid(), SIGKILL);
			_exit(i % 8);
		}
		if (child < 0 || waitpid(child, &status, 0) != child)
			die("fork");
		printf("fork %d %d %d\n", getpid(), child, status);
	}
	return 0;
}

/* fork_storm PIPE: forks as fast as it can until the pipe's other end closes. */
static int storm(void)
{
	unsigned long count = 0;

	fcntl(0, F_SETFL, O_NONBLOCK);
	for (;;) {
		pid_t child = fork();
		char byte;

		if (!child)
			_exit(0);
		if (child < 0 || waitpid(child, NULL, 0) != child)
			die("fork");
		count++;
		if (!read(0, &byte, 1))
			break;
	}
	printf("storm %d %lu\n", getpid(), count);
	return 0;
}

static void *exec_thread(void *unused)
{
	(void)unused;
	printf("exec %d %ld\n", getpid(), syscall(SYS_gettid));
	fflush(stdout);
	execl("/proc/self/exe", "kernel_tasks", "nothing", NULL);
	die("execl");
	return NULL;
}

static int exec_from_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, exec_thread, NULL))
		die("pthread_create");
	pthread_join(thread, NULL);	/* never: exec ends us */
	return 1;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int number = argc > 2 ? atoi(argv[2]) : 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "busy"))
		return busy(number);
	if (!strcmp(what, "account"))
		return account(number);
	if (!strcmp(what, "pair"))
		return pair(number);
	if (!strcmp(what, "threads"))
		return threads(number);
	if (!strcmp(what, "forks"))
		return forks(number);
	if (!strcmp(what, "storm"))
		return storm();
	if (!strcmp(what, "exec"))
		return exec_from_thread();
	return strcmp(what, "nothing") != 0;
}
