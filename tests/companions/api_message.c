// SPDX-License-Identifier: GPL-2.0-only
/*
 * WmiTraceMessage and WmiTraceMessageVa: rows A16 to A19 and A66 to A103.
 * tests/host/api_calls.py holds the other half: what each record must look like.
 *
 * Calls go through the macro of <wmitrace/wmitrace.h>; (WmiTraceMessage) is the
 * variadic function itself, which must be told where its list ends.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/vmalloc.h>

#include "api_rows.h"
#include "compat.h"

#define ALL_ITEMS	(TRACE_MESSAGE_SEQUENCE | TRACE_MESSAGE_GUID | TRACE_MESSAGE_TIMESTAMP | \
			 TRACE_MESSAGE_SYSTEMINFO)
#define BAD_POINTER	((void *)0x10)
#define BIG_BYTES	(128 * 1024)

static char pattern[BIG_BYTES];		/* byte i is i mod 251 */

static void fill_pattern(void)
{
	size_t i;

	for (i = 0; i < sizeof(pattern); i++)
		pattern[i] = i % 251;
}

/* ---- where to: handles ------------------------------------------------- */

static void a16(void)
{
	api_status("A16", WmiTraceMessage(0, 0, NULL, API_NUMBER(16, 0)), STATUS_INVALID_HANDLE,
		   "handle 0 is refused");
	api_status("A16", WmiTraceMessage(0xffffffffffff0000, 0, NULL, API_NUMBER(16, 0)),
		   STATUS_INVALID_HANDLE, "so is id 0 with level and flags");
}

static void a17(void)
{
	api_status("A17", WmiTraceMessage(api_handle[STOPPED], 0, NULL, API_NUMBER(17, 0)),
		   STATUS_INVALID_HANDLE, "the id of a stopped session is refused");
}

static void a18(void)
{
	api_status("A18", WmiTraceMessage(32, 0, NULL, API_NUMBER(18, 0)), STATUS_INVALID_HANDLE,
		   "id 32 is refused");
	api_status("A18", WmiTraceMessage(0x8002, 0, NULL, API_NUMBER(18, 0)),
		   STATUS_INVALID_HANDLE, "so is a large id");
	api_status("A18", WmiTraceMessage(0xfffe, 0, NULL, API_NUMBER(18, 0)),
		   STATUS_INVALID_HANDLE, "and 0xfffe");
}

static void a19(void)
{
	TRACEHANDLE h = WmiGetLoggerId(api_handle[PLAIN]);

	api_status("A19", WmiTraceMessage(h, 0, NULL, API_NUMBER(19, 0)), STATUS_SUCCESS,
		   "a handle of the id alone logs");
	api_status("A19", WmiTraceMessage(h | 0xffffffffffff0000, 0, NULL, API_NUMBER(19, 1)),
		   STATUS_SUCCESS, "so does one with all other bits set");
	api_status("A19", WmiTraceMessage(h | 0x1234567800050000, 0, NULL, API_NUMBER(19, 2)),
		   STATUS_SUCCESS, "and one with some");
}

static void a102(void)
{
	api_status("A102", WmiTraceMessage(KERNEL_LOGGER_ID, 0, NULL, API_NUMBER(102, 0)),
		   STATUS_INVALID_HANDLE, "the kernel logger's id is refused");
}

static void a103(void)
{
	api_status("A103", WmiTraceMessage(api_handle[PAGED], 0, NULL, API_NUMBER(103, 0)),
		   STATUS_NOT_SUPPORTED, "a session in paged memory is refused");
}

/* ---- the record -------------------------------------------------------- */

static void a66(void)
{
	api_status("A66", WmiTraceMessage(api_handle[PLAIN], 0, NULL, API_NUMBER(66, 0), NULL, 0),
		   STATUS_SUCCESS, "no flags, no arguments");
}

static void a67(void)
{
	static const u16 numbers[] = { 0, 1, 0x7fff, 0x8000, 0xffff };
	bool good = true;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		good &= !WmiTraceMessage(api_handle[PLAIN], 0, NULL, numbers[i], "A67", (ULONG)3,
					 &numbers[i], sizeof(numbers[i]), NULL, 0);
	api_check("A67", good, "the lowest, the highest and some numbers between");
}

