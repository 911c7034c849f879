// SPDX-License-Identifier: GPL-2.0-only
/* The worked record of wpp-tmf section 6.2: its GUID, its number, its arguments. */
#define WPP_USER_MSG_GUID (6f1a2c30,95d4,3b7e,2a11,5c0d9e8f7a6b)
#include "wpp_trace.h"

void wpp_record(void)
{
	static const u8 bytes[4] = { 0xde, 0xad, 0xbe, 0xef };

	TraceEvents(TRACE_LEVEL_ERROR, FLOW_ENTRY, "op=%d st=%!STATUS! name=%s ip=%!IPADDR! data=%!HEXDUMP!",
		    7, (NTSTATUS)0xC0000005, (char *)NULL, 0x0100007f, WPP_HEXDUMP(bytes, 4));
}
