// SPDX-License-Identifier: GPL-2.0-or-later
/* wmitrace tmf extract: TMF files out of modules; wmitrace tmf list: what is in them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "arguments.h"
#include "command.h"
#include "failure.h"
#include "formats.h"
#include "json.h"
#include "tmf.h"
#include "wpp.h"

static const char extract_usage[] =
	"Usage: wmitrace tmf extract [OPTIONS] MODULE...\n"
	"Check the WPP trace statements of modules (.ko, .ko.xz, .ko.gz, .ko.zst) and write\n"
	"a GUID.tmf for each of their source files, a GUID.tmc for each control GUID and a\n"
	"MODULE.mof for all control GUIDs.\n\n"
	"  -o, --output DIR        where the files go (.)\n"
	"      --check             write nothing, only report what is wrong\n";
static const char list_usage[] =
	"Usage: wmitrace tmf list PATH...\n"
	"List the messages of TMF files, folders of TMF files, or modules.\n\n";

/* ---- extract ---------------------------------------------------------------------- */

enum { OPTION_CHECK = 256 };

static const struct option extract_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ NULL, 0, NULL, 0 }
};

struct extract {
	const char *folder;
	bool check;
	bool json;
	struct json out;
	size_t wrong;
};

static int take_extract(void *context, int option, const char *value)
{
	struct extract *x = context;

	if (option == OPTION_CHECK)
		x->check = true;
	else
		x->folder = value;
	return COMMAND_OK;
}

static void report(struct extract *x, const char *module, const struct wpp_complaint *c)
{
	x->wrong++;
	if (!c->line)
		fprintf(stderr, "%s: %s: error: %s\n", module, c->file, c->text);
	else
		fprintf(stderr, "%s:%u: error: %s\n", c->file, c->line, c->text);
}

/* Opens FOLDER/NAME.EXTENSION; says why if it cannot. */
static FILE *create(const struct extract *x, const char *name, const char *extension,
		    char *path, size_t size)
{
	FILE *to;

	snprintf(path, size, "%s/%s.%s", x->folder, name, extension);
	to = fopen(path, "w");
	if (!to)
		fail("tmf", "cannot write %s: %s", path, strerror(errno));
	return to;
}

/* Ends a file; false if something was not written. */
static bool finish(FILE *to, const char *path)
{
	bool failed = ferror(to);

	if (!fclose(to) && !failed)
		return true;
	fail("tmf", "cannot write %s: %s", path, strerror(errno));
	return false;
}

static bool write_tmfs(const struct extract *x, const struct wpp_module *module)
{
	const struct wpp_source *source;
	char guid[ETL_GUID_TEXT], path[4096];
	size_t i;
	FILE *to;

	for (i = 0; (source = wpp_module_source(module, i)); i++) {
		etl_guid_format(source->guid, guid);
		to = create(x, guid, "tmf", path, sizeof(path));
		if (!to)
			return false;
		wpp_module_write_tmf(module, i, to);
		if (!finish(to, path))
			return false;
	}
	return true;
}

static bool write_controls(const struct extract *x, const struct wpp_module *module)
{
	const struct wpp_control *control;
	char guid[ETL_GUID_TEXT], path[4096];
	size_t i;
	FILE *to;

	for (i = 0; (control = wpp_module_control(module, i)); i++) {
		etl_guid_format(control->guid, guid);
		to = create(x, guid, "tmc", path, sizeof(path));
		if (!to)
			return false;
		wpp_module_write_tmc(module, i, to);
		if (!finish(to, path))
			return false;
	}
	to = create(x, wpp_module_name(module), "mof", path, sizeof(path));
	if (!to)
		return false;
	wpp_module_write_mof(module, to);
	return finish(to, path);
}

static void show_sources(struct extract *x, const char *name, const struct wpp_module *module)
{
	const struct wpp_source *source;
	char guid[ETL_GUID_TEXT];
	size_t i;

	for (i = 0; (source = wpp_module_source(module, i)); i++) {
		etl_guid_format(source->guid, guid);
		if (!x->json) {
			printf("%s  %5zu  %s\n", guid, source->statements, source->name);
			continue;
		}
		json_open(&x->out, NULL, '{');
		json_string(&x->out, "module", name);
		json_string(&x->out, "guid", guid);
		json_string(&x->out, "source", source->name);
		json_number(&x->out, "statements", source->statements);
		json_close(&x->out, '}');
	}
}

