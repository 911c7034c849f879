// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libetl: files in file order and in time order, and files with something
 * wrong in them.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../lib/etl_build.h"

#define SIZE	4096u
#define BUFFERS	16

/* ---- content ------------------------------------------------------------------------ */

struct content {
	unsigned char data[BUFFERS * SIZE];
	size_t size;
};

static void begin(struct content *c, uint32_t mode)
{
	struct etl_facts facts = build_facts(SIZE, mode);

	assert_int_equal(etl_header_build(c->data, SIZE, &facts, 8, 9, 5), 0);
	c->size = SIZE;
}

/* Appends a buffer of messages numbered like their times: @time, @time + 1, … */
static void add(struct content *c, uint16_t cpu, uint64_t sequence, uint32_t time, uint32_t count)
{
	assert_true(c->size < sizeof(c->data));
	build_buffer(c->data + c->size, SIZE, cpu, sequence, BUILD_RAW0 + time, time, count);
	c->size += SIZE;
}

/* Four buffers of two CPUs; in time order the numbers are 10, 11, …, 21. */
static void two_cpus(struct content *c)
{
	begin(c, 0);
	add(c, 0, 1, 10, 3);
	add(c, 1, 2, 13, 2);
	add(c, 0, 3, 15, 4);
	add(c, 1, 4, 19, 3);
}

static struct etl_log *open_content(const struct content *c)
{
	struct etl_error err;
	struct etl_log *log;

	if (etl_open_memory(&log, c->data, c->size, "content", &err))
		fail_msg("%s", err.reason);
	return log;
}

/* ---- reading --------------------------------------------------------------------------- */

struct result {
	uint32_t numbers[256];
	size_t count;
	char damage[512];		/* "OFFSET: REASON" of each place, one a line */
	struct etl_stats stats;
};

static void note_damage(struct result *r, const struct etl_error *err)
{
	size_t used = strlen(r->damage);

	assert_int_equal(err->code, -EBADMSG);
	snprintf(r->damage + used, sizeof(r->damage) - used, "%llx: %s\n",
		 (unsigned long long)err->offset, err->reason);
}

static void drain(struct etl_cursor *cursor, struct result *r)
{
	struct etl_record rec;
	int ret;

	memset(r, 0, sizeof(*r));
	while ((ret = etl_next(cursor, &rec))) {
		if (ret < 0)
			note_damage(r, etl_cursor_error(cursor));
		else if (rec.kind == ETL_KIND_MESSAGE)
			r->numbers[r->count++] = build_number(&rec);
	}
	r->stats = *etl_cursor_stats(cursor);
}

static struct result read_log(struct etl_log *log, enum etl_order order)
{
	struct etl_cursor *cursor;
	struct result result;

	assert_int_equal(etl_cursor_open(&cursor, log, order, NULL, NULL), 0);
	drain(cursor, &result);
	etl_cursor_close(cursor);
	return result;
}

static struct result read_content(const struct content *c, enum etl_order order)
{
	struct etl_log *log = open_content(c);
	struct result result = read_log(log, order);

	etl_close(log);
	return result;
}

/* That the numbers are those in @wanted, "10 11 12". */
static void assert_numbers(const struct result *r, const char *wanted)
{
	char got[1024] = "";
	size_t i, used = 0;

	for (i = 0; i < r->count; i++)
		used += (size_t)sprintf(got + used, i ? " %u" : "%u", r->numbers[i]);
	assert_string_equal(got, wanted);
}

/* ---- sound files --------------------------------------------------------------------------- */

