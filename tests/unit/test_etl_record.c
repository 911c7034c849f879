// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libetl: record headers.  The bytes are written down from docs/etl-format.md
 * sections 4 and 10 and from the worked examples of the kernel logger; each
 * record is parsed, its fields are compared, and encoding gives the bytes back.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "etl.h"

/* ---- tools -------------------------------------------------------------------- */

static size_t unhex(const char *text, unsigned char *to)
{
	size_t n = 0;
	int high = -1;

	for (; *text; text++) {
		int digit = *text >= 'a' ? *text - 'a' + 10 : *text - '0';

		if (*text == ' ')
			continue;
		if (high < 0) {
			high = digit;
		} else {
			to[n++] = (unsigned char)(high << 4 | digit);
			high = -1;
		}
	}
	return n;
}

/* Parses @hex, which must be one record, and encodes it again. */
static struct etl_record parse(const char *hex, unsigned char bytes[512])
{
	unsigned char again[1024];
	struct etl_record rec = { 0 };
	struct etl_block block;
	const char *reason = NULL;
	size_t size = unhex(hex, bytes);

	assert_int_equal(etl_record_parse(bytes, size, &rec, &reason), ETL_ALIGN(size));
	assert_int_equal(rec.size, size);
	etl_block_begin(&block, again, sizeof(again), 0, 0, 1);
	assert_int_equal(etl_block_put(&block, &rec), ETL_ALIGN(size));
	assert_memory_equal(again + 0x48, bytes, size);
	return rec;
}

static void assert_guid(const unsigned char *guid, const char *text)
{
	char got[ETL_GUID_TEXT];

	assert_non_null(guid);
	etl_guid_format(guid, got);
	assert_string_equal(got, text);
}

static const char *fault_of(const char *hex)
{
	unsigned char bytes[512];
	struct etl_record rec = { 0 };
	const char *reason = NULL;
	size_t size = unhex(hex, bytes);

	assert_int_equal(etl_record_parse(bytes, size, &rec, &reason), -EBADMSG);
	assert_non_null(reason);
	return reason;
}

/* ---- each header type ------------------------------------------------------------- */

/* etl-format 10: the first message of CldFlt0.etl */
static void message_of_windows(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse("3c000090 2b00aa00 08ef1828 546a6f39 22445a6e a4a98cf0"
				    "e239aab8 8670dc01 f4000000 04000000"
				    "1070aab0 88bbffff 101032ae 88bbffff 0f001cc0", b);

	(void)state;
	assert_int_equal(r.kind, ETL_KIND_MESSAGE);
	assert_int_equal(r.header, ETL_HEADER_MESSAGE);
	assert_int_equal(r.id, 0x2b);
	assert_int_equal(r.flags, 0xaa);
	assert_int_equal(r.has, ETL_HAS_FLAGS | ETL_HAS_GUID | ETL_HAS_TIME | ETL_HAS_THREAD);
	assert_guid(r.guid, "2818ef08-6a54-396f-2244-5a6ea4a98cf0");
	assert_true(r.time == 134105812840364514u);
	assert_int_equal(r.thread, 0xf4);
	assert_int_equal(r.process, 4);
	assert_int_equal(r.pointer_size, 8);
	assert_int_equal(r.payload_size, 20);
	assert_ptr_equal(r.payload, b + 0x28);
}

/* etl-format 4.5: parts are packed in the order sequence, component or GUID, time, system */
static void message_with_every_part(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse("2f000090 07006b00 11000000 000102030405060708090a0b0c0d0e0f"
				    "8877665544332211 02000000 01000000 aabbcc", b);

	(void)state;
	assert_int_equal(r.has, ETL_HAS_FLAGS | ETL_HAS_GUID | ETL_HAS_TIME | ETL_HAS_THREAD |
				ETL_HAS_SEQUENCE);
	assert_int_equal(r.sequence, 0x11);
	assert_guid(r.guid, "03020100-0504-0706-0809-0a0b0c0d0e0f");
	assert_true(r.time == 0x1122334455667788);
	assert_int_equal(r.thread, 2);
	assert_int_equal(r.process, 1);
	assert_int_equal(r.pointer_size, 4);
	assert_int_equal(r.payload_size, 3);
}

