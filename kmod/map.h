/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WT_MAP_H
#define WT_MAP_H

struct wmitrace_map;

int wt_map_open(struct wmitrace_map *map);

#endif
