/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON output; the writer puts in the commas. */
#ifndef WMITRACE_JSON_H
#define WMITRACE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *to;
	bool comma;	/* the next element needs one before it */
};

/* A string in quotes; bytes that are no UTF-8 become U+FFFD. */
void json_text(FILE *to, const char *text);

/* @key is NULL inside an array and at the top. */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);
void json_string(struct json *json, const char *key, const char *value);
void json_number(struct json *json, const char *key, uint64_t value);
void json_signed(struct json *json, const char *key, int64_t value);
void json_null(struct json *json, const char *key);
void json_bool(struct json *json, const char *key, bool value);

#endif /* WMITRACE_JSON_H */
