/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_KERNEL_CONFIG_H
#define WT_KERNEL_CONFIG_H

void wt_config_log(void);

#endif