static void a68(void)
{
	api_status("A68", WmiTraceMessage(api_handle[LOCAL], ALL_ITEMS, &api_guid,
					  API_NUMBER(68, 0), "A68!", (ULONG)4, NULL, 0),
		   STATUS_SUCCESS, "all items at once");
	api_fact("A68.tid", current->pid);
	api_fact("A68.pid", current->tgid);
}

static void a69(void)
{
	api_status("A69", WmiTraceMessage(api_handle[LOCAL], ALL_ITEMS, &api_guid,
					  API_NUMBER(69, 0), "A69!", (ULONG)4, NULL, 0),
		   STATUS_SUCCESS, "arguments after all items");
}

/* Every combination of items; the argument says which. */
static void a70(void)
{
	bool good = true;
	u32 flags;

	for (flags = 0; flags < 0x40; flags++)
		good &= !WmiTraceMessage(api_handle[LOCAL], flags, &api_guid, API_NUMBER(70, 0),
					 &flags, sizeof(flags), NULL, 0);
	api_check("A70", good, "every combination of items");
}

static void a71(void)
{
	api_status("A71", WmiTraceMessage(api_handle[PLAIN], 0, NULL, API_NUMBER(71, 0), "a",
					  (ULONG)1, "bc", (ULONG)2, "def", (ULONG)3, NULL, 0),
		   STATUS_SUCCESS, "arguments of 1, 2 and 3 bytes");
}

static void a72(void)
{
	bool good = true;
	u32 i;

	for (i = 0; i <= 16; i++)
		good &= !WmiTraceMessage(api_handle[PLAIN], 0, NULL, API_NUMBER(72, i),
					 "0123456789abcdef", i, NULL, 0);
	api_check("A72", good, "records of 8 to 24 bytes in a row");
}

static void a73(void)
{
	api_status("A73", WmiTraceMessage(api_handle[PLAIN], 0, NULL, API_NUMBER(73, 0), "ab",
					  (ULONG)2, "x", (ULONG)0, BAD_POINTER, (SIZE_T)0, "cd",
					  (ULONG)2, NULL, 0),
		   STATUS_SUCCESS, "empty arguments in mid-list");
	api_status("A73", (WmiTraceMessage)(api_handle[PLAIN], 0, NULL, API_NUMBER(73, 1), "ab",
					    (ULONG)2, "x", (ULONG)0, BAD_POINTER, (SIZE_T)0, "cd",
					    (ULONG)2, NULL, 0),
		   STATUS_SUCCESS, "empty arguments in a variable list");
}

static void a74(void)
{
	api_status("A74", WmiTraceMessage(api_handle[PLAIN], 0, NULL, API_NUMBER(74, 0), "ab",
					  (ULONG)2, NULL, (ULONG)4, BAD_POINTER, (SIZE_T)4096),
		   STATUS_SUCCESS, "what follows a NULL pointer is not read");
	api_status("A74", WmiTraceMessage(api_handle[PLAIN], 0, NULL, API_NUMBER(74, 1), NULL),
		   STATUS_SUCCESS, "a NULL without a length ends the list");
	api_status("A74", (WmiTraceMessage)(api_handle[PLAIN], 0, NULL, API_NUMBER(74, 4), "ab",
					    (ULONG)2, NULL, (ULONG)4, BAD_POINTER, (SIZE_T)4096),
		   STATUS_SUCCESS, "nor in a variable list");
	api_status("A74", (WmiTraceMessage)(api_handle[PLAIN], 0, NULL, API_NUMBER(74, 5), NULL),
		   STATUS_SUCCESS, "nor does its NULL need a length");
}

static void a75(void)
{
	const TRACEHANDLE h = api_handle[PLAIN];

	api_status("A75", WmiTraceMessage(h, 0, NULL, API_NUMBER(75, 0), "abc",
					  (ULONG)3, "de", (ULONG)2, NULL, 0),
		   STATUS_SUCCESS, "lengths as ULONG");
	api_status("A75", WmiTraceMessage(h, 0, NULL, API_NUMBER(75, 0), "abc",
					  (SIZE_T)3, "de", (SIZE_T)2, NULL, 0),
		   STATUS_SUCCESS, "lengths as SIZE_T");
	api_status("A75", WmiTraceMessage(h, 0, NULL, API_NUMBER(75, 0), "abc",
					  (SIZE_T)0xdeadbeef00000003, "de",
					  (SIZE_T)0xdeadbeef00000002, NULL, 0),
		   STATUS_SUCCESS, "the upper half of a length's slot is undefined");
	api_status("A75", (WmiTraceMessage)(h, 0, NULL, API_NUMBER(75, 0), "abc", (ULONG)3, "de",
					    (ULONG)2, NULL, 0),
		   STATUS_SUCCESS, "a variable list with ULONG");
	api_status("A75", (WmiTraceMessage)(h, 0, NULL, API_NUMBER(75, 0), "abc", (SIZE_T)3, "de",
					    (SIZE_T)2, NULL, 0),
		   STATUS_SUCCESS, "a variable list with SIZE_T");
	api_status("A75", (WmiTraceMessage)(h, 0, NULL, API_NUMBER(75, 0), "abc",
					    (SIZE_T)0xdeadbeef00000003, "de",
					    (SIZE_T)0xdeadbeef00000002, NULL, 0),
		   STATUS_SUCCESS, "the upper half is undefined there, too");
}