static void facts_are_those_of_the_header(void **state)
{
	static struct content c;
	const struct etl_facts *facts;
	struct etl_log *log;

	(void)state;
	begin(&c, ETL_MODE_CIRCULAR);
	log = open_content(&c);
	facts = etl_facts(log, 0);
	assert_int_equal(etl_file_count(log), 1);
	assert_int_equal(facts->flags, ETL_FACTS_HEADER);
	assert_int_equal(facts->buffer_size, SIZE);
	assert_int_equal(facts->os_major, 10);
	assert_int_equal(facts->layout_minor, 5);
	assert_int_equal(facts->processors, 4);
	assert_int_equal(facts->mode, ETL_MODE_CIRCULAR);
	assert_int_equal(facts->bias, -60);
	assert_int_equal(facts->timebase.type, ETL_CLOCK_PERF);
	assert_true(facts->timebase.raw0 == BUILD_RAW0);
	assert_true(facts->start_time == BUILD_START);
	assert_string_equal(facts->standard_name, "Zuhause");
	assert_string_equal(facts->daylight_name, "Sommer");
	assert_string_equal(facts->logger_name, "Gr\xc3\xbc\xc3\x9f" "e");
	assert_string_equal(facts->log_file_name, "/var/log/x.etl");
	assert_string_equal(facts->path, "content");
	etl_close(log);
}

static void file_order_is_the_order_of_bytes(void **state)
{
	static struct content c;
	struct result r;

	(void)state;
	begin(&c, 0);
	add(&c, 1, 2, 40, 2);
	add(&c, 0, 1, 10, 2);
	r = read_content(&c, ETL_FILE_ORDER);
	assert_numbers(&r, "40 41 10 11");
	assert_string_equal(r.damage, "");
	assert_int_equal(r.stats.records, 5);
	assert_int_equal(r.stats.buffers, 3);
	assert_int_equal(r.stats.bytes, 3 * SIZE);
}

static void records_say_where_they_lie(void **state)
{
	static struct content c;
	struct etl_cursor *cursor;
	struct etl_record rec;
	struct etl_log *log;

	(void)state;
	two_cpus(&c);
	log = open_content(&c);
	assert_int_equal(etl_cursor_open(&cursor, log, ETL_FILE_ORDER, NULL, NULL), 0);
	assert_int_equal(etl_next(cursor, &rec), 1);
	assert_int_equal(rec.kind, ETL_KIND_SYSTEM);
	assert_int_equal(rec.buffer->type, ETL_BUFFER_HEADER);
	assert_true(etl_record_filetime(&rec) == BUILD_START);
	do
		assert_int_equal(etl_next(cursor, &rec), 1);
	while (build_number(&rec) != 14);
	assert_int_equal(rec.buffer->number, 2);
	assert_int_equal(rec.buffer->offset, 2 * SIZE);
	assert_int_equal(rec.buffer->sequence, 2);
	assert_int_equal(rec.buffer->cpu, 1);
	assert_int_equal(rec.buffer->logger_id, 5);
	assert_true(rec.buffer->time_stamp == BUILD_RAW0 + 15);
	assert_int_equal(rec.offset, 0x48 + 48);
	assert_ptr_equal(rec.data, c.data + 2 * SIZE + 0x48 + 48);
	assert_true(etl_record_filetime(&rec) == BUILD_START + 14);
	etl_cursor_close(cursor);
	etl_close(log);
}

static void time_order_merges_cpus(void **state)
{
	static struct content c;
	struct result r;

	(void)state;
	begin(&c, 0);
	/* CPU 3 is quiet: what it has lies behind everything else */
	add(&c, 0, 2, 20, 3);
	add(&c, 1, 3, 10, 2);
	add(&c, 0, 4, 30, 2);
	add(&c, 1, 5, 25, 2);
	add(&c, 3, 1, 5, 2);
	r = read_content(&c, ETL_TIME_ORDER);
	assert_numbers(&r, "5 6 10 11 20 21 22 25 26 30 31");
	assert_int_equal(r.stats.records, 12);
	assert_int_equal(r.stats.buffers, 6);
}

