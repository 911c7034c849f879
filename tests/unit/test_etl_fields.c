// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libetl: names, fields and values.  Payloads are the worked examples of the
 * kernel logger's description (sections 1, 6.1, 11.3), or written down from
 * its tables.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "etl.h"
#include "events.h"

/* ---- records to decode -------------------------------------------------------------- */

/* An EVENT64 record with traits of provider "P" and @schema behind its size and tags. */
static struct etl_record tracelogging(const void *schema, size_t schema_size, const void *values,
				      size_t size)
{
	static unsigned char data[4096], items[2048];
	unsigned char blob[1024] = { (unsigned char)(schema_size + 3), (unsigned char)((schema_size + 3) >> 8) };
	struct etl_record rec = {
		.header = ETL_HEADER_EVENT64,
		.channel = 11,
		.flags = ETL_EVENT_EXTENDED_INFO,
		.ext = items,
		.payload = values,
		.payload_size = (uint32_t)size,
	};
	struct etl_block block;
	const char *reason;
	uint32_t used = 0;

	memcpy(blob + 3, schema, schema_size);
	assert_int_equal(etl_ext_put(items, sizeof(items), &used, ETL_EXT_PROVIDER_TRAITS, "\4\0P", 4), 0);
	assert_int_equal(etl_ext_put(items, sizeof(items), &used, ETL_EXT_EVENT_SCHEMA, blob, schema_size + 3), 0);
	rec.ext_size = used;
	etl_block_begin(&block, data, sizeof(data), 0, 0, 1);
	assert_true(etl_block_put(&block, &rec) > 0);
	assert_true(etl_record_parse(data + 0x48, block.used - 0x48, &rec, &reason) > 0);
	return rec;
}

#define TRACELOGGING(schema, values) \
	tracelogging(schema, sizeof(schema) - 1, values, sizeof(values) - 1)

static struct etl_record kernel(unsigned int hook, unsigned int version, const void *payload, size_t size)
{
	struct etl_record rec = {
		.kind = ETL_KIND_PERFINFO,
		.header = ETL_HEADER_PERFINFO64,
		.id = (uint16_t)hook,
		.opcode = (uint8_t)hook,
		.version = (uint16_t)version,
		.pointer_size = 8,
		.payload = payload,
		.payload_size = (uint32_t)size,
	};

	return rec;
}

/* ---- fields as one text: "name=value name[0]=value struct{ name=value }" ------------------ */

static const char *decode(const struct etl_record *rec, int *end, struct etl_fields *fields)
{
	static char text[4096];
	struct etl_field field;
	unsigned int depth = 0;
	size_t used = 0;

	*text = '\0';
	assert_true(etl_fields_begin(fields, rec));
	while ((*end = etl_fields_next(fields, &field)) > 0) {
		char value[256];

		for (; depth > field.depth; depth--)
			used += (size_t)sprintf(text + used, "} ");
		used += (size_t)sprintf(text + used, "%.*s", (int)field.name_size, field.name);
		if (field.array)
			used += (size_t)sprintf(text + used, "[%u/%u]", field.index, field.count);
		if (field.type == ETL_TYPE_STRUCT) {
			used += (size_t)sprintf(text + used, "{ ");
			depth++;
			continue;
		}
		etl_field_text(&field, value, sizeof(value));
		used += (size_t)sprintf(text + used, "=%s ", value);
	}
	for (; depth; depth--)
		used += (size_t)sprintf(text + used, "} ");
	if (used && text[used - 1] == ' ')
		text[used - 1] = '\0';
	return text;
}

static void assert_fields(struct etl_record rec, const char *wanted)
{
	struct etl_fields fields;
	int end;

	assert_string_equal(decode(&rec, &end, &fields), wanted);
	assert_int_equal(end, 0);
	assert_int_equal(fields.rest_size, 0);
}

static void assert_damaged(struct etl_record rec, const char *before, const char *reason)
{
	struct etl_fields fields;
	int end;

	assert_string_equal(decode(&rec, &end, &fields), before);
	assert_int_equal(end, -EBADMSG);
	assert_string_equal(fields.reason, reason);
}

/* ---- TraceLogging ------------------------------------------------------------------------------ */

