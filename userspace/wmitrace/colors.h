/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What standard output understands: colours on a terminal, nothing elsewhere. */
#ifndef WMITRACE_COLORS_H
#define WMITRACE_COLORS_H

#define COLOR_BOLD	"\033[1m"
#define COLOR_ALARM	"\033[1;31m"
#define COLOR_PLAIN	"\033[m"

/* "" before colors_choose() and where standard output is no terminal. */
struct colors {
	const char *bold, *alarm, *plain;
};

extern struct colors colors;

void colors_choose(void);

#endif /* WMITRACE_COLORS_H */
