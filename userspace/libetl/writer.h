/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file being written: shared by writer.c (writing) and resume.c (taking up
 * what is there).
 */
#ifndef ETL_WRITER_H
#define ETL_WRITER_H

#include "private.h"

struct etl_writer {
	int fd;				/* -1: newfile, the next file is not begun yet */
	unsigned int number;		/* newfile: of the current file, or of the last one */
	char *pattern;			/* as given by the caller */
	char *path;			/* of the current or last file */
	unsigned char *header;		/* the session's header buffer, for the next file */
	uint32_t buffer_size;
	struct etl_facts facts;		/* of @header */
	char *text;			/* strings of @facts */
	struct etl_writer_options options;
	uint64_t limit;			/* buffers in a file, header included; 0 = none */
	uint64_t next;			/* slot (multiple of buffer_size) to be written next */
	uint64_t newest;		/* slot written last */
	uint64_t old_events_lost;	/* append: what the file's header says already */
	uint64_t old_buffers_lost;
	struct etl_totals totals;
	struct etl_writer_stats stats;
	uint64_t sequences[CPUS];	/* last SequenceNumber written; 0 = none */
};

#define MODE(writer, bit)	(((writer)->facts.mode & ETL_MODE_##bit) != 0)

/* An object without file for @header; checks pattern, header and options. */
int etl_writer_new(struct etl_writer **writer, const char *path, const void *header, size_t size,
		   const struct etl_writer_options *options, struct etl_error *err);
/* Sets @writer->path from the pattern and @number. */
int etl_writer_name(struct etl_writer *writer, unsigned int number, struct etl_error *err);
/* Opens @writer->path with @flags besides O_RDWR and locks it. */
int etl_writer_open(struct etl_writer *writer, int flags, struct etl_error *err);
/* Makes @writer->path a new file that holds the header buffer. */
int etl_writer_begin(struct etl_writer *writer, struct etl_error *err);
/* Sets or clears the last-buffer flag of a slot. */
int etl_writer_mark(struct etl_writer *writer, uint64_t slot, bool last, struct etl_error *err);

/* pread and pwrite of everything; return 0, -errno, or -ENODATA at end of file.  *@done counts. */
int etl_pread(int fd, void *data, size_t size, uint64_t offset);
int etl_pwrite(int fd, const void *data, size_t size, uint64_t offset, size_t *done);

#endif /* ETL_WRITER_H */
