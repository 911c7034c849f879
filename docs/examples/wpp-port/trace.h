/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Trace.h of a Windows driver, in the form that driver templates have.
 * What Linux needs more is the last part: a line for each function that the
 * configuration block below defines and <wmitrace/wpp.h> does not bring.
 */
#pragma once

#define WPP_CONTROL_GUIDS                                              \
    WPP_DEFINE_CONTROL_GUID(                                           \
        KettleTraceGuid, (4c1f5a0e,77b2,4d1c,9a3e,5b0c6d7e8f90),       \
        WPP_DEFINE_BIT(KETTLE_ALL_INFO)                                \
        WPP_DEFINE_BIT(TRACE_DRIVER)                                   \
        WPP_DEFINE_BIT(TRACE_DEVICE)                                   \
        WPP_DEFINE_BIT(TRACE_QUEUE)                                    \
        )

#define WPP_FLAG_LEVEL_LOGGER(flag, level)                             \
    WPP_LEVEL_LOGGER(flag)

#define WPP_FLAG_LEVEL_ENABLED(flag, level)                            \
    (WPP_LEVEL_ENABLED(flag) &&                                        \
     WPP_CONTROL(WPP_BIT_ ## flag).Level >= level)

#define WPP_LEVEL_FLAGS_LOGGER(lvl,flags)                              \
    WPP_LEVEL_LOGGER(flags)

#define WPP_LEVEL_FLAGS_ENABLED(lvl, flags)                            \
    (WPP_LEVEL_ENABLED(flags) && WPP_CONTROL(WPP_BIT_ ## flags).Level >= lvl)

/*
 * begin_wpp config
 * FUNC Trace{FLAG=KETTLE_ALL_INFO}(LEVEL, MSG, ...);
 * FUNC TraceEvents(LEVEL, FLAGS, MSG, ...);
 * FUNC TraceQueue{LEVEL=TRACE_LEVEL_VERBOSE, FLAGS=TRACE_QUEUE}(MSG, ...);
 * USEPREFIX(TraceQueue, "%!STDPREFIX! [%!FUNC!] ");
 * end_wpp
 */

#ifdef __linux__
#define Trace(LEVEL, MSG, ...)	WPP_FUNCTION("LEVEL=" #LEVEL, WPP_FLAG_LEVEL, (KETTLE_ALL_INFO, LEVEL), #__VA_ARGS__, MSG, ##__VA_ARGS__)
#define TraceQueue(MSG, ...)	WPP_FUNCTION("", WPP_LEVEL_FLAGS, (TRACE_LEVEL_VERBOSE, TRACE_QUEUE), #__VA_ARGS__, "%!STDPREFIX! [%!FUNC!] " MSG, ##__VA_ARGS__)
#endif
