// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "colors.h"

struct colors colors = { .bold = "", .alarm = "", .plain = "" };

void colors_choose(void)
{
	if (isatty(STDOUT_FILENO))
		colors = (struct colors){ COLOR_BOLD, COLOR_ALARM, COLOR_PLAIN };
}
