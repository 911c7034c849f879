/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_WDF_H
#define WT_WDF_H

struct module;

void wt_wdf_module_gone(struct module *module);

#endif
