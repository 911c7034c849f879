/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a set of formats is kept. */
#ifndef ETL_TMF_SET_H
#define ETL_TMF_SET_H

#include "tmf-private.h"

#define TMF_BUCKETS	4096

/* A message, or the mark that a GUID was searched for; freed as one piece. */
struct tmf_node {
	struct tmf_node *chain;		/* in its bucket */
	struct tmf_node *next;		/* in order of arrival */
	uint32_t number;
	struct etl_tmf_message message;
	struct etl_tmf_argument arguments[];
};

/* The text of a file, cut into strings in place, and what was found in it. */
struct tmf_file {
	struct tmf_file *next;
	struct tmf_enum *enums;
	char text[];
};

struct etl_tmf {
	struct tmf_node *buckets[TMF_BUCKETS];
	struct tmf_node *nodes, **tail;
	struct tmf_file *files;
	char *folders;
	struct etl_tmf_counts counts;
};

void tmf_set_add(struct etl_tmf *tmf, struct tmf_node *node);
bool tmf_set_has(const struct etl_tmf *tmf, const unsigned char guid[16], uint16_t number);

#endif /* ETL_TMF_SET_H */
