// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libetl: writing files.  What was written is judged by its bytes, at the
 * offsets that docs/etl-format.md gives, and by its size.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../lib/etl_build.h"

#define SIZE	4096u
#define END	(BUILD_START + 10000000)

static char folder[64];
static char path[128];

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/etl-writer-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/x.etl", folder);
	return 0;
}

static int remove_folder(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -r '%s'", folder);
	return system(command);
}

/* ---- reading back ---------------------------------------------------------------- */

static uint64_t file_size(const char *name)
{
	struct stat st;

	return stat(name, &st) ? UINT64_MAX : (uint64_t)st.st_size;
}

/* @bytes bytes at @offset of the file, little-endian. */
static uint64_t value_at(const char *name, uint64_t offset, int bytes)
{
	unsigned char data[8] = { 0 };
	int fd = open(name, O_RDONLY);
	uint64_t value = 0;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, data, (size_t)bytes, (off_t)offset), bytes);
	close(fd);
	while (bytes--)
		value = value << 8 | data[bytes];
	return value;
}

static uint64_t sequence_of(const char *name, uint64_t slot)
{
	return value_at(name, slot * SIZE + 0x18, 8);
}

static unsigned int flags_of(const char *name, uint64_t slot)
{
	return (unsigned int)value_at(name, slot * SIZE + 0x34, 2);
}

/* ---- writing ------------------------------------------------------------------------ */

static unsigned char *header_of(struct etl_facts facts)
{
	unsigned char *data = malloc(SIZE);

	assert_non_null(data);
	assert_int_equal(etl_header_build(data, SIZE, &facts, 8, 9, 5), 0);
	return data;
}

static struct etl_writer *create(uint32_t mode, uint64_t max_buffers)
{
	struct etl_writer_options options = { .max_size = max_buffers * SIZE };
	unsigned char *header = header_of(build_facts(SIZE, mode));
	struct etl_writer *w;
	struct etl_error err;
	int ret = etl_writer_create(&w, path, header, SIZE, &options, &err);

	free(header);
	if (ret)
		fail_msg("%s: %s", err.file, err.reason);
	return w;
}

static int resume(struct etl_writer **w, uint32_t mode, uint64_t max_buffers, struct etl_error *err)
{
	struct etl_writer_options options = { .max_size = max_buffers * SIZE };
	unsigned char *header = header_of(build_facts(SIZE, mode));
	int ret = etl_writer_resume(w, path, header, SIZE, &options, err);

	free(header);
	return ret;
}

/* Offers the buffer with @sequence of @cpu, flushed at that time. */
static int offer(struct etl_writer *w, uint16_t cpu, uint64_t sequence, struct etl_error *err)
{
	unsigned char data[SIZE];

	build_buffer(data, SIZE, cpu, sequence, BUILD_RAW0 + 100 * sequence, (uint32_t)sequence, 3);
	return etl_writer_append(w, data, 1, NULL, err);
}

static void put(struct etl_writer *w, uint16_t cpu, uint64_t sequence)
{
	struct etl_error err;

	if (offer(w, cpu, sequence, &err))
		fail_msg("%s: %s", err.file, err.reason);
}

static void finalise(struct etl_writer *w)
{
	struct etl_totals totals = { END, 7, 1 };
	struct etl_error err;

	if (etl_writer_finalise(w, &totals, &err))
		fail_msg("%s: %s", err.file, err.reason);
	etl_writer_close(w);
}

/* ---- the header buffer: etl-format 5.1 and 11 -------------------------------------------- */

