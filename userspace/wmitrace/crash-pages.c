// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <etl/layout.h>

#include "crash-pages.h"
#include "etl.h"

#define VALUES		(sizeof(((struct etl_crash_page *)0)->values) / sizeof(uint64_t))
#define RING_WORDS	((uint32_t)(sizeof(struct etl_crash_cpu) / sizeof(uint64_t)))
#define CPUS		(ETL_PROCESSOR_MASK + 1u)

/* A page that was found, as far as it is needed to order it. */
struct entry {
	uint64_t address, session;
	uint32_t cpu, first, count;
	uint16_t kind;
};

struct search {
	struct memory_dump *dump;
	struct entry *entries;
	size_t count, capacity;
	uint64_t memory;		/* bytes of it */
	uint64_t claimed;		/* of them: by rings */
	struct crash_pages *found;
};

static bool add_entry(struct search *s, const struct entry *entry)
{
	if (s->count == s->capacity) {
		size_t capacity = s->capacity ? 2 * s->capacity : 256;
		struct entry *more = realloc(s->entries, capacity * sizeof(*more));

		if (!more)
			return false;
		s->entries = more;
		s->capacity = capacity;
	}
	s->entries[s->count++] = *entry;
	return true;
}

/* Page after page; what is none of ours, or a copy of one, is passed over. */
static bool scan(struct search *s)
{
	static const char magic[16] = ETL_CRASH_MAGIC;
	struct etl_crash_page head;
	uint64_t address;

	s->found->unreadable = memory_dump_missing(s->dump);
	for (address = 0; memory_dump_next(s->dump, &address); address += ETL_CRASH_PAGE) {
		struct entry entry = { .address = address };

		if (!memory_dump_read(s->dump, address, &head,
				      offsetof(struct etl_crash_page, values))) {
			s->found->unreadable += ETL_CRASH_PAGE;
			continue;
		}
		if (memcmp(head.magic, magic, sizeof(magic)) || le64toh(head.self) != address ||
		    le16toh(head.version) != ETL_CRASH_VERSION)
			continue;
		entry.session = le64toh(head.session);
		entry.kind = le16toh(head.kind);
		entry.cpu = le32toh(head.cpu);
		entry.first = le32toh(head.first);
		entry.count = le32toh(head.count);
		if (entry.count <= VALUES && !add_entry(s, &entry))
			return false;
	}
	return true;
}

#define ORDER(member)	if (a->member != b->member) return a->member < b->member ? -1 : 1

static int compare(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	ORDER(session);
	ORDER(cpu);
	ORDER(kind);
	ORDER(first);
	return 0;
}

/*
 * The values that the pages from *@at on have of @kind and @cpu, @count of them,
 * and steps over the pages.  NULL if that is not what they have.
 */
static uint64_t *read_values(struct search *s, size_t *at, size_t end, uint32_t cpu, uint16_t kind,
			     uint32_t *count)
{
	uint64_t *values = NULL;
	size_t from = *at, i;
	uint32_t n = 0;
	bool good;

	while (*at < end && s->entries[*at].cpu == cpu && s->entries[*at].kind == kind)
		(*at)++;
	good = *at > from;
	for (i = from; good && i < *at; i++) {
		good = s->entries[i].first == n;
		n += s->entries[i].count;
	}
	if (good)
		values = malloc(((size_t)n + 1) * sizeof(*values));
	for (i = from; values && good && i < *at; i++)
		good = memory_dump_read(s->dump, s->entries[i].address +
					offsetof(struct etl_crash_page, values),
					values + s->entries[i].first,
					s->entries[i].count * sizeof(*values));
	if (!good) {
		free(values);
		return NULL;
	}
	*count = n;
	return values;
}

static void to_host(uint64_t *values, uint32_t count)
{
	uint32_t i;

	for (i = 0; values && i < count; i++)
		values[i] = le64toh(values[i]);
}

/* The header buffer at its whole size, or NULL. */
static unsigned char *whole_header(const uint64_t *values, uint32_t count, uint32_t *size)
{
	const struct etl_buffer_header *h = (const void *)values;
	uint64_t bytes = count * sizeof(*values);
	unsigned char *header;

	if (!values || bytes < sizeof(*h))
		return NULL;
	*size = le32toh(h->buffer_size);
	if (*size < ETL_BUFFER_SIZE_MIN || *size > ETL_BUFFER_SIZE_MAX || *size % ETL_CRASH_PAGE ||
	    bytes > *size || le32toh(h->offset) > bytes || le16toh(h->type) != ETL_BUFFER_HEADER)
		return NULL;
	header = malloc(*size);
	if (!header)
		return NULL;
	memset(header, ETL_FILL_BYTE, *size);
	memcpy(header, values, le32toh(h->offset));
	return header;
}

