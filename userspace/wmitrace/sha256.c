// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

#include "sha256.h"

#define BLOCK	64

static const uint32_t constants[64] __attribute__((aligned(16))) = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

typedef void (*blocks_fn)(uint32_t state[8], const unsigned char *data, size_t count);

static uint32_t rotate(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static void expand(uint32_t w[64], const unsigned char *data)
{
	int i;

	for (i = 0; i < 16; i++) {
		memcpy(&w[i], data + 4 * i, 4);
		w[i] = be32toh(w[i]);
	}
	for (; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
		       (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

static void blocks_plain(uint32_t state[8], const unsigned char *data, size_t count)
{
	for (; count; count--, data += BLOCK) {
		uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
		uint32_t e = state[4], f = state[5], g = state[6], h = state[7], w[64];
		int i;

		expand(w, data);
		for (i = 0; i < 64; i++) {
			uint32_t t = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
				     ((e & f) ^ (~e & g)) + constants[i] + w[i];
			uint32_t u = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
				     ((a & b) ^ (a & c) ^ (b & c));

			h = g, g = f, f = e, e = d + t;
			d = c, c = b, b = a, a = t + u;
		}
		state[0] += a, state[1] += b, state[2] += c, state[3] += d;
		state[4] += e, state[5] += f, state[6] += g, state[7] += h;
	}
}

#if defined(__x86_64__)
#define SHA_CODE __attribute__((target("sha,ssse3,sse4.1")))

/* The message schedule's next four words after the sixteen in @m, oldest first. */
SHA_CODE static inline __m128i schedule(const __m128i m[4])
{
	__m128i x = _mm_sha256msg1_epu32(m[0], m[1]);

	x = _mm_add_epi32(x, _mm_alignr_epi8(m[3], m[2], 4));
	return _mm_sha256msg2_epu32(x, m[3]);
}

/* The instructions keep the state as ABEF and CDGH, high word first. */
SHA_CODE static void blocks_sha(uint32_t state[8], const unsigned char *data, size_t count)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
	__m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
	__m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xf0);

	for (; count; count--, data += BLOCK) {
		__m128i abef0 = abef, cdgh0 = cdgh, m[4], k;
		int i;

		for (i = 0; i < 4; i++)
			m[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)data + i), swap);
		for (i = 0; i < 16; i++) {
			k = _mm_add_epi32(m[0], _mm_load_si128((const __m128i *)constants + i));
			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, k);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(k, 0x0e));
			k = schedule(m);
			m[0] = m[1];
			m[1] = m[2];
			m[2] = m[3];
			m[3] = k;
		}
		abef = _mm_add_epi32(abef, abef0);
		cdgh = _mm_add_epi32(cdgh, cdgh0);
	}
	low = _mm_shuffle_epi32(abef, 0x1b);
	high = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((__m128i *)state, _mm_blend_epi16(low, high, 0xf0));
	_mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

static bool has_sha(void)
{
	unsigned int a, b, c, d;

	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}
#endif

static blocks_fn choose(void)
{
#if defined(__x86_64__)
	if (has_sha())
		return blocks_sha;
#endif
	return blocks_plain;
}

void sha256(const void *data, size_t size, unsigned char digest[SHA256_SIZE])
{
	static blocks_fn blocks;
	uint32_t state[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};
	unsigned char tail[2 * BLOCK] = { 0 };
	size_t whole = size / BLOCK, rest = size % BLOCK, end = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
	uint64_t bits = htobe64(8 * (uint64_t)size);
	int i;

	if (!blocks)
		blocks = choose();
	if (whole)
		blocks(state, data, whole);
	if (rest)
		memcpy(tail, (const unsigned char *)data + whole * BLOCK, rest);
	tail[rest] = 0x80;
	memcpy(tail + end - 8, &bits, 8);
	blocks(state, tail, end / BLOCK);
	for (i = 0; i < 8; i++) {
		state[i] = htobe32(state[i]);
		memcpy(digest + 4 * i, &state[i], 4);
	}
}
