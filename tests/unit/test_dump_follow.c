// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace dump --follow on files that are being written: the program runs
 * beside the writer library, and each step waits for what it has to print.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../lib/etl_build.h"

#define SIZE	4096u
#define LIMIT	300		/* s until a follower that hangs is ended */

struct follower {
	FILE *out;
	pid_t pid;
	unsigned int shown;		/* messages printed so far */
};

static char folder[] = "/tmp/etl-follow-XXXXXX";
static uint64_t sequence;
static uint32_t number;

static const char *in_folder(const char *name)
{
	static char path[sizeof(folder) + 32];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static struct etl_writer *create(const char *name, uint32_t mode, uint64_t max_size)
{
	struct etl_facts facts = build_facts(SIZE, mode | (max_size ? ETL_MODE_KBYTES : 0));
	unsigned char header[SIZE];
	struct etl_writer *writer;
	char path[sizeof(folder) + 32];

	snprintf(path, sizeof(path), "%s", in_folder(name));
	facts.log_file_name = path;
	facts.max_file_size = max_size;
	assert_int_equal(etl_header_build(header, SIZE, &facts, 8, 4, 5), 0);
	assert_int_equal(etl_writer_create(&writer, path, header, SIZE, NULL, NULL), 0);
	sequence = 0;
	number = 0;
	return writer;
}

/* Appends a buffer with two messages. */
static void append(struct etl_writer *writer)
{
	unsigned char data[SIZE];

	build_buffer(data, SIZE, 0, ++sequence, BUILD_RAW0 + number, number, 2);
	number += 2;
	assert_int_equal(etl_writer_append(writer, data, 1, NULL, NULL), 0);
}

static void finish(struct etl_writer *writer)
{
	struct etl_totals totals = { 0 };

	assert_int_equal(etl_writer_finalise(writer, &totals, NULL), 0);
	etl_writer_close(writer);
}

/* The program that was built together with this one. */
static const char *program(void)
{
	static char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - sizeof("../bin/wmitrace"));

	assert_true(len > 0);
	path[len] = 0;
	strcpy(strrchr(path, '/') + 1, "../bin/wmitrace");
	return path;
}

static struct follower follow(const char *name)
{
	const char *wmitrace = program();
	struct follower f = { 0 };
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	f.pid = fork();
	assert_true(f.pid >= 0);
	if (!f.pid) {
		alarm(LIMIT);
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl(wmitrace, wmitrace, "dump", "--follow", "--json", in_folder(name),
		      NULL);
		_exit(126);
	}
	close(ends[1]);
	f.out = fdopen(ends[0], "r");
	assert_non_null(f.out);
	return f;
}

/* Reads lines until @count messages were shown in all, each once and in order. */
static void expect(struct follower *f, unsigned int count)
{
	char line[4096], ts[64];

	while (f->shown < count) {
		assert_non_null(fgets(line, sizeof(line), f->out));
		if (!strstr(line, "\"MESSAGE\""))
			continue;
		snprintf(ts, sizeof(ts), "\"ts\":%llu,", BUILD_RAW0 + f->shown);
		if (!strstr(line, ts))
			fail_msg("message %u is not %s", f->shown, line);
		f->shown++;
	}
}

/* The follower has to end by itself, with nothing more to say. */
static void expect_end(struct follower *f, int status)
{
	char line[4096];
	int found;

	assert_null(fgets(line, sizeof(line), f->out));
	fclose(f->out);
	assert_int_equal(waitpid(f->pid, &found, 0), f->pid);
	assert_true(WIFEXITED(found));
	assert_int_equal(WEXITSTATUS(found), status);
}

static void growing_file_is_shown_until_it_is_finalised(void **state)
{
	struct etl_writer *writer = create("grow.etl", 0, 0);
	struct follower f = follow("grow.etl");

	(void)state;
	append(writer);
	expect(&f, 2);
	append(writer);
	append(writer);
	expect(&f, 6);
	append(writer);
	finish(writer);
	expect(&f, 8);
	expect_end(&f, 0);
}

/* Half a buffer is not damage while the file is written. */
static void torn_buffer_is_waited_for(void **state)
{
	struct etl_writer *writer = create("torn.etl", 0, 0);
	struct follower f;
	unsigned char data[SIZE];
	FILE *file;

	(void)state;
	append(writer);
	etl_writer_close(writer);
	build_buffer(data, SIZE, 0, ++sequence, BUILD_RAW0 + number, number, 2);
	file = fopen(in_folder("torn.etl"), "a");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, 100, file), 100);
	assert_int_equal(fflush(file), 0);
	f = follow("torn.etl");
	expect(&f, 2);
	assert_int_equal(fwrite(data + 100, 1, SIZE - 100, file), SIZE - 100);
	assert_int_equal(fclose(file), 0);
	expect(&f, 4);
	assert_int_equal(kill(f.pid, SIGTERM), 0);
	fclose(f.out);
	assert_int_equal(waitpid(f.pid, NULL, 0), f.pid);
}

static void next_file_of_a_series_is_followed(void **state)
{
	struct etl_writer *writer = create("series-%d.etl", ETL_MODE_NEWFILE, 3 * SIZE);
	struct follower f = follow("series-1.etl");
	unsigned int i;

	(void)state;
	for (i = 1; i <= 7; i++) {
		append(writer);
		expect(&f, 2 * i);
	}
	assert_string_equal(etl_writer_path(writer), in_folder("series-4.etl"));
	finish(writer);
	expect_end(&f, 0);
}

static void circular_file_is_refused(void **state)
{
	struct etl_writer *writer = create("ring.etl", ETL_MODE_CIRCULAR, 3 * SIZE);
	struct follower f;

	(void)state;
	append(writer);
	f = follow("ring.etl");
	expect_end(&f, 1);
	finish(writer);
	f = follow("ring.etl");
	expect(&f, 2);
	expect_end(&f, 0);
}

static int make_folder(void **state)
{
	(void)state;
	return !mkdtemp(folder);
}

static int remove_folder(void **state)
{
	static const char *const names[] = {
		"grow.etl", "torn.etl", "ring.etl", "series-1.etl", "series-2.etl", "series-3.etl",
		"series-4.etl",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(in_folder(names[i]));
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(growing_file_is_shown_until_it_is_finalised),
		cmocka_unit_test(torn_buffer_is_waited_for),
		cmocka_unit_test(next_file_of_a_series_is_followed),
		cmocka_unit_test(circular_file_is_refused),
	};

	return cmocka_run_group_tests_name("dump: follow", tests, make_folder, remove_folder);
}