static void header_buffer_has_every_field_in_its_place(void **state)
{
	struct etl_facts facts = build_facts(SIZE, ETL_MODE_CIRCULAR | ETL_MODE_KBYTES);
	struct etl_writer *w;
	struct etl_error err;
	unsigned char *header;

	(void)state;
	facts.max_file_size = 100 * 1024;
	header = header_of(facts);
	assert_int_equal(etl_writer_create(&w, path, header, SIZE, NULL, &err), 0);
	etl_writer_close(w);
	free(header);
	assert_int_equal(file_size(path), SIZE);
	assert_int_equal(value_at(path, 0x00, 4), SIZE);
	assert_int_equal(value_at(path, 0x04, 4), value_at(path, 0x30, 4));
	assert_int_equal(value_at(path, 0x08, 4), value_at(path, 0x30, 4));
	assert_int_equal(value_at(path, 0x10, 8), 0);
	assert_int_equal(value_at(path, 0x18, 8), 0);
	assert_int_equal(value_at(path, 0x2a, 2), 5);
	assert_int_equal(value_at(path, 0x2c, 4), 3);
	assert_int_equal(value_at(path, 0x34, 2), 0x21);
	assert_int_equal(value_at(path, 0x36, 2), 4);
	assert_int_equal(value_at(path, 0x48, 4), 0xc0020002);
	assert_int_equal(value_at(path, 0x4e, 2), 0);
	assert_int_equal(value_at(path, 0x50, 4), 8);
	assert_int_equal(value_at(path, 0x54, 4), 9);
	assert_true(value_at(path, 0x58, 8) == BUILD_RAW0);
	assert_int_equal(value_at(path, 0x68, 4), SIZE);
	assert_int_equal(value_at(path, 0x6c, 4), 0x0501000a);
	assert_int_equal(value_at(path, 0x74, 4), 4);
	assert_int_equal(value_at(path, 0x78, 8), 0);
	assert_int_equal(value_at(path, 0x84, 4), 100);
	assert_int_equal(value_at(path, 0x88, 4), 0x2002);
	assert_int_equal(value_at(path, 0x8c, 4), 0);
	assert_int_equal(value_at(path, 0x94, 4), 8);
	assert_int_equal((int32_t)value_at(path, 0xb0, 4), -60);
	assert_int_equal(value_at(path, 0xb4, 2), 'Z');
	assert_int_equal(value_at(path, 0x108, 2), 'S');
	assert_true(value_at(path, 0x160, 8) == BUILD_START - BUILD_RAW0);
	assert_int_equal(value_at(path, 0x168, 8), 10000000);
	assert_true(value_at(path, 0x170, 8) == BUILD_START);
	assert_int_equal(value_at(path, 0x178, 4), 1);
	assert_int_equal(value_at(path, 0x184, 2), 0xfc);
	/* Size ends exactly after the second NUL: 5 + 1 + 14 + 1 units behind 0x180 */
	assert_int_equal(value_at(path, 0x4c, 2), 0x180 + 2 * 21 - 0x48);
	assert_int_equal(value_at(path, 0x1b0, 8), UINT64_MAX);
}

static void header_that_does_not_fit_is_refused(void **state)
{
	struct etl_facts facts = build_facts(SIZE, 0);
	unsigned char data[SIZE];
	char name[4000];

	(void)state;
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	facts.logger_name = name;
	assert_int_equal(etl_header_build(data, SIZE, &facts, 1, 1, 1), -EINVAL);
	facts.logger_name = "x";
	facts.buffer_size = 8192;
	assert_int_equal(etl_header_build(data, SIZE, &facts, 1, 1, 1), -EINVAL);
}

/* ---- sequential ------------------------------------------------------------------------------ */

static void finalised_file_is_complete(void **state)
{
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 0);

	(void)state;
	put(w, 0, 1);
	put(w, 1, 2);
	put(w, 0, 3);
	assert_int_equal(etl_writer_sequence(w, 0), 3);
	assert_int_equal(etl_writer_sequence(w, 1), 2);
	assert_int_equal(etl_writer_sequence(w, 2), 0);
	finalise(w);
	assert_int_equal(file_size(path), 4 * SIZE);
	assert_true(value_at(path, 0x78, 8) == END);
	assert_int_equal(value_at(path, 0x8c, 4), 4);
	assert_int_equal(value_at(path, 0x98, 4), 7);
	assert_int_equal(value_at(path, 0x17c, 4), 1);
	assert_int_equal(flags_of(path, 0), 0x21);
	assert_int_equal(flags_of(path, 1), 0x20);
	assert_int_equal(flags_of(path, 3), 0x21);
	assert_int_equal(sequence_of(path, 3), 3);
}

