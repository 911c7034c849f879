// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace_text FORMATS FILE.etl: prints the bridged trace events of a file as
 * ftrace's own file `trace` has them, "CPU EVENT: TEXT" a line.
 *
 * The record that ftrace would have is put together again from the decoded
 * fields and the event's format file, FORMATS/SYSTEM/EVENT/format, and given to
 * libtraceevent, which knows nothing of .etl files.  Calls of the system are
 * printed as the kernel does, which is not what their format says, and events of
 * tests/companions/trace_types.h from the decoded fields: version 1.7.1 crashes
 * where it is to print a __rel_loc array.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <traceevent/event-parse.h>
#include <traceevent/trace-seq.h>

#include "etl.h"

#define RECORD_MAX	65536

struct record {
	unsigned char data[RECORD_MAX];
	size_t fixed;			/* where the dynamic part begins */
	size_t size;
};

static void die(const char *what)
{
	fprintf(stderr, "trace_text: %s\n", what);
	exit(1);
}

static void load_format(struct tep_handle *tep, const char *folder, const char *system, const char *name)
{
	static char text[256 * 1024];
	char path[4096];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s/%s/format", folder, system, name);
	file = fopen(path, "r");
	if (!file)
		die(path);
	size = fread(text, 1, sizeof(text) - 1, file);
	text[size] = '\0';
	fclose(file);
	tep_parse_event(tep, text, size, system);
}

static void load_formats(struct tep_handle *tep, const char *folder)
{
	struct dirent *system, *event;
	char path[4096];
	DIR *systems = opendir(folder), *events;

	if (!systems)
		die(folder);
	while ((system = readdir(systems))) {
		if (*system->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, system->d_name);
		events = opendir(path);
		if (!events)
			die(path);
		while ((event = readdir(events)))
			if (*event->d_name != '.')
				load_format(tep, folder, system->d_name, event->d_name);
		closedir(events);
	}
	closedir(systems);
}

/* ---- the record --------------------------------------------------------------- */

static void put_32(unsigned char *to, uint32_t value)
{
	memcpy(to, &value, sizeof(value));
}

/* Appends to the dynamic part and counts the bytes in the field's word. */
static void append(struct record *r, const struct tep_format_field *field, const void *data,
		   size_t size, size_t extra)
{
	uint32_t at = (uint32_t)r->size, word;

	memcpy(&word, r->data + field->offset, sizeof(word));
	if (word >> 16) {
		word += (uint32_t)(size + extra) << 16;
	} else {
		if (field->flags & TEP_FIELD_IS_RELATIVE)
			at -= (uint32_t)field->offset + 4;
		word = at | (uint32_t)(size + extra) << 16;
	}
	put_32(r->data + field->offset, word);
	if (r->size + size + extra > sizeof(r->data))
		die("a record is too long");
	memcpy(r->data + r->size, data, size);
	memset(r->data + r->size + size, 0, extra);
	r->size += size + extra;
}

static void put_field(struct record *r, const struct tep_format_field *field, const struct etl_field *value)
{
	size_t at = (size_t)field->offset + (value->array ? (size_t)value->index * value->size : 0);

	if (field->flags & TEP_FIELD_IS_DYNAMIC)
		append(r, field, value->data, value->size, value->type == ETL_TYPE_TEXT ||
		       value->type == ETL_TYPE_COUNTED_TEXT);
	else if (at + value->size > (size_t)field->offset + (size_t)field->size)
		die("a value is larger than its field");
	else
		memcpy(r->data + at, value->data, value->size);
}

static void rebuild(struct record *r, struct tep_event *event, const struct etl_record *rec)
{
	struct tep_format_field *field;
	struct etl_fields fields;
	struct etl_field value;
	char name[256];

	memset(r->data, 0, 4096);
	put_32(r->data, (uint32_t)event->id);
	put_32(r->data + 4, rec->thread);
	r->size = 8;
	for (field = event->format.fields; field; field = field->next)
		if ((size_t)field->offset + (size_t)field->size > r->size)
			r->size = (size_t)field->offset + (size_t)field->size;
	if (!etl_fields_begin(&fields, rec))
		die("no fields");
	while (etl_fields_next(&fields, &value) > 0) {
		snprintf(name, sizeof(name), "%.*s", (int)value.name_size, value.name);
		field = tep_find_field(event, name);
		if (!field)
			die(name);
		put_field(r, field, &value);
	}
	if (fields.reason || fields.rest_size)
		die(fields.reason ? fields.reason : "payload is left over");
}

/* ---- text ----------------------------------------------------------------------- */

