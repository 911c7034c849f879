// SPDX-License-Identifier: GPL-2.0-or-later
/* TMF text: any bytes. */
#include <stdio.h>
#include <stdlib.h>

#include "tmf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Touches every string. */
static int visit(void *context, const struct etl_tmf_message *m)
{
	size_t *sum = context;
	const char *value;
	unsigned int i;

	*sum += snprintf(NULL, 0, "%s%s%s%s%s", m->module, m->source, m->tag, m->format, m->keys);
	*sum += etl_tmf_key(m, "LEVEL", &value);
	for (i = 0; i < m->count; i++)
		*sum += snprintf(NULL, 0, "%s%s", etl_tmf_argument_name(m, i),
				 etl_tmf_argument_item(m, i));
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct etl_error err;
	struct etl_tmf *tmf;
	size_t sum = 0;

	if (etl_tmf_new(&tmf))
		return 0;
	etl_tmf_parse(tmf, (const char *)data, size, "fuzz", &err);
	etl_tmf_each(tmf, visit, &sum);
	etl_tmf_free(tmf);
	return 0;
}
