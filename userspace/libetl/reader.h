/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading: what log.c (files), walk.c (buffers), stream.c (records of a
 * buffer), merge.c (time order) and cursor.c (the interface) share.
 */
#ifndef ETL_READER_H
#define ETL_READER_H

#include "private.h"

/* ---- files -------------------------------------------------------------- */

struct file {
	const unsigned char *data;
	uint64_t size;
	size_t mapped;			/* bytes of the mapping; 0: read into memory, or the caller's */
	unsigned char *heap;		/* content of what could not be mapped */
	size_t capacity;		/* bytes at heap */
	int fd;				/* -1: the caller's memory */
	uint32_t stride;		/* bytes of every buffer; 0 = they differ (compressed) */
	char *path;
	char *text;			/* strings of facts */
	struct etl_facts facts;
	const struct etl_timebase *timebase;
};

struct etl_log {
	size_t count;
	struct file files[];
};

/* ---- buffers of a file ---------------------------------------------------- */

struct walk {
	const struct file *file;
	uint32_t index;			/* of the file in its log */
	uint64_t next;			/* offset of the next buffer */
	uint64_t end;			/* of the range */
	uint64_t number;		/* of the next buffer, where stride is 0 */
	uint64_t unused;		/* bytes of zeros found behind the last buffer */
};

/* The fault of a buffer whose end is missing: its records come before the fault. */
extern const char etl_torn[];

/*
 * The buffer at @offset of @file, of which @end is to be read.  Returns 1 with
 * *@fault NULL, or with *@fault if something is wrong but records can be
 * looked for in @buffer->data[0 .. size); -EBADMSG with *@fault if not.
 */
int etl_buffer_at(const struct file *file, uint64_t offset, uint64_t end, struct etl_buffer *buffer,
		  const char **fault);

/*
 * Steps to the next buffer: as etl_buffer_at(), or 0 at the end.  On -EBADMSG
 * the bytes from buffer->offset to walk->next have been passed over.
 */
int etl_walk_next(struct walk *walk, struct etl_buffer *buffer, const char **fault);

/* Whether a buffer begins at @data, with @room bytes from there on, beyond all chance. */
bool etl_buffer_sound(const unsigned char *data, uint64_t room);
/* The first offset between @from and @to at which a buffer seems to begin, or @to.  The range ends at @end. */
uint64_t etl_buffer_find(const struct file *file, uint64_t from, uint64_t to, uint64_t end);

/* ---- records of a buffer ---------------------------------------------------- */

struct stream {
	const unsigned char *at;	/* the next record */
	const unsigned char *end;	/* behind the bytes in use */
	const unsigned char *base;	/* at - base = offset in the (decompressed) buffer */
	const struct file *file;
	const char *before;		/* fault to be told before the records */
	const char *after;		/* fault to be told behind them */
	uint64_t passed;		/* bytes of the file that @before makes unreadable */
	uint64_t time;			/* of the last record, or the session's start */
	struct etl_buffer buffer;
	unsigned char *expanded;	/* decompressed records */
	size_t capacity;		/* bytes at expanded */
	/* time order only: its entries of the index that were not read yet */
	size_t first, count;
	bool by_sequence, by_time;	/* while the index is built: what rises along them */
	uint64_t last_sequence, last_time;
};

/* What of a file's mapping was read since it was last given back. */
struct touched {
	uint64_t low, high, bytes;
};

struct merge;

struct etl_cursor {
	struct etl_log *log;
	enum etl_order order;
	struct etl_error error;
	struct etl_stats stats;
	struct touched *touched;	/* one per file */
	size_t expanded;		/* bytes of all streams' decompressed records */
	/* file order */
	struct stream stream;
	struct walk walk;
	size_t file, last_file;		/* the one that walk is in; the last to be read */
	uint64_t range_end;
	bool by_buffer;
	bool loaded;
	uint64_t *times;		/* last record time of each CPU of the file */
	/* time order */
	struct merge *merge;
};

/* Sets the cursor's error, counts, and returns -EBADMSG.  @skipped: bytes passed over. */
int etl_cursor_damage(struct etl_cursor *cursor, const struct file *file, uint64_t offset,
		      uint64_t skipped, const char *reason);

/*
 * Makes @stream deliver the records of @buffer, whose fault is @fault.
 * Decompression faults are found here; all faults come out of
 * etl_stream_next().
 */
void etl_stream_load(struct etl_cursor *cursor, struct stream *stream,
		     const struct etl_buffer *buffer, const char *fault);
/* 1, -EBADMSG, or 0 at the end of the buffer. */
int etl_stream_next(struct etl_cursor *cursor, struct stream *stream, struct etl_record *rec);
/* Books the stream's buffer as read, and gives mapped pages back now and then. */
void etl_stream_unload(struct etl_cursor *cursor, struct stream *stream);

/* ---- time order ----------------------------------------------------------------- */

int etl_merge_open(struct etl_cursor *cursor, const struct etl_range *range, struct etl_error *err);
void etl_merge_close(struct merge *merge);
int etl_merge_next(struct etl_cursor *cursor, struct etl_record *rec);

#endif /* ETL_READER_H */
