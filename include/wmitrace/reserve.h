/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages whose arguments are written where they will lie: what the macros of
 * <wmitrace/wpp.h> call, and whoever wants to save a copy.
 */
#ifndef WMITRACE_RESERVE_H
#define WMITRACE_RESERVE_H

#include "ntdef.h"
#include "evntrace.h"

/* struct wmitrace_reserved - a reserved record; between the two calls, the logger's */
struct wmitrace_reserved {
	void *opaque_cpu;
	void *opaque_buffer;
	u32 opaque_bytes;
};

/**
 * wmitrace_message_reserve - begin a message
 * @handle: as in WmiTraceMessageVa()
 * @flags: as in WmiTraceMessageVa()
 * @guid: as in WmiTraceMessageVa()
 * @number: as in WmiTraceMessageVa()
 * @bytes: how many bytes of arguments will be written
 * @r: filled in on success
 *
 * The header is written; the arguments are not.  On success preemption is off
 * until wmitrace_message_commit(), which must follow on the same CPU: between
 * the two nothing may sleep.  Interrupts and NMIs may log in between.
 *
 * Context: any, NMI included.
 *
 * Return: where @bytes bytes of arguments go (no alignment), or NULL where
 * WmiTraceMessage() would have failed, which has been counted as there.
 */
u8 *wmitrace_message_reserve(TRACEHANDLE handle, ULONG flags, LPCGUID guid, USHORT number,
			     u32 bytes, struct wmitrace_reserved *r);

/**
 * wmitrace_message_commit - end a message
 * @r: from wmitrace_message_reserve(), all of its bytes written
 *
 * Context: that of wmitrace_message_reserve().
 */
void wmitrace_message_commit(struct wmitrace_reserved *r);

#endif /* WMITRACE_RESERVE_H */
