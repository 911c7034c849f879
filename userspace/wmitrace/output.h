/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output of very many short lines: formatted into a buffer without stdio's
 * cost.  Nothing is written before the buffer is full or output_flush().
 */
#ifndef WMITRACE_OUTPUT_H
#define WMITRACE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct output {
	int fd;
	int error;		/* errno of the first write that failed, else 0 */
	size_t used;
	unsigned char data[1 << 16];
};

void output_flush(struct output *out);
void output_bytes(struct output *out, const void *data, size_t size);
void output_string(struct output *out, const char *text);
void output_number(struct output *out, uint64_t value);
void output_signed(struct output *out, int64_t value);
/* At least @digits of them, zeros in front. */
void output_padded(struct output *out, uint64_t value, unsigned int digits);
/* "1f", without 0x. */
void output_hex(struct output *out, uint64_t value);
/* Two digits per byte. */
void output_hex_bytes(struct output *out, const unsigned char *data, size_t size);
void output_guid(struct output *out, const unsigned char guid[16]);
/* What JSON wants inside quotes; ill-formed UTF-8 becomes U+FFFD. */
void output_json_escaped(struct output *out, const char *text, size_t size);

/* Room for @size bytes, few, at which the caller puts them. */
static inline unsigned char *output_claim(struct output *out, size_t size)
{
	unsigned char *p;

	if (sizeof(out->data) - out->used < size)
		output_flush(out);
	p = out->data + out->used;
	out->used += size;
	return p;
}

/* A string constant. */
#define output_literal(out, text) \
	memcpy(output_claim(out, sizeof(text) - 1), text, sizeof(text) - 1)

static inline void output_char(struct output *out, char c)
{
	if (out->used == sizeof(out->data))
		output_flush(out);
	out->data[out->used++] = (unsigned char)c;
}

#endif /* WMITRACE_OUTPUT_H */
