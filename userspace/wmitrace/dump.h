/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What wmitrace dump's files share: one writer of lines per format. */
#ifndef WMITRACE_DUMP_H
#define WMITRACE_DUMP_H

#include "etl.h"
#include "output.h"

struct dump {
	struct output out;
	const struct etl_log *log;
	uint64_t index;		/* of the record, in file order */
	bool color;		/* text only */
};

void dump_json(struct dump *dump, const struct etl_record *rec);

void dump_csv_heading(struct dump *dump);
void dump_csv(struct dump *dump, const struct etl_record *rec);

void dump_text(struct dump *dump, const struct etl_record *rec);

/*
 * Prints the fields that are left in @fields, between commas (JSON: members of
 * an object, without its braces) or blanks.  Returns 0, or -EBADMSG if they
 * ended early.
 */
int dump_fields(struct output *out, struct etl_fields *fields, bool json);

#endif /* WMITRACE_DUMP_H */
