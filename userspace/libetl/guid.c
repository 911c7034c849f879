// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * GUIDs as text.
 */
#include <errno.h>

#include "private.h"

/* Position in the 16 bytes of each pair of digits, in printed order. */
static const unsigned char order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

static bool dash_before(int i)
{
	return i == 4 || i == 6 || i == 8 || i == 10;
}

void etl_guid_format(const unsigned char guid[16], char text[ETL_GUID_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	int i;

	for (i = 0; i < 16; i++) {
		if (dash_before(i))
			*text++ = '-';
		*text++ = digits[guid[order[i]] >> 4];
		*text++ = digits[guid[order[i]] & 15];
	}
	*text = '\0';
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int etl_guid_parse(const char *text, unsigned char guid[16])
{
	bool braces = *text == '{';
	unsigned char out[16];
	int i;

	text += braces;
	for (i = 0; i < 16; i++) {
		int high, low;

		if (dash_before(i) && *text++ != '-')
			return -EINVAL;
		high = digit(text[0]);
		low = high < 0 ? -1 : digit(text[1]);
		if (low < 0)
			return -EINVAL;
		out[order[i]] = (unsigned char)(high << 4 | low);
		text += 2;
	}
	if (braces && *text++ != '}')
		return -EINVAL;
	if (*text)
		return -EINVAL;
	memcpy(guid, out, sizeof(out));
	return 0;
}
