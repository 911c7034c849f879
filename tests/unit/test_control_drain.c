// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libwmitrace: draining, against a folder of FIFOs that stand for a session's
 * cpu files.  They cannot acknowledge: that is for tests in a guest.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "drain.h"
#include "mode.h"

#define SIZE	4096
#define FREQ	10000000

struct fake {
	char root[64];
	char log[128];
	int cpu[2];			/* ends to write to */
	uint64_t time;
	struct control_session session;
};

static void path_of(const struct fake *f, const char *name, char path[256])
{
	snprintf(path, 256, "%s/logger05/%s", f->root, name);
}

static void write_header(struct fake *f, uint32_t mode, uint64_t max_size)
{
	const struct etl_facts facts = {
		.buffer_size = SIZE,
		.os_major = 10,
		.layout_major = 1,
		.layout_minor = 5,
		.processors = 2,
		.pointer_size = 8,
		.mode = mode,
		.max_file_size = max_size,
		.start_buffers = 1,
		.perf_freq = FREQ,
		.start_time = 1000,
		.timebase = { .type = ETL_CLOCK_SYSTEM, .num = 1, .den = 1, .raw0 = 1000, .start = 1000 },
		.standard_name = "",
		.daylight_name = "",
		.logger_name = "fake",
		.log_file_name = f->log,
	};
	unsigned char data[SIZE];
	char path[256];
	FILE *file;

	assert_int_equal(etl_header_build(data, SIZE, &facts, 1, 1, 5), 0);
	path_of(f, "header", path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, SIZE, file), SIZE);
	fclose(file);
}

static int set_up_mode(void **state, uint32_t mode, uint64_t max_size)
{
	struct fake *f = calloc(1, sizeof(*f));
	char path[256], name[8];
	int i;

	assert_non_null(f);
	strcpy(f->root, P_tmpdir "/wmitrace-drain-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	snprintf(f->log, sizeof(f->log), "%s/x.etl", f->root);
	path_of(f, "", path);
	assert_int_equal(mkdir(path, 0700), 0);
	write_header(f, mode, max_size);
	for (i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "cpu%d", i);
		path_of(f, name, path);
		assert_int_equal(mkfifo(path, 0600), 0);
		f->cpu[i] = open(path, O_RDWR | O_NONBLOCK);
		assert_true(f->cpu[i] >= 0);
	}
	f->time = 1000;
	f->session.s.id = 5;
	f->session.s.buffer_size = SIZE / 1024;
	f->session.s.number_of_buffers = 64;
	f->session.s.mode = mode;
	*state = f;
	return 0;
}

static int set_up(void **state)
{
	return set_up_mode(state, 0, 0);
}

static int set_up_sequential(void **state)
{
	return set_up_mode(state, MODE_SEQUENTIAL | MODE_KBYTES, 4 * SIZE);
}

static int set_up_flight_recorder(void **state)
{
	return set_up_mode(state, MODE_BUFFERING, 0);
}

static int tear_down(void **state)
{
	struct fake *f = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", f->root);
	free(f);
	return system(command);
}

/* A buffer of CPU @cpu with number @sequence and @records records. */
static void deliver(struct fake *f, int cpu, uint64_t sequence, int records)
{
	struct etl_record record = {
		.header = ETL_HEADER_FULL64,
		.kind = ETL_KIND_FULL,
		.has = ETL_HAS_TIME | ETL_HAS_THREAD | ETL_HAS_GUID,
		.guid = (const unsigned char *)"0123456789abcdef",
		.time = ++f->time,
		.pointer_size = 8,
	};
	unsigned char data[SIZE];
	struct etl_block block;

	etl_block_begin(&block, data, SIZE, cpu, 5, sequence);
	while (records--)
		assert_true(etl_block_put(&block, &record) > 0);
	etl_block_end(&block, ++f->time);
	assert_int_equal(write(f->cpu[cpu], data, SIZE), SIZE);
}

/* The session stops: readers see the end after the last buffer. */
static void stop(struct fake *f)
{
	close(f->cpu[0]);
	close(f->cpu[1]);
	f->session.s.stop_time = 5000;
}

static struct drain *open_drain(struct fake *f, unsigned int flags)
{
	struct etl_error error;
	struct drain *drain;

	assert_int_equal(drain_open(&drain, f->root, &f->session, f->log, flags, &error), 0);
	return drain;
}

static enum drain_state run(struct drain *drain)
{
	enum drain_state state;
	struct etl_error error;

	do {
		state = drain_step(drain, &error);
	} while (state == DRAIN_BUSY);
	return state;
}

static uint32_t read32(const char *path, long offset)
{
	uint32_t value = 0;
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &value, sizeof(value), offset), sizeof(value));
	close(fd);
	return le32toh(value);
}

static long size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -1 : (long)st.st_size;
}

