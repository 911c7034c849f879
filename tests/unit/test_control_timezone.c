// SPDX-License-Identifier: GPL-2.0-or-later
/* libwmitrace: the system's time zone as a logfile header has it. */
#include <endian.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "timezone.h"

static void check_date(const struct etl_system_time *date, int month, int week, int weekday,
		       int hour, int minute)
{
	assert_int_equal(le16toh(date->year), 0);
	assert_int_equal(le16toh(date->month), month);
	assert_int_equal(le16toh(date->day), week);
	assert_int_equal(le16toh(date->weekday), weekday);
	assert_int_equal(le16toh(date->hour), hour);
	assert_int_equal(le16toh(date->minute), minute);
}

static void check_name(const __le16 *name, const char *text)
{
	size_t i;

	for (i = 0; i < strlen(text); i++)
		assert_int_equal(le16toh(name[i]), text[i]);
	assert_int_equal(name[i], 0);
}

/* Pacific time is what CldFlt0.etl has (etl-format section 10): bias 480, daylight bias -60. */
static void rule_with_dates(void **state)
{
	struct etl_time_zone z;

	(void)state;
	assert_int_equal(timezone_from_rule("PST8PDT,M3.2.0,M11.1.0", &z), 0);
	assert_int_equal((int32_t)le32toh(z.bias), 480);
	assert_int_equal((int32_t)le32toh(z.standard_bias), 0);
	assert_int_equal((int32_t)le32toh(z.daylight_bias), -60);
	check_name(z.standard_name, "PST");
	check_name(z.daylight_name, "PDT");
	check_date(&z.daylight_date, 3, 2, 0, 2, 0);
	check_date(&z.standard_date, 11, 1, 0, 2, 0);

	assert_int_equal(timezone_from_rule("CET-1CEST,M3.5.0,M10.5.0/3", &z), 0);
	assert_int_equal((int32_t)le32toh(z.bias), -60);
	check_date(&z.daylight_date, 3, 5, 0, 2, 0);
	check_date(&z.standard_date, 10, 5, 0, 3, 0);
}

static void rule_with_its_own_offsets(void **state)
{
	struct etl_time_zone z;

	(void)state;
	assert_int_equal(timezone_from_rule("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", &z), 0);
	assert_int_equal((int32_t)le32toh(z.bias), -630);
	assert_int_equal((int32_t)le32toh(z.daylight_bias), -30);
	check_name(z.standard_name, "+1030");
	check_name(z.daylight_name, "+11");

	assert_int_equal(timezone_from_rule("IST-1GMT0,M10.5.0,M3.5.0/1", &z), 0);
	assert_int_equal((int32_t)le32toh(z.bias), -60);
	assert_int_equal((int32_t)le32toh(z.daylight_bias), 60);
}

static void hours_outside_a_day_move_the_weekday(void **state)
{
	struct etl_time_zone z;

	(void)state;
	assert_int_equal(timezone_from_rule("IST-2IDT,M3.4.4/26,M10.5.0", &z), 0);
	check_date(&z.daylight_date, 3, 4, 5, 2, 0);
	assert_int_equal(timezone_from_rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", &z), 0);
	check_date(&z.daylight_date, 3, 5, 6, 23, 0);
	check_date(&z.standard_date, 10, 5, 0, 0, 0);
}

static void rule_without_daylight_time(void **state)
{
	struct etl_time_zone z;

	(void)state;
	assert_int_equal(timezone_from_rule("UTC0", &z), 0);
	assert_int_equal(le32toh(z.bias), 0);
	check_name(z.standard_name, "UTC");
	assert_int_equal(le16toh(z.daylight_date.month), 0);
	assert_int_equal(timezone_from_rule("<+0545>-5:45", &z), 0);
	assert_int_equal((int32_t)le32toh(z.bias), -345);
	/* By day of the year: no counterpart. */
	assert_int_equal(timezone_from_rule("AAA3BBB,J60,J300", &z), 0);
	assert_int_equal(le16toh(z.daylight_date.month), 0);
	assert_int_equal(le32toh(z.daylight_bias), 0);
}

static void other_text_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "CE-1", "CET", "<CET-1", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
		"CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0/x", "CET-1CEST,M3.5.0,M10.5.0 ", "Europe/Berlin",
	};
	struct etl_time_zone z, before;
	size_t i;

	(void)state;
	memset(&z, 0x5a, sizeof(z));
	before = z;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(timezone_from_rule(bad[i], &z), -EINVAL);
	assert_memory_equal(&z, &before, sizeof(z));
}

static void long_names_are_cut(void **state)
{
	struct etl_time_zone z;

	(void)state;
	assert_int_equal(timezone_from_rule("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMN1", &z), 0);
	check_name(z.standard_name, "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE");
}

static void environment_wins(void **state)
{
	struct etl_time_zone z;

	(void)state;
	setenv("TZ", "AAA-3:30", 1);
	timezone_of_system(&z);
	assert_int_equal((int32_t)le32toh(z.bias), -210);
	check_name(z.standard_name, "AAA");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_with_dates),
		cmocka_unit_test(rule_with_its_own_offsets),
		cmocka_unit_test(hours_outside_a_day_move_the_weekday),
		cmocka_unit_test(rule_without_daylight_time),
		cmocka_unit_test(other_text_is_refused),
		cmocka_unit_test(long_names_are_cut),
		cmocka_unit_test(environment_wins),
	};

	return cmocka_run_group_tests_name("control: time zone", tests, NULL, NULL);
}
