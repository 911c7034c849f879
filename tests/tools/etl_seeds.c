// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * etl_seeds FOLDER: small sound inputs for the fuzzers of libetl, in
 * FOLDER/NAME/ for fuzz_NAME.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../lib/etl_build.h"
#include "../lib/etl_kinds.h"

#define SIZE	4096u

static const char *folder;

static void save(const char *fuzzer, const char *name, const void *data, size_t size)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, fuzzer);
	if (mkdir(path, 0777) && errno != EEXIST) {
		perror(path);
		exit(1);
	}
	snprintf(path, sizeof(path), "%s/%s/%s", folder, fuzzer, name);
	file = fopen(path, "w");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file)) {
		perror(path);
		exit(1);
	}
}

/* Literals only: 32 after each flag dword of zeros.  Returns the size. */
static size_t pack(const unsigned char *from, size_t size, unsigned char *to)
{
	size_t i, out = 0;

	for (i = 0; i < size; i++) {
		if (i % 32 == 0) {
			memset(to + out, 0, 4);
			out += 4;
		}
		to[out++] = from[i];
	}
	return out;
}

/* Makes a compressed buffer of the one at @plain; returns its size. */
static size_t compress_buffer(const unsigned char *plain, unsigned char *to)
{
	uint32_t used = plain[0x30] | (uint32_t)plain[0x31] << 8;
	size_t size = 0x48 + pack(plain + 0x48, used - 0x48, to + 0x48);

	memcpy(to, plain, 0x48);
	to[0] = (unsigned char)size;
	to[1] = (unsigned char)(size >> 8);
	to[0x34] |= ETL_BUFFER_COMPRESSED;
	return size;
}

static void save_files(void)
{
	static unsigned char plain[3 * SIZE], packed[4 * SIZE], tagged[SIZE + 1];
	struct etl_facts facts = build_facts(SIZE, 0);
	size_t size = 0x200;

	if (etl_header_build(plain, SIZE, &facts, 8, 9, 5))
		abort();
	build_kinds(plain + SIZE, SIZE, 1, 1, BUILD_RAW0 + 100);
	build_buffer(plain + 2 * SIZE, SIZE, 0, 2, BUILD_RAW0 + 50, 0, 20);
	save("file", "plain", plain, sizeof(plain));
	facts.mode = ETL_MODE_COMPRESSED;
	if (etl_header_build(packed, 0x200, &facts, 8, 9, 5))
		abort();
	size += compress_buffer(plain + SIZE, packed + size);
	size += compress_buffer(plain + 2 * SIZE, packed + size);
	save("file", "packed", packed, size);
	tagged[0] = 1;
	size = compress_buffer(plain + SIZE, tagged + 1);
	save("buffer", "packed", tagged, 1 + size);
	tagged[0] = 0;
	build_buffer(tagged + 1, 1024, 3, 1, BUILD_RAW0, 0, 10);
	save("buffer", "plain", tagged, 1 + 1024);
	tagged[0] = 0;
	tagged[1] = 0x0f;
	size = pack(plain + SIZE + 0x48, 512, tagged + 2);
	save("expand", "literals", tagged, 2 + size);
	save("expand", "matches", "\x2c\1\xff\xff\xff\x1f" "abc\x17\0\x0f\xff\x26\1", 15);
}

static void save_records(void)
{
	static unsigned char data[SIZE], items[128];
	struct etl_record rec = { 0 };
	const char *reason;
	unsigned int which = 0;
	uint32_t at = 0x48;
	int step;

	build_kinds(data, SIZE, 0, 3, BUILD_RAW0);
	while ((step = etl_record_parse(data + at, SIZE - at, &rec, &reason)) > 0) {
		save("record", kinds_names[which], data + at, rec.size);
		if (rec.kind == ETL_KIND_EVENT && rec.ext_size)
			save("items", kinds_names[which], rec.ext, (size_t)rec.size - 0x50);
		which++;
		at += (uint32_t)step;
	}
	items[0] = 35;
	memcpy(items + 2, kinds_schema, 35);
	memcpy(items + 37, kinds_values, 13);
	save("schema", "bridge", items, 50);
	save("schema", "struct", "\x0e\0\x0e\0\0E\0s\0\xd8\1a\0\x04\2\0\1\2", 20);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("Usage: etl_seeds FOLDER\n", stderr);
		return 2;
	}
	folder = argv[1];
	save_files();
	save_records();
	return 0;
}