static void equal_times_keep_the_order_of_the_file(void **state)
{
	static struct content c;
	struct etl_cursor *cursor;
	struct etl_record rec;
	struct etl_log *log;
	unsigned int i;

	(void)state;
	begin(&c, 0);
	for (i = 0; i < 8; i++)
		add(&c, (uint16_t)(7 - i), i + 1, 50, 1);
	log = open_content(&c);
	assert_int_equal(etl_cursor_open(&cursor, log, ETL_TIME_ORDER, NULL, NULL), 0);
	assert_int_equal(etl_next(cursor, &rec), 1);
	for (i = 0; i < 8; i++) {
		assert_int_equal(etl_next(cursor, &rec), 1);
		assert_int_equal(rec.buffer->number, i + 1);
	}
	assert_int_equal(etl_next(cursor, &rec), 0);
	assert_int_equal(etl_next(cursor, &rec), 0);
	etl_cursor_close(cursor);
	etl_close(log);
}

/* etl-format 4.5: a message without time comes after its predecessor in the buffer */
static void messages_without_time_follow_their_predecessor(void **state)
{
	static struct content c;
	struct build_payload payloads[3] = { build_payload(1), build_payload(2), build_payload(3) };
	struct etl_block block;
	struct result r;
	unsigned int i;

	(void)state;
	begin(&c, 0);
	etl_block_begin(&block, c.data + SIZE, SIZE, 0, 5, 1);
	for (i = 0; i < 3; i++) {
		struct etl_record rec = build_message(BUILD_RAW0 + 100, &payloads[i]);

		if (i)
			rec.flags &= (uint16_t)~ETL_MESSAGE_TIMESTAMP;
		assert_true(etl_block_put(&block, &rec) > 0);
	}
	etl_block_end(&block, BUILD_RAW0 + 200);
	c.size += SIZE;
	add(&c, 1, 2, 90, 1);
	add(&c, 1, 3, 110, 1);
	r = read_content(&c, ETL_TIME_ORDER);
	assert_numbers(&r, "90 1 2 3 110");
}

static void wrapped_circular_file_is_put_in_order(void **state)
{
	static struct content c;
	struct result r;

	(void)state;
	begin(&c, ETL_MODE_CIRCULAR);
	add(&c, 0, 5, 50, 2);
	add(&c, 1, 6, 55, 2);
	add(&c, 0, 2, 20, 2);
	add(&c, 1, 3, 30, 2);
	add(&c, 0, 4, 40, 2);
	r = read_content(&c, ETL_TIME_ORDER);
	assert_numbers(&r, "20 21 30 31 40 41 50 51 55 56");
	assert_string_equal(r.damage, "");
}

/* A file appended to: sequence numbers begin again, flush times go on rising. */
static void appended_sessions_keep_their_order(void **state)
{
	static struct content c;
	struct result r;

	(void)state;
	begin(&c, 0);
	add(&c, 0, 1, 10, 2);
	add(&c, 0, 2, 20, 2);
	add(&c, 0, 1, 30, 2);
	add(&c, 0, 2, 40, 2);
	r = read_content(&c, ETL_TIME_ORDER);
	assert_numbers(&r, "10 11 20 21 30 31 40 41");
}

static void empty_buffers_are_passed_over(void **state)
{
	static struct content c;
	struct result r;

	(void)state;
	begin(&c, 0);
	add(&c, 0, 1, 10, 0);
	add(&c, 0, 2, 10, 1);
	add(&c, 1, 3, 10, 0);
	r = read_content(&c, ETL_TIME_ORDER);
	assert_numbers(&r, "10");
	r = read_content(&c, ETL_FILE_ORDER);
	assert_numbers(&r, "10");
	assert_int_equal(r.stats.buffers, 4);
}

