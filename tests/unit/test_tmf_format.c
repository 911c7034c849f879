// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages as text.  The expected strings are those of real tracefmt output
 * where wpp-tmf section 9 has one (W8), otherwise that section's description.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "tmf.h"

#define FILE_LINE	"6f1a2c30-95d4-3b7e-2a11-5c0d9e8f7a6b mydriver // SRC=main.c MJ= MN=\n"

static const unsigned char guid[16] = { 0x30, 0x2c, 0x1a, 0x6f, 0xd4, 0x95, 0x7e, 0x3b,
					0x2a, 0x11, 0x5c, 0x0d, 0x9e, 0x8f, 0x7a, 0x6b };

/* A record of 2026-11-21 22:45:00.1234567 UTC on CPU 1. */
static const struct etl_buffer buffer = { .cpu = 1 };
static const struct etl_timebase timebase = { .type = 2, .num = 1, .den = 1 };

static struct etl_record record_of(const void *payload, size_t size)
{
	return (struct etl_record){
		.buffer = &buffer,
		.timebase = &timebase,
		.guid = guid,
		.payload = payload,
		.payload_size = size,
		.time = 134397747001234567,
		.kind = ETL_KIND_MESSAGE,
		.has = ETL_HAS_TIME | ETL_HAS_THREAD | ETL_HAS_GUID,
		.id = 10,
		.thread = 1234,
		.process = 1200,
		.pointer_size = 8,
	};
}

/* One statement with a format and the types of its arguments, "ItemLong ItemPtr". */
static struct etl_tmf *statement(const char *format, const char *items, const char *more)
{
	char text[4096], list[2048] = "", names[1024], *item;
	struct etl_error err = { .code = 0 };
	struct etl_tmf *tmf;
	int number = 10;

	snprintf(names, sizeof(names), "%s", items);
	for (item = strtok(names, " "); item; item = strtok(NULL, " "))
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "x, %s -- %d\n", item,
			 number++);
	snprintf(text, sizeof(text),
		 FILE_LINE "%s#typev main_c120 10 \"%s\" //   LEVEL=TRACE_LEVEL_ERROR FLAGS=IO FUNC=Read\n{\n%s}\n",
		 more, format, list);
	assert_int_equal(etl_tmf_new(&tmf), 0);
	if (etl_tmf_parse(tmf, text, strlen(text), "test.tmf", &err))
		fail_msg("%s", err.reason);
	return tmf;
}

static void check_with(const char *format, const char *items, const char *more,
		       const struct etl_tmf_style *style, struct etl_record rec,
		       const char *expected)
{
	struct etl_tmf *tmf = statement(format, items, more);
	const struct etl_tmf_message *m = etl_tmf_find_record(tmf, &rec);
	size_t len = strlen(expected), size;
	char *text;

	assert_non_null(m);
	/* Whatever the room is: the length is right, the text is cut off and ended. */
	for (size = 0; size < len + 3; size++) {
		text = malloc(size);
		assert_int_equal(etl_tmf_format(m, &rec, style, text, size), len);
		if (size > len)
			assert_string_equal(text, expected);
		else if (size) {
			assert_int_equal(text[size - 1], 0);
			/* Half a UTF-8 character is not written: shorter is allowed. */
			assert_memory_equal(text, expected, strlen(text));
			assert_true(strlen(text) + 4 > size - 1);
		}
		free(text);
	}
	etl_tmf_free(tmf);
}

/* @payload is a string literal: its bytes without the last NUL. */
#define CHECK(format, items, payload, expected)						\
	check_with(format, items, "", NULL, record_of(payload, sizeof(payload) - 1), expected)

