/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_CONTROL_H
#define WT_CONTROL_H

int wt_control_init(void);
void wt_control_exit(void);

#endif