static void tracelogging_names(void **state)
{
	struct etl_record rec = TRACELOGGING("Ev\0x\0\x03", "\xff");
	struct etl_names names;

	(void)state;
	assert_true(etl_record_names(&rec, &names));
	assert_int_equal(names.provider_size, 1);
	assert_memory_equal(names.provider, "P", 1);
	assert_int_equal(names.event_size, 2);
	assert_memory_equal(names.event, "Ev", 2);
}

/* kernel-events 11.3 */
static void worked_bridge_event(void **state)
{
	(void)state;
	assert_fields(TRACELOGGING("sched_wakeup\0comm\0\x82\x23pid\0\x87\x05prio\0\x07",
				   "bash\0\xd2\x04\0\0\x78\0\0\0"), "comm=bash pid=1234 prio=120");
}

static void every_type(void **state)
{
	(void)state;
	assert_fields(TRACELOGGING("E\0a\0\1b\0\2c\0\3d\0\4e\0\5f\0\6g\0\7h\0\x08i\0\x09j\0\x0a",
				   "h\0i\0\0\0ho\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
				   "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
		      "a=hi b=ho c=-1 d=255 e=-1 f=65535 g=-1 h=4294967295 i=-1 j=18446744073709551615");
	assert_fields(TRACELOGGING("E\0a\0\x0b" "b\0\x0c" "c\0\x0d" "d\0\x0e" "e\0\x0f" "f\0\x11",
				   "\0\0\x80\x3f\0\0\0\0\0\0\x04\xc0\1\0\0\0\2\0\xab\xcd"
				   "\x08\xef\x18\x28\x54\x6a\x6f\x39\x22\x44\x5a\x6e\xa4\xa9\x8c\xf0"
				   "\xef\x16\xaa\xb8\x86\x70\xdc\1"),
		      "a=1 b=-2.5 c=true d=abcd e=2818ef08-6a54-396f-2244-5a6ea4a98cf0 "
		      "f=2025-12-19 01:28:04.0355567");
	assert_fields(TRACELOGGING("E\0a\0\x12" "b\0\x13" "c\0\x14" "d\0\x15" "e\0\x16" "f\0\x17" "g\0\x19" "h\0\0",
				   "\xe9\7\x0c\0\5\0\x13\0\1\0\x1c\0\4\0\x23\0"
				   "\1\2\0\0\0\0\0\x16\1\0\0\0\xe8\3\0\0"
				   "\xef\xbe\xad\xde\x88\x77\x66\x55\x44\x33\x22\x11"
				   "\4\0h\0i\0\2\0ho\1\0\x7f"),
		      "a=2025-12-19 01:28:04.035 b=S-1-22-1-1000 c=0xdeadbeef d=0x1122334455667788 "
		      "e=hi f=ho g=7f h=");
}

static void every_format(void **state)
{
	(void)state;
	assert_fields(TRACELOGGING("E\0a\0\x84\2b\0\x84\3c\0\x86\7d\0\x88\x08" "e\0\x8e\x09" "f\0\x88\x0e",
				   "A\1\x1f\x90\x7f\0\0\1\x10\0\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
				   "\5\0\0\xc0"),
		      "a=A b=true c=8080 d=127.0.0.1 e=2001:db8::1 f=0xc0000005");
	assert_fields(TRACELOGGING("E\0a\0\x8e\x0a" "b\0\x84\4c\0\x88\x0d" "d\0\x8a\x10" "e\0\x88\x11" "f\0\x87\x12" "g\0\x8a\x25",
				   "\x08\0\2\0\x1f\x90\x7f\0\0\1\xff\5\0\0\0\xef\x16\xaa\xb8\x86\x70\xdc\1"
				   "\xff\xff\xff\xff\xff\xff\xff\xff\0\x10\0\0\0\0\0\0"),
		      "a=127.0.0.1:8080 b=0xff c=5 d=2025-12-19 01:28:04.0355567 e=-1 f=4294967295 g=0x1000");
}

/* Found by fuzzing: any integer can bear the format, and four bytes were read of it. */
static void addresses_have_four_bytes(void **state)
{
	(void)state;
	assert_fields(TRACELOGGING("E\0c\0\x8a\x08" "d\0\x95\x08" "b\0\x86\x08" "a\0\x84\x08",
				   "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\1\2\7"),
		      "c=1 d=0x2 b=513 a=7");
}

static void arrays(void **state)
{
	(void)state;
	assert_fields(TRACELOGGING("E\0a\0\x26\2\0b\0\x44" "c\0\x04", "\1\0\2\0\3\0\x0a\x0b\x0c\7"),
		      "a[0/2]=1 a[1/2]=2 b[0/3]=10 b[1/3]=11 b[2/3]=12 c=7");
	/* none */
	assert_fields(TRACELOGGING("E\0a\0\x46" "c\0\x04", "\0\0\7"), "a[0/0]= c=7");
	/* of characters: a string */
	assert_fields(TRACELOGGING("E\0a\0\xc6\2c\0\x04", "\2\0h\0i\0\7"), "a=hi c=7");
}

static void structs(void **state)
{
	(void)state;
	assert_fields(TRACELOGGING("E\0s\0\x98\2a\0\4b\0\4c\0\4", "\1\2\3"), "s{ a=1 b=2 } c=3");
	/* in each other */
	assert_fields(TRACELOGGING("E\0s\0\x98\2t\0\x98\1a\0\4b\0\4c\0\4", "\1\2\3"),
		      "s{ t{ a=1 } b=2 } c=3");
	/* an array of them */
	assert_fields(TRACELOGGING("E\0s\0\xd8\2a\0\4b\0\4c\0\4", "\2\0\1\2\3\4\5"),
		      "s[0/2]{ a=1 b=2 } s[1/2]{ a=3 b=4 } c=5");
	/* without elements */
	assert_fields(TRACELOGGING("E\0s\0\xd8\2t\0\x98\1a\0\4b\0\4c\0\4", "\0\0\5"), "s[0/0]= c=5");
	/* without members */
	assert_fields(TRACELOGGING("E\0s\0\x98\0c\0\4", "\5"), "s{ } c=5");
}

static void tags_are_passed_over(void **state)
{
	static const char schema[] = "?E\0a\0\x84\x81\x80\x01" "b\0\x04";
	struct etl_record rec = tracelogging(schema, sizeof(schema) - 1, "\1\2", 2);
	struct etl_ext item = { 0 };
	unsigned char *blob;

	(void)state;
	/* the helper puts in "no tags": make them two bytes, of which the ? is the second */
	assert_true(etl_ext_next(&rec, &item) && etl_ext_next(&rec, &item));
	blob = (unsigned char *)(uintptr_t)item.data;
	blob[2] = 0x81;
	blob[3] = 0x01;
	assert_fields(rec, "a=1 b=2");
}

static void lying_schemas_are_told(void **state)
{
	const char cut[] = "the TraceLogging schema is cut off or has a custom type";
	const char missing[] = "the payload is shorter than its schema says";

	(void)state;
	assert_damaged(TRACELOGGING("E\0a", ""), "", cut);
	assert_damaged(TRACELOGGING("E\0a\0", ""), "", cut);
	assert_damaged(TRACELOGGING("E\0a\0\x84", ""), "", cut);
	assert_damaged(TRACELOGGING("E\0a\0\x24\1", ""), "", cut);
	assert_damaged(TRACELOGGING("E\0a\0\x64\1\0", "\1\0\1"), "", cut);
	assert_damaged(TRACELOGGING("E\0a\0\4b\0\x08", "\1\2\2\2"), "a=1", missing);
	assert_damaged(TRACELOGGING("E\0a\0\x44", "\2\0\7"), "a[0/2]=7", missing);
	assert_damaged(TRACELOGGING("E\0a\0\x16", "\3\0x"), "", missing);
	assert_damaged(TRACELOGGING("E\0a\0\x13", "\1\2\0\0\0\0\0\0\1\0\0\0"), "", missing);
	assert_damaged(TRACELOGGING("E\0a\0\x1f", "\1"), "", "the schema has a field of unknown type");
	assert_damaged(TRACELOGGING("E\0s\0\x98\2a\0\4", "\1"), "s{ a=1 }", cut);
}

/* Structs in structs, each 65535 times, that take no payload: an end must come. */
static void schemas_cannot_multiply_work(void **state)
{
	struct etl_record rec = TRACELOGGING("E\0a\0\xb8\1\xff\xff" "b\0\xb8\1\xff\xff" "c\0\xb8\1\xff\xff" "d\0\0", "");
	struct etl_fields fields;
	struct etl_field field;
	unsigned int steps = 0;
	int ret;

	(void)state;
	assert_true(etl_fields_begin(&fields, &rec));
	while ((ret = etl_fields_next(&fields, &field)) > 0)
		steps++;
	assert_int_equal(ret, -EBADMSG);
	assert_in_range(steps, 1, 1000000);
	assert_damaged(TRACELOGGING("E\0a\0\x98\1b\0\x98\1c\0\x98\1d\0\x98\1e\0\x98\1f\0\x98\1g\0\x98\1h\0\x98\1i\0\x98\1j\0\4", "\1"),
		       "a{ b{ c{ d{ e{ f{ g{ h{ } } } } } } } }",
		       "the TraceLogging schema nests structs too deeply");
}

static void events_without_schema_have_no_fields(void **state)
{
	struct etl_record rec = { .kind = ETL_KIND_EVENT };
	struct etl_fields fields;
	struct etl_names names;

	(void)state;
	assert_false(etl_fields_begin(&fields, &rec));
	assert_false(etl_record_names(&rec, &names));
}

/* ---- the kernel's events ------------------------------------------------------------------------ */

/* Every layout ends, whatever the payload; a word that the decoder does not know would crash. */
static void every_layout_decodes(void **state)
{
	static const unsigned char zeros[2048];
	unsigned int hook, version;

	(void)state;
	for (hook = 0; hook < CLASS_FIRST << 8; hook++)
		for (version = 0; version < 6; version++) {
			struct etl_record rec = kernel(hook, version, zeros, sizeof(zeros));
			struct etl_fields fields;
			struct etl_field field;
			int ret, count = 0;

			if (!etl_fields_begin(&fields, &rec))
				continue;
			while ((ret = etl_fields_next(&fields, &field)) > 0)
				assert_in_range(++count, 1, 2048);
			assert_int_equal(ret, 0);
		}
}

/* Names from kernel-events sections 6 to 8; an entry out of order would hide from the search. */
static void events_are_found(void **state)
{
	static const struct {
		unsigned int hook;
		const char *class, *event;
	} cases[] = {
		{ 0x0000, "EventTrace", "Header" }, { 0x0052, "EventTrace", "LastDroppedTimes" },
		{ 0x010a, "DiskIo", "Read" }, { 0x010e, "DiskIo", "FlushBuffers" },
		{ 0x020a, "PageFault", "TransitionFault" }, { 0x0220, "PageFault", "HardFault" },
		{ 0x0262, "PageFault", "VirtualAlloc" }, { 0x0301, "Process", "Start" },
		{ 0x0327, "Process", "Defunct" }, { 0x0440, "FileIo", "Create" },
		{ 0x0504, "Thread", "DCEnd" }, { 0x0532, "Thread", "ReadyThread" },
		{ 0x0548, "Thread", "SetName" }, { 0x060a, "TcpIp", "SendIPv4" },
		{ 0x061f, "TcpIp", "AcceptIPv6" }, { 0x081b, "UdpIp", "ReceiveIPv6" },
		{ 0x0b0a, "SystemConfig", "CPU" }, { 0x0b1e, "SystemConfig", "MachineId" },
		{ 0x0f22, "PerfInfo", "Mark" }, { 0x0f43, "PerfInfo", "ISR" },
		{ 0x0f44, "PerfInfo", "DPC" }, { 0x0f4a, "PerfInfo", "CollectionEnd" },
		{ 0x0f64, "PerfInfo", "DPCEnqueue" }, { 0x123a, "Power", "IdleStateExit" },
		{ 0x1404, "Image", "DCEnd" }, { 0x1421, "Image", "KernelBase" },
		{ 0x1820, "StackWalk", "Stack" }, { 0x1826, "StackWalk", "KeyUser" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct etl_record rec = kernel(cases[i].hook, 2, NULL, 0);
		struct etl_names names;

		assert_true(etl_record_names(&rec, &names));
		assert_string_equal(names.provider, cases[i].class);
		assert_non_null(names.event);
		assert_string_equal(names.event, cases[i].event);
	}
}

/* kernel-events 1: idle to thread 1234 */
static void worked_context_switch(void **state)
{
	static const unsigned char payload[] =
		"\xd2\4\0\0\0\0\0\0\x08\0\1\0\0\0\2\3\5\0\0\0\0\0\0\0";
	struct etl_record rec = kernel(0x0524, 2, payload, 24);
	struct etl_names names;

	(void)state;
	assert_true(etl_record_names(&rec, &names));
	assert_string_equal(names.provider, "Thread");
	assert_string_equal(names.event, "CSwitch");
	assert_fields(rec, "NewThreadId=1234 OldThreadId=0 NewThreadPriority=8 OldThreadPriority=0 "
			   "PreviousCState=1 SpareByte=0 OldThreadWaitReason=0 OldThreadWaitMode=0 "
			   "OldThreadState=2 OldThreadWaitIdealProcessor=3 NewThreadWaitTime=5 Reserved=0");
}

/* kernel-events 6.1: the Idle process; 36 bytes, SID blob of 28, "Idle", three empty strings */
static void worked_process(void **state)
{
	static const unsigned char payload[75] = {
		[0] = 0x11, [16] = 0xff, 0xff, 0xff, 0xff, [36] = 1,
		[52] = 1, 1, [59] = 5, [60] = 18,
		[64] = 'I', 'd', 'l', 'e',
	};

	(void)state;
	assert_fields(kernel(0x0303, 4, payload, sizeof(payload)),
		      "UniqueProcessKey=0x11 ProcessId=0 ParentId=0 SessionId=4294967295 ExitStatus=0 "
		      "DirectoryTableBase=0x0 Flags=0x0 UserSid=S-1-5-18 ImageFileName=Idle "
		      "CommandLine= PackageFullName= ApplicationId=");
}

static void image_load_is_named_by_its_class(void **state)
{
	static const unsigned char payload[58];
	struct etl_record rec = kernel(0x030a, 2, payload, sizeof(payload));
	struct etl_names names;

	(void)state;
	assert_true(etl_record_names(&rec, &names));
	assert_string_equal(names.provider, "Image");
	assert_string_equal(names.event, "Load");
}

static void pointers_are_the_writers(void **state)
{
	static const unsigned char payload[] = "\1\0\0\0\2\0\0\0";
	struct etl_record rec = kernel(0x020a, 2, payload, 8);

	(void)state;
	rec.pointer_size = 4;
	assert_fields(rec, "VirtualAddress=0x1 ProgramCounter=0x2");
}

static void arrays_go_to_the_end(void **state)
{
	static const unsigned char payload[] =
		"\1\0\0\0\0\0\0\0\2\0\0\0\3\0\0\0\x10\0\0\0\0\0\0\0\x20\0\0\0\0\0\0\0";

	(void)state;
	assert_fields(kernel(0x1820, 2, payload, 32),
		      "EventTimeStamp=1 StackProcess=2 StackThread=3 Frame[0/2]=0x10 Frame[1/2]=0x20");
	assert_fields(kernel(0x1820, 2, payload, 16), "EventTimeStamp=1 StackProcess=2 StackThread=3");
}

static void layouts_hold_for_their_versions_only(void **state)
{
	static const unsigned char payload[24];
	struct etl_record rec = kernel(0x0524, 1, payload, 24);
	struct etl_fields fields;
	struct etl_names names;

	(void)state;
	assert_false(etl_fields_begin(&fields, &rec));
	assert_true(etl_record_names(&rec, &names));
	assert_string_equal(names.event, "CSwitch");
}

/* Older systems write less; what is cut inside a field is damage. */
static void payload_may_end_between_fields(void **state)
{
	static const unsigned char payload[] = "\1\0\0\0\2\0\0\0\7";

	(void)state;
	assert_fields(kernel(0x0532, 2, payload, 4), "ThreadId=1");
	assert_damaged(kernel(0x0548, 2, payload, 6), "ProcessId=1",
		       "the payload is shorter than its schema says");
}

static void classic_events_are_known_by_class(void **state)
{
	static const unsigned char payload[] = "\0\0\0\0\0\0\0\0w\0\0\0";
	struct etl_record rec = {
		.kind = ETL_KIND_FULL,
		.header = ETL_HEADER_FULL64,
		.pointer_size = 8,
		.opcode = 0x20,
		.id = 0x20,
		.payload = payload,
		.payload_size = sizeof(payload) - 1,
	};
	unsigned char guid[16];
	struct etl_names names;

	(void)state;
	rec.guid = guid;
	assert_int_equal(etl_guid_parse("9b79ee91-b5fd-41c0-a243-4248e266e9d0", guid), 0);
	assert_true(etl_record_names(&rec, &names));
	assert_string_equal(names.event, "BuildInfo");
	assert_int_equal(etl_guid_parse("2818ef08-6a54-396f-2244-5a6ea4a98cf0", guid), 0);
	assert_false(etl_record_names(&rec, &names));
	assert_int_equal(etl_guid_parse("3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c", guid), 0);
	assert_string_equal(etl_class_name(guid), "Thread");
}

/* ---- text ------------------------------------------------------------------------------------------ */

static void text_is_never_cut_inside_a_character(void **state)
{
	static const unsigned char utf8[] = "ab\xe2\x82\xac" "c", utf16[] = "a\0\xac\x20" "c\0";
	struct etl_field field = { .type = ETL_TYPE_TEXT, .data = utf8, .size = 6 };
	char text[16];

	(void)state;
	assert_int_equal(etl_field_text(&field, text, 5), 6);
	assert_string_equal(text, "ab");
	assert_int_equal(etl_field_text(&field, text, 6), 6);
	assert_string_equal(text, "ab\xe2\x82\xac");
	assert_int_equal(etl_field_text(&field, text, sizeof(text)), 6);
	assert_string_equal(text, "ab\xe2\x82\xac" "c");
	assert_int_equal(etl_field_text(&field, NULL, 0), 6);
	field = (struct etl_field){ .type = ETL_TYPE_UTF16, .data = utf16, .size = 6 };
	assert_int_equal(etl_field_text(&field, text, 4), 5);
	assert_string_equal(text, "a");
}

static void filetimes_are_dates(void **state)
{
	static const struct {
		uint64_t filetime;
		const char *text;
	} cases[] = {
		{ 0, "1601-01-01 00:00:00.0000000" },
		{ 116444736000000000, "1970-01-01 00:00:00.0000000" },
		{ 125963423999999999, "2000-02-29 23:59:59.9999999" },
		{ 126227808000000000, "2001-01-01 00:00:00.0000000" },
		{ 134105812840355567, "2025-12-19 01:28:04.0355567" },
		{ UINT64_MAX, "60056-05-28 05:36:10.9551615" },
	};
	char text[ETL_FILETIME_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		etl_filetime_format(cases[i].filetime, text);
		assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tracelogging_names),
		cmocka_unit_test(worked_bridge_event),
		cmocka_unit_test(every_type),
		cmocka_unit_test(every_format),
		cmocka_unit_test(addresses_have_four_bytes),
		cmocka_unit_test(arrays),
		cmocka_unit_test(structs),
		cmocka_unit_test(tags_are_passed_over),
		cmocka_unit_test(lying_schemas_are_told),
		cmocka_unit_test(schemas_cannot_multiply_work),
		cmocka_unit_test(events_without_schema_have_no_fields),
		cmocka_unit_test(every_layout_decodes),
		cmocka_unit_test(events_are_found),
		cmocka_unit_test(worked_context_switch),
		cmocka_unit_test(worked_process),
		cmocka_unit_test(image_load_is_named_by_its_class),
		cmocka_unit_test(pointers_are_the_writers),
		cmocka_unit_test(arrays_go_to_the_end),
		cmocka_unit_test(layouts_hold_for_their_versions_only),
		cmocka_unit_test(payload_may_end_between_fields),
		cmocka_unit_test(classic_events_are_known_by_class),
		cmocka_unit_test(text_is_never_cut_inside_a_character),
		cmocka_unit_test(filetimes_are_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