/* A component id wins over a GUID; PERFORMANCE_TIMESTAMP is no part. */
static void message_with_component_and_guid_flags(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse("0e000090 0a001600 78563412 6869", b);

	(void)state;
	assert_int_equal(r.has, ETL_HAS_FLAGS | ETL_HAS_COMPONENT);
	assert_int_equal(r.component, 0x12345678);
	assert_null(r.guid);
	assert_int_equal(r.pointer_size, 0);
	assert_memory_equal(r.payload, "hi", 2);
}

static void message_without_time_keeps_the_time_before(void **state)
{
	static const unsigned char b[] = { 8, 0, 0, 0x90, 1, 0, 0, 0 };
	struct etl_record r = { .time = 42 };
	const char *reason;

	(void)state;
	assert_int_equal(etl_record_parse(b, sizeof(b), &r, &reason), 8);
	assert_true(r.time == 42);
	assert_int_equal(r.has, ETL_HAS_FLAGS);
}

static void system64(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse("030002c0 24000103 d2040000 e1100000 1000000000000000"
				    "05000000 06000000 aabbccdd", b);

	(void)state;
	assert_int_equal(r.kind, ETL_KIND_SYSTEM);
	assert_int_equal(r.version, 3);
	assert_int_equal(r.id, 0x0301);
	assert_int_equal(r.opcode, 1);
	assert_int_equal(r.thread, 1234);
	assert_int_equal(r.process, 0x10e1);
	assert_true(r.time == 16);
	assert_int_equal(r.kernel_time, 5);
	assert_int_equal(r.user_time, 6);
	assert_int_equal(r.pointer_size, 8);
	assert_guid(r.guid, "3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c");
	assert_int_equal(r.payload_size, 4);
}

static void compact32(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse("020003c0 19000205 01000000 02000000 0300000000000000 7f", b);

	(void)state;
	assert_int_equal(r.kind, ETL_KIND_COMPACT);
	assert_int_equal(r.has & ETL_HAS_TIMES, 0);
	assert_int_equal(r.pointer_size, 4);
	assert_int_equal(r.payload_size, 1);
	assert_guid(r.guid, "3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c");
}

/* The worked CSwitch of the kernel logger's description */
static void perfinfo64(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse("020011c0 28002405 7856341200000000 d204000000000000"
				    "08000100 00000203 05000000 00000000", b);

	(void)state;
	assert_int_equal(r.kind, ETL_KIND_PERFINFO);
	assert_int_equal(r.has, ETL_HAS_TIME | ETL_HAS_OPCODE | ETL_HAS_VERSION | ETL_HAS_GUID);
	assert_int_equal(r.id, 0x0524);
	assert_true(r.time == 0x12345678);
	assert_int_equal(r.payload_size, 24);
}

/* etl-format 4.2: PEBS index first, then the counters */
static void perfinfo32_with_counters(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse("048210c0 2a002e0f 0100000000000000 0a00000000000000"
				    "0b00000000000000 0c00000000000000 abcd", b);

	(void)state;
	assert_int_equal(r.version, 4);
	assert_true(r.has & ETL_HAS_PEBS);
	assert_true(r.pebs == 10);
	assert_int_equal(r.ext_size, 16);
	assert_int_equal(r.ext[0], 11);
	assert_int_equal(r.ext[8], 12);
	assert_int_equal(r.payload_size, 2);
	assert_int_equal(r.pointer_size, 4);
}

static void image_load_is_of_the_image_class(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse("030011c0 10000a03 0000000000000000", b);

	(void)state;
	assert_guid(r.guid, "2cb15d1d-5fc1-11d2-abe1-00a0c911f518");
}