static void range_is_a_part_of_the_file(void **state)
{
	struct etl_range range = { 0, 2 * SIZE, 4 * SIZE };
	static struct content c;
	struct etl_cursor *cursor;
	struct etl_log *log;
	struct result r;
	int order;

	(void)state;
	two_cpus(&c);
	log = open_content(&c);
	for (order = ETL_FILE_ORDER; order <= ETL_TIME_ORDER; order++) {
		assert_int_equal(etl_cursor_open(&cursor, log, order, &range, NULL), 0);
		drain(cursor, &r);
		etl_cursor_close(cursor);
		assert_numbers(&r, "13 14 15 16 17 18");
	}
	range.file = 1;
	assert_int_equal(etl_cursor_open(&cursor, log, ETL_FILE_ORDER, &range, NULL), -EINVAL);
	etl_close(log);
}

static void buffers_can_be_walked(void **state)
{
	static struct content c;
	struct etl_cursor *cursor;
	struct etl_buffer buffer;
	struct etl_record rec;
	struct etl_log *log;
	unsigned int i, records;

	(void)state;
	two_cpus(&c);
	log = open_content(&c);
	assert_int_equal(etl_cursor_open(&cursor, log, ETL_FILE_ORDER, NULL, NULL), 0);
	for (i = 0; i < 5; i++) {
		static const unsigned int wanted[] = { 1, 3, 2, 4, 3 };

		assert_int_equal(etl_next_buffer(cursor, &buffer), 1);
		assert_int_equal(buffer.number, i);
		for (records = 0; etl_next(cursor, &rec); records++)
			;
		assert_int_equal(records, wanted[i]);
	}
	assert_int_equal(etl_next_buffer(cursor, &buffer), 0);
	etl_cursor_close(cursor);
	assert_int_equal(etl_cursor_open(&cursor, log, ETL_TIME_ORDER, NULL, NULL), 0);
	assert_int_equal(etl_next_buffer(cursor, &buffer), -EINVAL);
	etl_cursor_close(cursor);
	etl_close(log);
}

/* etl-format 2: without flag 0x20 the processor is a byte */
static void old_processor_field_is_a_byte(void **state)
{
	static struct content c;
	struct etl_cursor *cursor;
	struct etl_buffer buffer;
	struct etl_log *log;

	(void)state;
	begin(&c, 0);
	add(&c, 0, 1, 10, 1);
	c.data[SIZE + 0x28] = 12;
	c.data[SIZE + 0x29] = 8;
	c.data[SIZE + 0x34] = 0;
	log = open_content(&c);
	assert_int_equal(etl_cursor_open(&cursor, log, ETL_FILE_ORDER, NULL, NULL), 0);
	assert_int_equal(etl_next_buffer(cursor, &buffer), 1);
	assert_int_equal(etl_next_buffer(cursor, &buffer), 1);
	assert_int_equal(buffer.cpu, 12);
	etl_cursor_close(cursor);
	etl_close(log);
}

/* ---- several files ------------------------------------------------------------------------- */

static void write_file(const char *name, const void *data, size_t size)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	fclose(file);
}

/* What a session's folder in debugfs gives: the header, then a file per CPU. */
static void cpu_streams_continue_the_header(void **state)
{
	static const char *const names[] = { "/tmp/etl-r-h", "/tmp/etl-r-0", "/tmp/etl-r-1", "/tmp/etl-r-2" };
	static struct content c;
	struct etl_log *log;
	struct result r;
	size_t i;

	(void)state;
	begin(&c, 0);
	add(&c, 0, 1, 10, 2);
	add(&c, 0, 4, 30, 2);
	add(&c, 1, 2, 20, 2);
	write_file(names[0], c.data, SIZE);
	write_file(names[1], c.data + SIZE, 2 * SIZE);
	write_file(names[2], "", 0);
	write_file(names[3], c.data + 3 * SIZE, SIZE);
	assert_int_equal(etl_open(&log, names, 4, NULL), 0);
	assert_int_equal(etl_facts(log, 0)->flags, ETL_FACTS_HEADER);
	assert_int_equal(etl_facts(log, 1)->flags, ETL_FACTS_CONTINUES);
	r = read_log(log, ETL_TIME_ORDER);
	assert_numbers(&r, "10 11 20 21 30 31");
	r = read_log(log, ETL_FILE_ORDER);
	assert_numbers(&r, "10 11 30 31 20 21");
	etl_close(log);
	for (i = 0; i < 4; i++)
		unlink(names[i]);
}

