// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "failure.h"
#include "formats.h"
#include "message-print.h"

int message_printer_init(struct message_printer *p, const char *command)
{
	const char *prefix = getenv("TRACE_FORMAT_PREFIX");

	memset(p, 0, sizeof(*p));
	p->command = command;
	p->out.fd = STDOUT_FILENO;
	p->style.prefix = prefix ? prefix : ETL_TMF_PREFIX;
	return etl_tmf_new(&p->tmf) ? fail(command, "out of memory") : COMMAND_OK;
}

void message_printer_free(struct message_printer *p)
{
	etl_tmf_free(p->tmf);
}

bool message_option(struct message_printer *p, int option, const char *value, int *status)
{
	*status = COMMAND_OK;
	switch (option) {
	case OPTION_TMF:
		*status = formats_load(p->command, p->tmf, value);
		return true;
	case OPTION_PREFIX:
		p->style.prefix = value;
		return true;
	case OPTION_NO_PREFIX:
		p->style.prefix = NULL;
		return true;
	case OPTION_UTC:
		p->style.flags |= ETL_TMF_UTC;
		return true;
	case OPTION_HIRES:
		p->style.flags |= ETL_TMF_HIRES;
		return true;
	case OPTION_LOCAL_ITEMS:
		p->style.flags |= ETL_TMF_LOCAL_ITEMS;
		return true;
	case OPTION_MESSAGE_CSV:
		p->form = MESSAGE_CSV;
		return true;
	}
	return false;
}

/* ---- lines -------------------------------------------------------------------- */

/* What a driver logged must not move a terminal's cursor: control characters as \xNN. */
static void put_line(struct output *out, const char *text, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = text[i];

		if ((c >= ' ' && c != 0x7f) || c == '\t' || c == '\n') {
			output_char(out, c);
			continue;
		}
		output_string(out, "\\x");
		output_char(out, digits[c >> 4]);
		output_char(out, digits[c & 15]);
	}
	output_char(out, '\n');
}

static size_t format_text(struct message_printer *p, const struct etl_tmf_message *m,
			  const struct etl_record *rec, const struct etl_tmf_style *style)
{
	size_t len = etl_tmf_format(m, rec, style, p->text, sizeof(p->text));

	return len < sizeof(p->text) ? len : strlen(p->text);
}

/* Formats that end in a line end do not make an empty line. */
static void print_line(struct message_printer *p, const struct etl_tmf_message *m,
		       const struct etl_record *rec)
{
	size_t len = format_text(p, m, rec, &p->style);

	while (len && (p->text[len - 1] == '\n' || p->text[len - 1] == '\r'))
		len--;
	put_line(&p->out, p->text, len);
}

/* ---- JSON ------------------------------------------------------------------------ */

static void put_json_text(struct message_printer *p, const char *key, const char *text, size_t len)
{
	output_string(&p->out, key);
	output_char(&p->out, '"');
	output_json_escaped(&p->out, text, len);
	output_char(&p->out, '"');
}

static void put_json_key(struct message_printer *p, const struct etl_tmf_message *m,
			 const char *json_key, const char *key)
{
	const char *value = "";
	size_t len = etl_tmf_key(m, key, &value);

	if (len)
		put_json_text(p, json_key, value, len);
}

static void put_json_number(struct message_printer *p, const char *key, uint64_t value)
{
	output_string(&p->out, key);
	output_number(&p->out, value);
}

static void put_json_arguments(struct message_printer *p, const struct etl_tmf_message *m,
			       const struct etl_record *rec)
{
	const char *name, *item;
	unsigned int i;
	size_t len;

	output_string(&p->out, ",\"args\":[");
	for (i = 0; i < m->count; i++) {
		name = etl_tmf_argument_name(m, i);
		item = etl_tmf_argument_item(m, i);
		put_json_text(p, i ? ",{\"name\":" : "{\"name\":", name, strlen(name));
		put_json_text(p, ",\"item\":", item, strlen(item));
		len = etl_tmf_format_argument(m, rec, &p->style, i, p->text, sizeof(p->text));
		put_json_text(p, ",\"value\":", p->text,
			      len < sizeof(p->text) ? len : strlen(p->text));
		output_char(&p->out, '}');
	}
	output_char(&p->out, ']');
}

static void put_json_statement(struct message_printer *p, const struct etl_tmf_message *m)
{
	put_json_text(p, ",\"module\":", m->module, strlen(m->module));
	put_json_text(p, ",\"source\":", m->source, strlen(m->source));
	put_json_text(p, ",\"tag\":", m->tag, strlen(m->tag));
	put_json_key(p, m, ",\"level\":", "LEVEL");
	put_json_key(p, m, ",\"flags\":", "FLAGS");
	put_json_key(p, m, ",\"func\":", "FUNC");
}

