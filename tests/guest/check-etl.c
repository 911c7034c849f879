// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check-etl [OPTION...] FILE...: what a test in a guest wants to know of log files.  Written from docs/etl-format.md alone; shares nothing with
 * libetl but the layout of the structures.
 *
 * Prints "buffers=N written=N records=N hammer=N lost=N buffers_lost=N
 * finalised=0|1 first=SEQUENCE last=SEQUENCE".  Status 1, and what is wrong on standard error,
 * if a buffer is not whole, comes twice, or is out of order, if the last-buffer
 * flag is not where it belongs, or if a record of the hammer comes twice, is
 * not as the hammer made it, is out of order within its source, or belongs to
 * another session.
 *
 *   --circular	buffer times may step back once, and sequence numbers within a CPU
 *   --append	sequence numbers may begin anew once for each CPU
 *   --moved	sources changed CPUs: their order is checked on each CPU alone
 *   --pulled	got with cat: nobody flagged the last buffer
 *   --result FILE	the hammer's table: the log files of a session, in order,
 *		hold of each of its sources exactly what was logged
 *   --partial	with --result: at most that (a flight recorder's)
 *   --crashed N	with --result: it was made while writers were stopped, so of each
 *		source one record more than it counted; N records may be unfinished
 *   --newest	with --result: of each source only the newest records, without a gap
 */
#include <endian.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <etl/layout.h>

#define CPUS		64
#define CONTEXTS	4
#define ROUTINES	2
#define SESSIONS	32
#define HAMMER_MAGIC	0x31524d48u
#define SEQUENCES_MAX	(1u << 20)

struct payload {
	uint32_t magic, crc;
	uint16_t length, cpu;
	uint8_t context, routine;
	uint16_t session;
	uint64_t sequence;
};

struct state {
	const char *path;
	const uint8_t *data;
	uint64_t size, buffer_size, buffers, records, first, last;
	int64_t steps_back;			/* of buffer times that are still allowed */
	int64_t restarts[CPUS];			/* of sequence numbers that are still allowed */
	uint64_t time, sequence[CPUS];
	uint8_t seen[SEQUENCES_MAX];
	uint64_t next[CPUS][CONTEXTS][ROUTINES][SESSIONS];	/* hammer: one above the last */
	uint64_t records_of[CPUS][CONTEXTS][ROUTINES][SESSIONS];
	uint64_t first_of[CPUS][CONTEXTS][ROUTINES][SESSIONS];
	uint64_t next_on[CPUS][CPUS][CONTEXTS][ROUTINES][SESSIONS];	/* by the buffer's CPU */
	bool pulled, moved;
	bool given[SESSIONS];			/* sessions that a log file is of */
	bool wrapped;				/* older records follow newer ones */
	bool newest, crashed;
	uint64_t unfinished;			/* records that need not be as they were logged */
	uint32_t flagged;
	uint64_t hammered;
};

static struct state s;

static void wrong(uint64_t buffer, const char *what, uint64_t value)
{
	fprintf(stderr, "%s: buffer %llu: %s (%llu)\n", s.path, (unsigned long long)buffer, what,
		(unsigned long long)value);
	exit(1);
}

static uint16_t record_size(const uint8_t *r)
{
	uint16_t first, third;

	memcpy(&first, r, 2);
	memcpy(&third, r + 4, 2);
	if (r[3] == ETL_MARKER_MESSAGE)
		return le16toh(first);
	switch (r[2]) {
	case ETL_HEADER_FULL64:
	case ETL_HEADER_EVENT64:
		return le16toh(first);
	default:
		return le16toh(third);
	}
}

/* zlib's CRC-32, which the hammer puts before what it covers. */
static uint32_t crc32(const uint8_t *p, size_t len)
{
	static uint32_t table[256];
	uint32_t c, i, bit;

	for (i = 0; i < 256 && !table[255]; i++) {
		for (c = i, bit = 0; bit < 8; bit++)
			c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
		table[i] = c;
	}
	c = ~0u;
	while (len--)
		c = table[(c ^ *p++) & 0xff] ^ c >> 8;
	return ~c;
}

/* Bytes before a message's arguments, by its flags. */
static uint32_t message_header(const uint8_t *r)
{
	uint16_t flags = le16toh(((const struct etl_message_header *)r)->flags);
	uint32_t size = sizeof(struct etl_message_header);

	if (flags & ETL_MESSAGE_SEQUENCE)
		size += 4;
	if (flags & ETL_MESSAGE_COMPONENTID)
		size += 4;
	else if (flags & ETL_MESSAGE_GUID)
		size += 16;
	if (flags & ETL_MESSAGE_TIMESTAMP)
		size += 8;
	if (flags & ETL_MESSAGE_SYSTEMINFO)
		size += 8;
	return size;
}

/* What is wrong with the payload at @data, of which @p is the head. */
static const char *payload_fault(const struct etl_buffer_header *h, const struct payload *p,
				 const uint8_t *data, uint32_t size)
{
	const uint32_t covered = offsetof(struct payload, length);

	if (p->cpu >= CPUS || p->context >= CONTEXTS || p->routine >= ROUTINES || p->session >= SESSIONS)
		return "a source that cannot be";
	if (p->session != le16toh(h->logger_id))
		return "a record of another session";
	if (p->length != size)
		return "a record of another length than its payload says";
	if (p->crc != crc32(data + covered, size - covered))
		return "a record that is not as it was logged";
	return NULL;
}

/* The hammer's messages and events: its payload is the end of the record. */
static void check_hammer(uint64_t buffer, const struct etl_buffer_header *h, const uint8_t *r,
			 uint16_t size)
{
	uint16_t on = le16toh(h->processor) & ETL_PROCESSOR_MASK;
	uint32_t header = r[3] == ETL_MARKER_MESSAGE ? message_header(r) :
						       sizeof(struct etl_full_header);
	const char *fault;
	struct payload p;
	uint64_t *next;

	if (size < header + sizeof(p))
		return;
	memcpy(&p, r + header, sizeof(p));
	if (p.magic != HAMMER_MAGIC)
		return;
	fault = payload_fault(h, &p, r + header, size - header);
	if (fault && s.unfinished) {
		s.unfinished--;
		return;
	}
	if (fault)
		wrong(buffer, fault, p.sequence);
	if (!s.records_of[p.cpu][p.context][p.routine][p.session])
		s.first_of[p.cpu][p.context][p.routine][p.session] = p.sequence;
	s.records_of[p.cpu][p.context][p.routine][p.session]++;
	next = s.moved ? &s.next_on[on][p.cpu][p.context][p.routine][p.session] :
			 &s.next[p.cpu][p.context][p.routine][p.session];
	if (p.sequence < *next && !s.wrapped)
		wrong(buffer, "a record again, or out of order", p.sequence);
	*next = p.sequence + 1;
	s.hammered++;
}

static void check_records(uint64_t number, const uint8_t *b, uint32_t used)
{
	const struct etl_buffer_header *h = (const void *)b;
	uint32_t at = sizeof(struct etl_buffer_header), i;

	while (at < used) {
		uint16_t size = record_size(b + at);

		if (size < 8 || at + size > used)
			wrong(number, "a record that does not fit", at);
		if (number)
			check_hammer(number, h, b + at, size);
		s.records += !!number;
		at += ETL_ALIGN(size);
	}
	if (at != used)
		wrong(number, "records end elsewhere than Offset says", used);
	for (i = used; i < s.buffer_size; i++)
		if (b[i] != ETL_FILL_BYTE)
			wrong(number, "the fill is not 0xff", i);
}

static void check_order(uint64_t number, const struct etl_buffer_header *h)
{
	uint64_t sequence = le64toh(h->sequence_number), time = le64toh(h->time_stamp);
	uint16_t cpu = le16toh(h->processor) & ETL_PROCESSOR_MASK;

	if (cpu >= CPUS || sequence >= SEQUENCES_MAX || !sequence)
		wrong(number, "a CPU or sequence number that cannot be", sequence);
	if (time < s.time) {
		if (!s.steps_back--)
			wrong(number, "its time is before that of the buffer before it", time);
		s.wrapped = true;
	}
	s.time = time;
	if (sequence <= s.sequence[cpu] && !s.wrapped) {
		if (!s.restarts[cpu]--)
			wrong(number, "its CPU's sequence numbers step back", sequence);
		memset(s.seen, 0, sizeof(s.seen));
		memset(s.next, 0, sizeof(s.next));
		memset(s.sequence, 0, sizeof(s.sequence));
		memset(s.restarts, 0, sizeof(s.restarts));
	}
	s.sequence[cpu] = sequence;
	if (s.seen[sequence]++)
		wrong(number, "a sequence number twice", sequence);
	if (!s.first || sequence < s.first)
		s.first = sequence;
	if (sequence > s.last)
		s.last = sequence;
}

static void check_buffer(uint64_t number)
{
	const uint8_t *b = s.data + number * s.buffer_size;
	const struct etl_buffer_header *h = (const void *)b;
	uint32_t used = le32toh(h->offset);

	if (le32toh(h->buffer_size) != s.buffer_size)
		wrong(number, "BufferSize is not the session's", le32toh(h->buffer_size));
	if (used < sizeof(*h) || used > s.buffer_size || used % 8)
		wrong(number, "Offset cannot be", used);
	if (le16toh(h->type) != (number ? ETL_BUFFER_GENERIC : ETL_BUFFER_HEADER))
		wrong(number, "BufferType cannot be", le16toh(h->type));
	if (number)
		check_order(number, h);
	s.flagged += number && (le16toh(h->flags) & ETL_BUFFER_FLUSH_MARKER);
	check_records(number, b, used);
}

static void map_file(const char *path)
{
	int fd = open(path, O_RDONLY);
	struct stat st;

	s.path = path;
	if (fd < 0 || fstat(fd, &st) || st.st_size < 4096)
		wrong(0, "cannot be opened or is too short", 0);
	s.size = st.st_size;
	s.data = mmap(NULL, s.size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (s.data == MAP_FAILED)
		wrong(0, "cannot be mapped", s.size);
	s.buffer_size = le32toh(((const struct etl_buffer_header *)s.data)->buffer_size);
	if (s.buffer_size < ETL_BUFFER_SIZE_MIN || s.size % s.buffer_size)
		wrong(0, "the file is no multiple of BufferSize", s.size);
	s.buffers = s.size / s.buffer_size;
}

static int index_of(const char *name, const char *const *names, int n)
{
	int i;

	for (i = 0; i < n && strcmp(name, names[i]); i++)
		;
	return i;
}

/* The hammer's table: what it logged is what the files hold, source by source. */
static void check_result(const char *path, bool partial)
{
	static const char *const contexts[] = { "process", "softirq", "hardirq", "nmi" };
	static const char *const routines[] = { "message", "event" };
	unsigned long long attempts, logged, found, all = 0;
	unsigned int cpu, session, sources = 0;
	char context[16], routine[16], line[256];
	bool bad;
	FILE *f = fopen(path, "r");

	s.path = path;
	if (!f)
		wrong(0, "cannot be opened", 0);
	while (fgets(line, sizeof(line), f)) {
		int c, r;

		if (sscanf(line, "%u %15s %15s %u %llu %llu", &cpu, context, routine, &session,
			   &attempts, &logged) != 6 || session >= SESSIONS || !s.given[session])
			continue;
		c = index_of(context, contexts, CONTEXTS);
		r = index_of(routine, routines, ROUTINES);
		if (cpu >= CPUS || c == CONTEXTS || r == ROUTINES)
			wrong(0, "a source that cannot be", cpu);
		found = s.records_of[cpu][c][r][session];
		if (s.newest)
			bad = found && attempts == logged &&
			      found != s.next[cpu][c][r][session] - s.first_of[cpu][c][r][session];
		else
			bad = !partial && found < logged;
		/* One whose writer was stopped may be there, and is not counted. */
		if (s.newest && attempts == logged)
			bad |= s.next[cpu][c][r][session] < logged;
		if (bad || found > logged + s.crashed) {
			fprintf(stderr, "%s: %llu records of %llu logged: %s", path, found, logged, line);
			exit(1);
		}
		if (s.next[cpu][c][r][session] > attempts + s.crashed)
			wrong(0, "a record that nobody wrote", s.next[cpu][c][r][session]);
		s.records_of[cpu][c][r][session] = 0;
		all += found;
		sources++;
	}
	fclose(f);
	if (all != s.hammered)
		wrong(0, "records of sources that are not in the table", s.hammered - all);
	printf("sources=%u verified=%llu\n", sources, all);
}

static void check_file(const char *path)
{
	const struct etl_logfile_header *f;
	uint64_t number, hammered = s.hammered;

	map_file(path);
	f = (const void *)(s.data + sizeof(struct etl_buffer_header) +
			   sizeof(struct etl_system_header));
	s.given[le16toh(((const struct etl_buffer_header *)s.data)->logger_id) % SESSIONS] = true;
	for (number = 0; number < s.buffers; number++)
		check_buffer(number);
	if (f->end_time && s.buffers > 1 && s.flagged != !s.pulled)
		wrong(s.buffers - 1, "buffers with the last-buffer flag", s.flagged);
	if (!f->end_time && s.flagged)
		wrong(s.buffers - 1, "last-buffer flags in an unfinished file", s.flagged);
	if (f->end_time && !s.pulled && !s.wrapped && s.buffers > 1 &&
	    !(le16toh(((const struct etl_buffer_header *)
		       (s.data + (s.buffers - 1) * s.buffer_size))->flags) & ETL_BUFFER_FLUSH_MARKER))
		wrong(s.buffers - 1, "it has no last-buffer flag", s.flagged);
	printf("buffers=%llu written=%u records=%llu hammer=%llu lost=%u buffers_lost=%u finalised=%d first=%llu last=%llu\n",
	       (unsigned long long)s.buffers, le32toh(f->buffers_written),
	       (unsigned long long)s.records, (unsigned long long)(s.hammered - hammered),
	       le32toh(f->events_lost), le32toh(f->buffers_lost), f->end_time != 0,
	       (unsigned long long)s.first, (unsigned long long)s.last);
	munmap((void *)s.data, s.size);
}

/* What is counted within a file; a session's records go on in its next one. */
static void next_file(bool circular, bool append)
{
	int cpu;

	s.records = s.first = s.last = s.time = 0;
	s.flagged = 0;
	s.wrapped = false;
	s.steps_back = circular;
	memset(s.seen, 0, sizeof(s.seen));
	memset(s.sequence, 0, sizeof(s.sequence));
	for (cpu = 0; cpu < CPUS; cpu++)
		s.restarts[cpu] = append;
}

int main(int argc, char **argv)
{
	bool circular = false, append = false, partial = false;
	const char *result = NULL;
	int i;

	for (i = 1; i < argc && !strncmp(argv[i], "--", 2); i++) {
		if (!strcmp(argv[i], "--circular"))
			circular = true;
		else if (!strcmp(argv[i], "--append"))
			append = true;
		else if (!strcmp(argv[i], "--pulled"))
			s.pulled = true;
		else if (!strcmp(argv[i], "--moved"))
			s.moved = true;
		else if (!strcmp(argv[i], "--partial"))
			partial = true;
		else if (!strcmp(argv[i], "--newest"))
			s.newest = true;
		else if (!strcmp(argv[i], "--crashed") && i + 1 < argc) {
			s.crashed = true;
			s.unfinished = strtoul(argv[++i], NULL, 10);
		}
		else if (!strcmp(argv[i], "--result") && i + 1 < argc)
			result = argv[++i];
		else
			return 2;
	}
	if (i == argc)
		return 2;
	for (; i < argc; i++) {
		next_file(circular, append);
		check_file(argv[i]);
	}
	if (result)
		check_result(result, partial);
	return 0;
}
