// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * etl_count MODE FILE: reads a file in one way and prints
 * "RECORDS BYTES CPU-SECONDS RESIDENT-GROWTH-KB" of it.
 *
 *   sum     adds up all 64-bit words: what touching every byte costs
 *   file    every record's header, in file order
 *   time    the same in time order
 *   decode  time order, with names, fields as text, and a sum over payloads
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "etl.h"

static volatile uint64_t sink;

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long peak_kb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static uint64_t sum_words(const void *data, size_t size)
{
	const unsigned char *p = data;
	uint64_t sum = 0, word;
	size_t i;

	for (i = 0; i + sizeof(word) <= size; i += sizeof(word)) {
		memcpy(&word, p + i, sizeof(word));
		sum += word;
	}
	return sum;
}

static void sum_file(const char *path)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st) ||
	    (p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0)) == MAP_FAILED) {
		perror(path);
		exit(1);
	}
	sink = sum_words(p, (size_t)st.st_size);
	munmap(p, (size_t)st.st_size);
	close(fd);
}

static void decode(const struct etl_record *rec)
{
	struct etl_fields fields;
	struct etl_field field;
	struct etl_names names;
	char text[256];

	sink += etl_record_names(rec, &names);
	sink += sum_words(rec->payload, rec->payload_size) + etl_record_filetime(rec);
	if (!etl_fields_begin(&fields, rec))
		return;
	while (etl_fields_next(&fields, &field) > 0)
		sink += etl_field_text(&field, text, sizeof(text));
}

static uint64_t read_file(const char *path, enum etl_order order, bool fully, uint64_t *bytes)
{
	struct etl_cursor *cursor;
	struct etl_record rec;
	struct etl_error err;
	struct etl_log *log;
	uint64_t records = 0, sum = 0;
	int ret;

	if (etl_open(&log, &path, 1, &err) || etl_cursor_open(&cursor, log, order, NULL, &err)) {
		fprintf(stderr, "%s: %s\n", path, err.reason);
		exit(1);
	}
	while ((ret = etl_next(cursor, &rec))) {
		records += ret > 0;
		sum += rec.time + rec.thread + rec.id;
		if (fully && ret > 0)
			decode(&rec);
	}
	sink += sum;
	*bytes = etl_cursor_stats(cursor)->bytes;
	etl_cursor_close(cursor);
	etl_close(log);
	return records;
}

int main(int argc, char **argv)
{
	const char *mode = argc == 3 ? argv[1] : "";
	uint64_t records = 0, bytes = 0;
	double start = cpu_seconds();
	long resident = peak_kb();

	if (!strcmp(mode, "sum"))
		sum_file(argv[2]);
	else if (!strcmp(mode, "file"))
		records = read_file(argv[2], ETL_FILE_ORDER, false, &bytes);
	else if (!strcmp(mode, "time"))
		records = read_file(argv[2], ETL_TIME_ORDER, false, &bytes);
	else if (!strcmp(mode, "decode"))
		records = read_file(argv[2], ETL_TIME_ORDER, true, &bytes);
	else {
		fputs("Usage: etl_count sum|file|time|decode FILE\n", stderr);
		return 2;
	}
	printf("%" PRIu64 " %" PRIu64 " %.3f %ld\n", records, bytes, cpu_seconds() - start,
	       peak_kb() - resident);
	return 0;
}
