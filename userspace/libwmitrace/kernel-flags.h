/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel logger is asked to log: EVENT_TRACE_FLAG_* by name. */
#ifndef LIBWMITRACE_KERNEL_FLAGS_H
#define LIBWMITRACE_KERNEL_FLAGS_H

#include <stddef.h>
#include <stdint.h>

#define KERNEL_LOGGER_SHORT	"kernel"	/* what users may call it */
#define KERNEL_LOGGER_LONG	"NT Kernel Logger"

/* Without a choice: who runs where, and why. */
#define KERNEL_FLAGS_DEFAULT	0x00000813u

#define KERNEL_FLAGS_TEXT_MAX	512

/*
 * Reads names joined by commas, "none", or a number (0x10).  Returns 0, or
 * -EINVAL with @bad at the word that is neither.
 */
int kernel_flags_parse(const char *text, uint32_t *flags, const char **bad);

/* Names joined by commas, "none" for 0. */
void kernel_flags_format(uint32_t flags, char text[KERNEL_FLAGS_TEXT_MAX]);

/* For completion and help: NULL behind the last. */
const char *kernel_flag_name(size_t index);

#endif /* LIBWMITRACE_KERNEL_FLAGS_H */