static void buffers_go_into_the_file(void **state)
{
	struct fake *f = *state;
	struct drain *drain = open_drain(f, 0);
	struct etl_error error;
	struct pollfd wait = { .fd = drain_fd(drain), .events = POLLIN };

	assert_int_equal(size_of(f->log), SIZE);
	assert_int_equal(run(drain), DRAIN_IDLE);
	assert_int_equal(poll(&wait, 1, 0), 0);
	deliver(f, 0, 1, 3);
	deliver(f, 1, 2, 3);
	assert_int_equal(poll(&wait, 1, 0), 1);
	assert_int_equal(run(drain), DRAIN_IDLE);
	assert_int_equal(size_of(f->log), 3 * SIZE);
	deliver(f, 1, 3, 1);
	stop(f);
	assert_int_equal(run(drain), DRAIN_ENDED);
	f->session.s.lost = 77;
	assert_int_equal(drain_finish(drain, &f->session, &error), 0);
	assert_int_equal(drain_counts(drain)->written, 3);
	assert_int_equal(drain_file_buffers(drain), 4);
	drain_close(drain);
	assert_int_equal(read32(f->log, 0x78), 5000);	/* EndTime */
	assert_int_equal(read32(f->log, 0x8c), 4);	/* BuffersWritten */
	assert_int_equal(read32(f->log, 0x98), 77);	/* EventsLost */
	assert_int_equal(read32(f->log, 0x17c), 0);	/* BuffersLost */
}

/* Where much came more may be on its way, whoever wakes us; where little did, nobody looks. */
static void much_is_followed_by_another_look(void **state)
{
	struct fake *f = *state;
	struct drain *drain = open_drain(f, 0);
	struct pollfd wait = { .fd = drain_fd(drain), .events = POLLIN };
	int i;

	for (i = 1; i <= 3; i++)
		deliver(f, 0, i, 1);
	assert_int_equal(run(drain), DRAIN_IDLE);
	assert_int_equal(poll(&wait, 1, 50), 0);
	for (i = 4; i <= 7; i++)
		deliver(f, 0, i, 1);
	assert_int_equal(run(drain), DRAIN_IDLE);
	assert_int_equal(poll(&wait, 1, 10000), 1);
	assert_int_equal(run(drain), DRAIN_IDLE);
	assert_int_equal(poll(&wait, 1, 50), 0);
	drain_close(drain);
}

static void time_zone_is_the_systems(void **state)
{
	struct fake *f = *state;

	setenv("TZ", "AAA-3:30", 1);
	drain_close(open_drain(f, 0));
	unsetenv("TZ");
	assert_int_equal((int32_t)read32(f->log, 0xb0), -210);
	assert_int_equal(read32(f->log, 0xb4), 'A' | 'A' << 16);
}

/* A service that was killed: what it wrote is there, and some of it comes again. */
static void what_comes_again_is_not_written_again(void **state)
{
	struct fake *f = *state;
	struct drain *drain = open_drain(f, LOG_FILE_RESUME);
	struct etl_error error;

	deliver(f, 0, 1, 1);
	deliver(f, 0, 2, 1);
	assert_int_equal(run(drain), DRAIN_IDLE);
	drain_close(drain);
	drain = open_drain(f, LOG_FILE_RESUME);
	assert_int_equal(drain_file_buffers(drain), 3);
	deliver(f, 0, 2, 1);
	deliver(f, 0, 3, 1);
	stop(f);
	assert_int_equal(run(drain), DRAIN_ENDED);
	assert_int_equal(drain_counts(drain)->duplicates, 1);
	assert_int_equal(drain_counts(drain)->written, 1);
	assert_int_equal(drain_finish(drain, &f->session, &error), 0);
	drain_close(drain);
	assert_int_equal(size_of(f->log), 4 * SIZE);
}

/* A service that was told to stop completes the file; the next one goes on all the same. */
static void a_finished_file_is_gone_on_with(void **state)
{
	struct fake *f = *state;
	struct drain *drain = open_drain(f, LOG_FILE_RESUME);
	struct etl_error error;

	deliver(f, 0, 1, 1);
	assert_int_equal(run(drain), DRAIN_IDLE);
	f->session.s.lost = 5;
	assert_int_equal(drain_finish(drain, &f->session, &error), 0);
	drain_close(drain);
	assert_int_equal(read32(f->log, 0x8c), 2);
	drain = open_drain(f, LOG_FILE_RESUME);
	assert_int_equal(read32(f->log, 0x8c), 0);
	assert_int_equal(read32(f->log, SIZE + 0x34) & ETL_BUFFER_FLUSH_MARKER, 0);
	deliver(f, 1, 2, 1);
	stop(f);
	assert_int_equal(run(drain), DRAIN_ENDED);
	assert_int_equal(drain_finish(drain, &f->session, &error), 0);
	drain_close(drain);
	assert_int_equal(read32(f->log, 0x8c), 3);
	assert_int_equal(read32(f->log, 0x98), 5);	/* the session's losses, once */
	assert_int_equal(read32(f->log, 2 * SIZE + 0x34) & 1, ETL_BUFFER_FLUSH_MARKER);
}

