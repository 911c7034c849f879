/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Flags of a dword as people write them: names and numbers joined by commas. */
#ifndef LIBWMITRACE_FLAG_WORDS_H
#define LIBWMITRACE_FLAG_WORDS_H

#include <stddef.h>
#include <stdint.h>

struct flag_word {
	uint32_t value;
	const char *name;
	const char *windows;	/* the name in Windows' headers without EVENT_TRACE_, or NULL */
};

/*
 * Reads names, numbers (0x10) and "none" joined by commas; case, and '-' or
 * '_', make no difference.  Returns 0 and the sum; -EINVAL, and in *@bad (may
 * be NULL) the start of the word that is none of these.
 */
int flag_words_parse(const struct flag_word *words, size_t count, const char *text,
		     uint32_t *flags, const char **bad);

/*
 * Writes names joined by commas, what has no name as a number, "none" for 0;
 * cut short if @size bytes do not suffice.
 */
void flag_words_format(const struct flag_word *words, size_t count, uint32_t flags,
		       char *text, size_t size);

#endif /* LIBWMITRACE_FLAG_WORDS_H */
