// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading TMF text, as tracepdb and our own extractor write it.
 *
 *	// comment
 *	GUID MODULE // SRC=FILE MJ= MN=
 *	#typev TAG NUMBER "FORMAT" //   KEY=VALUE…
 *	{
 *	EXPRESSION, ITEM -- ARGUMENT-NUMBER
 *	}
 *	#enumv NAME
 *	{
 *	SYMBOL, HEX-VALUE
 *	}
 *
 * The text is copied once and cut into strings in place.  A line that fits
 * nothing is counted and passed over.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "tmf-set.h"

struct parser {
	struct etl_tmf *tmf;
	struct tmf_file *file;
	char *next;			/* start of the line after this one */
	char *end;
	size_t line;
	char *again;			/* a line given back */

	bool has_guid;
	unsigned char guid[16];
	const char *module, *source;

	struct etl_error *err;
	const char *name;
	int result;
};

/* ---- lines -------------------------------------------------------------------- */

/* The next line without its end, or NULL.  Any NUL in the text ends its line early. */
static char *next_line(struct parser *p)
{
	char *line = p->next, *end;

	if (p->again) {
		line = p->again;
		p->again = NULL;
		return line;
	}
	if (line >= p->end)
		return NULL;
	end = memchr(line, '\n', p->end - line);
	if (!end)
		end = p->end;
	p->next = end + 1;
	*end = '\0';
	while (end > line && isspace((unsigned char)end[-1]))
		*--end = '\0';
	p->line++;
	return line;
}

static void left_over(struct parser *p, const char *line, const char *reason)
{
	p->tmf->counts.left_over++;
	if (!p->result)
		p->result = etl_fail(p->err, -EBADMSG, p->name, line - p->file->text, "line %zu: %s",
				     p->line, reason);
}

static bool is_comment(const char *line)
{
	return !*line || !strncmp(line, "//", 2) || !strcmp(line, "TMF:") ||
	       !strcmp(line, "PUBLIC_TMF:");
}

/* Cuts @text at the last @mark.  Returns what follows it, or NULL. */
static char *cut_last(char *text, const char *mark)
{
	char *at = NULL, *p = text;

	while ((p = strstr(p, mark)))
		at = p++;
	if (!at)
		return NULL;
	*at = '\0';
	return at + strlen(mark);
}

/* ---- the file line --------------------------------------------------------------- */

