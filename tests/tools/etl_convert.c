// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * etl_convert ctf FILE FOLDER, etl_convert trace FILE OUT: the messages of an
 * .etl file that etl_generate made as a CTF trace (babeltrace2), or as a
 * trace.dat (trace-cmd report), for comparisons.
 *
 * Each message becomes an event of its processor's stream with the same time,
 * thread, number and arguments; these as a sequence of 64-bit numbers, rounded
 * up.  What the class GUID says in an .etl is the event's type there.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "etl.h"

#define CPUS		256u
#define PACKET		65536u		/* CTF */
#define PAGE		4096u		/* trace.dat */
#define NS_PER_TICK	100u
#define EVENT_TYPE	900u		/* trace.dat: id of our event */
#define FIRST_NUMBER	10u		/* what etl_generate numbers messages with */
#define LAST_NUMBER	29u

struct stream {
	FILE *file;
	unsigned char data[PACKET];
	uint32_t used;			/* 0: nothing begun */
	uint64_t time;			/* of the last event */
	uint64_t offset, pages;		/* trace.dat: place in OUT */
};

struct output {
	const char *path;
	struct stream streams[CPUS];
	unsigned int cpus;
	/* Appends a message of @words 64-bit numbers. */
	void (*put)(struct output *out, struct stream *s, const struct etl_record *rec,
		    uint32_t words);
	void (*flush)(struct stream *s);
};

static void stop(const char *what)
{
	perror(what);
	exit(1);
}

static void put(struct stream *s, const void *data, uint32_t size)
{
	memcpy(s->data + s->used, data, size);
	s->used += size;
}

static void put32(struct stream *s, uint32_t value)
{
	put(s, &value, sizeof(value));
}

static void put64(struct stream *s, uint64_t value)
{
	put(s, &value, sizeof(value));
}

static void put_arguments(struct stream *s, const struct etl_record *rec, uint32_t words)
{
	memset(s->data + s->used, 0, 8 * words);
	memcpy(s->data + s->used, rec->payload, rec->payload_size);
	s->used += 8 * words;
}

static void save(struct stream *s, uint32_t size)
{
	if (fwrite(s->data, 1, size, s->file) != size)
		stop("write");
	s->used = 0;
}

/* ---- CTF 1.8 ---------------------------------------------------------------------- */

static const char metadata[] =
	"/* CTF 1.8 */\n"
	"typealias integer { size = 16; align = 8; } := u16;\n"
	"typealias integer { size = 32; align = 8; } := u32;\n"
	"typealias integer { size = 64; align = 8; } := u64;\n"
	"typealias integer { size = 64; align = 8; base = 16; } := x64;\n"
	"trace { major = 1; minor = 8; byte_order = le;\n"
	"\tpacket.header := struct { u32 magic; u32 stream_id; }; };\n"
	"clock { name = counter; freq = 10000000; };\n"
	"typealias integer { size = 64; align = 8; map = clock.counter.value; } := time;\n"
	"stream { id = 0;\n"
	"\tpacket.context := struct { time timestamp_begin; time timestamp_end;\n"
	"\t\tu64 content_size; u64 packet_size; u32 cpu_id; };\n"
	"\tevent.header := struct { u16 id; time timestamp; };\n"
	"\tevent.context := struct { u32 tid; u32 pid; }; };\n";

#define BEGIN_AT	8u
#define END_AT		16u
#define CONTENT_AT	24u

static void open_ctf(struct output *out, unsigned int cpus)
{
	char path[512];
	unsigned int i;
	FILE *file;

	mkdir(out->path, 0777);
	snprintf(path, sizeof(path), "%s/metadata", out->path);
	file = fopen(path, "w");
	if (!file || fputs(metadata, file) < 0)
		stop(path);
	for (i = FIRST_NUMBER; i <= LAST_NUMBER; i++)
		fprintf(file, "event { id = %u; stream_id = 0; name = \"message_%u\";\n"
			"\tfields := struct { u32 count; x64 arguments[count]; }; };\n", i, i);
	fclose(file);
	for (i = 0; i < cpus; i++) {
		snprintf(path, sizeof(path), "%s/stream_%u", out->path, i);
		out->streams[i].file = fopen(path, "w");
		if (!out->streams[i].file)
			stop(path);
	}
}

