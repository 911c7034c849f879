// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace verify: the rules (etl-format sections 1 to 7 and 11).
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "verify.h"

#define LARGE_BUFFER	(1024u * 1024)
#define MANY_CPUS	256u

/* ---- the logfile header -------------------------------------------------------------- */

static void check_clock(struct verify *v)
{
	const struct etl_facts *f = v->facts;

	if (!f->timebase.type)
		verify_breach(v, "clock", 0, "the clock's frequency is 0");
	if (!f->perf_freq)
		verify_breach(v, "perf-freq", 0, "PerfFreq is 0");
	if (f->timebase.type == ETL_CLOCK_SYSTEM && f->timebase.raw0 != f->start_time)
		verify_breach(v, "start-time", 0, "system time: the header record's time is not StartTime");
}

static void check_layout(struct verify *v)
{
	const struct etl_facts *f = v->facts;
	bool large = f->buffer_size > LARGE_BUFFER || f->processors > MANY_CPUS ||
		     f->mode & ETL_MODE_COMPRESSED;

	if (large && f->layout_major != ETL_LAYOUT2_MAJOR)
		verify_breach(v, "layout", 0,
			      "compression, buffers over 1 MB and more than 256 processors need layout 2.0; it is %u.%u",
			      f->layout_major, f->layout_minor);
}

void verify_facts(struct verify *v)
{
	const struct etl_facts *f = v->facts;

	if (!(f->flags & ETL_FACTS_HEADER)) {
		verify_breach(v, "logfile-header", 0, "the file does not begin with a logfile header");
		return;
	}
	v->relogged = f->mode & 0x00010000;
	check_clock(v);
	check_layout(v);
	if (f->pointer_size != 4 && f->pointer_size != 8)
		verify_breach(v, "pointer-size", 0, "PointerSize is %u", f->pointer_size);
	if (f->start_buffers != 1)
		verify_breach(v, "start-buffers", 0, "StartBuffers is %u, not 1", f->start_buffers);
	if (!f->processors)
		verify_breach(v, "processors", 0, "NumberOfProcessors is 0");
	if (f->mode & ETL_MODE_SINGLE_STREAM && f->processors != 1)
		verify_breach(v, "processors", 0,
			      "one stream for all processors, but NumberOfProcessors is %u", f->processors);
	if (f->end_time && f->end_time < f->start_time)
		verify_breach(v, "end-time", 0, "EndTime is before StartTime");
	if (v->options->finalised && !(f->flags & ETL_FACTS_FINALISED))
		verify_breach(v, "finalised", 0, "the file was not finalised");
}

/* ---- a buffer's header ------------------------------------------------------------------- */

