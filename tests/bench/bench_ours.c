// SPDX-License-Identifier: GPL-2.0-or-later
/* Our own ways to log an event. */
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/string.h>

#define WPP_CONTROL_GUIDS						\
	WPP_DEFINE_CONTROL_GUID(BenchOn, (be7c4b01,5f0e,4d5e,8c1a,0d3c5b7e9a11), \
		WPP_DEFINE_BIT(BENCH_ON))				\
	WPP_DEFINE_CONTROL_GUID(BenchOff, (be7c4b02,5f0e,4d5e,8c1a,0d3c5b7e9a11), \
		WPP_DEFINE_BIT(BENCH_OFF))
#include <wmitrace/wpp.h>
#include <wmitrace/evntprov.h>
#include <wmitrace/wmitrace.h>

#include "bench.h"

#define ITEMS	(TRACE_MESSAGE_GUID | TRACE_MESSAGE_TIMESTAMP | TRACE_MESSAGE_SYSTEMINFO)

/* be7c4b00-5f0e-4d5e-8c1a-0d3c5b7e9a11 */
static const GUID class =
	{ 0xbe7c4b00, 0x5f0e, 0x4d5e, { 0x8c, 0x1a, 0x0d, 0x3c, 0x5b, 0x7e, 0x9a, 0x11 } };
/* be7c4b03-..., enabled by the script, and be7c4b04-..., never enabled */
static const GUID etw_on_guid =
	{ 0xbe7c4b03, 0x5f0e, 0x4d5e, { 0x8c, 0x1a, 0x0d, 0x3c, 0x5b, 0x7e, 0x9a, 0x11 } };
static const GUID etw_off_guid =
	{ 0xbe7c4b04, 0x5f0e, 0x4d5e, { 0x8c, 0x1a, 0x0d, 0x3c, 0x5b, 0x7e, 0x9a, 0x11 } };
static REGHANDLE etw_on, etw_off;
static const char *volatile text = "aaaaaaaa";

/* ---- messages ------------------------------------------------------------- */

static noinline int message(u32 bytes)
{
	return WmiTraceMessage(bench_handle, ITEMS, &class, 7, bench_payload, bytes, NULL, 0);
}

static noinline int message4(u32 bytes)
{
	u32 part = bytes / 4;

	return WmiTraceMessage(bench_handle, ITEMS, &class, 7, bench_payload, part,
			       bench_payload, part, bench_payload, part, bench_payload, part,
			       NULL, 0);
}

static noinline int message_sequence(u32 bytes)
{
	return WmiTraceMessage(bench_handle, ITEMS | TRACE_MESSAGE_SEQUENCE, &class, 7,
			       bench_payload, bytes, NULL, 0);
}

/* Through a function pointer, as an array of variable arguments. */
static noinline int message_va(u32 bytes)
{
	return (WmiTraceMessage)(bench_handle, ITEMS, &class, 7, bench_payload, bytes, NULL, 0);
}

/* What the macros of wpp.h do: reserved, then written in place. */
static __always_inline int reserve(u32 bytes)
{
	struct wmitrace_reserved r = wmitrace_message_reserve(bench_handle, ITEMS, &class, 7,
							      bytes);

	if (!r.to)
		return 1;
	bench_copy(r.to, bench_payload, bytes);
	wmitrace_message_commit(r);
	return 0;
}

static noinline int reserve_16(u32 bytes)
{
	return reserve(16);
}

static noinline int reserve_64(u32 bytes)
{
	return reserve(64);
}

static noinline int wpp_on(u32 bytes)
{
	DoTraceMessage(BENCH_ON, "%I64d %I64d", *(u64 *)bench_payload, *(u64 *)(bench_payload + 8));
	return 0;
}

/* One int, and a message with the same. */
static noinline int wpp_int(u32 bytes)
{
	DoTraceMessage(BENCH_ON, "%d", *(int *)bench_payload);
	return 0;
}

/* An int, a text of 8 letters, 64 bits, a pointer. */
static noinline int wpp_mixed(u32 bytes)
{
	DoTraceMessage(BENCH_ON, "%d %s %llx %p", *(int *)bench_payload, text,
		       *(u64 *)bench_payload, bench_payload);
	return 0;
}

static noinline int wpp_off(u32 bytes)
{
	DoTraceMessage(BENCH_OFF, "%I64d %I64d", *(u64 *)bench_payload,
		       *(u64 *)(bench_payload + 8));
	return 0;
}

/* ---- events ----------------------------------------------------------------- */

