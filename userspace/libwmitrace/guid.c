// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guid.h"

/* Where the text's byte pairs lie: three little-endian numbers, then bytes. */
static const uint8_t places[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *p = c ? strchr(digits, c) : NULL;

	return p ? (p - digits) % 16 : -1;
}

int guid_parse(const char *text, uint8_t guid[16])
{
	int braced = text[0] == '{';
	uint8_t bytes[16];
	int i;

	text += braced;
	for (i = 0; i < 16; i++) {
		int high, low;

		if ((i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-')
			return -EINVAL;
		high = digit(text[0]);
		low = high < 0 ? -1 : digit(text[1]);
		if (low < 0)
			return -EINVAL;
		bytes[places[i]] = high << 4 | low;
		text += 2;
	}
	if (braced && *text++ != '}')
		return -EINVAL;
	if (*text)
		return -EINVAL;
	memcpy(guid, bytes, sizeof(bytes));
	return 0;
}

void guid_format(const uint8_t guid[16], char text[GUID_TEXT_SIZE])
{
	int i;

	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*text++ = '-';
		text += sprintf(text, "%02x", guid[places[i]]);
	}
}
