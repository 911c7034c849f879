// SPDX-License-Identifier: GPL-2.0-only
/*
 * A statement for every type of argument.  Beside each the text that the
 * decoder has to give, by the kernel's own printf where that has the type,
 * else as wpp-tmf section 9 has it.
 */
#define pr_fmt(fmt)	"wpp: " fmt

#include "wpp_trace.h"

struct fields {
	unsigned int small : 3;
	int negative : 5;
	bool flag : 1;
	u64 wide : 33;
};

enum colour { RED, GREEN = 7 };
enum temperature { COLD = -4, WARM = 4 };

static void integers(void)
{
	struct fields f = { .small = 5, .negative = -3, .flag = true, .wide = 1ull << 32 };
	volatile u8 byte = 0xfe;
	const u64 constant = 0xdeadbeefcafeull;
	s8 s = -8;
	u16 w = 65535;
	bool yes = true;
	size_t size = 4096;

	BOTH(TYPES_INTEGER, "sint i=%d neg=%d i64=%lld", 42, -1000, -5000000000ll);
	BOTH(TYPES_INTEGER, "uint u=%u hex=0x%x x64=0x%llx", 4000000000u, 0xabcdef, constant);
	BOTH(TYPES_INTEGER, "widths z=%05d h=%08x [%-6d] [%6d] %+d [% d]", 42, 0xbeef, 7, 7, 7, 7);
	BOTH(TYPES_INTEGER, "alt %#x %#o %X %o %i", 255, 8, 0xabc, 8, -1);
	BOTH(TYPES_INTEGER, "small %d %u %d %d", byte, w, s, yes);
	BOTH(TYPES_INTEGER, "narrow %hhx %hx %hd %hhd", 0x1234ff, 0x12345678, 70000, 300);
	BOTH(TYPES_INTEGER, "char %c%c%c", 'w', 'p', 'p');
	BOTH(TYPES_INTEGER, "fields %u %d %d %llu", f.small, f.negative, f.flag, (u64)f.wide);
	BOTH(TYPES_INTEGER, "enum %d %d %d", RED, GREEN, (enum temperature)COLD);
	BOTH(TYPES_INTEGER, "enums %u %d", (enum colour)GREEN, (enum temperature)WARM);
	BOTH(TYPES_INTEGER, "long %ld %lu %lx %lX %lo", -1L, ~0UL, 0xabcUL, 0xabcUL, 8UL);
	BOTH(TYPES_INTEGER, "sizes %zu %zd %zx %td", size, (ssize_t)-1, size, &f - &f);
	BOTH(TYPES_INTEGER, "64 %llo %llX %016llx [%-20llu] [%20lld]", 511ull, 0xabcull, 0xabcull,
	     1ull << 63, -1ll);
	BOTH(TYPES_INTEGER, "many %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d", 1, 2, 3, 4, 5, 6, 7,
	     8, 9, 10, 11, 12, 13, 14, 15, 16);

	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_INTEGER,
		    "32 %d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d",
		    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
		    25, 26, 27, 28, 29, 30, 31, 32);
	say("32 1234567891011121314151617181920212223242526272829303132");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_INTEGER, "natural %lu %ld", (ULONG)7, (LONG)-7);
	say("natural 7 -7");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_INTEGER, "windows %I64d %I64u %I64x %I64X %!SINT64!",
		    -5000000000ll, ~0ull, 0xabcull, 0xabcull, -1ll);
	say("windows -5000000000 18446744073709551615 abc ABC -1");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_INTEGER, "names %!SINT! %!UINT! %!XINT! %!UBYTE! %!XBYTE! %!OINT!",
		    -1, 4000000000u, 0xbeef, byte, byte, 8);
	say("names -1 4000000000 0000beef 254 fe 10");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_INTEGER, "ptr p=%p null=%p %!PTR!",
		    (void *)0x7ff012345678ull, NULL, &f);
	say("ptr p=00007FF012345678 null=0000000000000000 %016lX", (unsigned long)&f);
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_INTEGER, "function %p", integers);
	say("function %016lX", (unsigned long)integers);
}

