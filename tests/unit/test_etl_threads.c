// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libetl in several threads at once: a log of each one's own, and one log that
 * cursors of all threads read.  tests/source/sanitizers.sh runs this with TSan.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "../lib/etl_build.h"

#define SIZE	4096u
#define BUFFERS	64u
#define EACH	20u
#define THREADS	4u
#define ROUNDS	5u

static char path[] = "/tmp/etl-threads-XXXXXX";
static struct etl_log *shared;

/* A file of four CPUs whose messages take turns: number = time. */
static int make_file(void **state)
{
	static unsigned char data[(BUFFERS + 1) * SIZE];
	struct etl_facts facts = build_facts(SIZE, 0);
	const char *paths[] = { path };
	uint32_t i, k;
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0 || etl_header_build(data, SIZE, &facts, 8, 4, 5))
		return -1;
	for (i = 0; i < BUFFERS; i++) {
		struct etl_block block;

		etl_block_begin(&block, data + (i + 1) * SIZE, SIZE, (uint16_t)(i % 4), 5, i + 1);
		for (k = 0; k < EACH; k++) {
			uint32_t number = (i / 4 * EACH + k) * 4 + i % 4;
			struct build_payload payload = build_payload(number);
			struct etl_record rec = build_message(BUILD_RAW0 + number, &payload);

			if (etl_block_put(&block, &rec) < 0)
				return -1;
		}
		etl_block_end(&block, BUILD_RAW0 + (i / 4 + 1) * EACH * 4);
	}
	if (write(fd, data, sizeof(data)) != sizeof(data))
		return -1;
	close(fd);
	return etl_open(&shared, paths, 1, NULL);
}

static int remove_file(void **state)
{
	(void)state;
	etl_close(shared);
	return unlink(path);
}

/* Returns NULL if every message came, in time order, else what was wrong. */
static const char *read_in_order(struct etl_log *log)
{
	struct etl_cursor *cursor;
	struct etl_fields fields;
	struct etl_record rec;
	struct etl_names names;
	uint32_t next = 0;
	int ret;

	if (etl_cursor_open(&cursor, log, ETL_TIME_ORDER, NULL, NULL))
		return "no cursor";
	while ((ret = etl_next(cursor, &rec)) > 0) {
		etl_record_names(&rec, &names);
		etl_fields_begin(&fields, &rec);
		if (rec.kind != ETL_KIND_MESSAGE)
			continue;
		if (build_number(&rec) != next)
			break;
		next++;
	}
	etl_cursor_close(cursor);
	return ret || next != BUFFERS * EACH ? "a message is missing or out of order" : NULL;
}

static void *read_own(void *unused)
{
	const char *paths[] = { path }, *wrong = NULL;
	struct etl_log *log;
	unsigned int i;

	(void)unused;
	for (i = 0; !wrong && i < ROUNDS; i++) {
		if (etl_open(&log, paths, 1, NULL))
			return (void *)(uintptr_t)"cannot open";
		wrong = read_in_order(log);
		if (!wrong && etl_refresh(log, NULL))
			wrong = "refresh";
		etl_close(log);
	}
	return (void *)(uintptr_t)wrong;
}

static void *read_shared(void *unused)
{
	const char *wrong = NULL;
	unsigned int i;

	(void)unused;
	for (i = 0; !wrong && i < ROUNDS; i++)
		wrong = read_in_order(shared);
	return (void *)(uintptr_t)wrong;
}

static void in_threads(void *(*work)(void *unused))
{
	pthread_t threads[THREADS];
	unsigned int i;
	void *wrong;

	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, NULL), 0);
	for (i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		if (wrong)
			fail_msg("thread %u: %s", i, (const char *)wrong);
	}
}

static void threads_read_logs_of_their_own(void **state)
{
	(void)state;
	in_threads(read_own);
}

static void threads_share_a_log(void **state)
{
	(void)state;
	in_threads(read_shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_read_logs_of_their_own),
		cmocka_unit_test(threads_share_a_log),
	};

	return cmocka_run_group_tests_name("etl: threads", tests, make_file, remove_file);
}