/* Sessions with different clocks: what counts is the moment. */
static void files_with_different_clocks_are_merged_by_filetime(void **state)
{
	static const char *const names[] = { "/tmp/etl-r-a", "/tmp/etl-r-b" };
	static struct content a, b;
	struct etl_facts facts = build_facts(SIZE, 0);
	struct etl_log *log;
	struct result r;

	(void)state;
	begin(&a, 0);
	add(&a, 0, 1, 10, 1);
	add(&a, 0, 2, 30, 1);
	facts.timebase = (struct etl_timebase){ ETL_CLOCK_SYSTEM, 1, 1, BUILD_START, BUILD_START };
	assert_int_equal(etl_header_build(b.data, SIZE, &facts, 8, 9, 5), 0);
	build_buffer(b.data + SIZE, SIZE, 0, 1, BUILD_START + 20, 20, 1);
	b.size = 2 * SIZE;
	write_file(names[0], a.data, a.size);
	write_file(names[1], b.data, b.size);
	assert_int_equal(etl_open(&log, names, 2, NULL), 0);
	r = read_log(log, ETL_TIME_ORDER);
	assert_numbers(&r, "10 20 30");
	etl_close(log);
	unlink(names[0]);
	unlink(names[1]);
}

static void growing_file_is_followed(void **state)
{
	static const char name[] = "/tmp/etl-r-g", *names[] = { name };
	static struct content c;
	struct etl_log *log;
	struct result r;

	(void)state;
	begin(&c, 0);
	add(&c, 0, 1, 10, 1);
	write_file(name, c.data, c.size);
	assert_int_equal(etl_open(&log, names, 1, NULL), 0);
	assert_int_equal(etl_refresh(log, NULL), 0);
	add(&c, 0, 2, 20, 1);
	write_file(name, c.data, c.size);
	assert_int_equal(etl_refresh(log, NULL), 1);
	assert_int_equal(etl_facts(log, 0)->size, 3 * SIZE);
	r = read_log(log, ETL_TIME_ORDER);
	assert_numbers(&r, "10 20");
	assert_int_equal(truncate(name, SIZE), 0);
	assert_int_equal(etl_refresh(log, NULL), -ESTALE);
	etl_close(log);
	unlink(name);
}

/* ---- damage ----------------------------------------------------------------------------------- */

static void damaged_record_costs_the_rest_of_its_buffer(void **state)
{
	static struct content c;
	struct result r;

	(void)state;
	two_cpus(&c);
	c.data[3 * SIZE + 0x48 + 48 + 3] = 0x10;
	r = read_content(&c, ETL_FILE_ORDER);
	assert_numbers(&r, "10 11 12 13 14 15 19 20 21");
	assert_string_equal(r.damage, "3078: no record header where a record is expected\n");
	assert_int_equal(r.stats.damaged, 1);
	assert_int_equal(r.stats.skipped, 3 * 48);
	r = read_content(&c, ETL_TIME_ORDER);
	assert_numbers(&r, "10 11 12 13 14 15 19 20 21");
	assert_string_equal(r.damage, "3078: no record header where a record is expected\n");
}