static void groups_without_class_have_no_guid(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse("030011c0 10000a10 0000000000000000", b);

	(void)state;
	assert_null(r.guid);
	assert_false(r.has & ETL_HAS_GUID);
	r = parse("030011c0 10000aff 0000000000000000", b);
	assert_null(r.guid);
}

static void full64(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse("320014c0 0a040201 11000000 22000000 3300000000000000"
				    "000102030405060708090a0b0c0d0e0f 44000000 55000000 beef", b);

	(void)state;
	assert_int_equal(r.kind, ETL_KIND_FULL);
	assert_int_equal(r.id, 0x0a);
	assert_int_equal(r.opcode, 0x0a);
	assert_int_equal(r.level, 4);
	assert_int_equal(r.version, 0x0102);
	assert_int_equal(r.thread, 0x11);
	assert_int_equal(r.process, 0x22);
	assert_true(r.time == 0x33);
	assert_guid(r.guid, "03020100-0504-0706-0809-0a0b0c0d0e0f");
	assert_int_equal(r.kernel_time, 0x44);
	assert_int_equal(r.user_time, 0x55);
	assert_int_equal(r.payload_size, 2);
}

static void instance32(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse("48000bc0 01020300 11000000 22000000 3300000000000000"
				    "000102030405060708090a0b0c0d0e0f 44000000 55000000"
				    "66000000 77000000 101112131415161718191a1b1c1d1e1f", b);

	(void)state;
	assert_int_equal(r.kind, ETL_KIND_INSTANCE);
	assert_true(r.has & ETL_HAS_RELATED);
	assert_int_equal(r.instance, 0x66);
	assert_int_equal(r.parent_instance, 0x77);
	assert_guid(r.parent_guid, "13121110-1514-1716-1819-1a1b1c1d1e1f");
	assert_int_equal(r.payload_size, 0);
	assert_int_equal(r.pointer_size, 4);
}

static void error_header(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse("0c000dc0 0102030405060708", b);

	(void)state;
	assert_int_equal(r.kind, ETL_KIND_ERROR);
	assert_int_equal(r.payload_size, 8);
	assert_int_equal(r.has, 0);
}

static const char worked_event[] =
	"a50013c001000000d2040000d2040000 00100000000000003319 11d69dd63b55"
	"7cfb93daf4c6acbc0000000b04000000 01000000000000000000000000000000"
	"00000000000000000000000000000000 18000c0001000e000e004c696e75782e"
	"73636865640000003000 0b0000002300 2300007363686564 5f77616b65757000"
	"636f6d6d00822370 6964008705707269 6f00070000000000 6261736800d20400"
	"0078000000";

static void event64_with_items(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse(worked_event, b);
	struct etl_ext item = { 0 };

	(void)state;
	assert_int_equal(r.kind, ETL_KIND_EVENT);
	assert_int_equal(r.flags, 1);
	assert_int_equal(r.thread, 1234);
	assert_true(r.time == 0x1000);
	assert_guid(r.guid, "d6111933-d69d-553b-7cfb-93daf4c6acbc");
	assert_int_equal(r.channel, 11);
	assert_int_equal(r.level, 4);
	assert_true(r.keyword == 1);
	assert_ptr_equal(r.activity, b + 0x40);
	assert_int_equal(r.payload_size, 13);
	assert_memory_equal(r.payload, "bash", 5);
	assert_true(etl_ext_next(&r, &item));
	assert_int_equal(item.type, ETL_EXT_PROVIDER_TRAITS);
	assert_int_equal(item.size, 14);
	assert_memory_equal(item.data + 2, "Linux.sched", 12);
	assert_true(etl_ext_next(&r, &item));
	assert_int_equal(item.type, ETL_EXT_EVENT_SCHEMA);
	assert_int_equal(item.size, 35);
	assert_false(etl_ext_next(&r, &item));
}

