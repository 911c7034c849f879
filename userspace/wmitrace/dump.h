/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What wmitrace dump's files share: one writer of lines per format. */
#ifndef WMITRACE_DUMP_H
#define WMITRACE_DUMP_H

#include "etl.h"
#include "output.h"
#include "tmf.h"

struct dump {
	struct output out;
	uint64_t index;		/* of the record, in file order */
	bool color;		/* text only */
	struct etl_tmf *tmf;	/* formats of messages */
	char text[1 << 16];	/* of a message; more is cut off */
};

void dump_json(struct dump *dump, const struct etl_record *rec);

void dump_csv_heading(struct dump *dump);
void dump_csv(struct dump *dump, const struct etl_record *rec);

void dump_text(struct dump *dump, const struct etl_record *rec);

/* The format of a WPP message; NULL if @rec is none, or it is not known. */
const struct etl_tmf_message *dump_message_find(struct dump *dump, const struct etl_record *rec);
/* Writes its text to dump->text.  Returns the length. */
size_t dump_message_text(struct dump *dump, const struct etl_tmf_message *message,
			 const struct etl_record *rec);

/*
 * Prints the fields that are left in @fields, between commas (JSON: members of
 * an object, without its braces) or blanks.  Returns 0, or -EBADMSG if they
 * ended early.
 */
int dump_fields(struct output *out, struct etl_fields *fields, bool json);

#endif /* WMITRACE_DUMP_H */