/* Whoever waits for the file need not wait for the session to be freed, too. */
static void end_is_not_before_the_start(void **state)
{
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 0);
	struct etl_totals totals = { BUILD_START - 10000000, 0, 0 };
	struct etl_error err;

	(void)state;
	put(w, 0, 1);
	assert_int_equal(etl_writer_finalise(w, &totals, &err), 0);
	assert_true(value_at(path, 0x78, 8) == BUILD_START);
	etl_writer_close(w);
}

static void finalised_file_is_closed(void **state)
{
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 0);
	struct etl_totals totals = { END, 0, 0 };
	struct etl_error err;
	int fd;

	(void)state;
	put(w, 0, 1);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
	assert_int_equal(etl_writer_finalise(w, &totals, &err), 0);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	close(fd);
	assert_int_equal(offer(w, 0, 2, &err), -EBADF);
	assert_int_equal(etl_writer_finalise(w, &totals, &err), 0);
	etl_writer_close(w);
	assert_int_equal(file_size(path), 2 * SIZE);
}

static void buffers_delivered_twice_are_written_once(void **state)
{
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 0);
	unsigned char data[3 * SIZE];
	size_t taken = 0;
	struct etl_error err;

	(void)state;
	put(w, 0, 1);
	put(w, 0, 4);
	build_buffer(data, SIZE, 0, 4, BUILD_RAW0, 0, 1);
	build_buffer(data + SIZE, SIZE, 1, 3, BUILD_RAW0, 0, 1);
	build_buffer(data + 2 * SIZE, SIZE, 1, 3, BUILD_RAW0, 0, 1);
	assert_int_equal(etl_writer_append(w, data, 3, &taken, &err), 0);
	assert_int_equal(taken, 3);
	assert_int_equal(etl_writer_stats(w)->duplicates, 2);
	assert_int_equal(etl_writer_stats(w)->written, 3);
	assert_int_equal(etl_writer_stats(w)->buffers, 4);
	etl_writer_close(w);
	assert_int_equal(file_size(path), 4 * SIZE);
}

static void what_is_no_buffer_is_refused_whole(void **state)
{
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 0);
	unsigned char data[2 * SIZE];
	size_t taken = 9;
	struct etl_error err;

	(void)state;
	build_buffer(data, SIZE, 0, 1, BUILD_RAW0, 0, 1);
	memset(data + SIZE, 0, SIZE);
	assert_int_equal(etl_writer_append(w, data, 2, &taken, &err), -EINVAL);
	assert_int_equal(taken, 0);
	assert_int_equal(file_size(path), SIZE);
	build_buffer(data + SIZE, SIZE, 0, 2, BUILD_RAW0, 0, 1);
	data[SIZE + 0x36] = ETL_BUFFER_HEADER;
	assert_int_equal(etl_writer_append(w, data, 2, &taken, &err), -EINVAL);
	etl_writer_close(w);
}

static void sequential_maximum_stops(void **state)
{
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 3);
	unsigned char data[3 * SIZE];
	struct etl_error err;
	size_t taken;
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		build_buffer(data + i * SIZE, SIZE, 0, (uint64_t)i + 1, BUILD_RAW0, 0, 1);
	assert_int_equal(etl_writer_append(w, data, 3, &taken, &err), -EFBIG);
	assert_int_equal(taken, 2);
	finalise(w);
	assert_int_equal(file_size(path), 3 * SIZE);
	assert_int_equal(flags_of(path, 2), 0x21);
}

static void the_smallest_maximum_holds_a_buffer(void **state)
{
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 1);
	struct etl_error err;

	(void)state;
	put(w, 0, 1);
	assert_int_equal(offer(w, 0, 2, &err), -EFBIG);
	etl_writer_close(w);
}

