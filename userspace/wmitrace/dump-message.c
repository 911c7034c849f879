// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace dump: WPP messages whose format is known.
 */
#include <string.h>

#include "dump.h"

const struct etl_tmf_message *dump_message_find(struct dump *dump, const struct etl_record *rec)
{
	return dump->tmf ? etl_tmf_find_record(dump->tmf, rec) : NULL;
}

size_t dump_message_text(struct dump *dump, const struct etl_tmf_message *message,
			 const struct etl_record *rec)
{
	size_t len = etl_tmf_format(message, rec, NULL, dump->text, sizeof(dump->text));

	return len < sizeof(dump->text) ? len : strlen(dump->text);
}
