// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * etl_generate: files for tests and measurements, the same bytes for the same
 * options.
 *
 * Messages come from processors at random; a processor's buffer is flushed when
 * it is full, so that buffers lie in the file as a session leaves them.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/etl_build.h"
#include "../lib/etl_kinds.h"

#define CPUS_MAX	256u
#define PAYLOAD_MAX	1024u

static const char usage[] =
	"Usage: etl_generate [OPTIONS] FILE\n"
	"Write an .etl file of messages, or of records of all kinds.\n\n"
	"  -n, --records N         how many messages (1000)\n"
	"  -s, --size MB           as many messages as fill so many MB, instead of --records\n"
	"  -c, --cpus N            processors (4)\n"
	"  -b, --buffer-size KB    (64)\n"
	"  -p, --payload N[-M]     bytes of a message's arguments (16-64)\n"
	"  -k, --kinds[=NAME,...]  a record of each kind, or of these, in each of --records buffers:\n"
	"                          system32 system64 compact32 compact64 perfinfo32 perfinfo64\n"
	"                          counters full32 full64 instance32 instance64 message component\n"
	"                          bare event32 tracelogging related\n"
	"  -e, --expect            print what readers should find: JSON, a record a line, in file order\n";

static const struct option options[] = {
	{ "records", required_argument, NULL, 'n' },
	{ "size", required_argument, NULL, 's' },
	{ "cpus", required_argument, NULL, 'c' },
	{ "buffer-size", required_argument, NULL, 'b' },
	{ "payload", required_argument, NULL, 'p' },
	{ "kinds", optional_argument, NULL, 'k' },
	{ "expect", no_argument, NULL, 'e' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

struct wanted {
	uint64_t records, size;
	unsigned int cpus, least, most;
	uint32_t buffer_size;
	uint32_t kinds;			/* bit n: kind n of etl_kinds.h; 0 = messages */
	bool expect;
	const char *path;
};

struct cpu {
	struct etl_block block;
	uint64_t last;			/* time of the last record */
};

struct generator {
	const struct wanted *wanted;
	struct etl_writer *writer;
	struct cpu cpus[CPUS_MAX];
	uint64_t sequence, time, records, random;
};

static void stop(const char *what, const struct etl_error *err)
{
	fprintf(stderr, "etl_generate: %s: %s\n", what, err ? err->reason : "out of memory");
	exit(1);
}

/* xorshift64: good enough, and the same everywhere. */
static uint64_t random_below(struct generator *g, uint64_t limit)
{
	g->random ^= g->random << 13;
	g->random ^= g->random >> 7;
	g->random ^= g->random << 17;
	return g->random % limit;
}

/* ---- what readers should find -------------------------------------------------------- */

static void print_hex(const unsigned char *data, uint32_t size)
{
	uint32_t i;

	for (i = 0; i < size; i++)
		printf("%02x", data[i]);
}

static void print_optional(const char *key, bool present, uint64_t value)
{
	printf(present ? ",\"%s\":%" PRIu64 : ",\"%s\":null", key, value);
}

/* From the record that was encoded, not from what became of it. */
static void expect(const struct etl_record *rec, unsigned int cpu, uint32_t size)
{
	bool message = rec->header == ETL_HEADER_MESSAGE;
	bool event = rec->header == ETL_HEADER_EVENT32 || rec->header == ETL_HEADER_EVENT64;
	bool perfinfo = rec->header == ETL_HEADER_PERFINFO32 || rec->header == ETL_HEADER_PERFINFO64;
	bool timed = !message || rec->flags & ETL_MESSAGE_TIMESTAMP;
	bool thread = message ? rec->flags & ETL_MESSAGE_SYSTEMINFO : !perfinfo;
	bool hook = !rec->guid && !message;
	char guid[ETL_GUID_TEXT];

	printf("{\"cpu\":%u,\"hdr\":\"%s\",\"size\":%u", cpu, etl_header_name(rec->header), size);
	if (hook) {
		fputs(",\"hook\":true", stdout);
	} else if (rec->guid) {
		etl_guid_format(rec->guid, guid);
		printf(",\"guid\":\"%s\"", guid);
	} else {
		fputs(",\"guid\":null", stdout);
	}
	print_optional("id", true, message || event || hook ? rec->id : rec->opcode);
	print_optional("op", !message, hook ? rec->id & 0xffu : rec->opcode);
	print_optional("level", !message && !hook, rec->level);
	print_optional("ver", !message, rec->version);
	print_optional("tid", thread, rec->thread);
	print_optional("pid", thread, rec->process);
	if (timed)
		print_optional("ts", true, rec->time);
	print_optional("flags", message || event, rec->flags);
	print_optional("seq", message && rec->flags & ETL_MESSAGE_SEQUENCE, rec->sequence);
	fputs(",\"payload\":\"", stdout);
	print_hex(rec->payload, rec->payload_size);
	puts("\"}");
}

/* ---- buffers ------------------------------------------------------------------------------ */

static void begin(struct generator *g, unsigned int cpu)
{
	struct cpu *c = &g->cpus[cpu];

	etl_block_begin(&c->block, c->block.data, g->wanted->buffer_size, (uint16_t)cpu, 5, ++g->sequence);
}

static void flush(struct generator *g, unsigned int cpu)
{
	struct cpu *c = &g->cpus[cpu];
	struct etl_error err;

	etl_block_end(&c->block, g->time);
	if (etl_writer_append(g->writer, c->block.data, 1, NULL, &err))
		stop(g->wanted->path, &err);
}

/* A message of a random processor; the last record of its buffer may have to be flushed first. */
static void put_message(struct generator *g)
{
	const struct wanted *w = g->wanted;
	unsigned int cpu = (unsigned int)random_below(g, w->cpus);
	unsigned char payload[PAYLOAD_MAX];
	struct build_payload mark = build_payload((uint32_t)g->records);
	struct etl_record rec = build_message(0, &mark);
	uint64_t i, noise;

	g->time += 1 + random_below(g, 50);
	rec.time = g->time;
	rec.thread = 1000 + cpu;
	rec.id = (uint16_t)(10 + g->records % 20);
	rec.payload = payload;
	rec.payload_size = w->least + (uint32_t)random_below(g, w->most - w->least + 1);
	for (i = 0; i < rec.payload_size; i += sizeof(noise)) {
		noise = random_below(g, UINT64_MAX);
		memcpy(payload + i, &noise, sizeof(noise));
	}
	if (rec.payload_size >= sizeof(mark))
		memcpy(payload, &mark, sizeof(mark));
	if (etl_block_put(&g->cpus[cpu].block, &rec) == -ENOSPC) {
		flush(g, cpu);
		begin(g, cpu);
		if (etl_block_put(&g->cpus[cpu].block, &rec) < 0)
			stop("a message does not fit in a buffer", NULL);
	}
	g->records++;
	if (w->expect)
		expect(&rec, cpu, 40 + rec.payload_size);
}

static bool enough(const struct generator *g)
{
	if (g->wanted->size)
		return etl_writer_stats(g->writer)->size >= g->wanted->size;
	return g->records >= g->wanted->records;
}

static void generate_messages(struct generator *g)
{
	unsigned int cpu;

	for (cpu = 0; cpu < g->wanted->cpus; cpu++)
		begin(g, cpu);
	while (!enough(g))
		put_message(g);
	for (cpu = 0; cpu < g->wanted->cpus; cpu++)
		flush(g, cpu);
}

/* ---- all kinds -------------------------------------------------------------------------------- */

static void put_kind(struct generator *g, unsigned int cpu, unsigned int which)
{
	static const unsigned char guid[16] = {
		0x33, 0x19, 0x11, 0xd6, 0x9d, 0xd6, 0x3b, 0x55, 0x7c, 0xfb, 0x93, 0xda, 0xf4, 0xc6, 0xac, 0xbc,
	};
	struct etl_block *block = &g->cpus[cpu].block;
	unsigned char items[128];
	struct etl_record rec = kinds_record(which, guid, items);
	uint32_t at = block->used;

	rec.time = ++g->time;
	if (!rec.payload) {
		rec.payload = guid;
		rec.payload_size = (which + (uint32_t)g->sequence) % 16;
	}
	if (rec.header != ETL_HEADER_MESSAGE && rec.header != ETL_HEADER_EVENT32 &&
	    rec.header != ETL_HEADER_EVENT64 && rec.id)
		rec.guid = NULL;
	if (etl_block_put(block, &rec) < 0)
		stop("a record of each kind does not fit in a buffer", NULL);
	g->records++;
	if (g->wanted->expect) {
		/* Size is where the format has it: the second word or the third. */
		const unsigned char *head = block->data + at + (rec.id && !rec.guid && rec.header != ETL_HEADER_MESSAGE ? 4 : 0);

		expect(&rec, cpu, head[0] | (uint32_t)head[1] << 8);
	}
}

static void generate_kinds(struct generator *g)
{
	unsigned int which, cpu;
	uint64_t i;

	for (i = 0; i < g->wanted->records; i++) {
		cpu = (unsigned int)(i % g->wanted->cpus);
		begin(g, cpu);
		for (which = 0; which < KINDS_COUNT; which++)
			if (g->wanted->kinds >> which & 1)
				put_kind(g, cpu, which);
		flush(g, cpu);
	}
}

/* ---- the program ---------------------------------------------------------------------------------- */

static void generate(const struct wanted *w)
{
	struct generator *g = calloc(1, sizeof(*g));
	unsigned char *header = malloc(w->buffer_size);
	struct etl_facts facts = build_facts(w->buffer_size, 0);
	struct etl_totals totals = { 0 };
	struct etl_error err;
	unsigned int cpu;

	if (!g || !header)
		stop(w->path, NULL);
	g->wanted = w;
	g->time = BUILD_RAW0;
	g->random = 88172645463325252u;
	facts.processors = w->cpus;
	for (cpu = 0; cpu < w->cpus; cpu++) {
		g->cpus[cpu].block.data = malloc(w->buffer_size);
		if (!g->cpus[cpu].block.data)
			stop(w->path, NULL);
	}
	if (etl_header_build(header, w->buffer_size, &facts, 8, 4, 5) ||
	    etl_writer_create(&g->writer, w->path, header, w->buffer_size, NULL, &err))
		stop(w->path, &err);
	if (w->kinds)
		generate_kinds(g);
	else
		generate_messages(g);
	totals.end_time = BUILD_START + (g->time - BUILD_RAW0);
	if (etl_writer_finalise(g->writer, &totals, &err))
		stop(w->path, &err);
	fprintf(stderr, "%" PRIu64 " records, %" PRIu64 " bytes\n", g->records,
		etl_writer_stats(g->writer)->size);
	etl_writer_close(g->writer);
	for (cpu = 0; cpu < w->cpus; cpu++)
		free(g->cpus[cpu].block.data);
	free(header);
	free(g);
}

/* 0 if a name is unknown. */
static uint32_t parse_kinds(char *names)
{
	uint32_t kinds = 0;
	unsigned int which;
	char *name;

	if (!names)
		return (1u << KINDS_COUNT) - 1;
	for (name = strtok(names, ","); name; name = strtok(NULL, ",")) {
		for (which = 0; which < KINDS_COUNT && strcmp(name, kinds_names[which]); which++)
			;
		if (which == KINDS_COUNT)
			return 0;
		kinds |= 1u << which;
	}
	return kinds;
}

static int refuse(void)
{
	fputs(usage, stderr);
	return 2;
}

int main(int argc, char **argv)
{
	struct wanted w = { .records = 1000, .cpus = 4, .least = 16, .most = 64, .buffer_size = 65536 };
	char *end;
	int option;

	while ((option = getopt_long(argc, argv, "n:s:c:b:p:k::eh", options, NULL)) != -1) {
		switch (option) {
		case 'n':
			w.records = strtoull(optarg, NULL, 10);
			break;
		case 's':
			w.size = strtoull(optarg, NULL, 10) << 20;
			break;
		case 'c':
			w.cpus = (unsigned int)atoi(optarg);
			break;
		case 'b':
			w.buffer_size = (uint32_t)atoi(optarg) * 1024;
			break;
		case 'p':
			w.least = (unsigned int)strtoul(optarg, &end, 10);
			w.most = *end == '-' ? (unsigned int)atoi(end + 1) : w.least;
			break;
		case 'k':
			w.kinds = parse_kinds(optarg);
			if (!w.kinds)
				return refuse();
			break;
		case 'e':
			w.expect = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			return refuse();
		}
	}
	if (optind + 1 != argc || !w.cpus || w.cpus > CPUS_MAX || w.most < w.least ||
	    w.most > PAYLOAD_MAX || w.buffer_size < ETL_BUFFER_SIZE_MIN)
		return refuse();
	w.path = argv[optind];
	generate(&w);
	return 0;
}