static void preallocated_space_is_given_back(void **state)
{
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL | ETL_MODE_PREALLOCATE, 256);
	struct stat st;

	(void)state;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, SIZE);
	assert_true((uint64_t)st.st_blocks * 512 >= 256 * SIZE);
	put(w, 0, 1);
	finalise(w);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 2 * SIZE);
	assert_true((uint64_t)st.st_blocks * 512 < 256 * SIZE);
}

static void short_writes_are_undone(void **state)
{
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 0);
	struct rlimit old, tight = { 3 * SIZE + 100, RLIM_INFINITY };
	unsigned char data[4 * SIZE];
	struct etl_error err;
	size_t taken;
	int i;

	(void)state;
	for (i = 0; i < 4; i++)
		build_buffer(data + i * SIZE, SIZE, 0, (uint64_t)i + 1, BUILD_RAW0, 0, 1);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	tight.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	assert_int_equal(etl_writer_append(w, data, 4, &taken, &err), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(taken, 2);
	assert_int_equal(file_size(path), 3 * SIZE);
	assert_int_equal(etl_writer_append(w, data + taken * SIZE, 4 - taken, &taken, &err), 0);
	assert_int_equal(taken, 2);
	finalise(w);
	assert_int_equal(file_size(path), 5 * SIZE);
	assert_int_equal(sequence_of(path, 4), 4);
	assert_int_equal(value_at(path, 0x8c, 4), 5);
}

/* ---- circular ------------------------------------------------------------------------------- */

static void circular_file_keeps_its_header_and_the_newest(void **state)
{
	struct etl_writer *w = create(ETL_MODE_CIRCULAR, 4);
	uint64_t i;

	(void)state;
	for (i = 1; i <= 5; i++)
		put(w, 0, i);
	assert_int_equal(etl_writer_stats(w)->overwritten, 2);
	finalise(w);
	assert_int_equal(file_size(path), 4 * SIZE);
	assert_int_equal(value_at(path, 0x36, 2), 4);
	assert_int_equal(value_at(path, 0x8c, 4), 4);
	assert_int_equal(sequence_of(path, 1), 4);
	assert_int_equal(sequence_of(path, 2), 5);
	assert_int_equal(sequence_of(path, 3), 3);
	assert_int_equal(flags_of(path, 1), 0x20);
	assert_int_equal(flags_of(path, 2), 0x21);
	assert_int_equal(flags_of(path, 3), 0x20);
}

static void circular_file_is_resumed_at_its_seam(void **state)
{
	uint64_t before, i;

	(void)state;
	/* full but not wrapped, wrapped to each slot */
	for (before = 2; before <= 9; before++) {
		struct etl_writer *w = create(ETL_MODE_CIRCULAR, 4);
		struct etl_error err;
		uint64_t found = 0;

		for (i = 1; i <= before; i++)
			put(w, 0, i);
		etl_writer_close(w);
		assert_int_equal(resume(&w, ETL_MODE_CIRCULAR, 4, &err), 0);
		assert_int_equal(etl_writer_sequence(w, 0), before);
		put(w, 0, before + 1);
		finalise(w);
		assert_int_equal(file_size(path), (before < 3 ? before + 2 : 4) * SIZE);
		for (i = 1; i < 4; i++)
			found += sequence_of(path, i) >= before - 1;
		assert_int_equal(found, 3);
	}
}

/* ---- newfile ----------------------------------------------------------------------------------- */

static void numbered(char *name, unsigned int number)
{
	sprintf(name, "%s/n%u.etl", folder, number);
}

static void newfile_begins_files(void **state)
{
	struct etl_totals totals = { 0, 2, 0 };
	struct etl_writer *w;
	char name[128];
	uint64_t i;

	(void)state;
	snprintf(path, sizeof(path), "%s/n%%d.etl", folder);
	w = create(ETL_MODE_SEQUENTIAL | ETL_MODE_NEWFILE, 3);
	etl_writer_totals(w, &totals);
	for (i = 1; i <= 5; i++)
		put(w, (uint16_t)(i % 2), i);
	assert_int_equal(etl_writer_stats(w)->files, 3);
	finalise(w);
	for (i = 1; i <= 3; i++) {
		numbered(name, (unsigned int)i);
		assert_int_equal(file_size(name), (i < 3 ? 3 : 2) * SIZE);
		assert_int_equal(value_at(name, 0x8c, 4), i < 3 ? 3 : 2);
		assert_int_equal(value_at(name, 0x98, 4), i < 3 ? 2 : 7);
		assert_true(value_at(name, 0x78, 8) != 0);
		assert_int_equal(sequence_of(name, 1), 2 * i - 1);
		assert_int_equal(flags_of(name, i < 3 ? 2 : 1), 0x21);
	}
}

