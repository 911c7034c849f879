/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages whose arguments are written where they will lie: what the macros of
 * <wmitrace/wpp.h> call, and whoever wants to save a copy.
 */
#ifndef WMITRACE_RESERVE_H
#define WMITRACE_RESERVE_H

#include "ntdef.h"
#include "evntrace.h"

/**
 * struct wmitrace_reserved - a reserved record
 * @to: where the arguments go (no alignment); NULL: nothing is reserved
 * @opaque: the logger's
 *
 * Two words, so that functions pass it in registers: who takes no address of
 * it needs no place on the stack, and the stack protector nothing to guard.
 */
struct wmitrace_reserved {
	u8 *to;
	unsigned long opaque;
};

/**
 * wmitrace_message_reserve - begin a message
 * @handle: as in WmiTraceMessageVa()
 * @flags: as in WmiTraceMessageVa()
 * @guid: as in WmiTraceMessageVa()
 * @number: as in WmiTraceMessageVa()
 * @bytes: how many bytes of arguments will be written
 *
 * The header is written; the arguments are not.  On success preemption is off
 * until wmitrace_message_commit(), which must follow on the same CPU: between
 * the two nothing may sleep.  Interrupts and NMIs may log in between.
 *
 * Context: any, NMI included.
 *
 * Return: a record with room for @bytes bytes, or one whose @to is NULL where
 * WmiTraceMessage() would have failed, which has been counted as there.
 */
struct wmitrace_reserved wmitrace_message_reserve(TRACEHANDLE handle, ULONG flags, LPCGUID guid,
						  USHORT number, u32 bytes);

void wmitrace_message_committed(u8 *to, unsigned long opaque);

/**
 * wmitrace_message_commit - end a message
 * @r: as wmitrace_message_reserve() returned it, all of its bytes written
 *
 * Context: that of wmitrace_message_reserve().
 */
static __always_inline void wmitrace_message_commit(struct wmitrace_reserved r)
{
	wmitrace_message_committed(r.to, r.opaque);
}

#endif /* WMITRACE_RESERVE_H */
