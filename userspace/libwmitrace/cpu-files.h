/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The reading side of a drain: whole ETL buffers from a session's cpuN files,
 * one CPU after the other, in the order in which the kernel stamps them.
 *
 * A read acknowledges what earlier reads of the same file delivered.  What was
 * not acknowledged when a file is closed is delivered again to its next reader.
 */
#ifndef LIBWMITRACE_CPU_FILES_H
#define LIBWMITRACE_CPU_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct cpu_file {
	unsigned int cpu;
	int fd;			/* -1: its session has stopped and all is read */
	int map_fd;		/* -1: buffers are read into the caller's memory */
	const unsigned char *map;
	size_t map_size;
	bool ready;		/* has data, or has delivered some and waits for a read that says so */
	bool last;		/* the session had stopped when it was last asked */
};

struct cpu_files {
	int epoll;		/* readable when one of the files is, or @timer: for poll() */
	int timer;
	unsigned int count;
	unsigned int open;	/* files that are not at their end */
	unsigned int turn;	/* whose turn it is to be read */
	struct cpu_file *files;
};

/* Opens all cpuN files in @folder.  -EBUSY: one of them has a reader; -ENOENT: there is none. */
int cpu_files_open(struct cpu_files *set, const char *folder);
/* Opens those that are new: CPUs that came up since.  Returns how many, or -errno. */
int cpu_files_update(struct cpu_files *set, const char *folder);
void cpu_files_close(struct cpu_files *set);

/*
 * Reads whole buffers of one CPU.  @size is a multiple of the buffer size.
 * Returns bytes, 0 if nothing is there now (set->open == 0: nor ever will be),
 * or -errno.
 */
ssize_t cpu_files_read(struct cpu_files *set, void *data, size_t size);

/*
 * From now on cpu_files_next() hands out buffers where they lie, if the kernel
 * and the sort of session allow it.  @device: from control_open().
 */
void cpu_files_map(struct cpu_files *set, int device);

/*
 * The same, where the buffers lie: *@data points into the kernel's memory, or
 * to @room if that had to be filled.  They stay until the next call for that CPU.
 */
ssize_t cpu_files_next(struct cpu_files *set, void *room, size_t size, const unsigned char **data);

/*
 * Makes set->epoll readable in @ms milliseconds, too: the next call then looks
 * into all files, without having been told that there is something.
 */
void cpu_files_look_again(struct cpu_files *set, unsigned int ms);

/* Acknowledges everything that was read. */
void cpu_files_acknowledge(struct cpu_files *set);

#endif /* LIBWMITRACE_CPU_FILES_H */
