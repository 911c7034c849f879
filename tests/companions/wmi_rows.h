/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WMI_ROWS_H
#define WMI_ROWS_H

#include <wmitrace/ntdef.h>

extern unsigned long long wmi_handle;	/* of a running session */

__printf(2, 3) void wmi_check(bool good, const char *format, ...);

void wmi_consumer_rows(void);
void wmi_library_rows(void);
void wmi_wdf_rows(void);
void wmi_etw_rows(void);
void wmi_wdf_bad_handles(void);

#endif