/* Sizes that agree with each other, with the session and with the memory there is. */
static bool plausible(struct search *s, const struct crash_session *session, struct crash_ring *ring,
		      uint32_t addresses)
{
	uint64_t bytes = (uint64_t)ring->buffers * ring->buffer_size;

	if (ring->cpu >= CPUS || ring->buffer_size != session->buffer_size || !ring->buffers ||
	    ring->buffers & (ring->buffers - 1) || addresses < ring->buffers ||
	    (uint64_t)(addresses - ring->buffers) * ETL_CRASH_PAGE != bytes || bytes > s->memory - s->claimed)
		return false;
	s->claimed += bytes;
	return true;
}

static bool read_ring(struct search *s, const struct crash_session *session, size_t *at, size_t end,
		      struct crash_ring *ring)
{
	uint32_t count = 0;

	ring->cpu = s->entries[*at].cpu;
	ring->values = read_values(s, at, end, ring->cpu, ETL_CRASH_RING, &count);
	if (ring->values && count > RING_WORDS) {
		memcpy(&ring->at, ring->values, sizeof(ring->at));
		ring->buffer_size = le32toh(ring->at.buffer_size);
		ring->buffers = le32toh(ring->at.buffers);
		count -= RING_WORDS;
		ring->states = ring->values + RING_WORDS;
		to_host(ring->values + RING_WORDS, count);
		if (plausible(s, session, ring, count)) {
			ring->data = ring->states + ring->buffers;
			return true;
		}
	}
	free(ring->values);
	return false;
}

/* CPUs from *@at on; false: out of memory. */
static bool read_rings(struct search *s, struct crash_session *session, size_t at, size_t end)
{
	while (at < end) {
		struct crash_ring ring = { 0 }, *more;
		uint32_t cpu = s->entries[at].cpu;

		if (!read_ring(s, session, &at, end, &ring)) {
			s->found->damaged++;
			while (at < end && s->entries[at].cpu == cpu)
				at++;
			continue;
		}
		more = realloc(session->rings, (session->ring_count + 1) * sizeof(*more));
		if (!more) {
			free(ring.values);
			return false;
		}
		session->rings = more;
		session->rings[session->ring_count++] = ring;
	}
	return true;
}

/* The pages from @at to @end are one session's; its header's come first.  False: out of memory. */
static bool read_session(struct search *s, size_t at, size_t end)
{
	struct crash_session session = { .id = s->entries[at].session }, *more;
	uint32_t words = 0;
	uint64_t *values = read_values(s, &at, end, 0, ETL_CRASH_HEADER, &words);

	session.header = whole_header(values, words, &session.buffer_size);
	free(values);
	if (!session.header) {
		s->found->damaged++;
		return true;
	}
	more = realloc(s->found->sessions, (s->found->count + 1) * sizeof(*more));
	if (!more) {
		free(session.header);
		return false;
	}
	s->found->sessions = more;
	more[s->found->count++] = session;
	return read_rings(s, &more[s->found->count - 1], at, end);
}

bool crash_pages_find(struct crash_pages *pages, struct memory_dump *dump)
{
	struct search s = { .dump = dump, .memory = memory_dump_bytes(dump), .found = pages };
	size_t at, end;
	bool good;

	memset(pages, 0, sizeof(*pages));
	good = scan(&s);
	if (good && s.count)
		qsort(s.entries, s.count, sizeof(*s.entries), compare);
	for (at = 0; good && at < s.count; at = end) {
		for (end = at; end < s.count && s.entries[end].session == s.entries[at].session; )
			end++;
		good = read_session(&s, at, end);
	}
	free(s.entries);
	return good;
}

void crash_pages_free(struct crash_pages *pages)
{
	unsigned int i, cpu;

	for (i = 0; i < pages->count; i++) {
		for (cpu = 0; cpu < pages->sessions[i].ring_count; cpu++)
			free(pages->sessions[i].rings[cpu].values);
		free(pages->sessions[i].rings);
		free(pages->sessions[i].header);
	}
	free(pages->sessions);
}
