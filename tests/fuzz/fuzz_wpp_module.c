// SPDX-License-Identifier: GPL-2.0-or-later
/* Modules: any bytes as an ELF file with statements.  What comes out must be TMF text. */
#include <stdio.h>
#include <stdlib.h>

#include "wpp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct wpp_complaint *complaint;
	static FILE *null;
	struct wpp_module *module;
	struct etl_error err;
	struct etl_tmf *tmf;
	size_t i;

	if (!null)
		null = fopen("/dev/null", "w");
	if (wpp_module_open_memory(&module, data, size, "fuzz.ko", &err))
		return 0;
	for (i = 0; (complaint = wpp_module_complaint(module, i)); i++)
		fprintf(null, "%s:%u: %s\n", complaint->file, complaint->line, complaint->text);
	for (i = 0; wpp_module_control(module, i); i++)
		wpp_module_write_tmc(module, i, null);
	wpp_module_write_mof(module, null);
	if (!etl_tmf_new(&tmf)) {
		wpp_module_load(module, tmf, &err);
		etl_tmf_free(tmf);
	}
	wpp_module_close(module);
	return 0;
}
