// SPDX-License-Identifier: GPL-2.0-or-later
/* libetl: GUIDs, UTF-16, time bases, plain LZ77, error texts. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "etl.h"
#include "lz77.h"

/* ---- GUIDs --------------------------------------------------------------------- */

static void guids_are_mixed_endian(void **state)
{
	static const unsigned char bytes[16] = {
		0x08, 0xef, 0x18, 0x28, 0x54, 0x6a, 0x6f, 0x39,
		0x22, 0x44, 0x5a, 0x6e, 0xa4, 0xa9, 0x8c, 0xf0,
	};
	unsigned char parsed[16];
	char text[ETL_GUID_TEXT];

	(void)state;
	etl_guid_format(bytes, text);
	assert_string_equal(text, "2818ef08-6a54-396f-2244-5a6ea4a98cf0");
	assert_int_equal(etl_guid_parse("{2818EF08-6A54-396F-2244-5A6EA4A98CF0}", parsed), 0);
	assert_memory_equal(parsed, bytes, 16);
}

static void what_is_no_guid_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "{", "2818ef08-6a54-396f-2244-5a6ea4a98cf", "2818ef08-6a54-396f-2244-5a6ea4a98cf00",
		"2818ef086a54396f22445a6ea4a98cf0", "{2818ef08-6a54-396f-2244-5a6ea4a98cf0",
		"2818ef08-6a54-396f-2244-5a6ea4a98cf0}", "g818ef08-6a54-396f-2244-5a6ea4a98cf0",
	};
	unsigned char guid[16] = { 7 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(etl_guid_parse(bad[i], guid), -EINVAL);
	assert_int_equal(guid[0], 7);
}

/* ---- UTF-16 ---------------------------------------------------------------------- */

static void utf16_becomes_utf8(void **state)
{
	/* a, e acute, euro sign, U+1F600, lone high, lone low, b, NUL, x */
	static const unsigned char units[] = {
		0x61, 0x00, 0xe9, 0x00, 0xac, 0x20, 0x3d, 0xd8, 0x00, 0xde,
		0x3d, 0xd8, 0x00, 0xdf, 0x00, 0xdc, 0x62, 0x00, 0x00, 0x00, 0x78, 0x00,
	};
	char text[64];

	(void)state;
	/* the fifth pair is valid: U+1F700 */
	assert_int_equal(etl_utf16_to_utf8(units, sizeof(units) / 2, text, sizeof(text)), 18);
	assert_string_equal(text, "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf0\x9f\x9c\x80\xef\xbf\xbd" "b");
	/* a high surrogate at the end */
	assert_int_equal(etl_utf16_to_utf8(units + 6, 1, text, sizeof(text)), 3);
	assert_string_equal(text, "\xef\xbf\xbd");
}

static void utf8_is_never_cut_inside_a_character(void **state)
{
	static const unsigned char units[] = { 0x61, 0, 0xac, 0x20, 0x62, 0 };
	char text[8] = "zzzzzzz";

	(void)state;
	assert_int_equal(etl_utf16_to_utf8(units, 3, text, 4), 5);
	assert_string_equal(text, "a");
	assert_int_equal(etl_utf16_to_utf8(units, 3, text, 5), 5);
	assert_string_equal(text, "a\xe2\x82\xac");
	assert_int_equal(etl_utf16_to_utf8(units, 3, text, 1), 5);
	assert_string_equal(text, "");
	assert_int_equal(etl_utf16_to_utf8(units, 3, NULL, 0), 5);
}

static void utf8_becomes_utf16(void **state)
{
	static const unsigned char wanted[] = { 0x61, 0, 0xac, 0x20, 0x3d, 0xd8, 0x00, 0xde };
	/* overlong, surrogate, beyond Unicode, cut off, continuation alone */
	static const char bad[] = "\xc0\x80|\xed\xa0\x80|\xf4\x90\x80\x80|\xe2\x82|\x80";
	unsigned char units[64];
	size_t count, i, replaced = 0;

	(void)state;
	assert_int_equal(etl_utf8_to_utf16("a\xe2\x82\xac\xf0\x9f\x98\x80", 8, units, 4), 4);
	assert_memory_equal(units, wanted, sizeof(wanted));
	memset(units, 0x55, sizeof(units));
	assert_int_equal(etl_utf8_to_utf16("a\xe2\x82\xac\xf0\x9f\x98\x80", 8, units, 3), 4);
	assert_int_equal(units[4], 0x55);
	count = etl_utf8_to_utf16(bad, sizeof(bad) - 1, units, sizeof(units) / 2);
	for (i = 0; i < count; i++)
		replaced += units[2 * i] == 0xfd && units[2 * i + 1] == 0xff;
	assert_int_equal(count, 2 + 3 + 4 + 2 + 1 + 4);
	assert_int_equal(replaced, count - 4);
}