static void print_json(struct message_printer *p, const struct etl_tmf_message *m,
		       const struct etl_record *rec)
{
	const struct etl_tmf_style bare = { NULL, p->style.flags };
	uint64_t filetime = etl_record_filetime(rec);
	char text[ETL_GUID_TEXT];

	put_json_number(p, "{\"ft\":", filetime);
	put_json_number(p, ",\"cpu\":", rec->buffer->cpu);
	if (rec->has & ETL_HAS_THREAD) {
		put_json_number(p, ",\"pid\":", rec->process);
		put_json_number(p, ",\"tid\":", rec->thread);
	}
	if (rec->has & ETL_HAS_SEQUENCE)
		put_json_number(p, ",\"seq\":", rec->sequence);
	if (rec->has & ETL_HAS_GUID) {
		etl_guid_format(rec->guid, text);
		put_json_text(p, ",\"guid\":", text, ETL_GUID_TEXT - 1);
	}
	put_json_number(p, ",\"number\":", rec->id);
	if (m) {
		put_json_statement(p, m);
		put_json_arguments(p, m, rec);
	}
	put_json_text(p, ",\"text\":", p->text, format_text(p, m, rec, &bare));
	output_string(&p->out, m ? ",\"known\":true}\n" : ",\"known\":false}\n");
}

/* ---- CSV (RFC 4180) --------------------------------------------------------------- */

static void put_csv_text(struct message_printer *p, const char *text, size_t len)
{
	size_t i;

	output_string(&p->out, ",\"");
	for (i = 0; i < len; i++) {
		if (text[i] == '"')
			output_char(&p->out, '"');
		output_char(&p->out, text[i]);
	}
	output_char(&p->out, '"');
}

static void put_csv_key(struct message_printer *p, const struct etl_tmf_message *m, const char *key)
{
	const char *value = "";
	size_t len = m ? etl_tmf_key(m, key, &value) : 0;

	put_csv_text(p, value, len);
}

static void print_csv(struct message_printer *p, const struct etl_tmf_message *m,
		      const struct etl_record *rec)
{
	const struct etl_tmf_style bare = { NULL, p->style.flags };
	char time[ETL_FILETIME_TEXT] = "", guid[ETL_GUID_TEXT] = "";

	if (rec->timebase->type)
		etl_filetime_format(etl_record_filetime(rec), time);
	if (rec->has & ETL_HAS_GUID)
		etl_guid_format(rec->guid, guid);
	output_string(&p->out, time);
	output_char(&p->out, ',');
	output_number(&p->out, rec->buffer->cpu);
	output_char(&p->out, ',');
	output_number(&p->out, rec->process);
	output_char(&p->out, ',');
	output_number(&p->out, rec->thread);
	output_char(&p->out, ',');
	output_string(&p->out, guid);
	output_char(&p->out, ',');
	output_number(&p->out, rec->id);
	put_csv_text(p, m ? m->module : "", m ? strlen(m->module) : 0);
	put_csv_text(p, m ? m->tag : "", m ? strlen(m->tag) : 0);
	put_csv_key(p, m, "LEVEL");
	put_csv_key(p, m, "FLAGS");
	put_csv_key(p, m, "FUNC");
	put_csv_text(p, p->text, format_text(p, m, rec, &bare));
	output_string(&p->out, "\r\n");
}

/* ---- all forms ---------------------------------------------------------------------- */

void message_print_heading(struct message_printer *p)
{
	if (p->form == MESSAGE_CSV)
		output_string(&p->out,
			      "time,cpu,pid,tid,guid,number,module,tag,level,flags,func,text\r\n");
}

static void remember_missing(struct message_printer *p, const struct etl_record *rec)
{
	unsigned int i;

	p->unknown++;
	if (!(rec->has & ETL_HAS_GUID))
		return;
	for (i = 0; i < p->missing_count; i++)
		if (!memcmp(p->missing[i], rec->guid, 16))
			return;
	if (p->missing_count < MISSING_MAX)
		memcpy(p->missing[p->missing_count++], rec->guid, 16);
}

/* The log file's own first record is what tracefmt's first line stands for. */
static bool is_file_header(const struct etl_record *rec)
{
	return rec->kind == ETL_KIND_SYSTEM && !rec->id;
}

void message_print(struct message_printer *p, const struct etl_record *rec)
{
	const struct etl_tmf_message *m;

	if (rec->kind != ETL_KIND_MESSAGE) {
		if (!is_file_header(rec))
			p->others++;
		else if (p->form == MESSAGE_LINES)
			output_string(&p->out, "EventTrace\n");
		return;
	}
	m = etl_tmf_find_record(p->tmf, rec);
	if (m)
		p->printed++;
	else
		remember_missing(p, rec);
	switch (p->form) {
	case MESSAGE_LINES:
		print_line(p, m, rec);
		break;
	case MESSAGE_JSON:
		print_json(p, m, rec);
		break;
	case MESSAGE_CSV:
		print_csv(p, m, rec);
		break;
	}
}

int message_print_end(struct message_printer *p)
{
	char guid[ETL_GUID_TEXT];
	unsigned int i;

	output_flush(&p->out);
	if (p->out.error)
		return fail(p->command, "cannot write: %s", strerror(p->out.error));
	if (p->others)
		fprintf(stderr, "%" PRIu64 " record%s no message: 'wmitrace dump' shows %s\n",
			p->others, p->others == 1 ? " is" : "s are", p->others == 1 ? "it" : "them");
	if (!p->unknown)
		return COMMAND_OK;
	fprintf(stderr, "%" PRIu64 " of %" PRIu64 " messages have no format; missing:\n", p->unknown,
		p->unknown + p->printed);
	for (i = 0; i < p->missing_count; i++) {
		etl_guid_format(p->missing[i], guid);
		fprintf(stderr, "  %s.tmf\n", guid);
	}
	fputs("Give the module that logged, as it was then, with --tmf MODULE.ko, or its TMF files with --tmf DIR.\n",
	      stderr);
	return COMMAND_UNKNOWN;
}