static void event32_without_items(void **state)
{
	unsigned char b[512];
	struct etl_record r = parse("510012c0 00000800 01000000 02000000 0300000000000000"
				    "000102030405060708090a0b0c0d0e0f 41 1f 03 10 05 02 3412"
				    "8800000000000080 07000000 08000000"
				    "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff 5a", b);

	(void)state;
	assert_int_equal(r.id, 0x1f41);
	assert_int_equal(r.version, 3);
	assert_int_equal(r.channel, 0x10);
	assert_int_equal(r.level, 5);
	assert_int_equal(r.opcode, 2);
	assert_int_equal(r.task, 0x1234);
	assert_int_equal(r.property, 8);
	assert_true(r.keyword == 0x8000000000000088);
	assert_int_equal(r.pointer_size, 4);
	assert_int_equal(r.payload_size, 1);
	assert_int_equal(r.ext_size, 0);
}

/* ---- what is no record ------------------------------------------------------------- */

static void fill_ends_the_records(void **state)
{
	static const unsigned char fill[16] = { 0xff, 0xff, 0xff, 0xff, 1, 2, 3 };
	struct etl_record r = { 0 };
	const char *reason;

	(void)state;
	assert_int_equal(etl_record_parse(fill, sizeof(fill), &r, &reason), 0);
	assert_int_equal(etl_record_parse(fill, 0, &r, &reason), 0);
	assert_int_equal(etl_record_parse(fill, 3, &r, &reason), 0);
}

static void damaged_headers_are_told(void **state)
{
	(void)state;
	/* zero, a WNODE, the unused 0xb0 form, half a header */
	assert_string_equal(fault_of("00000000 00000000"),
			    "no record header where a record is expected");
	assert_string_equal(fault_of("10000000 02000000 00000000 00000000"),
			    "no record header where a record is expected");
	assert_string_equal(fault_of("100000b0 02000000 00000000 00000000"),
			    "no record header where a record is expected");
	assert_string_equal(fault_of("10000090"), "a record header is cut off");
	/* the number of MESSAGE as header type, unused and unknown types */
	assert_string_equal(fault_of("10000fc0 00000000 00000000 00000000"),
			    "the record header type is unknown");
	assert_string_equal(fault_of("10000cc0 00000000 00000000 00000000"),
			    "the record header type is unknown");
	assert_string_equal(fault_of("1000ffc0 00000000 00000000 00000000"),
			    "the record header type is unknown");
}

static void lying_sizes_are_told(void **state)
{
	(void)state;
	assert_string_equal(fault_of("020011c0 0f002405 7856341200000000"),
			    "Size is smaller than the record header");
	assert_string_equal(fault_of("020011c0 11002405 7856341200000000"),
			    "Size reaches beyond the bytes in use");
	assert_string_equal(fault_of("07000090 00000000"), "Size is smaller than the record header");
	assert_string_equal(fault_of("09000090 00000000"), "Size reaches beyond the bytes in use");
	assert_string_equal(fault_of("1b000090 0000aa00 00000000 00000000 00000000 00000000 000000"),
			    "Size is smaller than the parts that the flags name");
	/* seven counters announced, one there */
	assert_string_equal(fault_of("020711c0 18002405 7856341200000000 0000000000000000"),
			    "Size is smaller than the counters");
}

