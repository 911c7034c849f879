// SPDX-License-Identifier: LGPL-2.1-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "cpu-files.h"
#include <uapi/wmitrace.h>

#define EVENTS_AT_ONCE	64
#define TIMER		UINT32_MAX	/* among the events: not a file */

/* Returns N of "cpuN", or -1. */
static int cpu_number(const char *name)
{
	int cpu, length = 0;

	if (sscanf(name, "cpu%d%n", &cpu, &length) != 1 || name[length] || cpu < 0)
		return -1;
	return cpu;
}

static bool is_known(const struct cpu_files *set, unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < set->count; i++)
		if (set->files[i].cpu == cpu)
			return true;
	return false;
}

static int add_file(struct cpu_files *set, int folder, const char *name, unsigned int cpu)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = set->count };
	struct cpu_file *more = realloc(set->files, (set->count + 1) * sizeof(*more));
	int fd;

	if (!more)
		return -ENOMEM;
	set->files = more;
	fd = openat(folder, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	set->files[set->count] =
		(struct cpu_file){ .cpu = cpu, .fd = fd, .map_fd = -1, .ready = true };
	set->count++;
	set->open++;
	return epoll_ctl(set->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static void close_file(struct cpu_file *file)
{
	if (file->map_fd >= 0) {
		munmap((void *)file->map, file->map_size);
		close(file->map_fd);
	}
	if (file->fd >= 0)
		close(file->fd);
	file->map_fd = -1;
	file->fd = -1;
}

static void map_file(struct cpu_file *file, int device)
{
	struct wmitrace_map map = { .reader = file->fd };
	void *memory;

	if (file->fd < 0 || file->map_fd >= 0 || ioctl(device, WMITRACE_IOC_MAP, &map))
		return;
	memory = mmap(NULL, map.size, PROT_READ, MAP_SHARED, map.fd, 0);
	if (memory == MAP_FAILED) {
		close(map.fd);
		return;
	}
	file->map_fd = map.fd;
	file->map = memory;
	file->map_size = map.size;
}

void cpu_files_map(struct cpu_files *set, int device)
{
	unsigned int i;

	for (i = 0; i < set->count; i++)
		map_file(&set->files[i], device);
}

int cpu_files_update(struct cpu_files *set, const char *folder)
{
	unsigned int before = set->count;
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int err = 0;

	if (!dir)
		return -errno;
	while (!err && (entry = readdir(dir))) {
		int cpu = cpu_number(entry->d_name);

		if (cpu >= 0 && !is_known(set, cpu))
			err = add_file(set, dirfd(dir), entry->d_name, cpu);
	}
	closedir(dir);
	return err ? err : (int)(set->count - before);
}

static int open_epoll(struct cpu_files *set)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = TIMER };

	set->epoll = epoll_create1(EPOLL_CLOEXEC);
	set->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (set->epoll < 0 || set->timer < 0 ||
	    epoll_ctl(set->epoll, EPOLL_CTL_ADD, set->timer, &event))
		return -errno;
	return 0;
}

int cpu_files_open(struct cpu_files *set, const char *folder)
{
	int found;

	memset(set, 0, sizeof(*set));
	found = open_epoll(set);
	if (!found)
		found = cpu_files_update(set, folder);
	if (found <= 0)
		cpu_files_close(set);
	return found ? (found < 0 ? found : 0) : -ENOENT;
}

void cpu_files_close(struct cpu_files *set)
{
	unsigned int i;

	for (i = 0; i < set->count; i++)
		close_file(&set->files[i]);
	free(set->files);
	close(set->epoll);
	close(set->timer);
	memset(set, 0, sizeof(*set));
	set->epoll = -1;
	set->timer = -1;
}

/* The timer has expired: whoever is open may have something. */
static void all_are_ready(struct cpu_files *set)
{
	uint64_t times;
	unsigned int i;

	if (read(set->timer, &times, sizeof(times)) < 0)
		return;
	for (i = 0; i < set->count; i++)
		set->files[i].ready = true;
}

static int ask_who_is_ready(struct cpu_files *set)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	int n = epoll_wait(set->epoll, events, EVENTS_AT_ONCE, 0), i;

	for (i = 0; i < n; i++) {
		struct cpu_file *file = &set->files[events[i].data.u32];

		if (events[i].data.u32 == TIMER) {
			all_are_ready(set);
			continue;
		}
		file->ready = true;
		file->last = events[i].events & (EPOLLHUP | EPOLLERR);
	}
	return n < 0 && errno != EINTR ? -errno : 0;
}

/* The file whose turn it is among those that are ready.  Every round asks anew who is. */
static struct cpu_file *next_ready(struct cpu_files *set, int *err)
{
	unsigned int passed;

	/* The rest of this round, and a whole one after asking. */
	for (passed = 0; passed < 2 * set->count; passed++) {
		struct cpu_file *file;

		if (set->turn >= set->count) {
			set->turn = 0;
			*err = ask_who_is_ready(set);
			if (*err)
				return NULL;
		}
		file = &set->files[set->turn++];
		if (file->fd >= 0 && file->ready)
			return file;
	}
	return NULL;
}

/* Nothing is left in @file for now, or, if it had said that its session stopped, for ever. */
static void at_end(struct cpu_files *set, struct cpu_file *file)
{
	file->ready = false;
	if (!file->last)
		return;
	close_file(file);
	set->open--;
}

/* As read(): bytes, 0 where there is nothing, or -1. */
static ssize_t take(struct cpu_file *file, size_t size, const unsigned char **data)
{
	struct wmitrace_take next = { .most = size };

	if (ioctl(file->map_fd, WMITRACE_MAP_TAKE, &next))
		return -1;
	*data = file->map + next.offset;
	return next.bytes;
}

ssize_t cpu_files_next(struct cpu_files *set, void *room, size_t size, const unsigned char **data)
{
	struct cpu_file *file;
	int err = 0;

	while ((file = next_ready(set, &err))) {
		ssize_t n;

		*data = room;
		if (file->map_fd >= 0)
			n = take(file, size, data);
		else
			n = read(file->fd, room, size);
		if (n > 0)
			return n;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			return -errno;
		at_end(set, file);
	}
	return err;
}

ssize_t cpu_files_read(struct cpu_files *set, void *data, size_t size)
{
	const unsigned char *at;

	return cpu_files_next(set, data, size, &at);
}

void cpu_files_look_again(struct cpu_files *set, unsigned int ms)
{
	const struct itimerspec once = {
		.it_value = { ms / 1000, ms % 1000 * 1000000L },
	};

	timerfd_settime(set->timer, 0, &once, NULL);
}

void cpu_files_acknowledge(struct cpu_files *set)
{
	unsigned int i;

	for (i = 0; i < set->count; i++)
		if (set->files[i].fd >= 0 && read(set->files[i].fd, NULL, 0) < 0)
			set->files[i].ready = true;	/* the next read does it */
}
