/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * WPP software tracing for modules, without a preprocessor (docs/wpp.md).
 *
 *	#define WPP_CONTROL_GUIDS						\
 *		WPP_DEFINE_CONTROL_GUID(Driver, (d63c10a4,4cbd,4c3e,829e,02f454bc2bd7), \
 *			WPP_DEFINE_BIT(TRACE_INIT) WPP_DEFINE_BIT(TRACE_IO))
 *	#include <wmitrace/wpp.h>
 *
 *	WPP_INIT_TRACING(NULL, NULL);		in the module's init
 *	TraceEvents(TRACE_LEVEL_ERROR, TRACE_IO, "read %d failed: %!STATUS!", n, status);
 *	WPP_CLEANUP(NULL);			in its exit
 *
 * A statement that is off tests one word of the driver's own memory.  One that
 * is on reserves a record and writes each argument where it will lie.  Formats
 * are in a section that the kernel frees after init, and that `wmitrace tmf
 * extract` turns into TMF files.  Any context.
 *
 * Include it after the kernel's headers: a statement's number counts from here.
 */
#ifndef WMITRACE_WPP_H
#define WMITRACE_WPP_H

#include <linux/module.h>
#include <linux/string.h>
#include <linux/types.h>

#include "map.h"
#include "reserve.h"
#include "wpp-control.h"

#ifndef WPP_CONTROL_GUIDS
#error "define WPP_CONTROL_GUIDS before including <wmitrace/wpp.h>"
#endif

/* ---- control GUIDs ------------------------------------------------------- */

#define WPP_NAME_(name, module)		name##_##module
#define WPP_NAME__(name, module)	WPP_NAME_(name, module)
#define WPP_NAME(name)			WPP_NAME__(name, __KBUILD_MODNAME)

