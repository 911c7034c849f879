// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finding statements, source files and control GUIDs in a module. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

#define RECORD		((size_t)sizeof(struct wpp_record))
#define FILE_HEAD	((size_t)sizeof(struct wpp_file_head))

int wpp_complain(struct wpp_module *m, const char *file, unsigned int line, const char *format, ...)
{
	struct wpp_complaint *more;
	char *text;
	va_list args;
	int len;

	more = reallocarray(m->complaints, m->complaint_count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	m->complaints = more;
	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		return -ENOMEM;
	m->complaints[m->complaint_count++] = (struct wpp_complaint){ file, line, text };
	return 0;
}

/* A string of exactly @size bytes with its NUL; NULL if it is none. */
static const char *string_of(const unsigned char *at, size_t size)
{
	return size && memchr(at, '\0', size) == at + size - 1 ? (const char *)at : NULL;
}

/* ---- source files -------------------------------------------------------------------- */

static bool file_names(const struct wpp_module *m, const struct wpp_span *at, const char *names[3])
{
	uint32_t size, begin;
	const char *p, *end;
	int i;

	if (at->size < FILE_HEAD || wpp_elf_u32(m->elf, at->data) != WPP_MAGIC_FILE)
		return false;
	size = wpp_elf_u32(m->elf, at->data + offsetof(struct wpp_file_head, size));
	begin = wpp_elf_u32(m->elf, at->data + offsetof(struct wpp_file_head, names));
	if (size > at->size || begin < FILE_HEAD || begin >= size)
		return false;
	p = (const char *)at->data + begin;
	end = (const char *)at->data + size;
	for (i = 0; i < 3; i++) {
		names[i] = p;
		p = p < end ? memchr(p, '\0', end - p) : NULL;
		if (!p)
			return false;
		p++;
	}
	return true;
}

static int add_file(struct wpp_module *m, const struct wpp_span *at, size_t *index)
{
	struct wpp_file_entry *more, *file;
	const char *names[3], *slash;

	if (!file_names(m, at, names))
		return -EBADMSG;
	more = reallocarray(m->files, m->file_count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	m->files = more;
	*index = m->file_count++;
	file = &more[*index];
	memset(file, 0, sizeof(*file));
	file->at = at->data;
	file->module = names[0];
	file->base = names[1];
	slash = strrchr(names[2], '/');
	file->source.name = slash ? slash + 1 : names[2];
	if (wpp_elf_u32(m->elf, at->data + offsetof(struct wpp_file_head, ready)))
		memcpy(file->source.guid, at->data + offsetof(struct wpp_file_head, guid), 16);
	else
		wpp_file_guid(file->module, file->base, m->srcversion, file->source.guid);
	return 0;
}

static int find_file(struct wpp_module *m, const struct wpp_span *at, size_t *index)
{
	for (*index = 0; *index < m->file_count; ++*index)
		if (m->files[*index].at == at->data)
			return 0;
	return add_file(m, at, index);
}

/* Messages of two files under one GUID could not be told apart. */
static int check_guids(struct wpp_module *m)
{
	size_t i, j;
	int ret;

	for (i = 0; i < m->file_count; i++) {
		for (j = 0; j < i; j++) {
			if (memcmp(m->files[i].source.guid, m->files[j].source.guid, 16))
				continue;
			ret = wpp_complain(m, m->files[i].source.name, 0,
					   "has the message GUID of %s: define WPP_USER_MSG_GUID in one of them",
					   m->files[j].source.name);
			if (ret)
				return ret;
			break;
		}
	}
	return 0;
}

/* ---- statements ------------------------------------------------------------------------ */

static bool statement_strings(struct wpp_module *m, struct wpp_statement *s,
			      const unsigned char *record, size_t size, size_t at)
{
	const char **const strings[] = { &s->conditions, &s->format, &s->path, &s->expressions };
	size_t lengths = at, len;
	int i;

	at += sizeof(struct wpp_lengths);
	if (at + s->count > size)
		return false;
	s->types = record + at;
	at += s->count;
	for (i = 0; i < 4; i++) {
		len = wpp_elf_u16(m->elf, record + lengths + 2 * i);
		if (len > size - at)
			return false;
		*strings[i] = string_of(record + at, len);
		if (!*strings[i])
			return false;
		at += len;
	}
	return true;
}

static int add_statement(struct wpp_module *m, int section, const struct wpp_span *content,
			 size_t offset, size_t size)
{
	const unsigned char *record = content->data + offset;
	struct wpp_span file = wpp_elf_target(m->elf, section, offset + RECORD);
	struct wpp_span function = wpp_elf_target(m->elf, section, offset + RECORD + m->pointer_size);
	struct wpp_statement *more, s = {
		.line = wpp_elf_u32(m->elf, record + offsetof(struct wpp_record, line)),
		.number = wpp_elf_u16(m->elf, record + offsetof(struct wpp_record, number)),
		.count = record[offsetof(struct wpp_record, count)],
	};
	int ret;

	if (!file.data || !function.data || !memchr(function.data, '\0', function.size) ||
	    s.count > WPP_ARGUMENTS_MAX ||
	    !statement_strings(m, &s, record, size, RECORD + 2 * m->pointer_size))
		return -EBADMSG;
	s.function = (const char *)function.data;
	ret = find_file(m, &file, &s.file);
	if (ret)
		return ret;
	if (!(m->statement_count & (m->statement_count - 1))) {
		more = reallocarray(m->statements, m->statement_count ? 2 * m->statement_count : 1,
				    sizeof(*more));
		if (!more)
			return -ENOMEM;
		m->statements = more;
	}
	m->files[s.file].source.statements++;
	m->statements[m->statement_count++] = s;
	return 0;
}

/* ---- control GUIDs ------------------------------------------------------------------------ */

/* A GUID structure of the module: three numbers in its byte order, then bytes. */
static void load_guid(const struct wpp_module *m, const unsigned char *at, unsigned char guid[16])
{
	const uint32_t first = wpp_elf_u32(m->elf, at);
	const uint16_t second = wpp_elf_u16(m->elf, at + 4), third = wpp_elf_u16(m->elf, at + 6);
	int i;

	for (i = 0; i < 4; i++)
		guid[i] = first >> 8 * i;
	for (i = 0; i < 2; i++) {
		guid[4 + i] = second >> 8 * i;
		guid[6 + i] = third >> 8 * i;
	}
	memcpy(guid + 8, at + 8, 8);
}

/* Every source file of the module brings them all. */
static int add_control(struct wpp_module *m, const unsigned char *record, size_t size)
{
	const char *names = (const char *)record + RECORD + 16, *p = names;
	const char *end = (const char *)record + size;
	unsigned int count = record[offsetof(struct wpp_record, count)], i;
	struct wpp_control *more, *control;
	unsigned char guid[16];

	load_guid(m, record + RECORD, guid);
	for (i = 0; i <= count; i++) {
		p = p < end ? memchr(p, '\0', end - p) : NULL;
		if (!p)
			return -EBADMSG;
		p++;
	}
	for (i = 0; i < m->control_count; i++)
		if (!memcmp(m->controls[i].guid, guid, 16))
			return 0;
	more = reallocarray(m->controls, m->control_count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	m->controls = more;
	control = &more[m->control_count++];
	memcpy(control->guid, guid, 16);
	control->name = names;
	control->flags = count;
	control->flag_names = names + strlen(names) + 1;
	return 0;
}

/* ---- the section --------------------------------------------------------------------------- */

static int take_record(struct wpp_module *m, int section, const struct wpp_span *content,
		       size_t offset, size_t size)
{
	switch (wpp_elf_u32(m->elf, content->data + offset)) {
	case WPP_MAGIC_STATEMENT:
		return add_statement(m, section, content, offset, size);
	case WPP_MAGIC_CONTROL:
		return add_control(m, content->data + offset, size);
	default:
		return -EBADMSG;
	}
}

static int walk(struct wpp_module *m, int section, const struct wpp_span *content)
{
	size_t offset = 0, size;
	int ret;

	while (offset + RECORD <= content->size) {
		if (!wpp_elf_u32(m->elf, content->data + offset)) {	/* between objects */
			offset += 8;
			continue;
		}
		size = wpp_elf_u32(m->elf, content->data + offset + offsetof(struct wpp_record, size));
		if (size < RECORD + 16 || size > content->size - offset)
			return -EBADMSG;
		ret = take_record(m, section, content, offset, size);
		if (ret)
			return ret;
		offset += (size + 7) & ~(size_t)7;
	}
	return 0;
}

/* clang has two sections of the name: what needs relocations is writable to it. */
static int walk_all(struct wpp_module *m)
{
	struct wpp_span content;
	int section = 0, ret = -ENODATA;

	while ((section = wpp_elf_section(m->elf, WPP_SECTION, section, &content)) > 0) {
		ret = walk(m, section, &content);
		if (ret)
			break;
	}
	return ret;
}

/* "KEY=VALUE", NUL, and so on; "" if there is no such key. */
static const char *modinfo(const struct wpp_module *m, const char *key)
{
	size_t len = strlen(key), rest;
	struct wpp_span content;
	const char *p, *end;

	if (wpp_elf_section(m->elf, ".modinfo", 0, &content) < 0)
		return "";
	p = (const char *)content.data;
	end = p + content.size;
	for (; p < end; p += rest + 1) {
		rest = strnlen(p, end - p);
		if (p + rest == end)
			break;
		if (rest > len && !strncmp(p, key, len) && p[len] == '=')
			return p + len + 1;
	}
	return "";
}

static int by_place(const void *a, const void *b)
{
	const struct wpp_statement *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static int load(struct wpp_module *m, const void *data, size_t size, struct etl_error *err)
{
	size_t i;
	int ret = wpp_elf_open(&m->elf, data, size, m->name, err);

	if (ret)
		return ret;
	m->pointer_size = wpp_elf_pointer_size(m->elf);
	m->srcversion = modinfo(m, "srcversion");
	m->module = modinfo(m, "name");
	ret = walk_all(m);
	if (ret == -ENODATA)
		return etl_fail(err, ret, m->name, ETL_NO_OFFSET,
				"no trace statements: no section " WPP_SECTION);
	if (ret)
		return etl_fail(err, ret, m->name, ETL_NO_OFFSET,
				"section " WPP_SECTION " makes no sense");
	if (m->statement_count)
		qsort(m->statements, m->statement_count, sizeof(*m->statements), by_place);
	if (!*m->module && m->file_count)
		m->module = m->files[0].module;
	for (i = 0; i < m->statement_count && !ret; i++)
		ret = wpp_statement_translate(m, &m->statements[i]);
	if (!ret)
		ret = check_guids(m);
	return ret ? etl_fail(err, ret, m->name, ETL_NO_OFFSET, "out of memory") : 0;
}

static int open_image(struct wpp_module **module, const void *data, size_t size,
		      unsigned char *image, time_t changed, const char *name, struct etl_error *err)
{
	struct wpp_module *m = calloc(1, sizeof(*m));
	int ret = -ENOMEM;

	if (m) {
		m->image = image;
		m->changed = changed;
		m->name = strdup(name);
	} else {
		free(image);
	}
	if (!m || !m->name)
		etl_fail(err, ret, name, ETL_NO_OFFSET, "out of memory");
	else
		ret = load(m, data, size, err);
	if (ret) {
		wpp_module_close(m);
		m = NULL;
	}
	*module = m;
	return ret;
}

int wpp_module_open(struct wpp_module **module, const char *path, struct etl_error *err)
{
	unsigned char *image;
	time_t changed;
	size_t size;
	int ret = wpp_image_read(path, &image, &size, &changed, err);

	*module = NULL;
	return ret ? ret : open_image(module, image, size, image, changed, path, err);
}

int wpp_module_open_memory(struct wpp_module **module, const void *data, size_t size,
			   const char *name, struct etl_error *err)
{
	return open_image(module, data, size, NULL, 0, name, err);
}

void wpp_module_close(struct wpp_module *m)
{
	size_t i;

	if (!m)
		return;
	for (i = 0; i < m->statement_count; i++)
		free(m->statements[i].tmf);
	for (i = 0; i < m->complaint_count; i++)
		free((char *)m->complaints[i].text);
	free(m->statements);
	free(m->complaints);
	free(m->files);
	free(m->controls);
	wpp_elf_close(m->elf);
	free(m->image);
	free(m->name);
	free(m);
}

/* ---- what it holds --------------------------------------------------------------------------- */

const char *wpp_module_name(const struct wpp_module *m)
{
	return m->module;
}

const char *wpp_module_srcversion(const struct wpp_module *m)
{
	return m->srcversion;
}

size_t wpp_module_statements(const struct wpp_module *m)
{
	return m->statement_count;
}

const struct wpp_complaint *wpp_module_complaint(const struct wpp_module *m, size_t index)
{
	return index < m->complaint_count ? &m->complaints[index] : NULL;
}

const struct wpp_source *wpp_module_source(const struct wpp_module *m, size_t index)
{
	return index < m->file_count ? &m->files[index].source : NULL;
}

const struct wpp_control *wpp_module_control(const struct wpp_module *m, size_t index)
{
	return index < m->control_count ? &m->controls[index] : NULL;
}