static bool is_file_line(const char *line)
{
	unsigned char guid[16];
	char text[ETL_GUID_TEXT];

	if (strnlen(line, ETL_GUID_TEXT) < ETL_GUID_TEXT - 1 || line[0] == '{')
		return false;
	memcpy(text, line, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	return !etl_guid_parse(text, guid) && (!line[36] || line[36] == ' ');
}

static void take_file_line(struct parser *p, char *line)
{
	char *comment, *end;

	if (line[36])
		line[36] = '\0', comment = line + 37;
	else
		comment = line + 36;
	etl_guid_parse(line, p->guid);
	p->has_guid = true;
	p->module = comment;
	p->source = "";
	comment = strstr(comment, "//");
	if (!comment)
		return;
	end = comment;
	while (end > p->module && end[-1] == ' ')
		end--;
	*end = '\0';
	comment = strstr(comment + 2, "SRC=");
	if (!comment)
		return;
	p->source = comment + 4;
	end = strstr(comment, " MJ=");
	if (end)
		*end = '\0';
}

/* ---- strings ------------------------------------------------------------------------ */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads one escape after its backslash.  Returns the character, 0 for none. */
static char take_escape(const char **text)
{
	static const char names[] = "ntr\"\\'abfv?", values[] = "\n\t\r\"\\'\a\b\f\v?";
	const char *at = **text ? strchr(names, **text) : NULL;
	unsigned int value = 0, digits = 0;
	const char *p = *text;

	if (at) {
		++*text;
		return values[at - names];
	}
	if (*p == 'x')
		for (p++; hex_digit(*p) >= 0; p++, digits++)
			value = value << 4 | hex_digit(*p);
	else
		for (; *p >= '0' && *p <= '7' && digits < 3; p++, digits++)
			value = value << 3 | (*p - '0');
	if (!digits || !(char)value)
		return 0;
	*text = p;
	return value;
}

/* Escapes of a C literal, which tracepdb keeps as they were written. */
static void unescape(char *text)
{
	const char *from = text;
	char *to = text, c;

	while (*from) {
		if (*from == '\\') {
			from++;
			c = take_escape(&from);
			*to++ = c ? c : '\\';
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
}

/* ---- arguments ---------------------------------------------------------------------- */

/* Cuts "ItemListLong(a,b)": names end in NUL each; an enum has one. */
static void take_names(struct etl_tmf_argument *argument, char *names)
{
	char *end = strrchr(names, ')');

	if (end)
		*end = '\0';
	argument->names = names;
	argument->name_count = 1;
	for (; *names; names++) {
		if (*names == ',') {
			*names = '\0';
			argument->name_count++;
		}
	}
}

/* "EXPRESSION, ITEM -- NUMBER": the expression may hold anything but the last ", Item". */
static bool take_argument(struct etl_tmf_argument *argument, char *line, unsigned int index)
{
	char *number = cut_last(line, " -- "), *item = cut_last(line, ", Item"), *names, *end;
	unsigned long value = 10 + index;

	if (!item)
		return false;
	item -= 4;	/* over the NUL of ", Item" and onwards: "Item" is kept */
	if (number) {
		value = strtoul(number, &end, 10);
		if (end == number || *end || value > UINT16_MAX)
			return false;
	}
	memset(argument, 0, sizeof(*argument));
	argument->names = "";
	names = strchr(item, '(');
	if (names) {
		*names = '\0';
		take_names(argument, names + 1);
	}
	argument->expression = line;
	argument->item_name = item;
	argument->item = tmf_item_find(item, strlen(item));
	argument->number = value;
	return true;
}

/* ---- #typev -------------------------------------------------------------------------- */

struct statement {
	unsigned long number;
	const char *tag, *format, *keys;
	unsigned int count;
	struct etl_tmf_argument arguments[TMF_ARGUMENTS_MAX];
};

/* "#typev TAG NUMBER "FORMAT" //   KEYS".  Cuts @line; false if it is no such line. */
static bool take_type_line(struct statement *s, char *line)
{
	char *tag = line + strcspn(line, " "), *format = strchr(line, '"'), *number, *end;

	if (!*tag || !format)
		return false;
	for (end = format; end > tag && end[-1] == ' '; end--)
		;
	*end = '\0';
	*format++ = '\0';
	tag += strspn(tag, " ");
	number = strrchr(tag, ' ');
	if (!number)
		return false;
	*number++ = '\0';
	s->number = strtoul(number, &end, 10);
	if (end == number || *end || s->number > UINT16_MAX)
		return false;

	s->tag = tag;
	s->format = format;
	s->keys = cut_last(format, "\" //");
	if (!s->keys) {
		end = strrchr(format, '"');
		if (!end)
			return false;
		*end = '\0';
		s->keys = "";
	}
	unescape(format);
	return true;
}

/* Everything from { to }.  A line that begins something else ends it, too. */
static void take_block(struct parser *p, void *context,
		       void (*take)(struct parser *p, void *context, char *line))
{
	char *line = next_line(p);

	while (line && is_comment(line))
		line = next_line(p);
	if (!line || strcmp(line, "{")) {
		p->again = line;
		return;
	}
	while ((line = next_line(p)) && strcmp(line, "}")) {
		if (!strncmp(line, "#typev ", 7) || !strncmp(line, "#enumv ", 7)) {
			left_over(p, line, "no } before the next statement");
			p->again = line;
			return;
		}
		if (!is_comment(line))
			take(p, context, line);
	}
	if (!line)
		left_over(p, p->end, "the file ends inside braces");
}

static void take_argument_line(struct parser *p, void *context, char *line)
{
	struct statement *s = context;

	if (s->count == TMF_ARGUMENTS_MAX)
		left_over(p, line, "too many arguments");
	else if (!take_argument(&s->arguments[s->count], line, s->count))
		left_over(p, line, "not of the form 'EXPRESSION, ITEM -- NUMBER'");
	else
		s->count++;
}

static void add_message(struct parser *p, const struct statement *s)
{
	struct tmf_node *node;

	if (tmf_set_has(p->tmf, p->guid, s->number))
		return;
	node = calloc(1, sizeof(*node) + s->count * sizeof(node->arguments[0]));
	if (!node) {
		p->result = -ENOMEM;
		return;
	}
	memcpy(node->arguments, s->arguments, s->count * sizeof(node->arguments[0]));
	node->number = s->number;
	memcpy(node->message.guid, p->guid, 16);
	node->message.number = s->number;
	node->message.count = s->count;
	node->message.module = p->module;
	node->message.source = p->source;
	node->message.tag = s->tag;
	node->message.format = s->format;
	node->message.keys = s->keys;
	node->message.arguments = node->arguments;
	tmf_set_add(p->tmf, node);
}

static void take_statement(struct parser *p, char *line)
{
	struct statement s;

	s.count = 0;
	if (!take_type_line(&s, line)) {
		left_over(p, line, "not of the form '#typev TAG NUMBER \"FORMAT\" // KEYS'");
		return;
	}
	take_block(p, &s, take_argument_line);
	if (p->has_guid)
		add_message(p, &s);
	else
		left_over(p, line, "#typev before the line with the message GUID");
}

/* ---- #enumv ---------------------------------------------------------------------------- */

static void take_symbol_line(struct parser *p, void *context, char *line)
{
	struct tmf_enum *e = context;
	char *value = strrchr(line, ','), *end;
	struct tmf_symbol *more;
	unsigned long number;

	if (value)
		*value++ = '\0';
	number = value ? strtoul(value, &end, 16) : 0;
	if (!value || end == value || *end || e->count == TMF_ENUM_MAX) {
		left_over(p, line, "not of the form 'SYMBOL, HEX-VALUE'");
		return;
	}
	if (!(e->count & (e->count - 1))) {
		more = reallocarray(e->symbols, e->count ? 2 * e->count : 1, sizeof(*more));
		if (!more) {
			p->result = -ENOMEM;
			return;
		}
		e->symbols = more;
	}
	e->symbols[e->count++] = (struct tmf_symbol){ line, number };
}

static void take_enum(struct parser *p, char *line)
{
	struct tmf_enum *e = calloc(1, sizeof(*e));

	if (!e) {
		p->result = -ENOMEM;
		return;
	}
	line += strcspn(line, " ");
	line += strspn(line, " ");
	line[strcspn(line, " ")] = '\0';	/* a comment may follow */
	e->name = line;
	e->next = p->file->enums;
	p->file->enums = e;
	take_block(p, e, take_symbol_line);
}

/* An item may name the tag of the C enum and the list its typedef, or the other way round. */
static bool same_enum(const char *a, const char *b)
{
	return !strcmp(a + (*a == '_'), b + (*b == '_'));
}

static const struct tmf_enum *find_enum(const struct tmf_file *file, const char *name)
{
	const struct tmf_enum *e, *near = NULL;

	for (e = file->enums; e; e = e->next) {
		if (!strcmp(e->name, name))
			return e;
		if (same_enum(e->name, name))
			near = e;
	}
	return near;
}

/* An enum belongs to its file, and may come after a statement that uses it. */
static void resolve_enums(const struct tmf_file *file, struct tmf_node *first)
{
	struct etl_tmf_argument *argument;

	for (; first; first = first->next)
		for (argument = first->arguments;
		     argument < first->arguments + first->message.count; argument++)
			if (argument->item->kind == TMF_ENUM || argument->item->kind == TMF_FLAGS)
				argument->symbols = find_enum(file, argument->names);
}

/* ---- files -------------------------------------------------------------------------------- */

static void parse(struct parser *p)
{
	char *line;

	while (p->result != -ENOMEM && (line = next_line(p))) {
		if (is_comment(line))
			continue;
		if (is_file_line(line))
			take_file_line(p, line);
		else if (!strncmp(line, "#typev ", 7) || !strncmp(line, "#type ", 6))
			take_statement(p, line);
		else if (!strncmp(line, "#enumv ", 7))
			take_enum(p, line);
		else
			left_over(p, line, "nothing that a TMF file may hold");
	}
}

int etl_tmf_parse(struct etl_tmf *tmf, const char *text, size_t size, const char *name,
		  struct etl_error *err)
{
	struct tmf_node **tail = tmf->tail;
	struct tmf_file *file;
	struct parser p = { .tmf = tmf, .name = name, .err = err };
	size_t mark = size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;

	file = malloc(sizeof(*file) + size + 1);
	if (!file)
		return etl_fail(err, -ENOMEM, name, ETL_NO_OFFSET, "out of memory");
	memcpy(file->text, text, size);
	file->text[size] = '\0';
	file->enums = NULL;
	file->next = tmf->files;
	tmf->files = file;
	p.file = file;
	p.next = file->text + mark;
	p.end = file->text + size;
	p.module = p.source = "";
	parse(&p);
	resolve_enums(file, *tail);
	tmf->counts.files++;
	tmf->counts.lines += p.line;
	if (p.result == -ENOMEM)
		etl_fail(err, -ENOMEM, name, ETL_NO_OFFSET, "out of memory");
	return p.result;
}
