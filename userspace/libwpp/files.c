// SPDX-License-Identifier: LGPL-2.1-or-later
/* The files that are made of a module: TMF, TMC, MOF (wpp-tmf 8, 10). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

/* The two comments that readers expect at the top. */
static void put_head(const struct wpp_module *m, FILE *to)
{
	const char *slash = strrchr(m->name, '/');
	struct tm tm = { .tm_mday = 1 };

	gmtime_r(&m->changed, &tm);
	fprintf(to, "// PDB:  %s\n"
		"// PDB:  Last Updated :%04d-%02d-%02d:%02d:%02d:%02d:000 (UTC) [wmitrace]\n",
		slash ? slash + 1 : m->name, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void wpp_module_write_tmf(const struct wpp_module *m, size_t index, FILE *to)
{
	const struct wpp_file_entry *file = &m->files[index];
	char guid[ETL_GUID_TEXT];
	size_t i;

	etl_guid_format(file->source.guid, guid);
	put_head(m, to);
	fprintf(to, "%s %s // SRC=%s MJ= MN=\n", guid, file->module, file->source.name);
	for (i = 0; i < m->statement_count; i++)
		if (m->statements[i].file == index && m->statements[i].tmf)
			fputs(m->statements[i].tmf, to);
}

int wpp_module_load(const struct wpp_module *m, struct etl_tmf *tmf, struct etl_error *err)
{
	char *text = NULL;
	size_t i, size;
	int ret = 0;
	FILE *to;

	for (i = 0; i < m->file_count && !ret; i++) {
		to = open_memstream(&text, &size);
		if (!to)
			return etl_fail(err, -ENOMEM, m->name, ETL_NO_OFFSET, "out of memory");
		wpp_module_write_tmf(m, i, to);
		fclose(to);
		ret = etl_tmf_parse(tmf, text, size, m->name, err);
		free(text);
	}
	return ret;
}

void wpp_module_write_tmc(const struct wpp_module *m, size_t index, FILE *to)
{
	const struct wpp_control *control = &m->controls[index];
	const char *flag = control->flag_names;
	char guid[ETL_GUID_TEXT];
	unsigned int i;

	etl_guid_format(control->guid, guid);
	put_head(m, to);
	fprintf(to, "%s %s\n", guid, control->name);
	for (i = 0; i < control->flags; i++, flag += strlen(flag) + 1)
		fprintf(to, "%s\n", flag);
}

/* ---- MOF ----------------------------------------------------------------------------- */

/* One qualifier with a list; @put writes element @i. */
static void put_list(FILE *to, const char *qualifier, const struct wpp_control *control,
		     void (*put)(FILE *to, const char *flag, unsigned int i))
{
	const char *flag = control->flag_names;
	unsigned int i;

	fprintf(to, "\t %s{", qualifier);
	for (i = 0; i < control->flags; i++, flag += strlen(flag) + 1) {
		fputs(i ? ", " : "", to);
		put(to, flag, i);
	}
	fputs("}", to);
}

static void put_description(FILE *to, const char *flag, unsigned int i)
{
	(void)i;
	fprintf(to, "\"%s Flag\"", flag);
}

static void put_name(FILE *to, const char *flag, unsigned int i)
{
	(void)i;
	fprintf(to, "\"%s\"", flag);
}

static void put_value(FILE *to, const char *flag, unsigned int i)
{
	(void)flag;
	fprintf(to, "\"0x%08x\"", 1u << (i & 31));
}

static void put_flags(FILE *to, const struct wpp_control *control)
{
	fputs("\t[Description(\"Enable Flags\"),\n", to);
	put_list(to, "ValueDescriptions", control, put_description);
	fputs(",\n", to);
	put_list(to, "DefineValues", control, put_name);
	fputs(",\n", to);
	put_list(to, "Values", control, put_name);
	fputs(",\n", to);
	put_list(to, "ValueMap", control, put_value);
	fputs("]\n\tuint32 Flags;\n", to);
}

static void put_class(const struct wpp_module *m, const struct wpp_control *control, FILE *to)
{
	char guid[ETL_GUID_TEXT];

	etl_guid_format(control->guid, guid);
	fprintf(to, "\n[Dynamic,\n Description(\"%s_%s\"),\n guid(\"{%s}\"),\n locale(\"MS\\\\0x409\")]\n"
		"class %s%s : EventTrace\n{\n", m->module, control->name, guid, m->module,
		control->name);
	put_flags(to, control);
	fputs("\n\t[Description(\"Levels\"),\n"
	      "\t ValueDescriptions{\"Critical\", \"Error\", \"Warning\", \"Information\", \"Verbose\"},\n"
	      "\t DefineValues{\"TRACE_LEVEL_CRITICAL\", \"TRACE_LEVEL_ERROR\", \"TRACE_LEVEL_WARNING\","
	      " \"TRACE_LEVEL_INFORMATION\", \"TRACE_LEVEL_VERBOSE\"},\n"
	      "\t Values{\"Critical\", \"Error\", \"Warning\", \"Information\", \"Verbose\"},\n"
	      "\t ValueMap{\"0x1\", \"0x2\", \"0x3\", \"0x4\", \"0x5\"}]\n"
	      "\tuint32 Level;\n};\n", to);
}

void wpp_module_write_mof(const struct wpp_module *m, FILE *to)
{
	size_t i;

	put_head(m, to);
	fputs("#pragma classflags(\"forceupdate\")\n"
	      "#pragma namespace(\"\\\\\\\\.\\\\Root\\\\WMI\")\n"
	      "#pragma autorecover\n", to);
	for (i = 0; i < m->control_count; i++)
		put_class(m, &m->controls[i], to);
}