/* An event with its payload behind it. */
union event {
	EVENT_TRACE_HEADER h;
	WNODE_HEADER w;
	u8 room[sizeof(EVENT_TRACE_HEADER) + BENCH_BYTES_MAX];
};

/* Their headers are written at each call: CPUs that log at once would share them. */
static DEFINE_PER_CPU_ALIGNED(union event, plain);
static DEFINE_PER_CPU_ALIGNED(union event, guid_ptr);
static DEFINE_PER_CPU_ALIGNED(union event, mof_ptr);

static void fill_events(void)
{
	union event *e;
	int cpu;

	for_each_possible_cpu(cpu) {
		e = per_cpu_ptr(&plain, cpu);
		e->h.Flags = WNODE_FLAG_TRACED_GUID;
		e->h.Guid = class;
		e = per_cpu_ptr(&guid_ptr, cpu);
		e->h.Flags = WNODE_FLAG_TRACED_GUID | WNODE_FLAG_USE_GUID_PTR;
		e->h.GuidPtr = (uintptr_t)&class;
		e = per_cpu_ptr(&mof_ptr, cpu);
		e->h.Flags = WNODE_FLAG_TRACED_GUID | WNODE_FLAG_USE_MOF_PTR;
		e->h.Guid = class;
		((MOF_FIELD *)(e->room + sizeof(e->h)))->DataPtr = (uintptr_t)bench_payload;
	}
}

static __always_inline int write_event(union event *e, u32 bytes)
{
	e->h.Size = sizeof(e->h) + bytes;
	e->w.HistoricalContext = bench_handle;
	return IoWMIWriteEvent(e);
}

static noinline int event(u32 bytes)
{
	return write_event(raw_cpu_ptr(&plain), bytes);
}

static noinline int event_guid_ptr(u32 bytes)
{
	return write_event(raw_cpu_ptr(&guid_ptr), bytes);
}

/* One field of so many bytes. */
static noinline int event_mof_ptr(u32 bytes)
{
	union event *e = raw_cpu_ptr(&mof_ptr);
	MOF_FIELD *field = (MOF_FIELD *)(e->room + sizeof(e->h));

	field->Length = bytes;
	return write_event(e, sizeof(*field));
}

static __always_inline int write_etw(REGHANDLE handle, u32 bytes)
{
	static const EVENT_DESCRIPTOR descriptor = { .Id = 7, .Level = 4, .Keyword = 1 };
	EVENT_DATA_DESCRIPTOR data = { .Ptr = (uintptr_t)bench_payload, .Size = bytes };

	return EtwWrite(handle, &descriptor, NULL, 1, &data);
}

static noinline int etw(u32 bytes)
{
	return write_etw(etw_on, bytes);
}

static noinline int etw_disabled(u32 bytes)
{
	return write_etw(etw_off, bytes);
}

const struct bench_function bench_ours[] = {
	{ "message", BENCH_ANY, message },
	{ "message4", BENCH_ANY, message4 },
	{ "message-sequence", BENCH_ANY, message_sequence },
	{ "message-va", BENCH_ANY, message_va },
	{ "reserve", 16, reserve_16 },
	{ "reserve", 64, reserve_64 },
	{ "wpp", 16, wpp_on },
	{ "wpp-int", 4, wpp_int },
	{ "wpp-mixed", 29, wpp_mixed },
	{ "wpp-off", 16, wpp_off },
	{ "event", BENCH_ANY, event },
	{ "event-guid-ptr", BENCH_ANY, event_guid_ptr },
	{ "event-mof-ptr", BENCH_ANY, event_mof_ptr },
	{ "etw", BENCH_ANY, etw },
	{ "etw-off", BENCH_ANY, etw_disabled },
	{ }
};

int bench_ours_init(void)
{
	NTSTATUS status;

	fill_events();
	status = EtwRegister(&etw_on_guid, NULL, NULL, &etw_on);
	if (!NT_SUCCESS(status))
		return -ENOMEM;
	status = EtwRegister(&etw_off_guid, NULL, NULL, &etw_off);
	if (!NT_SUCCESS(status))
		goto err_on;
	status = WPP_INIT_TRACING(NULL, NULL);
	if (!NT_SUCCESS(status))
		goto err_off;
	return 0;

err_off:
	EtwUnregister(etw_off);
err_on:
	EtwUnregister(etw_on);
	return -ENOMEM;
}

void bench_ours_exit(void)
{
	WPP_CLEANUP(NULL);
	EtwUnregister(etw_off);
	EtwUnregister(etw_on);
}