/*
 * As a variable argument 0 is an int, and the upper half of its slot may be
 * anything.  The macro must not let that through, whatever it does inside.
 */
static void a76(void)
{
	const TRACEHANDLE h = api_handle[PLAIN];
	void *zero = (void *)0xdeadbeef00000000;

	api_status("A76", WmiTraceMessage(h, 0, NULL, API_NUMBER(76, 0), "A76", (SIZE_T)3, 0),
		   STATUS_SUCCESS, "a bare 0");
	api_status("A76", WmiTraceMessage(h, 0, NULL, API_NUMBER(76, 1), "A", (SIZE_T)1, "7",
					  (SIZE_T)1, "6", (SIZE_T)1, 0),
		   STATUS_SUCCESS, "a bare 0 after several arguments");
	api_status("A76", WmiTraceMessage(h, 0, NULL, API_NUMBER(76, 2), zero),
		   STATUS_SUCCESS, "a pointer without a length");
	api_status("A76", WmiTraceMessage(h, 0, NULL, API_NUMBER(76, 3), "A76", (SIZE_T)3, zero),
		   STATUS_SUCCESS, "the same after an argument");
	api_status("A76", WmiTraceMessage(h, 0, NULL, API_NUMBER(76, 4), "A76", (SIZE_T)3),
		   STATUS_SUCCESS, "nothing at the end");
}

static NTSTATUS trace_va(TRACEHANDLE h, ULONG flags, LPCGUID guid, USHORT number, ...)
{
	NTSTATUS status;
	va_list args;

	va_start(args, number);
	status = WmiTraceMessageVa(h, flags, guid, number, args);
	va_end(args);
	return status;
}

static void a77(void)
{
	const TRACEHANDLE h = api_handle[LOCAL];

	api_status("A77", WmiTraceMessage(h, ALL_ITEMS, &api_guid, API_NUMBER(77, 0), "abc",
					  (ULONG)3, "defg", (SIZE_T)4, NULL, 0),
		   STATUS_SUCCESS, "WmiTraceMessage");
	api_status("A77", (WmiTraceMessage)(h, ALL_ITEMS, &api_guid, API_NUMBER(77, 0), "abc",
					    (ULONG)3, "defg", (SIZE_T)4, NULL, 0),
		   STATUS_SUCCESS, "the function behind it");
	api_status("A77", trace_va(h, ALL_ITEMS, &api_guid, API_NUMBER(77, 0), "abc", (ULONG)3,
				   "defg", (SIZE_T)4, NULL, 0),
		   STATUS_SUCCESS, "WmiTraceMessageVa with the same arguments");
}

/* As many arguments as the logger follows a list, and one more. */
static void endless(void)
{
	const TRACEHANDLE h = api_handle[PLAIN];
	const char *p = "x";
	const SIZE_T n = 1;
	NTSTATUS status;

	status = trace_va(h, 0, NULL, API_NUMBER(74, 2),
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, NULL, 0);
	api_status("1.2", status, STATUS_SUCCESS, "128 arguments are not too many");
	status = trace_va(h, 0, NULL, API_NUMBER(74, 3),
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n,
			  p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n, p, n);
	api_status("1.2", status, STATUS_INVALID_PARAMETER, "a list without end is refused");
}

static void a78(void)
{
	api_status("A78", WmiTraceMessage(api_handle[PLAIN], TRACE_MESSAGE_GUID, &api_guid,
					  API_NUMBER(78, 0), NULL, 0),
		   STATUS_SUCCESS, "a message with a GUID");
}

