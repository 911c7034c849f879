// SPDX-License-Identifier: LGPL-2.1-or-later
/* A statement as lines of a TMF file: format with numbered arguments, their types. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

struct translation {
	struct wpp_module *module;
	const struct wpp_statement *s;
	FILE *format;			/* the text in quotation marks */
	FILE *arguments;		/* the lines in braces */
	const char *expression;		/* what is left of the list */
	unsigned int used;		/* arguments */
	bool prefix;			/* the format says where the prefix goes */
	bool failed;
};

/* ---- text ------------------------------------------------------------------------- */

/* As it would stand in a C literal. */
static void put_escaped(FILE *to, char c)
{
	switch (c) {
	case '"': case '\\':
		fprintf(to, "\\%c", c);
		break;
	case '\n':
		fputs("\\n", to);
		break;
	case '\t':
		fputs("\\t", to);
		break;
	case '\r':
		fputs("\\r", to);
		break;
	default:
		if ((unsigned char)c < ' ')
			fprintf(to, "\\%03o", (unsigned char)c);
		else
			putc(c, to);
	}
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int complain(struct translation *t, const struct wpp_conversion *c, const char *reason)
{
	t->failed = true;
	return wpp_complain(t->module, t->s->path, t->s->line, "%.*s: %s",
			    c ? (int)c->len : (int)strlen(t->s->format), c ? c->text : t->s->format,
			    reason);
}

/* ---- the list of arguments ------------------------------------------------------------ */

/* Length of the first expression of a list, commas in brackets and literals passed over. */
static size_t expression_length(const char *list)
{
	const char *p = list;
	int depth = 0;
	char quote;

	for (; *p && (*p != ',' || depth); p++) {
		if (*p == '"' || *p == '\'') {
			for (quote = *p++; *p && *p != quote; p++)
				if (*p == '\\' && p[1])
					p++;
			if (!*p)
				break;
		} else if (strchr("([{", *p)) {
			depth++;
		} else if (strchr(")]}", *p) && depth) {
			depth--;
		}
	}
	return p - list;
}

/* The next expression, as tracewpp writes them: no commas, no double quotes (wpp-tmf 8.4). */
static void put_expression(struct translation *t)
{
	const char *p = t->expression;
	size_t len = expression_length(p), i;

	t->expression += len + (p[len] == ',');
	while (len && *p == ' ')
		p++, len--;
	for (i = 0; i < len; i++) {
		unsigned char c = p[i];

		if (c == ',')
			c = '.';
		else if (c == '"')
			c = '\'';
		putc(c < ' ' ? ' ' : c, t->arguments);
	}
}

/* ---- conversions ------------------------------------------------------------------------ */

/* What is known when the TMF file is written, or is the decoder's (wpp-tmf 5.1). */
static bool put_constant(struct translation *t, const struct wpp_conversion *c)
{
	static const struct {
		const char *name, *text;
	} constants[] = {
		{ "STDPREFIX", "%0" }, { "FUNC", "%!FUNC!" }, { "LEVEL", "%!LEVEL!" },
		{ "FLAGS", "%!FLAGS!" }, { "SPACE", " " }, { "MOD", "%1!s!" }, { "TYP", "%2!s!" },
		{ "TID", "%3!x!" }, { "NOW", "%4!s!" }, { "SEQ", "%7!x!" }, { "PID", "%8!x!" },
		{ "CPU", "%9!x!" }, { "SUBCOMP", "" },
	};
	size_t i;

	if (c->letter)
		return false;
	for (i = 0; i < sizeof(constants) / sizeof(constants[0]); i++) {
		if (strlen(constants[i].name) == c->name_len &&
		    !strncmp(constants[i].name, c->name, c->name_len)) {
			fputs(constants[i].text, t->format);
			t->prefix |= !i;
			return true;
		}
	}
	if (c->name_len == 4 && !strncmp(c->name, "FILE", 4))
		fputs(base_name(t->s->path), t->format);
	else if (c->name_len == 4 && !strncmp(c->name, "LINE", 4))
		fprintf(t->format, "%u", t->s->line);
	else if (c->name_len == 8 && !strncmp(c->name, "COMPNAME", 8))
		fputs(t->module->module, t->format);
	else
		return false;
	return true;
}

static int put_conversion(struct translation *t, const struct wpp_conversion *c)
{
	const char *item, *why;
	char spec[24], reason[160];

	if (put_constant(t, c))
		return 0;
	if (t->used == t->s->count)
		return complain(t, c, "there is no argument for it");
	why = wpp_conversion_match(c, t->s->types[t->used], t->module->pointer_size, &item, spec,
				   reason, sizeof(reason));
	if (why) {
		put_expression(t);
		t->used++;
		return complain(t, c, why);
	}
	fprintf(t->format, "%%%u!%s!", WPP_FIRST_NUMBER + t->used, spec);
	put_expression(t);
	fprintf(t->arguments, ", %s -- %u\n", item, WPP_FIRST_NUMBER + t->used);
	t->used++;
	return 0;
}

static int put_format(struct translation *t)
{
	const char *p = t->s->format;
	struct wpp_conversion c;
	int ret = 0;

	while (*p && !ret) {
		if (*p != '%') {
			put_escaped(t->format, *p++);
		} else if (p[1] == '%') {
			fputs("%%", t->format);
			p += 2;
		} else if (wpp_conversion_parse(&c, p)) {
			ret = put_conversion(t, &c);
			p += c.len;
		} else {
			return complain(t, NULL, "a % that begins no conversion");
		}
	}
	if (!ret && !t->failed && t->used < t->s->count)
		ret = complain(t, NULL, "more arguments than conversions");
	return ret;
}

/* ---- conditions ---------------------------------------------------------------------------- */

/* The word "KEY=…" of the conditions; NULL if there is none. */
static const char *find_condition(const char *conditions, const char *key)
{
	size_t len = strlen(key);
	const char *p = conditions;

	while (p && (strncmp(p, key, len) || p[len] != '=')) {
		p = strchr(p, ' ');
		if (p)
			p++;
	}
	return p;
}

static void put_condition(FILE *to, const char *word)
{
	if (word)
		fprintf(to, " %.*s", (int)strcspn(word, " "), word);
}

/* LEVEL, FLAGS, FUNC in this order, then those of other names (wpp-tmf 8.2). */
static void put_conditions(FILE *to, const struct wpp_statement *s)
{
	const char *p = s->conditions;

	fputs("//  ", to);
	put_condition(to, find_condition(p, "LEVEL"));
	put_condition(to, find_condition(p, "FLAGS"));
	fprintf(to, " FUNC=%s", s->function);
	for (; *p; p += strspn(p, " ")) {
		if (strncmp(p, "LEVEL=", 6) && strncmp(p, "FLAGS=", 6))
			put_condition(to, p);
		p += strcspn(p, " ");
	}
	putc('\n', to);
}

/* The file's name with its last dot as an underscore, then the line. */
static void put_tag(FILE *to, const struct wpp_statement *s)
{
	const char *name = base_name(s->path), *dot = strrchr(name, '.');

	if (dot)
		fprintf(to, "%.*s_%s%u", (int)(dot - name), name, dot + 1, s->line);
	else
		fprintf(to, "%s%u", name, s->line);
}

static char *join(const struct translation *t, const char *format, const char *arguments)
{
	const struct wpp_statement *s = t->s;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	fputs("#typev ", to);
	put_tag(to, s);
	fprintf(to, " %u \"%s%s\" ", s->number, t->prefix ? "" : "%0", format);
	put_conditions(to, s);
	fprintf(to, "{\n%s}\n", arguments);
	fclose(to);
	return text;
}

int wpp_statement_translate(struct wpp_module *module, struct wpp_statement *s)
{
	struct translation t = { .module = module, .s = s, .expression = s->expressions };
	char *format = NULL, *arguments = NULL;
	size_t format_size, arguments_size;
	int ret = -ENOMEM;

	t.format = open_memstream(&format, &format_size);
	t.arguments = open_memstream(&arguments, &arguments_size);
	if (t.format && t.arguments)
		ret = put_format(&t);
	if (t.format)
		fclose(t.format);
	if (t.arguments)
		fclose(t.arguments);
	if (!ret && !t.failed) {
		s->tmf = join(&t, format, arguments);
		if (!s->tmf)
			ret = -ENOMEM;
	}
	free(format);
	free(arguments);
	return ret;
}