static void flush_ctf(struct stream *s)
{
	uint64_t bits = 8 * (uint64_t)s->used;

	memcpy(s->data + END_AT, &s->time, sizeof(s->time));
	memcpy(s->data + CONTENT_AT, &bits, sizeof(bits));
	memset(s->data + s->used, 0, PACKET - s->used);
	save(s, PACKET);
}

static void put_ctf(struct output *out, struct stream *s, const struct etl_record *rec,
		    uint32_t words)
{
	if (s->used && s->used + 22 + 8 * words > PACKET)
		flush_ctf(s);
	if (!s->used) {
		put32(s, 0xc1fc1fc1);
		put32(s, 0);
		put64(s, rec->time);
		put64(s, 0);
		put64(s, 0);
		put64(s, 8 * (uint64_t)PACKET);
		put32(s, (uint32_t)(s - out->streams));
	}
	put(s, &rec->id, sizeof(rec->id));
	put64(s, rec->time);
	put32(s, rec->thread);
	put32(s, rec->process);
	put32(s, words);
	put_arguments(s, rec, words);
}

/* ---- trace.dat 6 --------------------------------------------------------------------- */

static const char header_page[] =
	"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
	"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n";

static const char header_event[] =
	"# compressed entry header\n\ttype_len    :    5 bits\n\ttime_delta  :   27 bits\n"
	"\tarray       :   32 bits\n\n\tpadding     : type == 29\n\ttime_extend : type == 30\n"
	"\ttime_stamp : type == 31\n\tdata max type_len  == 28\n";

static const char event_format[] =
	"name: message\nID: 900\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
	"\tfield:u32 number;\toffset:8;\tsize:4;\tsigned:0;\n"
	"\tfield:__data_loc u64[] arguments;\toffset:12;\tsize:4;\tsigned:0;\n\n"
	"print fmt: \"number=%u arguments=%s\", REC->number, __print_array(__get_dynamic_array(arguments), "
	"__get_dynamic_array_len(arguments) / 8, 8)\n";

static void text(FILE *file, const char *words, size_t size)
{
	uint64_t length = size;

	fwrite(&length, sizeof(length), 1, file);
	fwrite(words, 1, size, file);
}

static void number(FILE *file, uint32_t value)
{
	fwrite(&value, sizeof(value), 1, file);
}

static void write_head(const struct output *out, FILE *file)
{
	static const unsigned char magic[] = "\x17\x08\x44tracing6";
	static const char tasks[] = "1000 task\n";
	unsigned int i;

	fwrite(magic, sizeof(magic), 1, file);
	fputc(0, file);			/* little-endian */
	fputc(8, file);			/* bytes of a long */
	number(file, PAGE);
	fwrite("header_page", 12, 1, file);
	text(file, header_page, sizeof(header_page) - 1);
	fwrite("header_event", 13, 1, file);
	text(file, header_event, sizeof(header_event) - 1);
	number(file, 0);		/* ftrace's own formats */
	number(file, 1);		/* systems */
	fwrite("bench", 6, 1, file);
	number(file, 1);
	text(file, event_format, sizeof(event_format) - 1);
	number(file, 0);		/* kallsyms */
	number(file, 0);		/* trace_printk */
	text(file, tasks, sizeof(tasks) - 1);
	number(file, out->cpus);
	fwrite("flyrecord", 10, 1, file);
	for (i = 0; i < out->cpus; i++) {
		uint64_t size = out->streams[i].pages * PAGE;

		fwrite(&out->streams[i].offset, 8, 1, file);
		fwrite(&size, 8, 1, file);
	}
}

static void open_trace(struct output *out, unsigned int cpus)
{
	unsigned int i;

	for (i = 0; i < cpus; i++) {
		out->streams[i].file = tmpfile();
		if (!out->streams[i].file)
			stop("temporary file");
	}
}

