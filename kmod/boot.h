/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_BOOT_H
#define WT_BOOT_H

void wt_boot_sessions(void);

#endif
