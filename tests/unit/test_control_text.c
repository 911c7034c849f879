// SPDX-License-Identifier: GPL-2.0-or-later
/* libwmitrace: modes, session addresses, error texts. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "control.h"
#include "kernel-flags.h"
#include "mode.h"
#include "winerror.h"

static void mode_words_and_numbers_add_up(void **state)
{
	uint32_t mode = 0;

	(void)state;
	assert_int_equal(mode_parse("circular,kbytes", &mode, NULL), 0);
	assert_int_equal(mode, 0x2002);
	assert_int_equal(mode_parse("EVENT_TRACE_FILE_MODE_NEWFILE,use_local_sequence,0x10", &mode, NULL), 0);
	assert_int_equal(mode, 0x8018);
	assert_int_equal(mode_parse("No-Per-Processor-Buffering", &mode, NULL), 0);
	assert_int_equal(mode, 0x10000000);
	assert_int_equal(mode_parse("none", &mode, NULL), 0);
	assert_int_equal(mode, 0);
	assert_int_equal(mode_parse("0xffffffff", &mode, NULL), 0);
	assert_true(mode == 0xffffffff);
	assert_int_equal(mode_parse("1026", &mode, NULL), 0);
	assert_int_equal(mode, 0x402);
}

static void mode_names_the_bad_word(void **state)
{
	static const char *const bad[] = {
		"", ",", "circular,", "circle", "circularity", "0x100000000", "12abc", "-1", "0x",
	};
	const char *text = "circular,bufering", *word = NULL;
	uint32_t mode = 77;
	size_t i;

	(void)state;
	assert_int_equal(mode_parse(text, &mode, &word), -EINVAL);
	assert_ptr_equal(word, text + 9);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(mode_parse(bad[i], &mode, NULL), -EINVAL);
	assert_int_equal(mode, 77);
}

static void mode_format_is_undone_by_parse(void **state)
{
	char text[MODE_TEXT_MAX];
	uint32_t back;
	int bit;

	(void)state;
	for (bit = 0; bit < 32; bit++) {
		mode_format(1u << bit, text);
		assert_int_equal(mode_parse(text, &back, NULL), 0);
		assert_true(back == 1u << bit);
	}
	mode_format(0xffffffff, text);
	assert_int_equal(mode_parse(text, &back, NULL), 0);
	assert_true(back == 0xffffffff);
	mode_format(0, text);
	assert_string_equal(text, "none");
	mode_format(0x40000002, text);
	assert_string_equal(text, "circular,0x40000000");
}

static void kernel_flags_are_read_and_written_as_modes_are(void **state)
{
	char text[KERNEL_FLAGS_TEXT_MAX];
	const char *bad = NULL, *words = "process,cswitches";
	uint32_t flags = 0;
	int bit;

	(void)state;
	assert_int_equal(kernel_flags_parse("Process,disk_file,0x10", &flags, NULL), 0);
	assert_int_equal(flags, 0x211);
	assert_int_equal(kernel_flags_parse("none", &flags, &bad), 0);
	assert_int_equal(flags, 0);
	assert_int_equal(kernel_flags_parse(words, &flags, &bad), -EINVAL);
	assert_ptr_equal(bad, words + 8);
	for (bit = 0; bit < 32; bit++) {
		kernel_flags_format(1u << bit, text);
		assert_int_equal(kernel_flags_parse(text, &flags, NULL), 0);
		assert_true(flags == 1u << bit);
	}
	kernel_flags_format(0x08000003, text);
	assert_string_equal(text, "process,thread,0x8000000");
	kernel_flags_format(0, text);
	assert_string_equal(text, "none");
	kernel_flags_format(UINT32_MAX, text);
	assert_int_equal(kernel_flags_parse(text, &flags, NULL), 0);
	assert_true(flags == UINT32_MAX);
}

static void address_is_a_number_or_a_name(void **state)
{
	static struct control_session s;
	static char longest[CONTROL_STRING_MAX + 1];

	(void)state;
	assert_int_equal(control_address(&s, "31"), 0);
	assert_int_equal(s.s.handle, 31);
	assert_string_equal(s.name, "");
	assert_int_equal(control_address(&s, "0"), 0);
	assert_int_equal(s.s.handle, 0xffff);
	assert_int_equal(control_address(&s, "32"), 0);
	assert_string_equal(s.name, "32");
	assert_int_equal(s.s.handle, 0);
	assert_int_equal(control_address(&s, "5a"), 0);
	assert_string_equal(s.name, "5a");
	assert_int_equal(control_address(&s, ""), -EINVAL);
	memset(longest, 'x', CONTROL_STRING_MAX - 1);
	assert_int_equal(control_address(&s, longest), 0);
	longest[CONTROL_STRING_MAX - 1] = 'x';
	assert_int_equal(control_address(&s, longest), -ENAMETOOLONG);
}

static void errors_have_names_and_texts(void **state)
{
	(void)state;
	assert_string_equal(winerror_name(183), "ERROR_ALREADY_EXISTS");
	assert_string_equal(winerror_name(4201), "ERROR_WMI_INSTANCE_NOT_FOUND");
	assert_non_null(winerror_text(1450));
	assert_null(winerror_name(999999));
	assert_null(winerror_text(999999));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mode_words_and_numbers_add_up),
		cmocka_unit_test(mode_names_the_bad_word),
		cmocka_unit_test(mode_format_is_undone_by_parse),
		cmocka_unit_test(kernel_flags_are_read_and_written_as_modes_are),
		cmocka_unit_test(address_is_a_number_or_a_name),
		cmocka_unit_test(errors_have_names_and_texts),
	};

	return cmocka_run_group_tests_name("control: text", tests, NULL, NULL);
}