/* What was delivered before a crash may lie in the file before the last one. */
static void newfile_that_cannot_begin_is_tried_again(void **state)
{
	struct etl_writer *w;
	struct etl_error err;
	char name[128], away[70];
	int i;

	(void)state;
	snprintf(path, sizeof(path), "%s/n%%d.etl", folder);
	snprintf(away, sizeof(away), "%s-away", folder);
	w = create(ETL_MODE_SEQUENTIAL | ETL_MODE_NEWFILE, 2);
	put(w, 0, 1);
	assert_int_equal(rename(folder, away), 0);
	for (i = 0; i < 3; i++)
		assert_int_equal(offer(w, 0, 2, &err), -ENOENT);
	assert_int_equal(rename(away, folder), 0);
	put(w, 0, 2);
	numbered(name, 2);
	assert_int_equal(sequence_of(name, 1), 2);
	finalise(w);
}

static void newfile_is_resumed_without_duplicates(void **state)
{
	const uint32_t mode = ETL_MODE_SEQUENTIAL | ETL_MODE_NEWFILE;
	struct etl_writer *w;
	struct etl_error err;
	char name[128];
	uint64_t i;

	(void)state;
	snprintf(path, sizeof(path), "%s/n%%d.etl", folder);
	w = create(mode, 3);
	for (i = 1; i <= 3; i++)
		put(w, (uint16_t)(i == 3), i);
	etl_writer_close(w);
	assert_int_equal(resume(&w, mode, 3, &err), 0);
	for (i = 1; i <= 3; i++)
		put(w, (uint16_t)(i == 3), i);
	put(w, 0, 4);
	put(w, 0, 5);
	assert_int_equal(etl_writer_stats(w)->duplicates, 3);
	finalise(w);
	numbered(name, 2);
	assert_int_equal(file_size(name), 3 * SIZE);
	assert_int_equal(sequence_of(name, 2), 4);
	numbered(name, 3);
	assert_int_equal(sequence_of(name, 1), 5);
	/* the last file is finalised: the next begins with the next buffer */
	assert_int_equal(resume(&w, mode, 3, &err), 0);
	numbered(name, 4);
	assert_int_equal(file_size(name), UINT64_MAX);
	put(w, 0, 6);
	assert_int_equal(file_size(name), 2 * SIZE);
	etl_writer_close(w);
}

static void newfile_needs_one_number_in_its_name(void **state)
{
	static const char *const bad[] = { "%s/x.etl", "%s/%%d%%d.etl" };
	unsigned char *header = header_of(build_facts(SIZE, ETL_MODE_NEWFILE));
	struct etl_writer *w;
	struct etl_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		sprintf(path, bad[i], folder);
		assert_int_equal(etl_writer_create(&w, path, header, SIZE, NULL, &err), -EINVAL);
	}
	free(header);
}

/* ---- resume ---------------------------------------------------------------------------------------- */

static void torn_tails_are_cut(void **state)
{
	static const unsigned int torn[] = { 1, 71, 72, 4095 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(torn) / sizeof(*torn); i++) {
		struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 0);
		struct etl_error err;

		put(w, 0, 1);
		put(w, 3, 2);
		put(w, 0, 3);
		etl_writer_close(w);
		assert_int_equal(truncate(path, 3 * SIZE + torn[i]), 0);
		assert_int_equal(resume(&w, ETL_MODE_SEQUENTIAL, 0, &err), 0);
		assert_int_equal(etl_writer_stats(w)->cut, torn[i]);
		assert_int_equal(etl_writer_sequence(w, 0), 1);
		assert_int_equal(etl_writer_sequence(w, 3), 2);
		put(w, 0, 3);
		finalise(w);
		assert_int_equal(file_size(path), 4 * SIZE);
		assert_int_equal(sequence_of(path, 3), 3);
		assert_int_equal(value_at(path, 0x8c, 4), 4);
	}
}

