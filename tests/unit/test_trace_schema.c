// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libwmitrace: trace events as TraceLogging events.  The worked record is that
 * of kernel-events 11.3, whose metadata, payload and GUID are what Microsoft's
 * own library makes of the same event.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <traceevent/event-parse.h>

#include <etl/bridge.h>

#include "etl.h"
#include "trace-schema.h"

static const char common[] =
	"ID: 317\n"
	"format:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n";

/* Parsed from a format file with these @fields; the handle lives until the next call. */
static struct tep_event *event_with(const char *name, const char *fields)
{
	static struct tep_handle *tep;
	struct tep_event *event = NULL;
	char format[16384];
	int size;

	tep_free(tep);
	tep = tep_alloc();
	tep_set_long_size(tep, 8);
	size = snprintf(format, sizeof(format), "name: %s\n%s%s\nprint fmt: \"\"\n", name, common, fields);
	assert_int_equal(tep_parse_format(tep, &event, format, (unsigned long)size, "sched"), 0);
	return event;
}

static void worked_record_is_made_byte_for_byte(void **state)
{
	static const unsigned char wanted[168] = {
		0xa5, 0x00, 0x13, 0xc0, 0x01, 0x00, 0x00, 0x00, 0xd2, 0x04, 0x00, 0x00, 0xd2, 0x04, 0x00, 0x00,
		0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x33, 0x19, 0x11, 0xd6, 0x9d, 0xd6, 0x3b, 0x55,
		0x7c, 0xfb, 0x93, 0xda, 0xf4, 0xc6, 0xac, 0xbc, 0x00, 0x00, 0x00, 0x0b, 0x04, 0x00, 0x00, 0x00,
		0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x18, 0x00, 0x0c, 0x00, 0x01, 0x00, 0x0e, 0x00, 0x0e, 0x00, 'L', 'i', 'n', 'u', 'x', '.',
		's', 'c', 'h', 'e', 'd', 0x00, 0x00, 0x00, 0x30, 0x00, 0x0b, 0x00, 0x00, 0x00, 0x23, 0x00,
		0x23, 0x00, 0x00, 's', 'c', 'h', 'e', 'd', '_', 'w', 'a', 'k', 'e', 'u', 'p', 0x00,
		'c', 'o', 'm', 'm', 0x00, 0x82, 0x23, 'p', 'i', 'd', 0x00, 0x87, 0x05, 'p', 'r', 'i',
		'o', 0x00, 0x07, 0x00, 0x00, 0x00, 0x00, 0x00, 'b', 'a', 's', 'h', 0x00, 0xd2, 0x04, 0x00,
		0x00, 0x78, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};
	struct tep_event *event = event_with("sched_wakeup",
		"\tfield:char comm[16];\toffset:8;\tsize:16;\tsigned:0;\n"
		"\tfield:pid_t pid;\toffset:24;\tsize:4;\tsigned:1;\n"
		"\tfield:int prio;\toffset:28;\tsize:4;\tsigned:1;\n");
	unsigned char trace[32] = "\x3d\x01\0\0\xd2\x04\0\0" "bash", payload[64], items[128], data[4096];
	const int pid = 1234, prio = 120;
	struct trace_schema s;
	struct etl_block block;
	struct etl_record rec = {
		.header = ETL_HEADER_EVENT64, .kind = ETL_KIND_EVENT, .time = 0x1000,
		.thread = 1234, .process = 1234, .flags = ETL_EVENT_EXTENDED_INFO,
		.channel = TRACE_SCHEMA_CHANNEL, .level = TRACE_SCHEMA_LEVEL,
		.keyword = TRACE_SCHEMA_KEYWORD, .ext = items, .payload = payload,
	};

	(void)state;
	memcpy(trace + 24, &pid, 4);
	memcpy(trace + 28, &prio, 4);
	assert_int_equal(trace_schema_make(&s, event), 0);
	assert_int_equal(s.op_count, 2);		/* pid and prio are one */
	rec.guid = s.guid;
	etl_ext_put(items, sizeof(items), &rec.ext_size, ETL_EXT_PROVIDER_TRAITS, s.traits, s.traits_size);
	etl_ext_put(items, sizeof(items), &rec.ext_size, ETL_EXT_EVENT_SCHEMA, s.schema, s.schema_size);
	rec.payload_size = etl_bridge_run(s.ops, s.op_count, trace, sizeof(trace), payload);
	etl_block_begin(&block, data, sizeof(data), 0, 0, 1);
	assert_int_equal(etl_block_put(&block, &rec), sizeof(wanted));
	assert_memory_equal(data + sizeof(struct etl_buffer_header), wanted, sizeof(wanted));
}