static void damaged_items_cost_one_record(void **state)
{
	static const unsigned char items[16] = { 16, 0, 1, 0, 0, 0, 9 };
	static struct content c;
	struct etl_record rec = { .header = ETL_HEADER_EVENT64, .flags = 1, .ext = items, .ext_size = 16 };
	struct etl_block block;
	struct build_payload payload = build_payload(7);
	struct etl_record message = build_message(BUILD_RAW0, &payload);
	struct result r;

	(void)state;
	begin(&c, 0);
	etl_block_begin(&block, c.data + SIZE, SIZE, 0, 5, 1);
	assert_true(etl_block_put(&block, &rec) > 0);
	assert_true(etl_block_put(&block, &message) > 0);
	etl_block_end(&block, BUILD_RAW0);
	c.size += SIZE;
	r = read_content(&c, ETL_FILE_ORDER);
	assert_numbers(&r, "7");
	assert_string_equal(r.damage, "1048: an extended item has a wrong size\n");
}

/* Each field of a buffer header that can be seen to be wrong; its records come all the same. */
static void damaged_buffer_headers_cost_nothing(void **state)
{
	static const struct {
		unsigned int at, value;
		const char *damage;
	} cases[] = {
		{ 0x00, 0x01, "2000: BufferSize is not that of the file's buffers\n" },
		{ 0x01, 0x20, "2000: BufferSize is not that of the file's buffers\n" },
		{ 0x01, 0x00, "2000: BufferSize is smaller than a buffer header\n" },
		{ 0x03, 0x7f, "2000: BufferSize is larger than any buffer\n" },
		{ 0x2c, 0x07, "2000: State is unknown\n" },
		{ 0x30, 0x40, "2000: Offset is smaller than a buffer header\n" },
		{ 0x32, 0x01, "2000: Offset is beyond the buffer\n" },
		{ 0x35, 0x01, "2000: BufferFlag has unknown bits\n" },
		{ 0x36, 0x08, "2000: BufferType is unknown\n" },
	};
	static struct content c;
	struct result r;
	size_t i;
	int order;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		two_cpus(&c);
		c.data[2 * SIZE + cases[i].at] = (unsigned char)cases[i].value;
		for (order = ETL_FILE_ORDER; order <= ETL_TIME_ORDER; order++) {
			r = read_content(&c, order);
			assert_string_equal(r.damage, cases[i].damage);
			assert_numbers(&r, "10 11 12 13 14 15 16 17 18 19 20 21");
		}
	}
}

static void overwritten_buffer_is_passed_over(void **state)
{
	static struct content c;
	struct result r;
	int order;

	(void)state;
	for (order = ETL_FILE_ORDER; order <= ETL_TIME_ORDER; order++) {
		two_cpus(&c);
		memset(c.data + 2 * SIZE, 0, SIZE);
		r = read_content(&c, order);
		assert_numbers(&r, "10 11 12 15 16 17 18 19 20 21");
		assert_string_equal(r.damage, "2000: BufferSize is smaller than a buffer header\n");
		assert_int_equal(r.stats.skipped, SIZE);
		memset(c.data + 2 * SIZE, 0xa5, SIZE);
		r = read_content(&c, order);
		assert_numbers(&r, "10 11 12 15 16 17 18 19 20 21");
		assert_int_equal(r.stats.damaged, 1);
	}
}

static void torn_buffer_gives_what_it_has(void **state)
{
	static struct content c;
	struct result r;
	int order;

	(void)state;
	for (order = ETL_FILE_ORDER; order <= ETL_TIME_ORDER; order++) {
		two_cpus(&c);
		c.size = 4 * SIZE + 0x48 + 2 * 48 + 10;
		r = read_content(&c, order);
		assert_numbers(&r, "10 11 12 13 14 15 16 17 18 19 20");
		assert_string_equal(r.damage, "40b2: the file ends inside the buffer\n");
		c.size = 4 * SIZE + 71;
		r = read_content(&c, order);
		assert_numbers(&r, "10 11 12 13 14 15 16 17 18");
		assert_string_equal(r.damage, "4000: the file ends inside a buffer header\n");
	}
}