/* ---- times (etl-format 7) ------------------------------------------------------------ */

static void system_time_is_exact(void **state)
{
	/* CldFlt0: T0 = StartTime; a FILETIME needs 57 bits */
	const struct etl_timebase base = { ETL_CLOCK_SYSTEM, 1, 1, 134105812840355567, 134105812840355567 };

	(void)state;
	assert_true(etl_timebase_filetime(&base, 134105813044511103) == 134105813044511103);
	assert_true(etl_timebase_raw(&base, 134105813044511103) == 134105813044511103);
}

static void odd_frequencies_round_down(void **state)
{
	/* CrossMachineHTTP: 1818300 Hz */
	const struct etl_timebase base = { ETL_CLOCK_PERF, 10000000, 1818300, 1930348473284, 1000000000 };

	(void)state;
	/* 10^7 / 1818300 = 5.4996... */
	assert_true(etl_timebase_filetime(&base, base.raw0 + 1) == 1000000005);
	assert_true(etl_timebase_filetime(&base, base.raw0 + 2) == 1000000010);
	assert_true(etl_timebase_filetime(&base, base.raw0 + 1818300) == 1010000000);
	assert_true(etl_timebase_filetime(&base, base.raw0 - 1) == 999999994);
	assert_true(etl_timebase_filetime(&base, base.raw0 - 1818300) == 990000000);
	/* a year of ticks: no rounding error may pile up */
	assert_true(etl_timebase_filetime(&base, base.raw0 + 31536000ull * 1818300) ==
		    1000000000 + 315360000000000);
}

static void raw_is_the_first_tick_at_a_filetime(void **state)
{
	const struct etl_timebase bases[] = {
		{ ETL_CLOCK_PERF, 10000000, 1818300, 1u << 30, 1u << 30 },
		{ ETL_CLOCK_PERF, 10000000, 2995200000, 1ull << 40, 1u << 30 },
		{ ETL_CLOCK_CYCLES, 10, 4491, 1ull << 40, 1u << 30 },
	};
	size_t i;
	int64_t d;

	(void)state;
	for (i = 0; i < sizeof(bases) / sizeof(*bases); i++) {
		for (d = -1000; d <= 1000; d += 7) {
			uint64_t wanted = bases[i].start + (uint64_t)d;
			uint64_t raw = etl_timebase_raw(&bases[i], wanted);

			assert_true(etl_timebase_filetime(&bases[i], raw) >= wanted);
			assert_true(etl_timebase_filetime(&bases[i], raw - 1) < wanted);
		}
	}
}

static void impossible_times_saturate(void **state)
{
	const struct etl_timebase base = { ETL_CLOCK_PERF, 10000000, 3000000000, 1000, 1ull << 56 };
	const struct etl_timebase none = { 0 };

	(void)state;
	assert_true(etl_timebase_raw(&base, 0) == 0);
	assert_true(etl_timebase_raw(&base, UINT64_MAX) == UINT64_MAX);
	assert_true(etl_timebase_filetime(&none, 5) == 0);
	assert_true(etl_timebase_raw(&none, 5) == 0);
}

/* ---- plain LZ77: the examples of MS-XCA section 3.1, and damage --------------------------- */