static void texts(void)
{
	static const WCHAR wide[] = { 'w', 0xe9, 0x20ac, 0xd83d, 0xde00, 0 };
	UNICODE_STRING counted = { .Length = 6, .MaximumLength = 12, .Buffer = (PWSTR)wide };
	ANSI_STRING ansi = { .Length = 3, .MaximumLength = 3, .Buffer = (PCHAR)"abcdef" };
	UNICODE_STRING empty = { .Length = 0, .Buffer = (PWSTR)wide }, none = { .Length = 8 };
	char name[8] = "array", *null = NULL;
	const u8 bytes[4] = { 0xde, 0xad, 0xbe, 0xef };

	BOTH(TYPES_TEXT, "strtrace name=%s id=%d tag=END", "alpha", 0);
	BOTH(TYPES_TEXT, "text %s %s [%-8s] [%8s] [%.3s]", name, __func__, "left", "right", "cut off");
	BOTH(TYPES_TEXT, "quote \"%s\" \\ tab\t100%% 'x'", "a, b");
	BOTH(TYPES_TEXT, "empty [%s]", "");
	BOTH(TYPES_TEXT, "no arguments");

	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_TEXT, "null %s %S %wZ %s %Z", null, (PWSTR)NULL,
		    (PUNICODE_STRING)NULL, WPP_COUNTED(NULL, 5), &none);
	say("null NULL NULL NULL NULL NULL");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_TEXT, "wide %S|%ws|%ls|%!WSTR!", wide, wide, wide, wide);
	say("wide w\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80|w\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80|"
	    "w\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80|w\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_TEXT, "counted %wZ|%Z|%!USTR!|%wZ|", &counted, counted,
		    &counted, &empty);
	say("counted w\xc3\xa9\xe2\x82\xac|w\xc3\xa9\xe2\x82\xac|w\xc3\xa9\xe2\x82\xac||");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_TEXT, "ansi %z|%!ANSTR!|%s|%s|", &ansi, ansi,
		    WPP_COUNTED("counted", 5), WPP_COUNTED("", 0));
	say("ansi abc|abc|count||");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_TEXT, "dump %!HEXDUMP!|%!BIN!|%!HEXDUMP!|%*ph",
		    WPP_HEXDUMP(bytes, 4), WPP_HEXDUMP(bytes, 1), WPP_HEXDUMP(NULL, 9),
		    WPP_HEXDUMP(bytes, 2));
	say("dump %*ph|de||%*ph", 4, bytes, 2, bytes);
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_TEXT, "blanks %!ARSTR!", "a\tb\nc");
	say("blanks a b c");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_TEXT, "%!FUNC! %!LEVEL! %!FLAGS! %!FILE! %!COMPNAME!%!SPACE!.");
	say("texts TRACE_LEVEL_INFORMATION TYPES_TEXT wpp_types.c wpp .");
}

static void codes(void)
{
	LARGE_INTEGER start_of_2020 = { .QuadPart = 132223104000000000ll };
	NTSTATUS status = STATUS_NO_MEMORY;

	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_CODE, "st %!STATUS! %!NTSTATUS! %!status!",
		    (NTSTATUS)0xc0000005, 0x12345678, status);
	say("st 0xc0000005(STATUS_ACCESS_VIOLATION) 0x12345678 0xc0000017(STATUS_NO_MEMORY)");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_CODE, "hr %!HRESULT! %!hresult!", 0x80004003, 0x80070005);
	say("hr 0x80004003(E_POINTER) 0x80070005(ERROR_ACCESS_DENIED)");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_CODE, "win %!WINERROR! %!winerr!", 2, 0xf0f0f0f0);
	say("win 2(ERROR_FILE_NOT_FOUND) 4042322160");
	BOTH(TYPES_CODE, "errno %d", -ENOMEM);
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_CODE, "errno %!ERRNO!", -ENOMEM);
	say("errno -12");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_CODE, "b=%!bool! irql=%!irql! %!BOOLEAN!", TRUE, (u8)2, false);
	say("b=0x00000001(true) irql=0x00000002(DPC) 0x00000000(FALSE)");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_CODE, "set=%!b4! %!b1!", 0x5, 0x80);
	say("set=[1,3] [8]");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_CODE, "cc=%!cccc!", 'R' | 'G' << 8 | 'B' << 16 | 'A' << 24);
	say("cc=RGBA");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_CODE, "ts=%!TIMESTAMP! delta=%!delta! due=%!due!",
		    start_of_2020, 50000000ll, -50000000ll);
	say("ts=2020-01-01 00:00:00.000Z delta=5.000s due=+5.000s");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_CODE, "ndis %!NDIS_STATUS! %!NDIS_OID!", 0x4001000b, 0x00010101);
	say("ndis 0x4001000b(NDIS_STATUS_MEDIA_CONNECT) 0x00010101(OID_GEN_SUPPORTED_LIST)");
}

static void addresses(void)
{
	static const GUID guid = { 0x6f1a2c30, 0x95d4, 0x3b7e,
				   { 0x2a, 0x11, 0x5c, 0x0d, 0x9e, 0x8f, 0x7a, 0x6b } };
	static const guid_t kernel_guid = GUID_INIT(0x6f1a2c30, 0x95d4, 0x3b7e, 0x2a, 0x11, 0x5c, 0x0d,
						    0x9e, 0x8f, 0x7a, 0x6b);
	static const u8 system[] = { 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0 }, wrong[12] = { 9 };
	static const u8 mac[6] = { 0x00, 0x1b, 0x44, 0x11, 0x3a, 0xb7 };
	struct in6_addr in6 = { .s6_addr = { 0xfe, 0x80, [15] = 1 } };

	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_ADDRESS, "guid %!GUID! %!IID! %pUl %!GUID!", &guid, &guid,
		    &kernel_guid, (LPCGUID)NULL);
	say("guid %pUl %pUl %pUl 00000000-0000-0000-0000-000000000000", &guid, &guid, &kernel_guid);
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_ADDRESS, "sid %!sid! %!sid! %!sid!", WPP_SID(system),
		    WPP_SID(NULL), WPP_SID(wrong));
	say("sid S-1-5-18 NULL NULL");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_ADDRESS, "ip %!IPADDR!:%!PORT!", 0x0100007f,
		    WPP_PORT(cpu_to_be16(80)));
	say("ip 127.0.0.1:80");
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_ADDRESS, "ip6 %!IPV6ADDR! %pI6c", &in6, &in6);
	say("ip6 %pI6c %pI6c", &in6, &in6);
	TraceEvents(TRACE_LEVEL_INFORMATION, TYPES_ADDRESS, "mac %!MACADDR!", WPP_MAC(mac));
	say("mac %pMF", mac);
}

void wpp_types(void)
{
	integers();
	texts();
	codes();
	addresses();
}