static void what_is_no_trace_is_kept(void **state)
{
	struct fake *f = *state;
	struct etl_error error;
	struct drain *drain;
	FILE *file = fopen(f->log, "w");

	assert_non_null(file);
	fputs("precious", file);
	fclose(file);
	assert_int_equal(drain_open(&drain, f->root, &f->session, f->log,
				    LOG_FILE_RESUME | LOG_FILE_CAREFUL, &error), -EEXIST);
	assert_int_equal(size_of(f->log), 8);
	assert_string_equal(error.file, f->log);
}

static void maximum_size_then_dropping(void **state)
{
	struct fake *f = *state;
	struct drain *drain = open_drain(f, 0);
	struct etl_error error;
	uint64_t i;

	for (i = 1; i <= 6; i++)
		deliver(f, 0, i, 4);
	assert_int_equal(run(drain), DRAIN_FULL);
	drain_discard(drain);
	stop(f);
	assert_int_equal(run(drain), DRAIN_ENDED);
	assert_int_equal(drain_counts(drain)->written, 3);
	assert_int_equal(drain_counts(drain)->buffers_lost, 3);
	assert_int_equal(drain_counts(drain)->events_lost, 12);
	assert_int_equal(drain_finish(drain, &f->session, &error), 0);
	drain_close(drain);
	assert_int_equal(size_of(f->log), 4 * SIZE);
	assert_int_equal(read32(f->log, 0x17c), 3);
}

static void damaged_buffer_is_dropped_alone(void **state)
{
	struct fake *f = *state;
	struct drain *drain = open_drain(f, 0);
	unsigned char junk[SIZE];

	memset(junk, 0x5a, sizeof(junk));
	deliver(f, 0, 1, 1);
	assert_int_equal(write(f->cpu[0], junk, SIZE), SIZE);
	deliver(f, 0, 2, 1);
	assert_int_equal(run(drain), DRAIN_IDLE);
	assert_int_equal(drain_counts(drain)->written, 2);
	assert_int_equal(drain_counts(drain)->buffers_lost, 1);
	drain_close(drain);
}

static void switching_files(void **state)
{
	struct fake *f = *state;
	struct drain *drain = open_drain(f, LOG_FILE_RESUME);
	struct etl_error error;
	char other[160], nowhere[160];

	snprintf(other, sizeof(other), "%s/y.etl", f->root);
	snprintf(nowhere, sizeof(nowhere), "%s/no/y.etl", f->root);
	deliver(f, 0, 1, 1);
	assert_int_equal(run(drain), DRAIN_IDLE);
	assert_int_equal(drain_switch(drain, &f->session, nowhere, &error), -ENOENT);
	assert_string_equal(drain_file_path(drain), f->log);
	assert_int_equal(drain_switch(drain, &f->session, other, &error), 0);
	deliver(f, 0, 2, 1);
	assert_int_equal(run(drain), DRAIN_IDLE);
	drain_close(drain);
	assert_int_equal(read32(f->log, 0x8c), 2);
	assert_int_equal(size_of(f->log), 2 * SIZE);
	assert_int_equal(size_of(other), 2 * SIZE);
}

static void snapshots_appear_when_complete(void **state)
{
	struct fake *f = *state;
	struct drain *drain = open_drain(f, 0);
	char part[160];

	snprintf(part, sizeof(part), "%s.part", f->log);
	assert_int_equal(run(drain), DRAIN_IDLE);
	assert_int_equal(size_of(f->log), -1);
	deliver(f, 0, 7, 1);
	deliver(f, 1, 8, 1);
	assert_int_equal(run(drain), DRAIN_IDLE);
	assert_int_equal(read32(f->log, 0x8c), 3);
	assert_int_equal(size_of(part), -1);
	/* The ring as it is now, with what was in the first snapshot too. */
	deliver(f, 0, 7, 1);
	deliver(f, 0, 9, 1);
	deliver(f, 0, 10, 1);
	assert_int_equal(run(drain), DRAIN_IDLE);
	assert_int_equal(read32(f->log, 0x8c), 4);
	drain_close(drain);
	drain = open_drain(f, 0);
	assert_int_equal(size_of(part), SIZE);
	drain_close(drain);
	assert_int_equal(size_of(part), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(buffers_go_into_the_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(much_is_followed_by_another_look, set_up, tear_down),
		cmocka_unit_test_setup_teardown(time_zone_is_the_systems, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_comes_again_is_not_written_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_finished_file_is_gone_on_with, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_trace_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(maximum_size_then_dropping, set_up_sequential, tear_down),
		cmocka_unit_test_setup_teardown(damaged_buffer_is_dropped_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(switching_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(snapshots_appear_when_complete, set_up_flight_recorder,
						tear_down),
	};

	return cmocka_run_group_tests_name("control: drain", tests, NULL, NULL);
}