static void a79(void)
{
	static const u32 component[4] = { 0x12345678, 0xffffffff, 0xffffffff, 0xffffffff };

	api_status("A79", WmiTraceMessage(api_handle[PLAIN], TRACE_MESSAGE_COMPONENTID,
					  (LPCGUID)component, API_NUMBER(79, 0), "A79!", (ULONG)4,
					  NULL, 0),
		   STATUS_SUCCESS, "a message with a component id");
}

static void a80(void)
{
	static const u32 component[4] = { 0x12345678, 0xffffffff, 0xffffffff, 0xffffffff };

	api_status("A80", WmiTraceMessage(api_handle[PLAIN],
					  TRACE_MESSAGE_COMPONENTID | TRACE_MESSAGE_GUID,
					  (LPCGUID)component, API_NUMBER(80, 0), "A80!", (ULONG)4,
					  NULL, 0),
		   STATUS_SUCCESS, "a component id and a GUID asked for");
}

static void a81(void)
{
	api_status("A81", WmiTraceMessage(api_handle[PLAIN], TRACE_MESSAGE_PERFORMANCE_TIMESTAMP,
					  NULL, API_NUMBER(81, 0), "A81!", (ULONG)4, NULL, 0),
		   STATUS_SUCCESS, "the obsolete time stamp alone");
}

static void a82(void)
{
	api_status("A82", WmiTraceMessage(api_handle[PLAIN], 0xffff0000 | TRACE_MESSAGE_GUID,
					  &api_guid, API_NUMBER(82, 0), "A82!", (ULONG)4, NULL, 0),
		   STATUS_SUCCESS, "flags above bit 15");
}

static void a83(void)
{
	api_status("A83", WmiTraceMessage(api_handle[PLAIN], TRACE_MESSAGE_POINTER32, NULL,
					  API_NUMBER(83, 0), NULL, 0),
		   STATUS_SUCCESS, "a caller that claims 32-bit pointers");
}

/* Started by a thread that is not its process's first. */
static void a84(void)
{
	api_status("A84", WmiTraceMessage(api_handle[PLAIN], TRACE_MESSAGE_SYSTEMINFO, NULL,
					  API_NUMBER(84, 0), NULL, 0),
		   STATUS_SUCCESS, "a message with thread and process id");
	api_check("A84", current->pid != current->tgid,
		  "thread and process id differ in this test");
	api_fact("A84.tid", current->pid);
	api_fact("A84.pid", current->tgid);
}

static void a85(void)
{
	api_status("A85", WmiTraceMessage(api_handle[PLAIN], TRACE_MESSAGE_GUID, NULL,
					  API_NUMBER(85, 0), NULL, 0),
		   STATUS_INVALID_PARAMETER, "a GUID asked for, but NULL");
	api_status("A85", WmiTraceMessage(api_handle[PLAIN], TRACE_MESSAGE_COMPONENTID, NULL,
					  API_NUMBER(85, 0), NULL, 0),
		   STATUS_INVALID_PARAMETER, "a component id asked for, but NULL");
}

/* ---- sizes ------------------------------------------------------------- */

/* 4 KB buffers: 4096 - 72 - 8 bytes are what a message without items can carry. */
#define TINY_ARGUMENTS	(4096 - 72 - 8)

static NTSTATUS trace_pattern(enum api_session session, u32 bytes, u16 number)
{
	fill_pattern();
	return WmiTraceMessage(api_handle[session], 0, NULL, number, pattern, bytes, NULL, 0);
}

static void a86(void)
{
	api_status("A86", trace_pattern(TINY, TINY_ARGUMENTS, API_NUMBER(86, 0)), STATUS_SUCCESS,
		   "a message as large as a buffer");
}

static void a87(void)
{
	api_status("A87", trace_pattern(TINY, TINY_ARGUMENTS + 1, API_NUMBER(87, 0)),
		   STATUS_NO_MEMORY, "one byte more is refused");
}

static void a88(void)
{
	api_status("A88", WmiTraceMessage(api_handle[TINY], 0, NULL, API_NUMBER(88, 0), "A88",
					  (ULONG)3, NULL, 0),
		   STATUS_SUCCESS, "an ordinary message after that");
}

static void a89(void)
{
	api_status("A89", trace_pattern(BIG, 65535 - 8, API_NUMBER(89, 0)), STATUS_SUCCESS,
		   "a message of 65535 bytes");
	api_status("A89", trace_pattern(BIG, 65536 - 8, API_NUMBER(89, 1)), STATUS_NO_MEMORY,
		   "one of 65536 is refused");
}

