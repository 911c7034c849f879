// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libetl: files cut off at every byte, and files with a wrong byte.
 *
 * The content ends where an unreadable page begins: reading outside is a
 * crash.  Files that Windows wrote are tried too where the samples are
 * (SAMPLES, by default ../shared/etl-samples).
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../lib/etl_build.h"
#include "../lib/etl_kinds.h"

#define SIZE		4096u
#define IMAGE_MAX	(64u * 1024)
#define RECORDS_MAX	4096
#define CORRUPTIONS	10000
#define SEED		20251219u

/* ---- an image, and what it holds when nothing is wrong with it ------------------------ */

struct entry {
	uint64_t begin, end;	/* file offsets; compressed: of the buffer */
	uint64_t buffer;
	uint64_t time;
	uint32_t sum;		/* of the record's bytes but for the padding */
};

struct image {
	const char *name;
	unsigned char data[IMAGE_MAX];
	size_t size;
	struct entry entries[RECORDS_MAX];
	size_t count;
};

static struct image image;
static unsigned char *guarded;	/* its last byte is followed by an unreadable page */

static uint32_t checksum(const unsigned char *data, size_t size)
{
	uint32_t sum = 2166136261u;

	while (size--)
		sum = (sum ^ *data++) * 16777619u;
	return sum;
}

static struct entry entry_of(const struct etl_record *rec)
{
	const struct etl_buffer *b = rec->buffer;
	bool compressed = b->flags & ETL_BUFFER_COMPRESSED;
	struct entry e = {
		.begin = compressed ? b->offset : b->offset + rec->offset,
		.end = compressed ? b->offset + b->size : b->offset + rec->offset + rec->size,
		.buffer = b->offset,
		.time = rec->time,
		.sum = checksum(rec->data, rec->size),
	};

	return e;
}

static bool same(const struct entry *a, const struct entry *b)
{
	return a->time == b->time && a->sum == b->sum;
}

struct reading {
	struct entry entries[RECORDS_MAX];
	size_t count;
	uint64_t damaged;
	uint32_t touched;	/* keeps what touch() read from being optimised away */
	bool opened;
};

static struct reading reading;

/* Uses everything that a record offers, so that a wild pointer shows. */
static void touch(const struct etl_record *rec)
{
	struct etl_ext item = { 0 };
	uint32_t sum = 0;

	while (etl_ext_next(rec, &item))
		sum += checksum(item.data, item.size);
	if (rec->guid)
		sum += checksum(rec->guid, 16);
	if (rec->activity)
		sum += checksum(rec->activity, 16);
	if (rec->parent_guid)
		sum += checksum(rec->parent_guid, 16);
	sum += checksum(rec->payload, rec->payload_size);
	etl_record_filetime(rec);
	reading.touched = sum;
}

static size_t drain(struct etl_log *log, enum etl_order order, bool keep)
{
	struct etl_cursor *cursor;
	struct etl_record rec;
	size_t count = 0;
	int ret;

	assert_int_equal(etl_cursor_open(&cursor, log, order, NULL, NULL), 0);
	while ((ret = etl_next(cursor, &rec))) {
		if (ret < 0) {
			assert_int_equal(etl_cursor_error(cursor)->code, -EBADMSG);
			assert_true(etl_cursor_error(cursor)->offset <= IMAGE_MAX);
			continue;
		}
		touch(&rec);
		if (keep && count < RECORDS_MAX)
			reading.entries[count] = entry_of(&rec);
		count++;
	}
	if (keep)
		reading.damaged = etl_cursor_stats(cursor)->damaged;
	etl_cursor_close(cursor);
	return count;
}

/* Reads @size bytes in both orders. */
static void read_bytes(const unsigned char *data, size_t size)
{
	struct etl_log *log;
	int ret;

	reading.count = 0;
	reading.damaged = 0;
	ret = etl_open_memory(&log, data, size, "x", NULL);
	reading.opened = !ret;
	if (ret) {
		assert_int_equal(ret, -EBADMSG);
		return;
	}
	reading.count = drain(log, ETL_FILE_ORDER, true);
	assert_true(reading.count <= RECORDS_MAX);
	assert_int_equal(drain(log, ETL_TIME_ORDER, false), reading.count);
	etl_close(log);
}

static void learn_image(void)
{
	read_bytes(image.data, image.size);
	assert_true(reading.opened);
	assert_int_equal(reading.damaged, 0);
	memcpy(image.entries, reading.entries, reading.count * sizeof(*reading.entries));
	image.count = reading.count;
}

/* ---- cut off ------------------------------------------------------------------------------ */