static void names_become_guids(void **state)
{
	char text[ETL_GUID_TEXT];
	unsigned char guid[16];

	(void)state;
	trace_schema_guid("MyProvider", guid);
	etl_guid_format(guid, text);
	assert_string_equal(text, "b3864c38-4273-58c5-545b-8b3608343471");
	trace_schema_guid("Linux.sched", guid);
	etl_guid_format(guid, text);
	assert_string_equal(text, "d6111933-d69d-553b-7cfb-93daf4c6acbc");
}

/* One field of @declaration: the schema behind its name is @in, of @in_size bytes. */
static void check_field(const char *declaration, const char *name, int size, int is_signed,
			const char *in, size_t in_size, unsigned int kind)
{
	struct trace_schema s;
	char field[256];
	size_t head;

	snprintf(field, sizeof(field), "\tfield:%s;\toffset:8;\tsize:%d;\tsigned:%d;\n", declaration,
		 size, is_signed);
	assert_int_equal(trace_schema_make(&s, event_with("e", field)), 0);
	head = 3 + sizeof("e") + strlen(name) + 1;
	assert_string_equal((char *)s.schema + 3 + sizeof("e"), name);
	assert_int_equal(s.schema_size, head + in_size);
	assert_memory_equal(s.schema + head, in, in_size);
	assert_int_equal(s.op_count, 1);
	assert_int_equal(s.ops[0].kind, kind);
	assert_true(etl_bridge_check(&s.ops[0]));
}

#define FIELD(declaration, name, size, is_signed, in, kind) \
	check_field(declaration, name, size, is_signed, in, sizeof(in) - 1, kind)

/* The rows of kernel-events 11.4. */
static void fields_have_the_types_of_the_table(void **state)
{
	(void)state;
	FIELD("char comm[16]", "comm", 16, 0, "\x82\x23", WMITRACE_BRIDGE_TEXT);
	FIELD("__data_loc char[] name", "name", 4, 0, "\x97\x23", WMITRACE_BRIDGE_DYNAMIC_TEXT);
	FIELD("__rel_loc char[] name", "name", 4, 0, "\x97\x23",
	      WMITRACE_BRIDGE_DYNAMIC_TEXT | WMITRACE_BRIDGE_RELATIVE);
	FIELD("__data_loc u32[] values", "values", 4, 0, "\x48", WMITRACE_BRIDGE_DYNAMIC_ARRAY);
	FIELD("__rel_loc s16[] values", "values", 4, 1, "\x45",
	      WMITRACE_BRIDGE_DYNAMIC_ARRAY | WMITRACE_BRIDGE_RELATIVE);
	FIELD("__data_loc const char[] name", "name", 4, 0, "\x97\x23", WMITRACE_BRIDGE_DYNAMIC_TEXT);
	FIELD("__data_loc unsigned long[] mask", "mask", 4, 0, "\x4a", WMITRACE_BRIDGE_DYNAMIC_ARRAY);
	FIELD("char buf[]", "buf", 0, 0, "\x82\x23", WMITRACE_BRIDGE_TEXT);
	FIELD("__data_loc cpumask_t[] cpus", "cpus", 4, 0, "\x0e", WMITRACE_BRIDGE_DYNAMIC_BINARY);
	FIELD("unsigned long args[6]", "args", 48, 0, "\x2a\6\0", WMITRACE_BRIDGE_COPY);
	FIELD("pid_t prev_pid", "prev_pid", 4, 1, "\x87\x05", WMITRACE_BRIDGE_COPY);
	FIELD("int pid", "pid", 4, 1, "\x87\x05", WMITRACE_BRIDGE_COPY);
	FIELD("const void * ptr", "ptr", 8, 0, "\x15", WMITRACE_BRIDGE_COPY);
	FIELD("void * location", "location", 8, 0, "\x95\x25", WMITRACE_BRIDGE_COPY);
	FIELD("unsigned long ip", "ip", 8, 0, "\x95\x25", WMITRACE_BRIDGE_COPY);
	FIELD("unsigned long addr", "addr", 8, 0, "\x15", WMITRACE_BRIDGE_COPY);
	FIELD("dev_t dev", "dev", 4, 0, "\x08", WMITRACE_BRIDGE_COPY);
	FIELD("gfp_t gfp", "gfp", 4, 0, "\x14", WMITRACE_BRIDGE_COPY);
	FIELD("unsigned int flags", "flags", 4, 0, "\x14", WMITRACE_BRIDGE_COPY);
	FIELD("bool success", "success", 1, 0, "\x84\x03", WMITRACE_BRIDGE_COPY);
	FIELD("__u8 saddr[4]", "saddr", 4, 0, "\x88\x08", WMITRACE_BRIDGE_COPY);
	FIELD("__u8 daddr_v6[16]", "daddr_v6", 16, 0, "\x8e\x09", WMITRACE_BRIDGE_BINARY);
	FIELD("s8 a", "a", 1, 1, "\x03", WMITRACE_BRIDGE_COPY);
	FIELD("u16 a", "a", 2, 0, "\x06", WMITRACE_BRIDGE_COPY);
	FIELD("long long a", "a", 8, 1, "\x09", WMITRACE_BRIDGE_COPY);
	FIELD("u64 a", "a", 8, 0, "\x0a", WMITRACE_BRIDGE_COPY);
	FIELD("struct thing a", "a", 24, 0, "\x0e", WMITRACE_BRIDGE_BINARY);
}