static void a90(void)
{
	api_status("A90", WmiTraceMessage(api_handle[BIG], 0, NULL, API_NUMBER(90, 0),
					  BAD_POINTER, 0x80000000u, BAD_POINTER, 0x80000000u,
					  NULL, 0),
		   STATUS_NO_MEMORY, "two lengths of 2 GB are refused");
	api_status("A90", WmiTraceMessage(api_handle[BIG], 0, NULL, API_NUMBER(90, 0), BAD_POINTER,
					  0xffffffffu, BAD_POINTER, 0xffffffffu, BAD_POINTER, 2u,
					  NULL, 0),
		   STATUS_NO_MEMORY, "three that wrap twice as well");
}

/* With preemption off, where whoever waits is caught by the scheduler. */
static void a91(void)
{
	NTSTATUS status = STATUS_SUCCESS;
	u64 tried = 0, refused = 0;
	int i;

	preempt_disable();
	while (status == STATUS_SUCCESS && tried < 100000) {
		status = WmiTraceMessage(api_handle[FULL], 0, NULL, API_NUMBER(91, 0), pattern,
					 (ULONG)1000, NULL, 0);
		tried++;
	}
	for (i = 0; i < 10; i++)
		refused += WmiTraceMessage(api_handle[FULL], 0, NULL, API_NUMBER(91, 0), pattern,
					   (ULONG)1000, NULL, 0) == STATUS_NO_MEMORY;
	preempt_enable();
	api_status("A91", status, STATUS_NO_MEMORY, "all buffers get full");
	api_check("A91", refused == 10, "and nothing waits for room");
	api_fact("A91.lost", refused + 1);
	api_fact("A91.logged", tried - 1);
}

/* ---- contexts ---------------------------------------------------------- */

struct context_message {
	u16 number;
	NTSTATUS status;
};

static void trace_in_context(void *arg)
{
	struct context_message *m = arg;

	m->status = WmiTraceMessage(api_handle[PLAIN], ALL_ITEMS, &api_guid, m->number, "A92",
				    (ULONG)3, NULL, 0);
}

static void a92(void)
{
	struct context_message m;
	enum api_context c;
	char text[64];

	for (c = PROCESS_CONTEXT; c < API_CONTEXTS; c++) {
		m = (struct context_message){ API_NUMBER(92, c), STATUS_UNSUCCESSFUL };
		snprintf(text, sizeof(text), "works with %s", api_context_names[c]);
		api_check("A92", api_in_context(c, trace_in_context, &m) &&
			  m.status == STATUS_SUCCESS, text);
	}
}

/*
 * A timer interrupts messages so large that most of a call is copying.  The
 * timer's message says how many it was.
 */
static struct {
	struct hrtimer timer;
	bool in_call;
	u32 hits;
	NTSTATUS worst;
} nest;

static enum hrtimer_restart nested_message(struct hrtimer *timer)
{
	NTSTATUS status;

	if (READ_ONCE(nest.in_call)) {
		status = WmiTraceMessage(api_handle[RING], ALL_ITEMS, &api_guid, API_NUMBER(93, 1),
					 &nest.hits, sizeof(nest.hits), NULL, 0);
		nest.hits++;
		if (status)
			nest.worst = status;
	}
	hrtimer_set_expires(timer, ktime_add_us(ktime_get(), 50));
	return HRTIMER_RESTART;
}

