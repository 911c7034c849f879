// SPDX-License-Identifier: GPL-2.0-or-later
/* libetl: any bytes as plain LZ77, into room for as many as the first two bytes say. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lz77.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *in, *out;
	size_t room;

	if (size < 2)
		return 0;
	room = data[0] | (size_t)data[1] << 8;
	in = malloc(size - 1);
	out = malloc(room ? room : 1);
	if (in && out) {
		memcpy(in, data + 2, size - 2);
		if (etl_lz77_expand(in, size - 2, out, room) > room)
			abort();
	}
	free(in);
	free(out);
	return 0;
}