/* Everything that lies before @size comes, and nothing that is not in the file. */
static void check_cut(size_t size)
{
	size_t whole = 0, i;

	while (whole < image.count && image.entries[whole].end <= size)
		whole++;
	if (!reading.opened) {
		assert_true(size < 0x48);
		return;
	}
	if (reading.count < whole)
		fail_msg("%s cut off at %zu: %zu records, %zu lie before", image.name, size,
			 reading.count, whole);
	for (i = 0; i < reading.count; i++)
		if (i >= image.count || !same(&reading.entries[i], &image.entries[i]))
			fail_msg("%s cut off at %zu: record %zu differs", image.name, size, i);
	if (reading.count < image.count && reading.count > 0 &&
	    image.entries[reading.count].buffer < size && !reading.damaged)
		fail_msg("%s cut off at %zu: not told", image.name, size);
}

static void cut_off_everywhere(void)
{
	size_t size;

	for (size = 0; size < image.size; size++) {
		memcpy(guarded - size, image.data, size);
		read_bytes(guarded - size, size);
		check_cut(size);
	}
}

/* ---- a wrong byte ----------------------------------------------------------------------------- */

/* What lies before the wrong byte, in a buffer whose header is right, comes as it was. */
static void check_wrong(size_t at)
{
	size_t i, before = 0;

	while (before < image.count && image.entries[before].end <= at &&
	       !(at >= image.entries[before].buffer && at < image.entries[before].buffer + 0x48))
		before++;
	if (at < 0x200)
		return;		/* the logfile header says how to read the rest */
	if (reading.count < before)
		fail_msg("%s wrong at %zu: %zu records, %zu lie before", image.name, at,
			 reading.count, before);
	for (i = 0; i < before; i++)
		if (!same(&reading.entries[i], &image.entries[i]))
			fail_msg("%s wrong at %zu: record %zu differs", image.name, at, i);
}

static void wrong_bytes(void)
{
	uint32_t random = SEED;
	unsigned int i;

	memcpy(guarded - image.size, image.data, image.size);
	for (i = 0; i < CORRUPTIONS; i++) {
		unsigned char *byte;
		size_t at;

		random = random * 1664525u + 1013904223u;
		at = (random >> 4) % image.size;
		random = random * 1664525u + 1013904223u;
		byte = guarded - image.size + at;
		*byte ^= (unsigned char)(1 + (random >> 16) % 255);
		read_bytes(guarded - image.size, image.size);
		check_wrong(at);
		*byte = image.data[at];
	}
}

/* ---- images ---------------------------------------------------------------------------------------- */

static int make_guard(void **state)
{
	/* Of CPU time: what hangs is ended, whatever else the machine does. */
	static const struct itimerval limit = { .it_value.tv_sec = 200 };
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *p = mmap(NULL, IMAGE_MAX + page, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	if (p == MAP_FAILED || mprotect(p + IMAGE_MAX, page, PROT_NONE))
		return -1;
	guarded = p + IMAGE_MAX;
	return setitimer(ITIMER_VIRTUAL, &limit, NULL);
}

static void build_image(void)
{
	struct etl_facts facts = build_facts(SIZE, 0);
	unsigned int i;

	image.name = "generated";
	assert_int_equal(etl_header_build(image.data, SIZE, &facts, 8, 9, 5), 0);
	for (i = 1; i <= 3; i++)
		build_kinds(image.data + i * SIZE, SIZE, (uint16_t)(i % 2), i, BUILD_RAW0 + 1000 * i);
	image.size = 4 * SIZE;
	learn_image();
}

/* False if there is no such sample. */
static bool load_sample(const char *name)
{
	const char *folder = getenv("SAMPLES");
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder ? folder : "../shared/etl-samples", name);
	file = fopen(path, "r");
	if (!file)
		return false;
	image.name = name;
	image.size = fread(image.data, 1, sizeof(image.data), file);
	assert_true(feof(file));
	fclose(file);
	learn_image();
	return true;
}

static void generated_cut_off(void **state)
{
	(void)state;
	build_image();
	cut_off_everywhere();
}

static void generated_wrong_bytes(void **state)
{
	(void)state;
	build_image();
	wrong_bytes();
}

static void sample(void **state)
{
	const char *name = *state;

	if (!load_sample(name)) {
		print_message("no sample %s\n", name);
		skip();
	}
	cut_off_everywhere();
	wrong_bytes();
}

#define SAMPLE(label, file) { label, sample, NULL, NULL, (void *)(uintptr_t)file }

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(generated_cut_off),
		cmocka_unit_test(generated_wrong_bytes),
		SAMPLE("sample_with_messages", "CldFlt0.etl"),
		SAMPLE("sample_with_compressed_buffers", "SelfDescribingSingleEvent.etl"),
		SAMPLE("sample_with_items", "waasmedic.etl"),
		SAMPLE("sample_with_two_cpus", "lxcore_kernel.etl"),
	};

	return cmocka_run_group_tests(tests, make_guard, NULL);
}
