/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the pump traces: messages by flag and level, and an event a stroke. */
#ifndef PUMP_TRACE_H
#define PUMP_TRACE_H

#include <wmitrace/iowmi.h>
#include <wmitrace/wmitrace.h>

#define PUMP_STATE	0x00000001	/* flags */
#define PUMP_STROKE	0x00000002

enum { MSG_STARTED = 10, MSG_STOPPED, MSG_DRY };

NTSTATUS PumpTraceStart(VOID);
VOID PumpTraceStop(VOID);
VOID PumpTraceStroke(ULONG Stroke, ULONG Millilitres);

extern TRACEHANDLE PumpLogger;
extern const GUID PumpMessageGuid;
BOOLEAN PumpTraceWanted(ULONG Flag, UCHAR Level);

#define PumpTrace(Flag, Level, Number, ...)					\
	(PumpTraceWanted((Flag), (Level)) ?					\
	 WmiTraceMessage(PumpLogger, TRACE_MESSAGE_SEQUENCE | TRACE_MESSAGE_GUID |	\
			 TRACE_MESSAGE_SYSTEMINFO | TRACE_MESSAGE_TIMESTAMP,	\
			 &PumpMessageGuid, (Number), __VA_ARGS__, NULL, 0) :	\
	 STATUS_SUCCESS)

#endif