static int extract_one(struct extract *x, const char *path)
{
	const struct wpp_complaint *complaint;
	struct wpp_module *module;
	struct etl_error err;
	bool written = true;
	size_t i;
	int ret = wpp_module_open(&module, path, &err);

	if (ret == -ENODATA && x->check) {
		fprintf(stderr, "%s: %s\n", path, err.reason);
		return COMMAND_OK;
	}
	if (ret)
		return fail("tmf", "%s: %s", path, err.reason);
	for (i = 0; (complaint = wpp_module_complaint(module, i)); i++)
		report(x, path, complaint);
	if (!*wpp_module_srcversion(module))
		fprintf(stderr, "%s: no srcversion, so a TMF file of another build is not noticed; add MODULE_VERSION\n",
			path);
	if (!x->check)
		written = write_tmfs(x, module) && write_controls(x, module);
	if (written)
		show_sources(x, path, module);
	wpp_module_close(module);
	return written ? COMMAND_OK : COMMAND_FAILED;
}

static int extract(int argc, char **argv)
{
	struct extract x = { .folder = ".", .out = { .to = stdout } };
	struct arguments arguments = {
		.usage = extract_usage,
		.options = extract_options,
		.take = take_extract,
		.context = &x,
		.least = 1,
		.most = INT32_MAX,
		.words = "a module",
	};
	int status = arguments_parse(&arguments, argc, argv), one, i;

	if (status != ARGUMENTS_GO_ON)
		return status;
	x.json = arguments.json;
	if (!x.check && mkdir(x.folder, 0777) && errno != EEXIST)
		return fail("tmf", "cannot make %s: %s", x.folder, strerror(errno));
	if (x.json)
		json_open(&x.out, NULL, '[');
	for (i = 0, status = COMMAND_OK; i < arguments.count; i++) {
		one = extract_one(&x, arguments.rest[i]);
		if (one)
			status = one;
	}
	if (x.json) {
		json_close(&x.out, ']');
		putchar('\n');
	}
	return x.wrong ? COMMAND_FAILED : status;
}

/* ---- list ---------------------------------------------------------------------------- */

/* One line, whatever the format holds. */
static void put_format(const char *format)
{
	for (; *format; format++) {
		if (*format == '\n')
			fputs("\\n", stdout);
		else if ((unsigned char)*format < ' ')
			printf("\\x%02x", (unsigned char)*format);
		else
			putchar(*format);
	}
	putchar('\n');
}

static int show_message(void *context, const struct etl_tmf_message *m)
{
	struct json *json = context;
	char guid[ETL_GUID_TEXT];

	etl_guid_format(m->guid, guid);
	if (!json) {
		printf("%s %5u  %-24s ", guid, m->number, m->tag);
		put_format(m->format);
		return 0;
	}
	json_open(json, NULL, '{');
	json_string(json, "guid", guid);
	json_number(json, "number", m->number);
	json_string(json, "module", m->module);
	json_string(json, "source", m->source);
	json_string(json, "tag", m->tag);
	json_string(json, "format", m->format);
	json_string(json, "keys", m->keys);
	json_number(json, "arguments", m->count);
	json_close(json, '}');
	return 0;
}

static int list(int argc, char **argv)
{
	struct arguments arguments = {
		.usage = list_usage,
		.least = 1,
		.most = INT32_MAX,
		.words = "a TMF file, folder or module",
	};
	struct json json = { .to = stdout };
	struct etl_tmf *tmf;
	int status = arguments_parse(&arguments, argc, argv), one, i;

	if (status != ARGUMENTS_GO_ON)
		return status;
	if (etl_tmf_new(&tmf))
		return fail("tmf", "out of memory");
	for (i = 0, status = COMMAND_OK; i < arguments.count; i++) {
		one = formats_load("tmf", tmf, arguments.rest[i]);
		if (one)
			status = one;
	}
	if (arguments.json)
		json_open(&json, NULL, '[');
	etl_tmf_each(tmf, show_message, arguments.json ? &json : NULL);
	if (arguments.json) {
		json_close(&json, ']');
		putchar('\n');
	}
	if (etl_tmf_counts(tmf)->left_over)
		status = COMMAND_FAILED;
	etl_tmf_free(tmf);
	return status;
}

/* ---- the two of them --------------------------------------------------------------------- */

static void print_usage(FILE *to)
{
	fputs("Usage: wmitrace tmf extract [OPTIONS] MODULE...\n"
	      "       wmitrace tmf list PATH...\n"
	      "TMF files: the formats of WPP messages.  'wmitrace tmf extract --help' tells more.\n",
	      to);
}

int cmd_tmf(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "extract"))
		return extract(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "list"))
		return list(argc - 1, argv + 1);
	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		print_usage(stdout);
		return COMMAND_OK;
	}
	print_usage(stderr);
	return COMMAND_USAGE;
}
