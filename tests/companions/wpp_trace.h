/* SPDX-License-Identifier: GPL-2.0-only */
/* The trace header of the WPP companion: what a driver's Trace.h would hold. */
#ifndef WPP_COMPANION_TRACE_H
#define WPP_COMPANION_TRACE_H

#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/module.h>

#define WPP_CONTROL_GUIDS							\
	WPP_DEFINE_CONTROL_GUID(Types, (a1c0ffee,0001,4d5e,829e,02f454bc2bd7),	\
		WPP_DEFINE_BIT(TYPES_INTEGER)	/* 0x1 */			\
		WPP_DEFINE_BIT(TYPES_TEXT)	/* 0x2 */			\
		WPP_DEFINE_BIT(TYPES_CODE)	/* 0x4 */			\
		WPP_DEFINE_BIT(TYPES_ADDRESS))	/* 0x8 */			\
	WPP_DEFINE_CONTROL_GUID(Flow, (a1c0ffee,0002,4d5e,829e,02f454bc2bd7),	\
		WPP_DEFINE_BIT(FLOW_ENTRY)					\
		WPP_DEFINE_BIT(FLOW_CONTEXT)					\
		WPP_DEFINE_BIT(FLOW_OFF)					\
		WPP_DEFINE_BIT(FLOW_BENCH))					\
	WPP_DEFINE_CONTROL_GUID(Many, (a1c0ffee,0003,4d5e,829e,02f454bc2bd7),	\
		WPP_DEFINE_BIT(MANY_01) WPP_DEFINE_BIT(MANY_02) WPP_DEFINE_BIT(MANY_03)	\
		WPP_DEFINE_BIT(MANY_04) WPP_DEFINE_BIT(MANY_05) WPP_DEFINE_BIT(MANY_06)	\
		WPP_DEFINE_BIT(MANY_07) WPP_DEFINE_BIT(MANY_08) WPP_DEFINE_BIT(MANY_09)	\
		WPP_DEFINE_BIT(MANY_10) WPP_DEFINE_BIT(MANY_11) WPP_DEFINE_BIT(MANY_12)	\
		WPP_DEFINE_BIT(MANY_13) WPP_DEFINE_BIT(MANY_14) WPP_DEFINE_BIT(MANY_15)	\
		WPP_DEFINE_BIT(MANY_16) WPP_DEFINE_BIT(MANY_17) WPP_DEFINE_BIT(MANY_18)	\
		WPP_DEFINE_BIT(MANY_19) WPP_DEFINE_BIT(MANY_20) WPP_DEFINE_BIT(MANY_21)	\
		WPP_DEFINE_BIT(MANY_22) WPP_DEFINE_BIT(MANY_23) WPP_DEFINE_BIT(MANY_24)	\
		WPP_DEFINE_BIT(MANY_25) WPP_DEFINE_BIT(MANY_26) WPP_DEFINE_BIT(MANY_27)	\
		WPP_DEFINE_BIT(MANY_28) WPP_DEFINE_BIT(MANY_29) WPP_DEFINE_BIT(MANY_30)	\
		WPP_DEFINE_BIT(MANY_31) WPP_DEFINE_BIT(MANY_32))

#include <wmitrace/wpp.h>

/* A driver's own functions, a line each: flags first, an extra condition, a prefix. */
#define TraceFlags(FLAGS, LEVEL, MSG, ...)					\
	WPP_FUNCTION("FLAGS=" #FLAGS " LEVEL=" #LEVEL, WPP_FLAGS_LEVEL, (FLAGS, LEVEL), \
		     #__VA_ARGS__, MSG, ##__VA_ARGS__)
#define WPP_LEVEL_FLAGS_COND_ENABLED(level, flags, cond) \
	(WPP_LEVEL_FLAGS_ENABLED(level, flags) && (cond))
#define WPP_LEVEL_FLAGS_COND_LOGGER(level, flags, cond)	WPP_LEVEL_LOGGER(flags)
#define TraceIf(LEVEL, FLAGS, COND, MSG, ...)					\
	WPP_FUNCTION("LEVEL=" #LEVEL " FLAGS=" #FLAGS " COND=" #COND,		\
		     WPP_LEVEL_FLAGS_COND, (LEVEL, FLAGS, COND), #__VA_ARGS__,	\
		     "%!STDPREFIX! [%!FUNC!] " MSG, ##__VA_ARGS__)

/* What the decoder must print, in the kernel log, in the order of the messages. */
#define say(format, ...)	pr_info("text " format "\n", ##__VA_ARGS__)

/* One format for both: what WPP and printk understand alike. */
#define BOTH(FLAG, MSG, ...)							\
do {										\
	TraceEvents(TRACE_LEVEL_INFORMATION, FLAG, MSG, ##__VA_ARGS__);		\
	say(MSG, ##__VA_ARGS__);						\
} while (0)

void wpp_types(void);
void wpp_record(void);

#endif