static void flush_trace(struct stream *s)
{
	uint64_t commit = s->used - 16;

	memcpy(s->data + 8, &commit, sizeof(commit));
	memset(s->data + s->used, 0, PAGE - s->used);
	save(s, PAGE);
	s->pages++;
}

static void put_trace(struct output *out, struct stream *s, const struct etl_record *rec,
		      uint32_t words)
{
	uint32_t size = 16 + 8 * words;

	(void)out;
	if (s->used && s->used + 4 + size > PAGE)
		flush_trace(s);
	if (!s->used) {
		put64(s, rec->time * NS_PER_TICK);
		put64(s, 0);
		s->time = rec->time;
	}
	put32(s, (uint32_t)((rec->time - s->time) * NS_PER_TICK) << 5 | size / 4);
	put32(s, EVENT_TYPE);
	put32(s, rec->thread);
	put32(s, rec->id);
	put32(s, 8 * words << 16 | 16);
	put_arguments(s, rec, words);
}

/* The streams behind the head, which knows where they begin. */
static void join_trace(struct output *out)
{
	FILE *file = fopen(out->path, "w");
	unsigned char page[PAGE];
	uint64_t offset;
	unsigned int i;

	if (!file)
		stop(out->path);
	write_head(out, file);
	offset = ((uint64_t)ftell(file) + PAGE - 1) / PAGE * PAGE;
	for (i = 0; i < out->cpus; i++) {
		out->streams[i].offset = offset;
		offset += out->streams[i].pages * PAGE;
	}
	rewind(file);
	write_head(out, file);
	for (i = 0; i < out->cpus; i++) {
		if (fseek(file, (long)out->streams[i].offset, SEEK_SET))
			stop(out->path);
		rewind(out->streams[i].file);
		while (fread(page, PAGE, 1, out->streams[i].file))
			fwrite(page, PAGE, 1, file);
	}
	if (fclose(file))
		stop(out->path);
}

/* ---- the program ----------------------------------------------------------------------- */

static uint64_t convert(struct output *out, struct etl_log *log)
{
	struct etl_cursor *cursor;
	struct etl_record rec;
	uint64_t count = 0;
	unsigned int i;
	int ret;

	if (etl_cursor_open(&cursor, log, ETL_FILE_ORDER, NULL, NULL))
		stop("cursor");
	while ((ret = etl_next(cursor, &rec)) > 0) {
		struct stream *s = &out->streams[rec.buffer->cpu % CPUS];

		if (rec.kind != ETL_KIND_MESSAGE)
			continue;
		out->put(out, s, &rec, (rec.payload_size + 7) / 8);
		s->time = rec.time;
		count++;
	}
	if (ret < 0)
		stop(etl_cursor_error(cursor)->reason);
	for (i = 0; i < out->cpus; i++)
		if (out->streams[i].used)
			out->flush(&out->streams[i]);
	etl_cursor_close(cursor);
	return count;
}

int main(int argc, char **argv)
{
	static struct output out;
	bool ctf = argc == 4 && !strcmp(argv[1], "ctf");
	const char *path = argc == 4 ? argv[2] : NULL;
	struct etl_error err;
	struct etl_log *log;

	if (argc != 4 || (!ctf && strcmp(argv[1], "trace"))) {
		fputs("Usage: etl_convert ctf FILE FOLDER\n       etl_convert trace FILE OUT\n", stderr);
		return 2;
	}
	if (etl_open(&log, &path, 1, &err)) {
		fprintf(stderr, "%s: %s\n", path, err.reason);
		return 1;
	}
	out.path = argv[3];
	out.cpus = etl_facts(log, 0)->processors;
	out.put = ctf ? put_ctf : put_trace;
	out.flush = ctf ? flush_ctf : flush_trace;
	if (ctf)
		open_ctf(&out, out.cpus);
	else
		open_trace(&out, out.cpus);
	printf("%" PRIu64 "\n", convert(&out, log));
	if (!ctf)
		join_trace(&out);
	etl_close(log);
	return 0;
}
