// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Causes of kernel events that are known beforehand, for kernel_events.sh.  What
 * was done goes to standard output, a line each, numbers in decimal:
 *
 *	disk PID write|read OFFSET SIZE
 *	flush PID
 *	fault PID write|copy|read ADDRESS PC-FROM PC-TO	code of the program that touched ADDRESS
 *	image PID BASE SIZE MTIME PATH
 *	syscall PID NUMBER COUNT
 *	spin PID FROM TO				code that ran for a while
 *	counters PID FAULTS KB			at least so many page faults, so much memory
 */
#include <fcntl.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE	4096
#define PAGES	16

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* Far behind what else is on the disk. */
static int disk(const char *path)
{
	static const unsigned int sizes[] = { 4096, 512, 65536, 4096, 1048576 };
	int64_t offset = 40ll << 30;
	int fd = open(path, O_RDWR | O_DIRECT);
	void *data;
	size_t i;

	if (fd < 0)
		die(path);
	if (posix_memalign(&data, PAGE, 1 << 20))
		die("posix_memalign");
	memset(data, 'w', 1 << 20);
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		if (pwrite(fd, data, sizes[i], offset) != (ssize_t)sizes[i])
			die("write");
		printf("disk %d write %lld %u\n", getpid(), (long long)offset, sizes[i]);
		if (pread(fd, data, sizes[i], offset) != (ssize_t)sizes[i])
			die("read");
		printf("disk %d read %lld %u\n", getpid(), (long long)offset, sizes[i]);
		offset += 3ll << 20;
	}
	if (fsync(fd))
		die("fsync");
	printf("flush %d\n", getpid());
	return 0;
}

/* One after the other in the program: what lies between two of them is the first's code. */
static __attribute__((noinline)) void touch_write(volatile char *at)
{
	*at = 1;
}

static __attribute__((noinline)) char touch_read(volatile char *at)
{
	return *at;
}

static void say_fault(const char *kind, const volatile char *at, uintptr_t code)
{
	printf("fault %d %s %lu %lu %lu\n", getpid(), kind, (unsigned long)at,
	       (unsigned long)code, (unsigned long)code + 64);
}

static int faults(const char *file)
{
	volatile char *page = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open(file, O_RDONLY), status, i;
	volatile char *mapped = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	pid_t child;

	if (page == MAP_FAILED || mapped == MAP_FAILED)
		die("mmap");
	for (i = 0; i < PAGES; i++) {
		touch_write(page + i * PAGE + 8 * i);
		say_fault("write", page + i * PAGE + 8 * i, (uintptr_t)touch_write);
	}
	touch_read(mapped + 24);
	say_fault("read", mapped + 24, (uintptr_t)touch_read);
	fflush(stdout);
	child = fork();
	if (!child) {
		touch_write(page + 40);
		say_fault("copy", page + 40, (uintptr_t)touch_write);
		exit(0);
	}
	return waitpid(child, &status, 0) != child || status;
}

/* Maps the second page of a file to be executed, as a loader does. */
static int image(const char *path)
{
	char name[] = "/tmp/kernel_events-\xc3\xbc.so";
	struct stat stat;
	char *mapped;
	int from, to;
	char data[4 * PAGE];

	from = open(path, O_RDONLY);
	to = open(name, O_RDWR | O_CREAT | O_TRUNC, 0755);
	if (from < 0 || to < 0 || read(from, data, sizeof(data)) != sizeof(data) ||
	    write(to, data, sizeof(data)) != sizeof(data) || fstat(to, &stat))
		die(name);
	mapped = mmap(NULL, 2 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, to, PAGE);
	if (mapped == MAP_FAILED)
		die("mmap");
	printf("image %d %lu %d %ld %s\n", getpid(), (unsigned long)mapped - PAGE, 3 * PAGE,
	       (long)stat.st_mtime, name);
	fflush(stdout);
	pause();	/* is listed at the end, too */
	return 0;
}

static int syscalls(int count)
{
	int i;

	for (i = 0; i < count; i++)
		syscall(SYS_getpgid, 0x7fffffff);
	printf("syscall %d %d %d\n", getpid(), SYS_getpgid, count);
	return 0;
}

static __attribute__((noinline)) void spin_code(uint64_t count)
{
	for (volatile uint64_t i = 0; i < count; i++)
		;
}

/* Time passes too while the host has stopped this CPU: so much work at least. */
#define SPINS	1000

static int spin(int ms)
{
	struct timespec now;
	int spins = 0;

	do {
		spin_code(10000);
		spins++;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	} while (spins < SPINS || now.tv_sec * 1000 + now.tv_nsec / 1000000 < ms);
	printf("spin %d %lu %lu\n", getpid(), (unsigned long)spin_code,
	       (unsigned long)spin_code + 128);
	return 0;
}

static int counters(void)
{
	volatile char *memory = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct rusage usage;
	int i;

	if (memory == MAP_FAILED)
		die("mmap");
	madvise((void *)memory, 8 << 20, MADV_NOHUGEPAGE);	/* a fault for each page */
	for (i = 0; i < 8 << 20; i += PAGE)
		memory[i] = 1;
	getrusage(RUSAGE_SELF, &usage);
	munmap((void *)memory, 8 << 20);	/* a peak that is passed */
	printf("counters %d %ld %ld\n", getpid(), usage.ru_minflt + usage.ru_majflt,
	       usage.ru_maxrss);
	return 0;
}

/* Runs a command as a root that lacks CAP_SYS_ADMIN. */
static int without_admin(char **command)
{
	if (prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN, 0, 0, 0))
		die("PR_CAPBSET_DROP");
	execvp(*command, command);
	die(*command);
	return 1;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "", *operand = argc > 2 ? argv[2] : "";

	if (!strcmp(what, "disk"))
		return disk(operand);
	if (!strcmp(what, "faults"))
		return faults(operand);
	if (!strcmp(what, "image"))
		return image(operand);
	if (!strcmp(what, "syscalls"))
		return syscalls(atoi(operand));
	if (!strcmp(what, "spin"))
		return spin(atoi(operand));
	if (!strcmp(what, "counters"))
		return counters();
	if (!strcmp(what, "without-admin") && argc > 2)
		return without_admin(argv + 2);
	return strcmp(what, "nothing") != 0;
}