static void print_call(struct tep_event *event, const struct record *r)
{
	struct tep_format_field *field = event->format.fields;
	bool enter = !strncmp(event->name, "sys_enter_", 10);
	unsigned long long value;

	printf("sys_%s%s", event->name + (enter ? 10 : 9), enter ? "(" : " -> ");
	for (field = field->next; field; field = field->next) {
		value = tep_read_number(event->tep, r->data + field->offset, field->size);
		if (enter)
			printf("%s: %llx%s", field->name, value, field->next ? ", " : "");
		else
			printf("0x%llx", value);
	}
	puts(enter ? ")" : "");
}

static void print_event(struct tep_event *event, struct record *r, unsigned int cpu)
{
	struct tep_record record = {
		.data = r->data,
		.size = (int)r->size,
		.record_size = (int)r->size,
		.cpu = (int)cpu,
	};
	struct trace_seq text;

	printf("%u ", cpu);
	if (!strcmp(event->system, "syscalls")) {
		print_call(event, r);
		return;
	}
	trace_seq_init(&text);
	tep_print_event(event->tep, &text, &record, "%s", TEP_PRINT_INFO);
	trace_seq_terminate(&text);
	printf("%s: %s\n", event->name, text.buffer);
	trace_seq_destroy(&text);
}

/* As tests/companions/trace_types.h prints: NAME=VALUE, arrays as {0x1,0x2}, a mask as two words. */
static void print_own(const char *name, const struct etl_record *rec)
{
	struct etl_fields fields;
	struct etl_field field;
	unsigned long long value;
	bool first = true, mask;
	char text[256];
	uint32_t i;

	printf("%u %s: ", rec->buffer->cpu, name);
	if (!etl_fields_begin(&fields, rec))
		die("no fields");
	while (etl_fields_next(&fields, &field) > 0) {
		mask = field.name_size == 4 && !memcmp(field.name, "mask", 4);
		if (!field.index)
			printf("%s%.*s=%s", first ? "" : " ", (int)field.name_size, field.name,
			       field.array && !mask ? "{" : "");
		first = false;
		for (value = 0, i = field.size; i--;)
			value = value << 8 | field.data[i];
		if (mask) {
			printf("%08llx,%08llx", value >> 32, value & 0xffffffff);
		} else if (field.array) {
			if (field.count)
				printf("%s0x%llx", field.index ? "," : "", value);
			if (field.index + 1 >= field.count)
				putchar('}');
		} else if (field.format == ETL_FORMAT_BOOLEAN) {
			printf("%llu", value);
		} else {
			etl_field_text(&field, text, sizeof(text));
			fputs(text, stdout);
		}
	}
	putchar('\n');
	if (fields.reason || fields.rest_size)
		die(fields.reason ? fields.reason : "payload is left over");
}

static void print_record(struct tep_handle *tep, const struct etl_record *rec)
{
	char provider[128], name[128];
	static struct record r;
	struct tep_event *event;
	struct etl_names names;

	if (rec->kind != ETL_KIND_EVENT || !etl_record_names(rec, &names) ||
	    names.provider_size < 6 || memcmp(names.provider, "Linux.", 6))
		return;
	snprintf(provider, sizeof(provider), "%.*s", (int)names.provider_size - 6, names.provider + 6);
	snprintf(name, sizeof(name), "%.*s", (int)names.event_size, names.event);
	event = tep_find_event_by_name(tep, provider, name);
	if (!event)
		die(name);
	if (!strcmp(provider, "wt_types")) {
		print_own(name, rec);
		return;
	}
	rebuild(&r, event, rec);
	print_event(event, &r, rec->buffer->cpu);
}

int main(int argc, char **argv)
{
	const char *path = argc == 3 ? argv[2] : NULL;
	struct tep_handle *tep = tep_alloc();
	struct etl_cursor *cursor = NULL;
	struct etl_record rec;
	struct etl_error err;
	struct etl_log *log;
	int ret;

	if (!path || !tep)
		die("usage: trace_text FORMATS FILE.etl");
	tep_set_long_size(tep, 8);
	load_formats(tep, argv[1]);
	if (etl_open(&log, &path, 1, &err) || etl_cursor_open(&cursor, log, ETL_TIME_ORDER, NULL, &err))
		die(err.reason);
	while ((ret = etl_next(cursor, &rec)))
		if (ret < 0)
			die(etl_cursor_error(cursor)->reason);
		else
			print_record(tep, &rec);
	etl_cursor_close(cursor);
	etl_close(log);
	tep_free(tep);
	return 0;
}
