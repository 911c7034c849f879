// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "command.h"
#include "failure.h"
#include "formats.h"
#include "wpp.h"

#define DEFAULT_FOLDER	"/usr/share/wmitrace/tmf"

static bool is_module(const char *path)
{
	const char *at = strstr(path, ".ko");

	while (at && strstr(at + 1, ".ko"))
		at = strstr(at + 1, ".ko");
	return at && (!at[3] || !strcmp(at, ".ko.xz") || !strcmp(at, ".ko.gz") ||
		      !strcmp(at, ".ko.zst"));
}

static int load_module(struct etl_tmf *tmf, const char *path, struct etl_error *err)
{
	struct wpp_module *module;
	int ret = wpp_module_open(&module, path, err);

	if (ret)
		return ret;
	if (wpp_module_complaint(module, 0))
		fprintf(stderr, "%s: some statements have no valid format; 'wmitrace tmf extract --check %s' says why\n",
			path, path);
	ret = wpp_module_load(module, tmf, err);
	wpp_module_close(module);
	return ret;
}

int formats_load(const char *command, struct etl_tmf *tmf, const char *path)
{
	struct etl_error err = { .code = 0 };
	int ret = is_module(path) ? load_module(tmf, path, &err) : etl_tmf_load(tmf, path, &err);

	if (!ret)
		return COMMAND_OK;
	if (ret == -EBADMSG && !is_module(path)) {
		fprintf(stderr, "%s: %s; the rest of it is used\n", err.file, err.reason);
		return COMMAND_OK;
	}
	return fail(command, "%s: %s", path, err.reason);
}

/* ---- installed modules ------------------------------------------------------------ */

/* Whether @path is that of module @name, which the kernel writes with _ for -. */
static bool is_file_of(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/'), *p = slash ? slash + 1 : path;

	for (; *name; name++, p++)
		if (*p != *name && !(*name == '_' && *p == '-'))
			return false;
	return !strncmp(p, ".ko", 3);
}

/* Each line of modules.dep begins with a path and a colon. */
static char *find_installed(const char *folder, const char *name)
{
	char *line = NULL, *end, *found = NULL;
	size_t size = 0;
	char path[512];
	FILE *list;

	snprintf(path, sizeof(path), "%s/modules.dep", folder);
	list = fopen(path, "r");
	if (!list)
		return NULL;
	while (!found && getline(&line, &size, list) > 0) {
		end = strchr(line, ':');
		if (!end)
			continue;
		*end = '\0';
		if (is_file_of(line, name) &&
		    asprintf(&found, "%s%s%s", *line == '/' ? "" : folder,
			     *line == '/' ? "" : "/", line) < 0)
			found = NULL;
	}
	free(line);
	fclose(list);
	return found;
}

void formats_load_installed(struct etl_tmf *tmf, const char *name)
{
	char folder[256], *path;
	struct etl_error err;
	struct utsname kernel;

	if (!*name || uname(&kernel))
		return;
	snprintf(folder, sizeof(folder), "/lib/modules/%s", kernel.release);
	path = find_installed(folder, name);
	if (path)
		load_module(tmf, path, &err);
	free(path);
}

/* ---- folders ---------------------------------------------------------------------- */

/* The folder that @file is in. */
static int search_beside(struct etl_tmf *tmf, const char *file)
{
	const char *slash = strrchr(file, '/');
	char *folder = slash == file ? strdup("/") :
		       slash ? strndup(file, slash - file) : strdup(".");
	int ret = folder ? etl_tmf_search(tmf, folder) : -ENOMEM;

	free(folder);
	return ret;
}

int formats_search(struct etl_tmf *tmf, const char *file)
{
	const char *folders = getenv("TRACE_FORMAT_SEARCH_PATH");
	int ret = folders ? etl_tmf_search(tmf, folders) : 0;

	if (!ret && file)
		ret = search_beside(tmf, file);
	if (!ret)
		ret = etl_tmf_search(tmf, DEFAULT_FOLDER);
	return ret;
}
