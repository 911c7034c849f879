/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_IOWMI_H
#define WT_IOWMI_H

void wt_iowmi_exit(void);

#endif