static void run_one(unsigned int kind, unsigned int offset, unsigned int size, const void *record,
		    unsigned int length, const char *wanted, size_t wanted_size)
{
	struct wmitrace_bridge_op op = { (__u16)kind, (__u16)offset, (__u16)size, 0 };
	unsigned char got[64];

	assert_int_equal(etl_bridge_run(&op, 1, record, length, NULL), wanted_size);
	assert_int_equal(etl_bridge_run(&op, 1, record, length, got), wanted_size);
	assert_memory_equal(got, wanted, wanted_size);
}

#define RUN(kind, offset, size, record, wanted) \
	run_one(kind, offset, size, record, sizeof(record) - 1, wanted, sizeof(wanted) - 1)

static void ranges_outside_of_the_record_are_empty(void **state)
{
	(void)state;
	RUN(WMITRACE_BRIDGE_DYNAMIC_TEXT, 0, 0, "\4\0\3\0ab\0", "\2\0ab");
	RUN(WMITRACE_BRIDGE_DYNAMIC_TEXT, 0, 0, "\4\0\4\0ab\0", "\0\0");
	RUN(WMITRACE_BRIDGE_DYNAMIC_TEXT, 0, 0, "\xff\xff\xff\xff" "ab", "\0\0");
	RUN(WMITRACE_BRIDGE_DYNAMIC_TEXT, 4, 0, "\4\0\3\0ab\0", "\0\0");
	RUN(WMITRACE_BRIDGE_DYNAMIC_TEXT | WMITRACE_BRIDGE_RELATIVE, 0, 0, "\0\0\3\0ab\0", "\2\0ab");
	RUN(WMITRACE_BRIDGE_DYNAMIC_ARRAY, 0, 2, "\4\0\5\0\1\0\2\0\3", "\2\0\1\0\2\0");
	RUN(WMITRACE_BRIDGE_DYNAMIC_BINARY, 0, 0, "\4\0\2\0xy", "\2\0xy");
	RUN(WMITRACE_BRIDGE_TEXT, 2, 4, "..abcdef", "abcd\0");
	RUN(WMITRACE_BRIDGE_TEXT, 2, 16, "..ab", "ab\0");
	RUN(WMITRACE_BRIDGE_TEXT, 9, 16, "..ab", "\0");
	RUN(WMITRACE_BRIDGE_COPY, 2, 4, "..ab", "ab\0\0");
	RUN(WMITRACE_BRIDGE_BINARY, 1, 2, ".ab", "\2\0ab");
}

static void operations_that_make_no_sense_are_refused(void **state)
{
	static const struct wmitrace_bridge_op bad[] = {
		{ WMITRACE_BRIDGE_COPY, 8, 0, 0 },
		{ WMITRACE_BRIDGE_COPY, 8, 4, 1 },
		{ WMITRACE_BRIDGE_COPY | WMITRACE_BRIDGE_RELATIVE, 8, 4, 0 },
		{ WMITRACE_BRIDGE_DYNAMIC_ARRAY, 8, 0, 0 },
		{ 6, 8, 4, 0 },
		{ 0x200, 8, 4, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(etl_bridge_check(&bad[i]));
}

static void too_many_fields_are_named(void **state)
{
	static char fields[8192];
	struct trace_schema s;
	size_t used = 0;
	int i;

	(void)state;
	for (i = 0; i < 129; i++)
		used += (size_t)snprintf(fields + used, sizeof(fields) - used,
					 "\tfield:u8 f%d;\toffset:%d;\tsize:1;\tsigned:0;\n", i, 8 + i);
	assert_int_not_equal(trace_schema_make(&s, event_with("many", fields)), 0);
	assert_string_equal(s.reason, "sched:many: more than 128 fields");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_record_is_made_byte_for_byte),
		cmocka_unit_test(names_become_guids),
		cmocka_unit_test(fields_have_the_types_of_the_table),
		cmocka_unit_test(ranges_outside_of_the_record_are_empty),
		cmocka_unit_test(operations_that_make_no_sense_are_refused),
		cmocka_unit_test(too_many_fields_are_named),
	};

	return cmocka_run_group_tests_name("trace schema", tests, NULL, NULL);
}