static void test_integers(void **state)
{
	(void)state;
	CHECK("%0sint i=%10!d! neg=%11!d! i64=%12!I64d!", "ItemLong ItemLong ItemLongLong",
	      "\x2a\0\0\0\x18\xfc\xff\xff\0\x0e\xfa\xd5\xfe\xff\xff\xff",
	      "sint i=42 neg=-1000 i64=-5000000000");
	CHECK("%0uint u=%10!u! hex=0x%11!x! x64=0x%12!I64x!", "ItemLong ItemLong ItemLongLongX",
	      "\0\x28\x6b\xee\xef\xcd\xab\0\xfe\xca\xef\xbe\xad\xde\0\0",
	      "uint u=4000000000 hex=0xabcdef x64=0xdeadbeefcafe");
	CHECK("%0widths z=%10!05d! h=%11!08x!", "ItemLong ItemLong", "\x2a\0\0\0\xef\xbe\0\0",
	      "widths z=00042 h=0000beef");
	CHECK("%10!012I64X!|%11!I64o!|%12!I64u!", "ItemLongLongXX ItemLongLongO ItemULongLong",
	      "\xef\xcd\xab\0\0\0\0\0\xff\1\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff",
	      "000000ABCDEF|777|18446744073709551615");
	CHECK("%10!d! %11!u! %12!hd! %13!hu! %14!c!", "ItemChar ItemUChar ItemShort ItemUShort ItemChar",
	      "\xff\xff\xfe\xff\xfe\xff\x41", "-1 255 -2 65534 A");
	CHECK("[%10!-6d!] [%11!+d!] [%12!6.3d!] [%13!#x!] [%14!ld!]",
	      "ItemLong ItemLong ItemLong ItemLong ItemLong",
	      "\7\0\0\0\7\0\0\0\7\0\0\0\7\0\0\0\xff\xff\xff\xff", "[7     ] [+7] [   007] [0x7] [-1]");
	CHECK("%10!s! %11!s! %12!s!", "ItemLong ItemULong ItemLongLongX",
	      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0", "-1 4294967295 ff");
	CHECK("%10!hx! %10!hhx! %10!hd! %10!hhu!", "ItemLong", "\xff\x80\x34\x12", "80ff ff -32513 255");
	CHECK("%11!d! %10!d!", "ItemLong ItemLong", "\1\0\0\0\2\0\0\0", "2 1");
}

static void test_pointers(void **state)
{
	struct etl_record rec = record_of("\x78\x56\x34\x12\x2a\0\0\0", 8);

	(void)state;
	CHECK("%0ptr p=%10!p! null=%11!p!", "ItemPtr ItemPtr", "\x78\x56\x34\x12\xf0\x7f\0\0\0\0\0\0\0\0\0\0",
	      "ptr p=00007FF012345678 null=0000000000000000");
	CHECK("%10!Iu! %11!Ix!", "ItemPtr ItemPtr", "\x0a\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0", "10 a");
	rec.pointer_size = 4;
	check_with("%10!p! %11!d!", "ItemPtr ItemLong", "", NULL, rec, "12345678 42");
}

static void test_strings(void **state)
{
	(void)state;
	CHECK("%0strtrace name=%10!s! id=%11!d! tag=END", "ItemString ItemLong", "alpha\0\0\0\0\0",
	      "strtrace name=alpha id=0 tag=END");
	CHECK("%0widetrace user=%10!s! role=admin", "ItemWString", "r\0o\0o\0t\0\0\0",
	      "widetrace user=root role=admin");
	CHECK("%10!s!|%11!s!|%12!s!|%13!d!", "ItemPString ItemPWString ItemPString ItemLong",
	      "\2\0ab\4\0x\0\xe9\0\0\0\7\0\0\0", "ab|x\xc3\xa9||7");
	CHECK("%10!s!|%11!s!", "ItemRString ItemRWString", "a\tb\n\0c\0\r\0\0\0", "a b |c ");
	CHECK("[%10!-6s!][%11!6s!][%12!.2s!]", "ItemString ItemString ItemString", "ab\0cd\0efgh\0",
	      "[ab    ][    cd][ef]");
	CHECK("[%10!5s!]", "ItemWString", "\xe9\0\0\0", "[   \xc3\xa9]");
	CHECK("%10!s!", "ItemHexDump", "\4\0\xde\xad\xbe\xef", "de ad be ef");
	CHECK("%10!s!", "ItemChar4", "RGBA", "RGBA");
}

/* W20: what is not in the record is empty, and nothing behind it is read. */
static void test_short_records(void **state)
{
	static const char payload[] = "\x2a\0\0\0\5\0abcde";
	char *copy;
	size_t size;

	(void)state;
	CHECK("%10!d! %11!d!.", "ItemLong ItemLong", "\x2a\0\0\0\1\0\0", "42 .");
	CHECK("%10!s! %11!d!.", "ItemPString ItemLong", "\5\0abcd", " .");
	CHECK("%10!s!.", "ItemString", "abc", "abc.");
	CHECK("%10!s! %11!d!.", "ItemNoSuch ItemLong", "\1\0\0\0\2\0\0\0", " .");
	for (size = 0; size < sizeof(payload) - 1; size++) {	/* for AddressSanitizer */
		copy = malloc(size);
		memcpy(copy, payload, size);
		check_with("%10!d!%11!s!", "ItemLong ItemPString", "", NULL, record_of(copy, size),
			   size < 4 ? "" : "42");
		free(copy);
	}
}

static void test_codes(void **state)
{
	(void)state;
	CHECK("%10!s! %11!s!", "ItemNTSTATUS ItemNTSTATUS", "\5\0\0\xc0\x78\x56\x34\x12",
	      "0xc0000005(STATUS_ACCESS_VIOLATION) 0x12345678");
	CHECK("%10!s! %11!s! %12!s!", "ItemHRESULT ItemHRESULT ItemHRESULT",
	      "\3\x40\0\x80\5\0\7\x80\0\0\0\0",
	      "0x80004003(E_POINTER) 0x80070005(ERROR_ACCESS_DENIED) 0x00000000(S_OK)");
	CHECK("%10!s! %11!s!", "ItemWINERROR ItemWINERROR", "\2\0\0\0\xf0\xf0\xf0\xf0",
	      "2(ERROR_FILE_NOT_FOUND) 4042322160");
	CHECK("%10!s! %11!s!", "ItemNDIS_STATUS ItemNDIS_OID", "\x0b\0\1\x40\1\1\1\0",
	      "0x4001000b(NDIS_STATUS_MEDIA_CONNECT) 0x00010101(OID_GEN_SUPPORTED_LIST)");
	assert_string_equal(etl_winerror_name(10054), "WSAECONNRESET");
	assert_string_equal(etl_hresult_name(0xd0000022), "STATUS_ACCESS_DENIED");
	assert_null(etl_ntstatus_name(0xdeadbeef));
}

static void test_addresses(void **state)
{
	(void)state;
	CHECK("%10!s!", "ItemGuid", "\x30\x2c\x1a\x6f\xd4\x95\x7e\x3b\x2a\x11\x5c\x0d\x9e\x8f\x7a\x6b",
	      "6f1a2c30-95d4-3b7e-2a11-5c0d9e8f7a6b");
	CHECK("%10!s! %11!s!", "ItemSid ItemSid", "\1\1\0\0\0\0\0\5\x12\0\0\0NULL\0", "S-1-5-18 NULL");
	CHECK("%10!s!:%11!s!", "ItemIPAddr ItemPort", "\x7f\0\0\1\0\x50", "127.0.0.1:80");
	CHECK("%10!s!", "ItemIPV6Addr", "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1", "fe80::1");
	CHECK("%10!s!", "ItemMACAddr", "\0\x1b\x44\x11\x3a\xb7", "00-1b-44-11-3a-b7");
}

static void test_lists(void **state)
{
	static const char enums[] = "#enumv _STATE // a comment\n{\nStateIdle, 0x0\nStateActive, 0x1\n}\n"
				    "#enumv _FLAG\n{\nFlagRead, 0x1\nFlagWrite, 0x2\nFlagExec, 0x4\n}\n";

	(void)state;
	CHECK("%0b=%10!s! irql=%11!s!", "ItemListLong(false,true) ItemListByte(Low,APC,DPC)", "\1\0\0\0\2",
	      "b=0x00000001(true) irql=0x00000002(DPC)");
	CHECK("%10!s!", "ItemListShort(a,b)", "\7\0", "0x00000007");
	CHECK("%0set=%10!s!", "ItemSetLong(1,2,3,4)", "\5\0\0\0", "set=[1,3]");
	CHECK("%10!s!%11!s!", "ItemSetByte(x,y) ItemSetShort(1)", "\0\2\0", "[][2]");
	check_with("%10!s! %11!s!", "ItemEnum(_STATE) ItemFlagsEnum(_FLAG)", enums, NULL,
		   record_of("\1\0\0\0\5\0\0\0", 8), "StateActive FlagRead | FlagExec(0x5)");
	check_with("%10!s! %11!s!", "ItemEnum(STATE) ItemFlagsEnum(FLAG)", enums, NULL,
		   record_of("\1\0\0\0\5\0\0\0", 8), "StateActive FlagRead | FlagExec(0x5)");
	check_with("%10!s! %11!s!", "ItemEnum(_STATE) ItemEnum(_NONE)", enums, NULL,
		   record_of("\7\0\0\0\1\0\0\0", 8), "0x00000007 0x00000001");
}

static void test_doubles_and_times(void **state)
{
	static const struct etl_tmf_style local = { .flags = ETL_TMF_LOCAL_ITEMS };
	struct etl_record rec = record_of("\0\x69\5\xdf\x2e\xc0\xd5\1", 8);

	(void)state;
	CHECK("%10!s! %11!.2f!", "ItemDouble ItemDouble", "\0\0\0\0\0\x20\x09\x40\0\0\0\0\0\x20\x09\x40",
	      "3.14062 3.14");
	CHECK("%0ts=%10!s!", "ItemTimestamp", "\0\0\5\x69\x36\xc0\xd5\1", "ts=2020-01-01 00:00:00.000Z");
	CHECK("%10!s!", "ItemTimeDelta", "\x80\xf0\xfa\2\0\0\0\0", "5.000s");
	CHECK("%10!s!", "ItemTimeDelta", "\0\6\x2d\x4e\xc9\0\0\0", "1~0:01:00.000");
	CHECK("%10!s! %11!s!", "ItemWaitTime ItemWaitTime", "\x80\x0f\5\xfd\xff\xff\xff\xff\0\0\5\x69\x36\xc0\xd5\1",
	      "+5.000s 2020-01-01 00:00:00.000Z");
	setenv("TZ", "EST5", 1);
	tzset();
	check_with("%10!s!", "ItemTimestamp", "", &local, rec, "12/31/2019-18:06:02.000");
	setenv("TZ", "UTC", 1);
	tzset();
}

static void test_format_text(void **state)
{
	(void)state;
	CHECK("100%% [%!FUNC!] %!LEVEL! %!FLAGS! %!NONE!.", "", "", "100% [Read] TRACE_LEVEL_ERROR IO .");
	CHECK("a\\tb\\\\n \\\"q\\\"\\x41\\101 \\q\\n", "", "", "a\tb\\n \"q\"AA \\q\n");
	CHECK("%10!d! %99!d!|%!|%z", "ItemLong", "\1\0\0\0", "1 |%!|%z");
	CHECK("%10 %10!d", "ItemLong", "\1\0\0\0", "1 1!d");
}

/* W17, W18: the default prefix, and each variable. */
static void test_prefix(void **state)
{
	struct etl_tmf_style style = { .prefix = ETL_TMF_PREFIX, .flags = ETL_TMF_UTC };
	struct etl_record rec = record_of("", 0);
	char text[256];

	(void)state;
	check_with("%0op", "", "", &style, rec, "[1]04B0.04D2::11/21/2026-22:45:00.123 [mydriver]op");
	check_with("%0 op", "", "", &style, rec, "[1]04B0.04D2::11/21/2026-22:45:00.123 [mydriver] op");
	check_with("op", "", "", &style, rec, "op");
	style.flags |= ETL_TMF_HIRES;
	rec.sequence = 7;
	rec.kernel_time = 5;
	rec.user_time = 6;
	style.prefix = "%1!s!|%2!-12s!|%3!04x!|%4!s!|%5!d!|%6!d!|%7!d!|%8!d!|%9!03d!|%!FUNC!|%!LEVEL!|%!COMPNAME!|%0 ";
	check_with("%0.", "", "", &style, rec,
		   "mydriver|main_c120   |04d2|11/21/2026-22:45:00.1234567|5|6|7|1200|001|Read|TRACE_LEVEL_ERROR|| .");
	style.prefix = "%0";
	check_with("%0.", "", "", &style, rec, ".");
	style.prefix = NULL;
	check_with("%0.", "", "", &style, rec, ".");

	style.prefix = "[%1!s!] ";
	etl_tmf_format(NULL, &rec, &style, text, sizeof(text));
	assert_string_equal(text, "[Unknown] Unknown(10): GUID=6f1a2c30-95d4-3b7e-2a11-5c0d9e8f7a6b (No Format Information found).");
}

static void test_single_arguments(void **state)
{
	struct etl_tmf *tmf = statement("%11!5d! %% %0 %!FUNC! %10!x!", "ItemLong ItemLong", "");
	struct etl_record rec = record_of("\xff\0\0\0\7\0\0\0", 8);
	const struct etl_tmf_message *m = etl_tmf_find_record(tmf, &rec);
	char text[16];

	(void)state;
	assert_int_equal(etl_tmf_format_argument(m, &rec, NULL, 0, text, sizeof(text)), 2);
	assert_string_equal(text, "ff");
	etl_tmf_format_argument(m, &rec, NULL, 1, text, sizeof(text));
	assert_string_equal(text, "    7");
	assert_int_equal(etl_tmf_format_argument(m, &rec, NULL, 2, text, sizeof(text)), 0);
	etl_tmf_free(tmf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_pointers),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_short_records),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_doubles_and_times),
		cmocka_unit_test(test_format_text),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_single_arguments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
