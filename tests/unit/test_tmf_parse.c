// SPDX-License-Identifier: GPL-2.0-or-later
/* TMF text: what tracepdb writes, and what it does not (wpp-tmf section 8; W9). */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "tmf-private.h"

#define GUID_TEXT	"6f1a2c30-95d4-3b7e-2a11-5c0d9e8f7a6b"
#define FILE_LINE	GUID_TEXT " mydriver // SRC=main.c MJ= MN=\n"
#define SAMPLES		"../shared/etl-samples/wpp"

static const unsigned char guid[16] = { 0x30, 0x2c, 0x1a, 0x6f, 0xd4, 0x95, 0x7e, 0x3b,
					0x2a, 0x11, 0x5c, 0x0d, 0x9e, 0x8f, 0x7a, 0x6b };

static struct etl_tmf *parse(const char *text, int expected, struct etl_error *err)
{
	struct etl_tmf *tmf;

	assert_int_equal(etl_tmf_new(&tmf), 0);
	memset(err, 0, sizeof(*err));
	assert_int_equal(etl_tmf_parse(tmf, text, strlen(text), "test.tmf", err), expected);
	return tmf;
}

static void test_statement(void **state)
{
	static const char text[] =
		"// PDB:  mydriver.pdb\n"
		"// PDB:  Last Updated :2025-04-28:18:52:26:152 (UTC) [tracepdb]\n"
		FILE_LINE
		"#typev main_c120 10 \"%0op=%10!d! // \\\"%11!s!\\\"\\n\" //   LEVEL=TRACE_LEVEL_ERROR FLAGS=IO FUNC=Read\n"
		"{\n"
		"f(a, ItemLong -- 3), ItemLong -- 10\n"
		"'x. y', ItemListByte(Low,APC,DPC) -- 11\n"
		"}\n";
	const struct etl_tmf_message *m;
	struct etl_error err;
	struct etl_tmf *tmf = parse(text, 0, &err);
	const char *value;

	(void)state;
	m = etl_tmf_find(tmf, guid, 10);
	assert_non_null(m);
	assert_string_equal(m->module, "mydriver");
	assert_string_equal(m->source, "main.c");
	assert_string_equal(m->tag, "main_c120");
	assert_string_equal(m->format, "%0op=%10!d! // \"%11!s!\"\n");
	assert_int_equal(m->count, 2);
	assert_string_equal(etl_tmf_argument_name(m, 0), "f(a, ItemLong -- 3)");
	assert_string_equal(etl_tmf_argument_item(m, 0), "ItemLong");
	assert_string_equal(etl_tmf_argument_name(m, 1), "'x. y'");
	assert_string_equal(etl_tmf_argument_item(m, 1), "ItemListByte");
	assert_null(etl_tmf_argument_name(m, 2));
	assert_int_equal(etl_tmf_key(m, "FLAGS", &value), 2);
	assert_memory_equal(value, "IO", 2);
	assert_int_equal(etl_tmf_key(m, "FUNC", &value), 4);
	assert_int_equal(etl_tmf_key(m, "LEVE", &value), 0);
	assert_null(etl_tmf_find(tmf, guid, 11));
	assert_int_equal(etl_tmf_counts(tmf)->messages, 1);
	assert_int_equal(etl_tmf_counts(tmf)->left_over, 0);
	etl_tmf_free(tmf);
}

/* tracepdb writes a statement once for each place of the PDB that has it. */
static void test_first_of_two_stays(void **state)
{
	struct etl_error err;
	struct etl_tmf *tmf = parse(FILE_LINE "#typev a_c1 10 \"%0first\" //   FUNC=f\n{\n}\n"
				    "#typev a_c2 10 \"%0second\" //   FUNC=f\n{\n}\n", 0, &err);

	(void)state;
	assert_string_equal(etl_tmf_find(tmf, guid, 10)->format, "%0first");
	assert_int_equal(etl_tmf_counts(tmf)->messages, 1);
	etl_tmf_free(tmf);
}

/* Masked statements, as they are left in public symbols (section 8.5). */
static void test_public(void **state)
{
	struct etl_error err;
	struct etl_tmf *tmf = parse("PUBLIC_TMF:\r\n" GUID_TEXT " drv // SRC=Unknown_cxx00 MJ= MN=\r\n"
				    "#typev Unknown_cxx00 12 \"%0a%10!s!\" //\r\n{\r\nArg, ItemString -- 10\r\n}\r\n",
				    0, &err);
	const struct etl_tmf_message *m = etl_tmf_find(tmf, guid, 12);

	(void)state;
	assert_non_null(m);
	assert_string_equal(m->source, "Unknown_cxx00");
	assert_string_equal(m->keys, "");
	assert_int_equal(m->count, 1);
	etl_tmf_free(tmf);
}

static void test_left_over(void **state)
{
	struct etl_error err;
	struct etl_tmf *tmf = parse(FILE_LINE "rubbish\n#typev a_c1 10 \"%0text\" //\n{\nno item\n}\n",
				    -EBADMSG, &err);

	(void)state;
	assert_int_equal(etl_tmf_counts(tmf)->left_over, 2);
	assert_int_equal(etl_tmf_counts(tmf)->lines, 6);
	assert_int_equal(err.offset, strlen(FILE_LINE));
	assert_non_null(strstr(err.reason, "line 2:"));
	assert_string_equal(err.file, "test.tmf");
	assert_non_null(etl_tmf_find(tmf, guid, 10));
	etl_tmf_free(tmf);
}