static void torn_header_is_written_again(void **state)
{
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 0);
	struct etl_error err;

	(void)state;
	etl_writer_close(w);
	assert_int_equal(truncate(path, 100), 0);
	assert_int_equal(resume(&w, ETL_MODE_SEQUENTIAL, 0, &err), 0);
	put(w, 0, 1);
	finalise(w);
	assert_int_equal(file_size(path), 2 * SIZE);
}

static void only_the_sessions_own_file_is_resumed(void **state)
{
	struct etl_facts facts = build_facts(SIZE, ETL_MODE_SEQUENTIAL);
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 0);
	unsigned char *header;
	struct etl_error err;
	FILE *file;

	(void)state;
	etl_writer_close(w);
	facts.timebase.raw0++;
	header = header_of(facts);
	assert_int_equal(etl_writer_resume(&w, path, header, SIZE, NULL, &err), -ESTALE);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("mine", file);
	fclose(file);
	assert_int_equal(etl_writer_resume(&w, path, header, SIZE, NULL, &err), -ESTALE);
	assert_int_equal(file_size(path), 4);
	unlink(path);
	assert_int_equal(etl_writer_resume(&w, path, header, SIZE, NULL, &err), -ENOENT);
	free(header);
}

static void finalised_file_is_resumed_only_on_request(void **state)
{
	struct etl_writer_options reopen = { .flags = ETL_WRITER_REOPEN };
	unsigned char *header = header_of(build_facts(SIZE, ETL_MODE_SEQUENTIAL));
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 0);
	struct etl_error err;

	(void)state;
	put(w, 0, 1);
	finalise(w);
	assert_int_equal(etl_writer_resume(&w, path, header, SIZE, NULL, &err), -EALREADY);
	assert_int_equal(etl_writer_resume(&w, path, header, SIZE, &reopen, &err), 0);
	assert_int_equal(flags_of(path, 1), 0x20);
	assert_int_equal(value_at(path, 0x78, 8), 0);
	put(w, 0, 1);
	put(w, 0, 2);
	finalise(w);
	assert_int_equal(file_size(path), 3 * SIZE);
	assert_int_equal(flags_of(path, 2), 0x21);
	assert_int_equal(value_at(path, 0x98, 4), 7);
	free(header);
}

static void file_has_one_writer(void **state)
{
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 0), *second;
	unsigned char *header = header_of(build_facts(SIZE, ETL_MODE_SEQUENTIAL));
	struct etl_writer_options keep = { .flags = ETL_WRITER_KEEP };
	struct etl_error err;

	(void)state;
	put(w, 0, 1);
	assert_int_equal(etl_writer_create(&second, path, header, SIZE, NULL, &err), -EBUSY);
	assert_int_equal(etl_writer_create(&second, path, header, SIZE, &keep, &err), -EEXIST);
	assert_int_equal(file_size(path), 2 * SIZE);
	etl_writer_close(w);
	free(header);
}

/* ---- append ---------------------------------------------------------------------------------------- */

static struct etl_facts appending(uint64_t start)
{
	struct etl_facts facts = build_facts(SIZE, ETL_MODE_APPEND);

	facts.timebase = (struct etl_timebase){ ETL_CLOCK_SYSTEM, 1, 1, start, start };
	return facts;
}