/* etl-format 13.7: a preallocated file that was not finalised */
static void zeros_at_the_end_are_no_damage(void **state)
{
	static struct content c;
	struct result r;
	int order;

	(void)state;
	two_cpus(&c);
	memset(c.data + c.size, 0, 3 * SIZE);
	c.size += 3 * SIZE;
	for (order = ETL_FILE_ORDER; order <= ETL_TIME_ORDER; order++) {
		r = read_content(&c, order);
		assert_int_equal(r.count, 12);
		assert_string_equal(r.damage, "");
		assert_int_equal(r.stats.unused, 3 * SIZE);
	}
}

/* Whatever byte of the first buffer is wrong, the others can be read. */
static void damaged_first_buffer_hides_no_other(void **state)
{
	static struct content c;
	struct result r;
	size_t at;

	(void)state;
	for (at = 0; at < 0x200; at++) {
		two_cpus(&c);
		c.data[at] ^= 0xff;
		r = read_content(&c, ETL_FILE_ORDER);
		assert_numbers(&r, "10 11 12 13 14 15 16 17 18 19 20 21");
	}
	two_cpus(&c);
	memset(c.data, 0, SIZE);
	r = read_content(&c, ETL_FILE_ORDER);
	assert_numbers(&r, "10 11 12 13 14 15 16 17 18 19 20 21");
	assert_int_equal(r.stats.damaged, 1);
}

static void what_is_no_etl_file_is_refused(void **state)
{
	static unsigned char noise[3 * SIZE];
	struct etl_error err;
	struct etl_log *log;

	(void)state;
	assert_int_equal(etl_open_memory(&log, noise, 0, "x", &err), -EBADMSG);
	assert_int_equal(etl_open_memory(&log, noise, 71, "x", &err), -EBADMSG);
	assert_int_equal(etl_open_memory(&log, noise, sizeof(noise), "x", &err), -EBADMSG);
	memset(noise, 0xff, sizeof(noise));
	assert_int_equal(etl_open_memory(&log, noise, sizeof(noise), "x", &err), -EBADMSG);
	assert_int_equal(err.offset, 0);
	assert_string_equal(err.file, "x");
}

/* ---- compressed files (etl-format 9) ------------------------------------------------------------ */

/*
 * Appends records of 2 messages as a compressed buffer: literals only, so that
 * it grows; its size is odd.
 */
static void add_compressed(struct content *c, uint64_t sequence, uint32_t time)
{
	unsigned char plain[SIZE], *to = c->data + c->size;
	uint32_t used, i, out = 0x48;

	build_buffer(plain, SIZE, 0, sequence, BUILD_RAW0 + time, time, 2);
	used = plain[0x30] | (uint32_t)plain[0x31] << 8;
	for (i = 0x48; i < used; i++) {
		if ((i - 0x48) % 32 == 0) {
			memset(to + out, 0, 4);
			out += 4;
		}
		to[out++] = plain[i];
	}
	if (out % 2 == 0)
		to[out++] = 0;
	memcpy(to, plain, 0x48);
	to[0] = (unsigned char)out;
	to[1] = (unsigned char)(out >> 8);
	to[0x34] |= ETL_BUFFER_COMPRESSED;
	c->size += out;
}

static void compressed(struct content *c)
{
	struct etl_facts facts = build_facts(SIZE, ETL_MODE_COMPRESSED);

	facts.layout_major = 2;
	facts.layout_minor = 0;
	assert_int_equal(etl_header_build(c->data, 0x200, &facts, 8, 9, 0), 0);
	c->size = 0x200;
	add_compressed(c, 1, 10);
	add_compressed(c, 2, 20);
	add_compressed(c, 3, 30);
}

static void compressed_buffers_are_expanded(void **state)
{
	static struct content c;
	struct result r;
	int order;

	(void)state;
	compressed(&c);
	for (order = ETL_FILE_ORDER; order <= ETL_TIME_ORDER; order++) {
		r = read_content(&c, order);
		assert_numbers(&r, "10 11 20 21 30 31");
		assert_string_equal(r.damage, "");
		assert_int_equal(r.stats.bytes, c.size);
	}
}