static void test_torn_files(void **state)
{
	static const char text[] = FILE_LINE "#typev a_c1 10 \"%0%10!d!\" //   FUNC=f\n{\na, ItemLong -- 10\n}\n"
				   "#enumv E\n{\nA, 0x0\n}\n";
	struct etl_error err;
	struct etl_tmf *tmf;
	size_t size;

	(void)state;
	for (size = 0; size < sizeof(text); size++) {
		assert_int_equal(etl_tmf_new(&tmf), 0);
		etl_tmf_parse(tmf, text, size, "torn", &err);
		etl_tmf_free(tmf);
	}
}

/* ---- files and folders ------------------------------------------------------- */

static void write_tmf(const char *folder, const char *name, const char *format)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, FILE_LINE "#typev main_c1 10 \"%%0%s\" //   FUNC=f\n{\n}\n", format);
	fclose(file);
}

/* W18: a file given first, then folders in their order; any other name than the GUID's is not found. */
static void test_search_order(void **state)
{
	char top[] = "/tmp/tmf-search.XXXXXX", one[64], two[64], three[64], all[256], path[128];
	struct etl_error err;
	struct etl_tmf *tmf;

	(void)state;
	assert_non_null(mkdtemp(top));
	snprintf(one, sizeof(one), "%s/one", top);
	snprintf(two, sizeof(two), "%s/two", top);
	snprintf(three, sizeof(three), "%s/three", top);
	assert_int_equal(mkdir(one, 0700) | mkdir(two, 0700) | mkdir(three, 0700), 0);
	write_tmf(one, "other.tmf", "other");
	write_tmf(two, GUID_TEXT ".tmf", "two");
	write_tmf(three, GUID_TEXT ".tmf", "three");
	snprintf(all, sizeof(all), "%s::%s/none:%s", one, top, two);

	assert_int_equal(etl_tmf_new(&tmf), 0);
	assert_int_equal(etl_tmf_search(tmf, all), 0);
	assert_int_equal(etl_tmf_search(tmf, three), 0);
	assert_string_equal(etl_tmf_find(tmf, guid, 10)->format, "%0two");
	assert_null(etl_tmf_find(tmf, guid, 11));
	etl_tmf_free(tmf);

	assert_int_equal(etl_tmf_new(&tmf), 0);
	snprintf(path, sizeof(path), "%s/other.tmf", one);
	assert_int_equal(etl_tmf_load(tmf, path, &err), 0);
	assert_int_equal(etl_tmf_search(tmf, all), 0);
	assert_string_equal(etl_tmf_find(tmf, guid, 10)->format, "%0other");
	etl_tmf_free(tmf);

	assert_int_equal(etl_tmf_new(&tmf), 0);
	assert_int_equal(etl_tmf_load(tmf, three, &err), 0);
	assert_string_equal(etl_tmf_find(tmf, guid, 10)->format, "%0three");
	assert_int_equal(etl_tmf_load(tmf, "/nonexistent.tmf", &err), -ENOENT);
	etl_tmf_free(tmf);

	unlink(path);
	snprintf(path, sizeof(path), "%s/" GUID_TEXT ".tmf", two);
	unlink(path);
	snprintf(path, sizeof(path), "%s/" GUID_TEXT ".tmf", three);
	unlink(path);
	assert_int_equal(rmdir(one) | rmdir(two) | rmdir(three) | rmdir(top), 0);
}

static int has_known_items(void *context, const struct etl_tmf_message *m)
{
	unsigned int i;

	(void)context;
	for (i = 0; i < m->count; i++)
		if (m->arguments[i].item->kind == TMF_UNKNOWN)
			return 1;
	return 0;
}

/* W9: every line of the real files. */
static void test_real_files(void **state)
{
	struct etl_tmf *tmf;
	struct etl_error err = { .code = 0 };
	int ret;

	(void)state;
	if (access(SAMPLES, R_OK)) {
		print_message("skipped: %s is missing\n", SAMPLES);
		skip();
	}
	assert_int_equal(etl_tmf_new(&tmf), 0);
	ret = etl_tmf_load(tmf, SAMPLES "/public-tmf", &err);
	if (ret)
		print_message("%s: %s\n", err.file, err.reason);
	assert_int_equal(ret, 0);
	assert_int_equal(etl_tmf_counts(tmf)->files, 45);
	assert_int_equal(etl_tmf_counts(tmf)->left_over, 0);
	assert_true(etl_tmf_counts(tmf)->messages > 1000);
	assert_int_equal(etl_tmf_load(tmf, SAMPLES "/tmf", &err), 0);
	assert_int_equal(etl_tmf_counts(tmf)->files, 50);
	assert_int_equal(etl_tmf_each(tmf, has_known_items, NULL), 0);
	etl_tmf_free(tmf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statement),
		cmocka_unit_test(test_first_of_two_stays),
		cmocka_unit_test(test_public),
		cmocka_unit_test(test_left_over),
		cmocka_unit_test(test_torn_files),
		cmocka_unit_test(test_search_order),
		cmocka_unit_test(test_real_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