static void append_mode_goes_on_with_a_finalised_file(void **state)
{
	unsigned char *first = header_of(appending(BUILD_RAW0)), *second = header_of(appending(BUILD_RAW0 + 1000));
	struct etl_writer *w;
	struct etl_error err;

	(void)state;
	assert_int_equal(etl_writer_append_to(&w, path, first, SIZE, NULL, &err), -ENOENT);
	assert_int_equal(etl_writer_create(&w, path, first, SIZE, NULL, &err), 0);
	put(w, 0, 1);
	put(w, 0, 2);
	finalise(w);
	assert_int_equal(etl_writer_append_to(&w, path, second, SIZE, NULL, &err), 0);
	assert_int_equal(value_at(path, 0x8c, 4), 0);
	assert_int_equal(flags_of(path, 2), 0x20);
	/* the new session counts its buffers from 1 again */
	put(w, 0, 1);
	finalise(w);
	assert_int_equal(file_size(path), 4 * SIZE);
	assert_true(value_at(path, 0x170, 8) == BUILD_RAW0);
	assert_int_equal(value_at(path, 0x8c, 4), 4);
	assert_int_equal(value_at(path, 0x98, 4), 14);
	free(first);
	free(second);
}

static void append_mode_is_resumed(void **state)
{
	unsigned char *first = header_of(appending(BUILD_RAW0)), *second = header_of(appending(BUILD_RAW0 + 1000));
	struct etl_writer *w;
	struct etl_error err;

	(void)state;
	assert_int_equal(etl_writer_create(&w, path, first, SIZE, NULL, &err), 0);
	put(w, 0, 1);
	put(w, 0, 2);
	finalise(w);
	/* never appended to: not this session's */
	assert_int_equal(etl_writer_resume(&w, path, second, SIZE, NULL, &err), -ESTALE);
	assert_int_equal(etl_writer_append_to(&w, path, second, SIZE, NULL, &err), 0);
	put(w, 0, 11);
	etl_writer_close(w);
	assert_int_equal(etl_writer_resume(&w, path, second, SIZE, NULL, &err), 0);
	put(w, 0, 11);
	assert_int_equal(etl_writer_stats(w)->duplicates, 1);
	etl_writer_close(w);
	free(first);
	free(second);
}

static void append_mode_needs_like_files(void **state)
{
	struct etl_facts facts = appending(BUILD_RAW0 + 1000);
	unsigned char *header;
	struct etl_writer *w = create(ETL_MODE_SEQUENTIAL, 0);
	struct etl_error err;

	(void)state;
	finalise(w);
	header = header_of(facts);
	assert_int_equal(etl_writer_append_to(&w, path, header, SIZE, NULL, &err), -EINVAL);
	unlink(path);
	assert_int_equal(etl_writer_create(&w, path, header, SIZE, NULL, &err), 0);
	finalise(w);
	free(header);
	facts.processors++;
	header = header_of(facts);
	assert_int_equal(etl_writer_append_to(&w, path, header, SIZE, NULL, &err), -EINVAL);
	free(header);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(header_buffer_has_every_field_in_its_place),
		TEST(header_that_does_not_fit_is_refused),
		TEST(finalised_file_is_complete),
		TEST(end_is_not_before_the_start),
		TEST(finalised_file_is_closed),
		TEST(buffers_delivered_twice_are_written_once),
		TEST(what_is_no_buffer_is_refused_whole),
		TEST(sequential_maximum_stops),
		TEST(the_smallest_maximum_holds_a_buffer),
		TEST(preallocated_space_is_given_back),
		TEST(short_writes_are_undone),
		TEST(circular_file_keeps_its_header_and_the_newest),
		TEST(circular_file_is_resumed_at_its_seam),
		TEST(newfile_begins_files),
		TEST(newfile_that_cannot_begin_is_tried_again),
		TEST(newfile_is_resumed_without_duplicates),
		TEST(newfile_needs_one_number_in_its_name),
		TEST(torn_tails_are_cut),
		TEST(torn_header_is_written_again),
		TEST(only_the_sessions_own_file_is_resumed),
		TEST(finalised_file_is_resumed_only_on_request),
		TEST(file_has_one_writer),
		TEST(append_mode_goes_on_with_a_finalised_file),
		TEST(append_mode_is_resumed),
		TEST(append_mode_needs_like_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