static void a93(void)
{
	NTSTATUS status = STATUS_SUCCESS;
	int tries;

	nest.hits = 0;
	nest.worst = STATUS_SUCCESS;
	fill_pattern();
	hrtimer_setup(&nest.timer, nested_message, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	migrate_disable();
	hrtimer_start(&nest.timer, ns_to_ktime(50 * NSEC_PER_USEC), HRTIMER_MODE_REL_PINNED_HARD);
	for (tries = 0; tries < 100000 && READ_ONCE(nest.hits) < 50 && !status; tries++) {
		WRITE_ONCE(nest.in_call, true);
		status = WmiTraceMessage(api_handle[RING], ALL_ITEMS, &api_guid, API_NUMBER(93, 0),
					 pattern, (ULONG)60000, NULL, 0);
		WRITE_ONCE(nest.in_call, false);
		cond_resched();
	}
	hrtimer_cancel(&nest.timer);
	migrate_enable();
	api_status("A93", status, STATUS_SUCCESS, "the interrupted messages are logged");
	api_status("A93", nest.worst, STATUS_SUCCESS, "so are the interrupts' ones");
	api_check("A93", nest.hits >= 50, "interrupts did fall into messages");
}

/* ---- sequence numbers -------------------------------------------------- */

static NTSTATUS trace_numbered(enum api_session session, u16 number)
{
	return WmiTraceMessage(api_handle[session], TRACE_MESSAGE_SEQUENCE, NULL, number, NULL, 0);
}

static void a94(void)
{
	api_status("A94", trace_numbered(PLAIN, API_NUMBER(94, 0)), STATUS_SUCCESS,
		   "a number asked for where there are none");
}

static void a95(void)
{
	api_status("A95", trace_numbered(LOCAL2, API_NUMBER(95, 0)), STATUS_SUCCESS,
		   "the first message of a session");
}

#define A96_EACH	100

static atomic_t a96_refused;

static void trace_many(void *unused)
{
	int i;

	for (i = 0; i < A96_EACH; i++)
		if (trace_numbered(LOCAL, API_NUMBER(96, 0)))
			atomic_inc(&a96_refused);
}

static void a96(void)
{
	atomic_set(&a96_refused, 0);
	on_each_cpu(trace_many, NULL, 1);
	api_check("A96", !atomic_read(&a96_refused), "messages from all CPUs at once");
	api_fact("A96.messages", A96_EACH * num_online_cpus());
}

static void a97(void)
{
	bool good = true;
	int i;

	for (i = 0; i < 20; i++) {
		good &= !trace_numbered(LOCAL, API_NUMBER(97, 0));
		good &= !trace_numbered(LOCAL2, API_NUMBER(97, 1));
	}
	api_check("A97", good, "messages to two local-sequence sessions in turn");
}

static void a98(void)
{
	bool good = true;
	int i;

	for (i = 0; i < 20; i++) {
		good &= !trace_numbered(GLOBAL, API_NUMBER(98, 0));
		good &= !trace_numbered(GLOBAL2, API_NUMBER(98, 1));
	}
	api_check("A98", good, "messages to two global-sequence sessions in turn");
}

static void a99(void)
{
	EVENT_TRACE_HEADER event = {
		.Size = sizeof(event),
		.Class.Version = API_NUMBER(99, 1),
		.Guid = api_guid,
		.Flags = WNODE_FLAG_TRACED_GUID,
	};
	bool good = true;
	int i;

	for (i = 0; i < 3; i++) {
		good &= !trace_numbered(LOCAL, API_NUMBER(99, 0));
		((PWNODE_HEADER)&event)->HistoricalContext = api_handle[LOCAL];
		good &= !IoWMIWriteEvent(&event);
	}
	api_check("A99", good, "messages and events in turn");
}

static void a100(void)
{
	bool good = true;
	int i;

	for (i = 0; i < 3; i++) {
		good &= !trace_numbered(LOCAL, API_NUMBER(100, 0));
		good &= !WmiTraceMessage(api_handle[LOCAL], 0, NULL, API_NUMBER(100, 1), NULL, 0);
	}
	api_check("A100", good, "messages with and without a number in turn");
}

const struct api_row api_message_rows[] = {
	/* First, before anything else writes to that session */
	{ "A95", a95 },
	{ "A16", a16 }, { "A17", a17 }, { "A18", a18 }, { "A19", a19 },
	{ "A66", a66 }, { "A67", a67 }, { "A68", a68 }, { "A69", a69 }, { "A70", a70 },
	{ "A71", a71 }, { "A72", a72 }, { "A73", a73 }, { "A74", a74 }, { "A75", a75 },
	{ "A76", a76 }, { "A77", a77 }, { "1.2", endless }, { "A78", a78 }, { "A79", a79 },
	{ "A80", a80 }, { "A81", a81 }, { "A82", a82 }, { "A83", a83 }, { "A84", a84 },
	{ "A85", a85 }, { "A86", a86 }, { "A87", a87 }, { "A88", a88 }, { "A89", a89 },
	{ "A90", a90 }, { "A91", a91 }, { "A92", a92 }, { "A93", a93 }, { "A94", a94 },
	{ "A96", a96 }, { "A97", a97 }, { "A98", a98 }, { "A99", a99 }, { "A100", a100 },
	{ "A102", a102 }, { "A103", a103 },
	{ }
};
