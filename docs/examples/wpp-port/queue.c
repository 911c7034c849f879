// SPDX-License-Identifier: GPL-2.0-or-later
#include "driver.h"
#include "queue.tmh"

#define COMMAND_HEAT	0x01

NTSTATUS KettleHeat(struct kettle *Device, const UCHAR *Command, ULONG Length)
{
	TraceQueue("Request %I64u: %!HEXDUMP!", Device->Requests, WPP_HEXDUMP(Command, (USHORT)Length));
	if (Length < 2 || Command[0] != COMMAND_HEAT) {
		TraceEvents(TRACE_LEVEL_ERROR, TRACE_QUEUE, "Invalid command %02X, length %u", Length ? Command[0] : 0, Length);
		return STATUS_INVALID_PARAMETER;
	}
	Device->Requests++;
	Device->Temperature = Command[1];
	Trace(TRACE_LEVEL_INFORMATION, "Device %u heats to %u degrees", Device->Id, Device->Temperature);
	return STATUS_SUCCESS;
}