static void lz77_expands_the_published_examples(void **state)
{
	static const unsigned char letters[] = "\x3f\0\0\0abcdefghijklmnopqrstuvwxyz";
	static const unsigned char repeated[] = {
		0xff, 0xff, 0xff, 0x1f, 0x61, 0x62, 0x63, 0x17, 0x00, 0x0f, 0xff, 0x26, 0x01,
	};
	unsigned char out[300];
	size_t i;

	(void)state;
	assert_int_equal(etl_lz77_expand(letters, sizeof(letters) - 1, out, 26), 26);
	assert_memory_equal(out, "abcdefghijklmnopqrstuvwxyz", 26);
	assert_int_equal(etl_lz77_expand(repeated, sizeof(repeated), out, 300), 300);
	for (i = 0; i < sizeof(out); i++)
		assert_int_equal(out[i], "abc"[i % 3]);
}

static void lz77_stops_where_input_ends(void **state)
{
	static const unsigned char repeated[] = {
		0xff, 0xff, 0xff, 0x1f, 0x61, 0x62, 0x63, 0x17, 0x00, 0x0f, 0xff, 0x26, 0x01,
	};
	unsigned char out[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(repeated); i++) {
		unsigned char *exact = malloc(i + 1);

		assert_non_null(exact);
		memcpy(exact, repeated, i);
		assert_in_range(etl_lz77_expand(exact, i, out, sizeof(out)), 0, 3);
		free(exact);
	}
}

static void lz77_refuses_to_look_before_its_output(void **state)
{
	/* one literal, then a match at distance 2 */
	static const unsigned char far[] = { 0, 0, 0, 0x40, 'a', 0x08, 0x00 };
	/* a 16-bit length below what its coding can stand for */
	static const unsigned char low[] = { 0, 0, 0, 0x40, 'a', 0x07, 0x00, 0x0f, 0xff, 0x15, 0x00 };
	unsigned char out[8];

	(void)state;
	assert_int_equal(etl_lz77_expand(far, sizeof(far), out, sizeof(out)), 1);
	assert_int_equal(etl_lz77_expand(low, sizeof(low), out, sizeof(out)), 1);
}

static void lz77_never_writes_beyond_the_room(void **state)
{
	/* "a", then 2^32 - 1 of them (32-bit length) */
	static const unsigned char bomb[] = {
		0, 0, 0, 0x40, 'a', 0x07, 0x00, 0x0f, 0xff, 0, 0, 0xff, 0xff, 0xff, 0xff,
	};
	unsigned char out[65];

	(void)state;
	out[64] = 0x55;
	assert_int_equal(etl_lz77_expand(bomb, sizeof(bomb), out, 64), 64);
	assert_int_equal(out[63], 'a');
	assert_int_equal(out[64], 0x55);
}

/* ---- errors -------------------------------------------------------------------------------- */

static void errors_name_file_and_place(void **state)
{
	struct etl_error err;
	struct etl_log *log;
	char text[300];

	(void)state;
	assert_int_equal(etl_open_memory(&log, "0123456789", 10, "ten", &err), -EBADMSG);
	etl_error_format(&err, text, sizeof(text));
	assert_string_equal(text, "ten: offset 0x0: too short to be an .etl file");
	assert_int_equal(etl_error_format(&err, text, 4), 45);
	assert_string_equal(text, "ten");
	assert_int_equal(etl_open(&log, &(const char *){ "/nowhere/x.etl" }, 1, &err), -ENOENT);
	etl_error_format(&err, text, sizeof(text));
	assert_string_equal(text, "/nowhere/x.etl: cannot open: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(guids_are_mixed_endian),
		cmocka_unit_test(what_is_no_guid_is_refused),
		cmocka_unit_test(utf16_becomes_utf8),
		cmocka_unit_test(utf8_is_never_cut_inside_a_character),
		cmocka_unit_test(utf8_becomes_utf16),
		cmocka_unit_test(system_time_is_exact),
		cmocka_unit_test(odd_frequencies_round_down),
		cmocka_unit_test(raw_is_the_first_tick_at_a_filetime),
		cmocka_unit_test(impossible_times_saturate),
		cmocka_unit_test(lz77_expands_the_published_examples),
		cmocka_unit_test(lz77_stops_where_input_ends),
		cmocka_unit_test(lz77_refuses_to_look_before_its_output),
		cmocka_unit_test(lz77_never_writes_beyond_the_room),
		cmocka_unit_test(errors_name_file_and_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
