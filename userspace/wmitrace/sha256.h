/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WMITRACE_SHA256_H
#define WMITRACE_SHA256_H

#include <stddef.h>

#define SHA256_SIZE	32

/* FIPS 180-4, with the CPU's instructions for it where it has them. */
void sha256(const void *data, size_t size, unsigned char digest[SHA256_SIZE]);

#endif /* WMITRACE_SHA256_H */