/* Each fault of an item; the record's size is sound, so that the next one can be found. */
static void damaged_items_are_told(void **state)
{
	static const struct {
		uint16_t total, linkage, size;
		const char *fault;
	} cases[] = {
		{ 0, 0, 0, "an extended item has a wrong size" },
		{ 16, 0, 9, "an extended item has a wrong size" },
		{ 24, 0, 8, "an extended item has a wrong size" },
		{ 16, 1, 8, "the extended items do not end inside the record" },
	};
	unsigned char b[0x60] = { 0x60, 0, 0x13, 0xc0, 1 };
	struct etl_record r = { 0 };
	const char *reason;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		b[0x50] = (unsigned char)cases[i].total;
		b[0x52] = 1;
		b[0x54] = (unsigned char)cases[i].linkage;
		b[0x56] = (unsigned char)cases[i].size;
		assert_int_equal(etl_record_parse(b, sizeof(b), &r, &reason), -EBADMSG);
		assert_string_equal(reason, cases[i].fault);
		assert_int_equal(r.size, sizeof(b));
	}
	b[0x50] = 16;
	b[0x54] = 0;
	assert_int_equal(etl_record_parse(b, sizeof(b), &r, &reason), sizeof(b));
	assert_int_equal(r.payload_size, 0);
}

/* ---- encoding refuses what no record can be ------------------------------------------ */

static void encoder_refuses(void **state)
{
	static unsigned char payload[0x10000];
	unsigned char data[256];
	struct etl_record r = { .header = ETL_HEADER_FULL64, .payload = payload };
	struct etl_block block;

	(void)state;
	etl_block_begin(&block, data, sizeof(data), 0, 0, 1);
	r.payload_size = sizeof(data) - 0x48 - 0x30 + 1;
	assert_int_equal(etl_block_put(&block, &r), -ENOSPC);
	r.payload_size = 0x10000 - 0x30;
	assert_int_equal(etl_block_put(&block, &r), -EINVAL);
	r.payload_size = 0;
	r.header = 0x0c;
	assert_int_equal(etl_block_put(&block, &r), -EINVAL);
	r.header = ETL_HEADER_EVENT64;
	r.flags = ETL_EVENT_EXTENDED_INFO;
	assert_int_equal(etl_block_put(&block, &r), -EINVAL);
	assert_int_equal(block.used, 0x48);
	r.flags = 0;
	assert_int_equal(etl_block_put(&block, &r), 0x50);
}

static void items_are_linked_by_the_encoder(void **state)
{
	static const unsigned char wanted[] = {
		16, 0, 12, 0, 1, 0, 3, 0, 'a', 'b', 'c', 0, 0, 0, 0, 0,
		8, 0, 11, 0, 0, 0, 0, 0,
	};
	unsigned char items[24];
	uint32_t size = 0;

	(void)state;
	assert_int_equal(etl_ext_put(items, sizeof(items), &size, 12, "abc", 3), 0);
	assert_int_equal(etl_ext_put(items, sizeof(items), &size, 11, NULL, 0), 0);
	assert_int_equal(size, sizeof(wanted));
	assert_memory_equal(items, wanted, sizeof(wanted));
	assert_int_equal(etl_ext_put(items, sizeof(items), &size, 1, NULL, 0), -ENOSPC);
	assert_int_equal(etl_ext_put(items, sizeof(items), &size, 1, NULL, 0x10000), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(message_of_windows),
		cmocka_unit_test(message_with_every_part),
		cmocka_unit_test(message_with_component_and_guid_flags),
		cmocka_unit_test(message_without_time_keeps_the_time_before),
		cmocka_unit_test(system64),
		cmocka_unit_test(compact32),
		cmocka_unit_test(perfinfo64),
		cmocka_unit_test(perfinfo32_with_counters),
		cmocka_unit_test(image_load_is_of_the_image_class),
		cmocka_unit_test(groups_without_class_have_no_guid),
		cmocka_unit_test(full64),
		cmocka_unit_test(instance32),
		cmocka_unit_test(error_header),
		cmocka_unit_test(event64_with_items),
		cmocka_unit_test(event32_without_items),
		cmocka_unit_test(fill_ends_the_records),
		cmocka_unit_test(damaged_headers_are_told),
		cmocka_unit_test(lying_sizes_are_told),
		cmocka_unit_test(damaged_items_are_told),
		cmocka_unit_test(encoder_refuses),
		cmocka_unit_test(items_are_linked_by_the_encoder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
