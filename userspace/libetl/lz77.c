// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * MS-XCA "plain LZ77": the compression of buffers (etl-format section 9).
 */
#include "lz77.h"
#include "private.h"

#define NIBBLE_BASE	7u
#define BYTE_BASE	(NIBBLE_BASE + 15u)
#define LENGTH_BASE	3u

struct input {
	const unsigned char *at, *end;
	const unsigned char *nibble;	/* byte whose high half is the next nibble, or NULL */
};

/*
 * The length of a match whose 3-bit field is all ones, without LENGTH_BASE.
 * Returns false if the input ends or lies.
 */
static bool long_length(struct input *in, uint32_t *length)
{
	uint32_t n;

	if (in->nibble) {
		n = *in->nibble >> 4;
		in->nibble = NULL;
	} else {
		if (in->at == in->end)
			return false;
		in->nibble = in->at++;
		n = *in->nibble & 15;
	}
	if (n < 15) {
		*length = n + NIBBLE_BASE;
		return true;
	}
	if (in->at == in->end)
		return false;
	n = *in->at++;
	if (n < 255) {
		*length = n + BYTE_BASE;
		return true;
	}
	if (in->end - in->at < 2)
		return false;
	n = get16(in->at);
	in->at += 2;
	if (!n) {
		if (in->end - in->at < 4)
			return false;
		n = get32(in->at);
		in->at += 4;
	}
	*length = n;
	return n >= BYTE_BASE;
}

/* A match may overlap its own output: then bytes repeat. */
static unsigned char *copy_match(unsigned char *out, size_t distance, size_t length)
{
	const unsigned char *from = out - distance;

	if (distance >= length) {
		memcpy(out, from, length);
		return out + length;
	}
	while (length--)
		*out++ = *from++;
	return out;
}

size_t etl_lz77_expand(const unsigned char *data, size_t size, unsigned char *to, size_t room)
{
	struct input in = { data, data + size, NULL };
	unsigned char *out = to, *end = to + room;
	uint32_t flags = 0, left = 0;

	while (out < end) {
		uint32_t word, length;
		size_t distance;

		if (!left) {
			if (in.end - in.at < 4)
				break;
			flags = get32(in.at);
			in.at += 4;
			left = 32;
		}
		left--;
		if (!(flags >> left & 1)) {
			if (in.at == in.end)
				break;
			*out++ = *in.at++;
			continue;
		}
		if (in.end - in.at < 2)
			break;
		word = get16(in.at);
		in.at += 2;
		distance = (word >> 3) + 1;
		length = word & 7;
		if (length == 7 && !long_length(&in, &length))
			break;
		if (distance > (size_t)(out - to))
			break;
		if (length > (size_t)(end - out) || length + LENGTH_BASE > (size_t)(end - out))
			length = (uint32_t)(end - out);
		else
			length += LENGTH_BASE;
		out = copy_match(out, distance, length);
	}
	return (size_t)(out - to);
}