static uint32_t dword(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void check_header_buffer(struct verify *v, const struct etl_buffer *b)
{
	if (b->number) {
		verify_breach(v, "header-buffer", b->offset, "a header buffer that is not the first");
		return;
	}
	if (b->sequence)
		verify_breach(v, "sequence", b->offset, "SequenceNumber of the header buffer is %" PRIu64 ", not 0",
			      b->sequence);
	if (!(b->flags & ETL_BUFFER_FLUSH_MARKER))
		verify_breach(v, "flush-marker", b->offset, "the header buffer has no flag FLUSH_MARKER");
}

static void check_order(struct verify *v, const struct etl_buffer *b)
{
	struct verify_cpu *cpu = &v->cpus[b->cpu];

	if (!b->sequence)
		verify_breach(v, "sequence", b->offset, "SequenceNumber of a data buffer is 0");
	if (v->wrapped)
		return;
	if (cpu->seen && b->sequence <= cpu->sequence)
		verify_breach(v, "sequence", b->offset,
			      "SequenceNumber %" PRIu64 " comes after %" PRIu64 " on CPU %u", b->sequence,
			      cpu->sequence, b->cpu);
	if (v->last.data && b->time_stamp < v->last.time_stamp)
		verify_breach(v, "flush-order", b->offset,
			      "flushed at %" PRIu64 ", before the buffer in front of it (%" PRIu64 ")",
			      b->time_stamp, v->last.time_stamp);
}

static void check_data_buffer(struct verify *v, const struct etl_buffer *b)
{
	if (b->type != ETL_BUFFER_GENERIC)
		verify_breach(v, "buffer-type", b->offset, "BufferType is %u", b->type);
	if (!b->number)
		verify_breach(v, "header-buffer", b->offset, "the first buffer is no header buffer");
	if (b->saved_offset != b->used)
		verify_breach(v, "saved-offset", b->offset, "SavedOffset is 0x%x, Offset 0x%x", b->saved_offset,
			      b->used);
	if (b->state != ETL_BUFFER_STATE_FLUSH)
		verify_breach(v, "state", b->offset, "State is %u, not 3", b->state);
	if (v->facts->processors && b->cpu >= v->facts->processors)
		verify_breach(v, "processor", b->offset, "CPU %u, but NumberOfProcessors is %u", b->cpu,
			      v->facts->processors);
	check_order(v, b);
	v->cpus[b->cpu].sequence = b->sequence;
	v->cpus[b->cpu].seen = true;
}

static void check_fill(struct verify *v, const struct etl_buffer *b)
{
	uint32_t at;

	for (at = b->used; at < b->size; at++)
		if (b->data[at] != ETL_FILL_BYTE) {
			verify_breach(v, "fill", b->offset + at, "0x%02x between Offset and the end of the buffer",
				      b->data[at]);
			return;
		}
}

static void keep_sequence(struct verify *v, const struct etl_buffer *b)
{
	if (v->sequence_count == v->sequence_capacity) {
		size_t capacity = v->sequence_capacity ? 2 * v->sequence_capacity : 256;
		void *more = reallocarray(v->sequences, capacity, sizeof(*v->sequences));

		if (!more)
			return;
		v->sequences = more;
		v->sequence_capacity = capacity;
	}
	v->sequences[v->sequence_count].number = b->sequence;
	v->sequences[v->sequence_count++].offset = b->offset;
}

void verify_buffer(struct verify *v, const struct etl_buffer *b)
{
	bool compressed = b->flags & ETL_BUFFER_COMPRESSED;

	if (v->last.data && v->last.flags & ETL_BUFFER_FLUSH_MARKER && !v->wrapped)
		verify_breach(v, "flush-marker", v->last.offset,
			      "flag FLUSH_MARKER on a buffer that is not the last");
	if (b->used % ETL_RECORD_ALIGN)
		verify_breach(v, "offset", b->offset, "Offset 0x%x is no multiple of 8", b->used);
	if (dword(b->data + 0x0c))
		verify_breach(v, "reference-count", b->offset, "ReferenceCount is %u", dword(b->data + 0x0c));
	if (!(v->facts->flags & ETL_FACTS_COMPRESSED) && dword(b->data) != v->facts->buffer_size)
		verify_breach(v, "buffer-size", b->offset, "BufferSize is 0x%x, the session's 0x%x",
			      dword(b->data), v->facts->buffer_size);
	if (b->type == ETL_BUFFER_HEADER)
		check_header_buffer(v, b);
	else
		check_data_buffer(v, b);
	if (!compressed)
		check_fill(v, b);
	keep_sequence(v, b);
	v->buffers++;
	v->last_time = 0;
	v->end = sizeof(struct etl_buffer_header);
}

/* ---- records --------------------------------------------------------------------------------- */

static uint64_t place(const struct etl_record *rec)
{
	return rec->buffer->flags & ETL_BUFFER_COMPRESSED ? rec->buffer->offset
							  : rec->buffer->offset + rec->offset;
}

static void check_time(struct verify *v, const struct etl_record *rec)
{
	struct verify_cpu *cpu = &v->cpus[rec->buffer->cpu];

	if (!(rec->has & ETL_HAS_TIME))
		return;
	if (rec->buffer->type == ETL_BUFFER_HEADER)
		return;
	if (cpu->timed && rec->time < cpu->time && !v->wrapped)
		verify_breach(v, "time-order", place(rec),
			      "time %" PRIu64 " comes after %" PRIu64 " on CPU %u", rec->time, cpu->time,
			      rec->buffer->cpu);
	if (rec->timebase->type && rec->time < rec->timebase->raw0 && !v->relogged)
		verify_breach(v, "before-start", place(rec),
			      "time %" PRIu64 " is before the session's start (%" PRIu64 ")", rec->time,
			      rec->timebase->raw0);
	cpu->time = rec->time;
	cpu->timed = true;
	if (rec->time > v->last_time)
		v->last_time = rec->time;
}

static void check_items(struct verify *v, const struct etl_record *rec)
{
	struct etl_ext item = { 0 };
	uint32_t at = 0;

	while (etl_ext_next(rec, &item)) {
		uint32_t total = rec->ext[at] | (uint32_t)rec->ext[at + 1] << 8;

		if (total != ETL_ALIGN(sizeof(struct etl_extended_item) + item.size))
			verify_breach(v, "item-size", place(rec),
				      "an extended item of type %u with %u bytes of data says it has %u in all",
				      item.type, item.size, total);
		at = item.next;
	}
}

void verify_record(struct verify *v, const struct etl_record *rec)
{
	if (!v->records && (rec->kind != ETL_KIND_SYSTEM || rec->id))
		verify_breach(v, "logfile-header", place(rec), "the first record is no logfile header");
	if (rec->buffer->type == ETL_BUFFER_HEADER &&
	    ((rec->kind != ETL_KIND_SYSTEM && rec->kind != ETL_KIND_PERFINFO) || rec->id >> 8))
		verify_breach(v, "header-buffer", place(rec), "a record of another group in the header buffer");
	check_time(v, rec);
	if (rec->kind == ETL_KIND_EVENT)
		check_items(v, rec);
	if (rec->kind == ETL_KIND_MESSAGE && rec->data[2])
		verify_breach(v, "message", place(rec), "byte 2 of a message is 0x%02x, not 0", rec->data[2]);
	v->end = rec->offset + ETL_ALIGN(rec->size);
	v->records++;
}

void verify_buffer_end(struct verify *v, const struct etl_buffer *b, bool damaged)
{
	if (!damaged && v->end != b->used)
		verify_breach(v, "offset", b->offset, "the records end at 0x%" PRIx64 ", Offset is 0x%x",
			      v->end, b->used);
	if (b->type == ETL_BUFFER_HEADER)
		return;
	if (v->last_time > b->time_stamp && !v->relogged)
		verify_breach(v, "flush-time", b->offset,
			      "flushed at %" PRIu64 ", before its last record (%" PRIu64 ")", b->time_stamp,
			      v->last_time);
	v->last = *b;
}

/* ---- the whole file ------------------------------------------------------------------------------ */

static int by_number(const void *a, const void *b)
{
	const struct verify_sequence *x = a, *y = b;

	if (x->number != y->number)
		return (x->number > y->number) - (x->number < y->number);
	return (x->offset > y->offset) - (x->offset < y->offset);
}

static void check_unique(struct verify *v)
{
	size_t i;

	if (!v->sequence_count)
		return;
	qsort(v->sequences, v->sequence_count, sizeof(*v->sequences), by_number);
	for (i = 1; i < v->sequence_count; i++)
		if (v->sequences[i].number == v->sequences[i - 1].number)
			verify_breach(v, "sequence", v->sequences[i].offset,
				      "SequenceNumber %" PRIu64 " is also that of the buffer at 0x%" PRIx64,
				      v->sequences[i].number, v->sequences[i - 1].offset);
}

void verify_end(struct verify *v)
{
	const struct etl_facts *f = v->facts;

	check_unique(v);
	if (!(f->flags & ETL_FACTS_FINALISED))
		return;
	if (f->buffers_written != v->buffers)
		verify_breach(v, "buffers-written", 0, "BuffersWritten is %u, the file has %" PRIu64,
			      f->buffers_written, v->buffers);
	if (v->last.data && !(v->last.flags & ETL_BUFFER_FLUSH_MARKER) && !v->wrapped)
		verify_breach(v, "flush-marker", v->last.offset, "the last buffer has no flag FLUSH_MARKER");
}