/* Five groups of bare hex digits. */
#define WPP_GUID(a, b, c, d, e)							\
	{ 0x##a, 0x##b, 0x##c, {						\
		0x##d >> 8, 0x##d & 0xff, (0x##e##ull >> 40) & 0xff, (0x##e##ull >> 32) & 0xff, \
		(0x##e##ull >> 24) & 0xff, (0x##e##ull >> 16) & 0xff, (0x##e##ull >> 8) & 0xff, \
		0x##e##ull & 0xff } }

#define WPP_DEFINE_CONTROL_GUID(name, guid, bits)	WPP_INDEX_##name,
#define WPP_DEFINE_BIT(flag)
enum { WPP_CONTROL_GUIDS WPP_CONTROL_COUNT };
#undef WPP_DEFINE_CONTROL_GUID
#undef WPP_DEFINE_BIT

/* WPP_BIT_flag: index of the control GUID << 16 | number of the flag, from 1 */
#define WPP_DEFINE_CONTROL_GUID(name, guid, bits)				\
	WPP_BEGIN_##name = WPP_INDEX_##name << 16, bits WPP_END_##name,
#define WPP_DEFINE_BIT(flag)	WPP_BIT_##flag,
enum { WPP_CONTROL_GUIDS };
#undef WPP_DEFINE_CONTROL_GUID
#undef WPP_DEFINE_BIT

/* In every file of the module, and the linker keeps one. */
extern struct wpp_control WPP_NAME(wpp_controls)[];
#define WPP_DEFINE_CONTROL_GUID(name, guid, bits)				\
	{ .provider = WMI_PROVIDER_INIT(#name, wmitrace_wpp_dispatch), .Guid = WPP_GUID guid },
struct wpp_control WPP_NAME(wpp_controls)[WPP_CONTROL_COUNT] __weak = { WPP_CONTROL_GUIDS };
#undef WPP_DEFINE_CONTROL_GUID

/* For the tool: names. */
#define WPP_DEFINE_BIT(flag)	#flag "\0"
#define WPP_DEFINE_CONTROL_GUID(control, id, bits)				\
	static_assert(WPP_END_##control - WPP_BEGIN_##control <= 33,		\
		      "a control GUID has at most 32 flags");			\
	static const struct {							\
		struct wpp_record record;					\
		GUID guid;							\
		char names[sizeof(#control "\0" bits)];				\
	} wpp_names_of_##control __used __aligned(8) __section(WPP_SECTION) = {	\
		.record = { .magic = WPP_MAGIC_CONTROL,				\
			    .size = sizeof(wpp_names_of_##control),		\
			    .number = WPP_INDEX_##control,			\
			    .count = WPP_END_##control - WPP_BEGIN_##control - 1 }, \
		.guid = WPP_GUID id,						\
		.names = #control "\0" bits,					\
	};
WPP_CONTROL_GUIDS
#undef WPP_DEFINE_CONTROL_GUID
#undef WPP_DEFINE_BIT

#define WPP_CONTROL(bit)	(WPP_NAME(wpp_controls)[(bit) >> 16])
#define WPP_FLAG_NO(bit)	((((bit) - 1) & 0xffff) / 32)
#define WPP_MASK(bit)		(1u << (((bit) - 1) & 31))

/* What the two arguments mean has no counterpart; the status may be ignored, as Windows does. */
#define WPP_INIT_TRACING(...) \
	wmitrace_wpp_register(WPP_NAME(wpp_controls), WPP_CONTROL_COUNT, THIS_MODULE)
#define WPP_CLEANUP(...) \
	wmitrace_wpp_unregister(WPP_NAME(wpp_controls), WPP_CONTROL_COUNT, THIS_MODULE)

/* ---- conditions: a driver may bring its own ----------------------------- */

/* Despite the names these test a flag. */
#ifndef WPP_LEVEL_ENABLED
#define WPP_LEVEL_ENABLED(flag) \
	(WPP_CONTROL(WPP_BIT_##flag).Flags[WPP_FLAG_NO(WPP_BIT_##flag)] & WPP_MASK(WPP_BIT_##flag))
#endif
#ifndef WPP_LEVEL_LOGGER	/* the comma is part of it */
#define WPP_LEVEL_LOGGER(flag)	WPP_CONTROL(WPP_BIT_##flag).Logger,
#endif
#ifndef WPP_FLAG_ENABLED
#define WPP_FLAG_ENABLED(flag)	WPP_LEVEL_ENABLED(flag)
#define WPP_FLAG_LOGGER(flag)	WPP_LEVEL_LOGGER(flag)
#endif

/* A driver whose macros have the flags first has them first in TraceEvents. */
#if !defined(WPP_LEVEL_FLAGS_ENABLED) && defined(WPP_FLAGS_LEVEL_ENABLED)
#define WPP_FLAGS_FIRST	1
#endif
#ifndef WPP_LEVEL_FLAGS_ENABLED
#define WPP_LEVEL_FLAGS_ENABLED(level, flags) \
	(WPP_LEVEL_ENABLED(flags) && WPP_CONTROL(WPP_BIT_##flags).Level >= (level))
#endif
#ifndef WPP_LEVEL_FLAGS_LOGGER
#define WPP_LEVEL_FLAGS_LOGGER(level, flags)	WPP_LEVEL_LOGGER(flags)
#endif
#ifndef WPP_FLAGS_LEVEL_ENABLED
#define WPP_FLAGS_LEVEL_ENABLED(flags, level) \
	(WPP_LEVEL_ENABLED(flags) && WPP_CONTROL(WPP_BIT_##flags).Level >= (level))
#endif
#ifndef WPP_FLAGS_LEVEL_LOGGER
#define WPP_FLAGS_LEVEL_LOGGER(flags, level)	WPP_LEVEL_LOGGER(flags)
#endif

#ifndef WPP_TRACE_OPTIONS
#define WPP_TRACE_OPTIONS	(TRACE_MESSAGE_SEQUENCE | TRACE_MESSAGE_GUID | \
				 TRACE_MESSAGE_SYSTEMINFO | TRACE_MESSAGE_TIMESTAMP)
#endif

/* ---- trace functions ------------------------------------------------------ */

/*
 * A driver adds its own with a line each.  @conditions become the comment of
 * the TMF file; @macro names the driver's macro##_ENABLED and macro##_LOGGER,
 * which get @arguments; @expressions are the arguments as a string; @format is
 * a literal.  Text put around @format is what USEPREFIX and USESUFFIX do.
 */
#define WPP_FUNCTION(conditions, macro, arguments, expressions, format, ...)	\
	WPP_STATEMENT(conditions, macro##_ENABLED arguments, macro##_LOGGER arguments, \
		      expressions, format, ##__VA_ARGS__)

#ifndef DoTraceMessage
#define DoTraceMessage(FLAG, MSG, ...) \
	WPP_FUNCTION("LEVEL=" #FLAG, WPP_LEVEL, (FLAG), #__VA_ARGS__, MSG, ##__VA_ARGS__)
#endif

#ifndef TraceEvents
#ifdef WPP_FLAGS_FIRST
#define TraceEvents(FLAGS, LEVEL, MSG, ...)					\
	WPP_FUNCTION("FLAGS=" #FLAGS " LEVEL=" #LEVEL, WPP_FLAGS_LEVEL, (FLAGS, LEVEL), \
		     #__VA_ARGS__, MSG, ##__VA_ARGS__)
#else
#define TraceEvents(LEVEL, FLAGS, MSG, ...)					\
	WPP_FUNCTION("LEVEL=" #LEVEL " FLAGS=" #FLAGS, WPP_LEVEL_FLAGS, (LEVEL, FLAGS), \
		     #__VA_ARGS__, MSG, ##__VA_ARGS__)
#endif
#endif

/* ---- source files --------------------------------------------------------------- */

#ifdef WPP_USER_MSG_GUID
#define WPP_GUID_BYTES(a, b, c, d, e)						\
	{ 0x##a & 0xff, (0x##a >> 8) & 0xff, (0x##a >> 16) & 0xff, (0x##a >> 24) & 0xff,	\
	  0x##b & 0xff, 0x##b >> 8, 0x##c & 0xff, 0x##c >> 8, 0x##d >> 8, 0x##d & 0xff,	\
	  (0x##e##ull >> 40) & 0xff, (0x##e##ull >> 32) & 0xff, (0x##e##ull >> 24) & 0xff, \
	  (0x##e##ull >> 16) & 0xff, (0x##e##ull >> 8) & 0xff, 0x##e##ull & 0xff }
#define WPP_APPLY(macro, arguments)	macro arguments
#define WPP_FILE_GUID	.ready = 1, .guid = WPP_APPLY(WPP_GUID_BYTES, WPP_USER_MSG_GUID),
#else
#define WPP_FILE_GUID
#endif

#define WPP_FILE_NAMES	KBUILD_MODNAME "\0" KBUILD_BASENAME "\0" __BASE_FILE__

static struct {
	struct wpp_file file;
	char names[sizeof(WPP_FILE_NAMES)];
} wpp_this_file __maybe_unused = {
	.file = {
		.head = {
			.magic = WPP_MAGIC_FILE,
			.size = sizeof(struct wpp_file) + sizeof(WPP_FILE_NAMES),
			.names = sizeof(struct wpp_file),
			WPP_FILE_GUID
		},
		.owner = THIS_MODULE,
	},
	.names = WPP_FILE_NAMES,
};

/* ---- statements ----------------------------------------------------------------- */

/* The kernel's own headers count, too. */
enum { WPP_COUNTER_BASE = __COUNTER__ };

/* A logger macro and its comma in front of 0: the handle. */
#define WPP_HANDLE(...)			WPP_HANDLE_(__VA_ARGS__)
#define WPP_HANDLE_(handle, ...)	((TRACEHANDLE)(handle))

/*
 * wpp_a##i is argument i, evaluated once, promoted as printf's are: the type
 * of a conditional expression is the same with every compiler, even for a
 * bit-field.
 */
#define WPP_LOCAL(i, a)		__auto_type wpp_a##i = 1 ? (a) : (a); u32 wpp_n##i;
#define WPP_CODE(i, a)		WPP_SELECT(WPP_CODE_, wpp_a##i),
#define WPP_MEASURE(i, a)	\
	wpp_size += wpp_n##i = WPP_SELECT(wpp_size_, wpp_a##i)(wpp_a##i);
#define WPP_PUT(i, a)		\
	wpp_to = WPP_SELECT(wpp_put_, wpp_a##i)(wpp_to, wpp_a##i, wpp_n##i);

#define WPP_STATEMENT(conditions, enabled, logger, expressions, text, ...)	\
do {										\
	if (unlikely(enabled)) {						\
		enum { wpp_number = __COUNTER__ - WPP_COUNTER_BASE + WPP_FIRST_NUMBER - 1 }; \
		WPP_EACH(WPP_LOCAL, ##__VA_ARGS__)				\
		static const struct {						\
			struct wpp_record record;				\
			struct wpp_file *file;					\
			const char *function;					\
			struct wpp_lengths lengths;				\
			u8 types[WMITRACE_COUNT(__VA_ARGS__)];			\
			char conditions_[sizeof(conditions)];			\
			char format[sizeof(text)];				\
			char path[sizeof(__FILE__)];				\
			char expressions_[sizeof(expressions)];			\
		} wpp_statement __used __aligned(8) __section(WPP_SECTION) = {	\
			.record = { .magic = WPP_MAGIC_STATEMENT,		\
				    .size = sizeof(wpp_statement),		\
				    .line = __LINE__, .number = wpp_number,	\
				    .count = WMITRACE_COUNT(__VA_ARGS__) },	\
			.file = &wpp_this_file.file,				\
			.function = __func__,					\
			.lengths = { sizeof(conditions), sizeof(text), sizeof(__FILE__), \
				     sizeof(expressions) },			\
			.types = { WPP_EACH(WPP_CODE, ##__VA_ARGS__) },		\
			.conditions_ = conditions,				\
			.format = text,						\
			.path = __FILE__,					\
			.expressions_ = expressions,				\
		};								\
		struct wmitrace_reserved wpp_reserved;				\
		u32 wpp_size = 0;						\
										\
		static_assert(wpp_number < 65536);				\
		WPP_EACH(WPP_MEASURE, ##__VA_ARGS__)				\
		wpp_reserved = wmitrace_message_reserve(WPP_HANDLE(logger 0),	\
							WPP_TRACE_OPTIONS,	\
							wpp_message_guid(&wpp_this_file.file), \
							wpp_number, wpp_size);	\
		if (likely(wpp_reserved.to)) {					\
			u8 *wpp_to __maybe_unused = wpp_reserved.to;		\
										\
			WPP_EACH(WPP_PUT, ##__VA_ARGS__)			\
			wmitrace_message_commit(wpp_reserved);			\
		}								\
	}									\
} while (0)

/* ---- arguments: what has no C type of its own -------------------------------------- */

#include "wpp-argument.h"

/* f(n, a) f(n - 1, b) … f(1, z) for up to 32 arguments */
#define WPP_EACH(f, ...) \
	WMITRACE_CONCAT(WPP_EACH_, WMITRACE_COUNT(__VA_ARGS__))(f, ##__VA_ARGS__)
#define WPP_EACH_0(f)
#define WPP_EACH_1(f, a)	f(1, a)
#define WPP_EACH_2(f, a, ...)	f(2, a) WPP_EACH_1(f, __VA_ARGS__)
#define WPP_EACH_3(f, a, ...)	f(3, a) WPP_EACH_2(f, __VA_ARGS__)
#define WPP_EACH_4(f, a, ...)	f(4, a) WPP_EACH_3(f, __VA_ARGS__)
#define WPP_EACH_5(f, a, ...)	f(5, a) WPP_EACH_4(f, __VA_ARGS__)
#define WPP_EACH_6(f, a, ...)	f(6, a) WPP_EACH_5(f, __VA_ARGS__)
#define WPP_EACH_7(f, a, ...)	f(7, a) WPP_EACH_6(f, __VA_ARGS__)
#define WPP_EACH_8(f, a, ...)	f(8, a) WPP_EACH_7(f, __VA_ARGS__)
#define WPP_EACH_9(f, a, ...)	f(9, a) WPP_EACH_8(f, __VA_ARGS__)
#define WPP_EACH_10(f, a, ...)	f(10, a) WPP_EACH_9(f, __VA_ARGS__)
#define WPP_EACH_11(f, a, ...)	f(11, a) WPP_EACH_10(f, __VA_ARGS__)
#define WPP_EACH_12(f, a, ...)	f(12, a) WPP_EACH_11(f, __VA_ARGS__)
#define WPP_EACH_13(f, a, ...)	f(13, a) WPP_EACH_12(f, __VA_ARGS__)
#define WPP_EACH_14(f, a, ...)	f(14, a) WPP_EACH_13(f, __VA_ARGS__)
#define WPP_EACH_15(f, a, ...)	f(15, a) WPP_EACH_14(f, __VA_ARGS__)
#define WPP_EACH_16(f, a, ...)	f(16, a) WPP_EACH_15(f, __VA_ARGS__)
#define WPP_EACH_17(f, a, ...)	f(17, a) WPP_EACH_16(f, __VA_ARGS__)
#define WPP_EACH_18(f, a, ...)	f(18, a) WPP_EACH_17(f, __VA_ARGS__)
#define WPP_EACH_19(f, a, ...)	f(19, a) WPP_EACH_18(f, __VA_ARGS__)
#define WPP_EACH_20(f, a, ...)	f(20, a) WPP_EACH_19(f, __VA_ARGS__)
#define WPP_EACH_21(f, a, ...)	f(21, a) WPP_EACH_20(f, __VA_ARGS__)
#define WPP_EACH_22(f, a, ...)	f(22, a) WPP_EACH_21(f, __VA_ARGS__)
#define WPP_EACH_23(f, a, ...)	f(23, a) WPP_EACH_22(f, __VA_ARGS__)
#define WPP_EACH_24(f, a, ...)	f(24, a) WPP_EACH_23(f, __VA_ARGS__)
#define WPP_EACH_25(f, a, ...)	f(25, a) WPP_EACH_24(f, __VA_ARGS__)
#define WPP_EACH_26(f, a, ...)	f(26, a) WPP_EACH_25(f, __VA_ARGS__)
#define WPP_EACH_27(f, a, ...)	f(27, a) WPP_EACH_26(f, __VA_ARGS__)
#define WPP_EACH_28(f, a, ...)	f(28, a) WPP_EACH_27(f, __VA_ARGS__)
#define WPP_EACH_29(f, a, ...)	f(29, a) WPP_EACH_28(f, __VA_ARGS__)
#define WPP_EACH_30(f, a, ...)	f(30, a) WPP_EACH_29(f, __VA_ARGS__)
#define WPP_EACH_31(f, a, ...)	f(31, a) WPP_EACH_30(f, __VA_ARGS__)
#define WPP_EACH_32(f, a, ...)	f(32, a) WPP_EACH_31(f, __VA_ARGS__)

#endif /* WMITRACE_WPP_H */
