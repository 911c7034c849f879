// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flag-words.h"

static int same_word(const char *word, size_t len, const char *name)
{
	size_t i;

	for (i = 0; i < len; i++) {
		int a = word[i] == '_' ? '-' : tolower((unsigned char)word[i]);
		int b = name[i] == '_' ? '-' : tolower((unsigned char)name[i]);

		if (a != b || !b)
			return 0;
	}
	return !name[len];
}

static int parse_number(const char *word, size_t len, uint32_t *value)
{
	unsigned long long number;
	char *end;

	if (!len || !isdigit((unsigned char)word[0]))
		return -EINVAL;
	errno = 0;
	number = strtoull(word, &end, 0);
	if (errno || end != word + len || number > UINT32_MAX)
		return -EINVAL;
	*value = number;
	return 0;
}

static int parse_word(const struct flag_word *words, size_t count, const char *word, size_t len,
		      uint32_t *value)
{
	static const char prefix[] = "EVENT_TRACE_";
	const char *windows = word;
	size_t windows_len = len, i;

	if (len > sizeof(prefix) - 1 && !strncasecmp(word, prefix, sizeof(prefix) - 1)) {
		windows += sizeof(prefix) - 1;
		windows_len -= sizeof(prefix) - 1;
	}
	for (i = 0; i < count; i++) {
		if (same_word(word, len, words[i].name) ||
		    (words[i].windows && same_word(windows, windows_len, words[i].windows))) {
			*value = words[i].value;
			return 0;
		}
	}
	if (same_word(word, len, "none")) {
		*value = 0;
		return 0;
	}
	return parse_number(word, len, value);
}

int flag_words_parse(const struct flag_word *words, size_t count, const char *text,
		     uint32_t *flags, const char **bad)
{
	uint32_t sum = 0;

	for (;;) {
		size_t len = strcspn(text, ",");
		uint32_t value;

		if (parse_word(words, count, text, len, &value)) {
			if (bad)
				*bad = text;
			return -EINVAL;
		}
		sum |= value;
		if (!text[len])
			break;
		text += len + 1;
	}
	*flags = sum;
	return 0;
}

/* Returns how much of @text is used behind it. */
static size_t add_word(char *text, size_t size, size_t used, const char *word)
{
	int len = snprintf(text + used, size - used, "%s%s", used ? "," : "", word);

	return used + len < size ? used + len : size - 1;
}

void flag_words_format(const struct flag_word *words, size_t count, uint32_t flags,
		       char *text, size_t size)
{
	size_t used = 0, i;
	char number[16];

	if (!flags) {
		add_word(text, size, 0, "none");
		return;
	}
	for (i = 0; i < count; i++) {
		if (!words[i].value || (flags & words[i].value) != words[i].value)
			continue;
		flags &= ~words[i].value;
		used = add_word(text, size, used, words[i].name);
	}
	if (flags) {
		snprintf(number, sizeof(number), "0x%x", flags);
		add_word(text, size, used, number);
	}
}
