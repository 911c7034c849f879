// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs the statements and prints number and arguments of each record. */
#include <stdio.h>

#include "kernel.h"
#include <wmitrace/wpp-control.h>
#include <wmitrace/reserve.h>

void statements(void);
extern struct wpp_control wpp_controls_kmod_hosted[];

static u8 record[4096];
static u32 used;

struct wmitrace_reserved wmitrace_message_reserve(TRACEHANDLE handle, ULONG flags, LPCGUID guid,
						  USHORT number, u32 bytes)
{
	(void)guid;
	printf("handle=%llx flags=%x number=%u size=%u", handle, flags, number, bytes);
	used = bytes;
	memset(record, 0xee, sizeof(record));
	return (struct wmitrace_reserved){ .to = record };
}

/* Pointers differ from run to run: only that of a constant counts. */
void wmitrace_message_committed(u8 *to, unsigned long opaque)
{
	u32 i;

	(void)to, (void)opaque;
	for (i = 0; i < used && used != 3 * sizeof(void *); i++)
		printf(" %02x", record[i]);
	printf("%s\n", record[used] == 0xee ? "" : " overrun");
}

const GUID *wmitrace_wpp_guid(struct wpp_file *file)
{
	return (const GUID *)file->head.guid;
}

NTSTATUS wmitrace_wpp_dispatch(UCHAR minor, PVOID path, ULONG length, PVOID buffer, PVOID context,
			       PULONG used_bytes)
{
	(void)minor, (void)path, (void)length, (void)buffer, (void)context, (void)used_bytes;
	return 0;
}

int main(void)
{
	wpp_controls_kmod_hosted[0].Logger = 0x500030002;
	wpp_controls_kmod_hosted[0].Flags[0] = 1;
	statements();
	return 0;
}