static void damage_in_a_compressed_file_is_left_behind(void **state)
{
	static struct content c;
	size_t second;
	struct result r;
	int order;

	(void)state;
	for (order = ETL_FILE_ORDER; order <= ETL_TIME_ORDER; order++) {
		compressed(&c);
		second = 0x200 + c.data[0x200];
		/* the chain breaks: the next buffer is searched */
		c.data[second] ^= 0x40;
		r = read_content(&c, order);
		assert_true(r.stats.damaged >= 1);
		assert_int_equal(r.numbers[0], 10);
		assert_int_equal(r.numbers[1], 11);
		assert_int_equal(r.numbers[r.count - 2], 30);
		assert_int_equal(r.numbers[r.count - 1], 31);
		/* the data cannot be expanded */
		compressed(&c);
		memset(c.data + second + 0x48 + 36, 0xff, 8);
		r = read_content(&c, order);
		assert_numbers(&r, "10 11 30 31");
		assert_true(strstr(r.damage, "the compressed data is damaged") != NULL);
		/* Offset, the size after expansion, is beyond any buffer */
		compressed(&c);
		c.data[second + 0x33] = 0x7f;
		r = read_content(&c, order);
		assert_numbers(&r, "10 11 30 31");
	}
}

/* Cost the buffer: behind it, the next one was searched. */
static void flags_of_a_newer_windows_cost_nothing_in_a_compressed_file(void **state)
{
	static struct content c;
	struct result r;
	size_t second;
	int order;

	(void)state;
	for (order = ETL_FILE_ORDER; order <= ETL_TIME_ORDER; order++) {
		compressed(&c);
		second = 0x200 + c.data[0x200];
		c.data[second + 0x34] |= 0x80;
		c.data[second + c.data[second] + 0x34] |= 0x80;
		r = read_content(&c, order);
		assert_numbers(&r, "10 11 20 21 30 31");
		assert_int_equal(r.stats.damaged, 2);
		assert_int_equal(r.stats.skipped, 0);
		assert_true(strstr(r.damage, "BufferFlag has unknown bits") != NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_are_those_of_the_header),
		cmocka_unit_test(file_order_is_the_order_of_bytes),
		cmocka_unit_test(records_say_where_they_lie),
		cmocka_unit_test(time_order_merges_cpus),
		cmocka_unit_test(equal_times_keep_the_order_of_the_file),
		cmocka_unit_test(messages_without_time_follow_their_predecessor),
		cmocka_unit_test(wrapped_circular_file_is_put_in_order),
		cmocka_unit_test(appended_sessions_keep_their_order),
		cmocka_unit_test(empty_buffers_are_passed_over),
		cmocka_unit_test(range_is_a_part_of_the_file),
		cmocka_unit_test(buffers_can_be_walked),
		cmocka_unit_test(old_processor_field_is_a_byte),
		cmocka_unit_test(cpu_streams_continue_the_header),
		cmocka_unit_test(files_with_different_clocks_are_merged_by_filetime),
		cmocka_unit_test(growing_file_is_followed),
		cmocka_unit_test(damaged_record_costs_the_rest_of_its_buffer),
		cmocka_unit_test(damaged_items_cost_one_record),
		cmocka_unit_test(damaged_buffer_headers_cost_nothing),
		cmocka_unit_test(overwritten_buffer_is_passed_over),
		cmocka_unit_test(torn_buffer_gives_what_it_has),
		cmocka_unit_test(zeros_at_the_end_are_no_damage),
		cmocka_unit_test(damaged_first_buffer_hides_no_other),
		cmocka_unit_test(what_is_no_etl_file_is_refused),
		cmocka_unit_test(compressed_buffers_are_expanded),
		cmocka_unit_test(damage_in_a_compressed_file_is_left_behind),
		cmocka_unit_test(flags_of_a_newer_windows_cost_nothing_in_a_compressed_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
