// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * recover: the sessions that were running when a kernel stopped, from its memory.
 */
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arguments.h"
#include "command.h"
#include "crash-pages.h"
#include "crash-ring.h"
#include "etl.h"
#include "failure.h"
#include "json.h"
#include "log-open.h"

#define FILE_MODES	(ETL_MODE_SEQUENTIAL | ETL_MODE_CIRCULAR | ETL_MODE_APPEND | \
			 ETL_MODE_NEWFILE | ETL_MODE_PREALLOCATE)

static const char usage[] =
	"Usage: wmitrace recover [OPTIONS] VMCORE [-o FILE|DIR]\n"
	"Find the sessions in the memory dump of a machine that crashed, and write what\n"
	"their buffers held, those that were being filled included, as log files.\n"
	"Without -o the sessions are listed.\n\n"
	"  -o, --output FILE|DIR   the log file, where there is one session; or the folder\n"
	"                          in which each session gets one, made if need be\n"
	"  -s, --session NAME      only this one (name or logger number)\n";

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "session", required_argument, NULL, 's' },
	{ NULL, 0, NULL, 0 }
};

struct recover {
	const char *dump_path;
	const char *output;
	const char *wanted;
	bool as_json;
	struct memory_dump *dump;
	struct crash_pages pages;
	struct json json;
};

/* What was found of a session. */
struct found {
	const struct crash_session *session;
	struct crash_uses uses;
	struct etl_facts facts;		/* of the header as it was at the session's start */
	char *name;
	uint16_t logger;
	char *path;			/* of its log file; NULL: none */
};

static int take_option(void *context, int option, const char *value)
{
	struct recover *r = context;

	if (option == 'o')
		r->output = value;
	else
		r->wanted = value;
	return COMMAND_OK;
}

/* ---- what is there ------------------------------------------------------------- */

static struct etl_logfile_header *logfile(unsigned char *header)
{
	return (void *)(header + sizeof(struct etl_buffer_header) + sizeof(struct etl_system_header));
}

/* The facts of @session, by the library that reads them from files. */
static int read_facts(struct found *found)
{
	const struct etl_buffer_header *h = (const void *)found->session->header;
	FILE *file = tmpfile();
	const struct etl_facts *facts;
	struct etl_error error;
	struct etl_log *log = NULL;
	const char *path;
	char name[64];
	int status = COMMAND_FAILED;

	if (!file)
		return fail("recover", "cannot make a temporary file: %s", strerror(errno));
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fileno(file));
	path = name;
	if (fwrite(found->session->header, found->session->buffer_size, 1, file) != 1 || fflush(file))
		fail("recover", "cannot write a temporary file: %s", strerror(errno));
	else if (etl_open(&log, &path, 1, &error))
		complain("recover", &error);
	else
		status = COMMAND_OK;
	if (log) {
		facts = etl_facts(log, 0);
		found->facts = *facts;
		found->logger = le16toh(h->logger_id);
		found->name = strdup(facts->flags & ETL_FACTS_HEADER ? facts->logger_name : "");
		if (!found->name)
			status = fail("recover", "out of memory");
		etl_close(log);
	}
	fclose(file);
	return status;
}

static bool is_wanted(const struct recover *r, const struct found *found)
{
	char number[8];

	snprintf(number, sizeof(number), "%u", found->logger);
	return !r->wanted || !strcmp(r->wanted, found->name) || !strcmp(r->wanted, number);
}

/* ---- writing ------------------------------------------------------------------- */

static int by_time(const void *left, const void *right)
{
	const struct crash_use *a = left, *b = right;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	if (a->cpu != b->cpu)
		return a->cpu < b->cpu ? -1 : 1;
	return (int32_t)(a->seq - b->seq);
}

/* Uses that never got a number get one: above all others, as it would have been. */
static void give_numbers(struct crash_uses *uses)
{
	uint64_t last = 0;
	size_t i;

	for (i = 0; i < uses->count; i++)
		if (uses->uses[i].number > last)
			last = uses->uses[i].number;
	for (i = 0; i < uses->count; i++)
		if (!uses->uses[i].number)
			uses->uses[i].number = ++last;
}

static const struct crash_ring *ring_of(const struct crash_session *session, uint16_t cpu)
{
	unsigned int i = 0;

	while (session->rings[i].cpu != cpu)
		i++;
	return &session->rings[i];
}

static void complete_buffer(const struct found *found, const struct crash_use *use,
			    unsigned char *data)
{
	uint32_t size = found->session->buffer_size;
	struct etl_buffer_header *h = (void *)data;
	uint16_t flags = use->data ? ETL_BUFFER_PROC_INDEX :
				     le16toh(h->flags) & ~ETL_BUFFER_FLUSH_MARKER;

	*h = (struct etl_buffer_header) {
		.buffer_size = htole32(size),
		.saved_offset = htole32(use->used),
		.current_offset = htole32(size + use->used),
		.time_stamp = htole64(use->time),
		.sequence_number = htole64(use->number),
		.processor = htole16(use->cpu),
		.logger_id = htole16(found->logger),
		.state = htole32(ETL_BUFFER_STATE_FLUSH),
		.offset = htole32(use->used),
		.flags = htole16(flags),
		.type = htole16(ETL_BUFFER_GENERIC),
	};
	memset(data + use->used, ETL_FILL_BYTE, size - use->used);
}

static int write_uses(const struct recover *r, struct found *found, struct etl_writer *writer,
		      unsigned char *data)
{
	const struct crash_session *session = found->session;
	struct etl_error error;
	size_t i;

	for (i = 0; i < found->uses.count; i++) {
		struct crash_use *use = &found->uses.uses[i];

		if (use->data)
			memcpy(data, use->data, session->buffer_size);
		else if (!crash_ring_data(r->dump, ring_of(session, use->cpu), use->seq, data)) {
			found->uses.damaged++;
			continue;
		}
		complete_buffer(found, use, data);
		if (etl_writer_append(writer, data, 1, NULL, &error))
			return complain("recover", &error);
	}
	return COMMAND_OK;
}

/* The file is what it is: no limit, no circle, however the session wrote its own. */
static void set_header(struct found *found)
{
	struct etl_logfile_header *f = logfile(found->session->header);

	f->mode = htole32(le32toh(f->mode) & ~(FILE_MODES | ETL_MODE_KBYTES));
	f->max_file_size = 0;
}

static int write_file(const struct recover *r, struct found *found)
{
	const struct crash_session *session = found->session;
	const struct etl_timebase *base = &found->facts.timebase;
	struct crash_uses *uses = &found->uses;
	unsigned char *data = malloc(session->buffer_size);
	struct etl_totals totals = { .events_lost = uses->lost };
	struct etl_writer *writer;
	struct etl_error error;
	int status;

	if (!data)
		return fail("recover", "out of memory");
	if (uses->count)
		qsort(uses->uses, uses->count, sizeof(*uses->uses), by_time);
	totals.end_time = uses->count ? etl_timebase_filetime(base, uses->uses[uses->count - 1].time) :
					found->facts.start_time;
	if (totals.end_time < found->facts.start_time)
		totals.end_time = found->facts.start_time;
	set_header(found);
	if (etl_writer_create(&writer, found->path, session->header, session->buffer_size, NULL, &error)) {
		free(data);
		return complain("recover", &error);
	}
	status = write_uses(r, found, writer, data);
	if (status == COMMAND_OK && etl_writer_finalise(writer, &totals, &error))
		status = complain("recover", &error);
	etl_writer_close(writer);
	free(data);
	return status;
}

/* ---- names of files -------------------------------------------------------------- */

/* DIR/NAME.etl; the logger's number tells sessions of one name (of an earlier boot's) apart. */
static char *file_in_folder(const char *folder, const struct found *found)
{
	char *name = strdup(*found->name && *found->name != '.' ? found->name : "session");
	char *path = NULL, *p;
	struct stat st;

	for (p = name; p && *p; p++)
		if (*p == '/' || (unsigned char)*p < ' ')
			*p = '_';
	if (!name || asprintf(&path, "%s/%s.etl", folder, name) < 0)
		path = NULL;
	if (path && !stat(path, &st)) {
		free(path);
		if (asprintf(&path, "%s/%s-%016" PRIx64 ".etl", folder, name, found->session->id) < 0)
			path = NULL;
	}
	free(name);
	return path;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static bool looks_like_file(const char *path)
{
	size_t size = strlen(path);

	return size > 4 && !strcmp(path + size - 4, ".etl") && !is_folder(path);
}

static int choose_path(const struct recover *r, struct found *found)
{
	found->path = looks_like_file(r->output) ? strdup(r->output) :
						   file_in_folder(r->output, found);
	return found->path ? COMMAND_OK : fail("recover", "out of memory");
}

/* ---- saying ---------------------------------------------------------------------- */

static void print_found(const struct found *found)
{
	const struct crash_uses *uses = &found->uses;

	printf("%s (logger %u): ", found->name, found->logger);
	printf("%zu buffers, %" PRIu64 " of them handed to a reader before, %" PRIu64 " not full; %" PRIu64
	       " events lost\n", uses->count, uses->read, uses->partial, uses->lost);
	if (uses->unfinished)
		printf("  %" PRIu64 " records may be unfinished: their writers were stopped\n", uses->unfinished);
	if (found->path)
		printf("  %s\n", found->path);
}

static void json_found(struct json *json, const struct found *found)
{
	const struct crash_uses *uses = &found->uses;

	json_open(json, NULL, '{');
	json_string(json, "session", found->name);
	json_number(json, "logger", found->logger);
	json_number(json, "buffers", uses->count);
	json_number(json, "read_before", uses->read);
	json_number(json, "partial", uses->partial);
	json_number(json, "partial_records", uses->records);
	json_number(json, "unfinished", uses->unfinished);
	json_number(json, "missing", uses->missing);
	json_number(json, "damaged", uses->damaged);
	json_number(json, "lost", uses->lost);
	if (found->path)
		json_string(json, "file", found->path);
	else
		json_null(json, "file");
	json_close(json, '}');
}

/* ---- the whole --------------------------------------------------------------------- */

static int read_session(const struct recover *r, struct found *found)
{
	unsigned int i;

	for (i = 0; i < found->session->ring_count; i++)
		if (!crash_ring_read(&found->uses, r->dump, &found->session->rings[i]))
			return fail("recover", "out of memory");
	give_numbers(&found->uses);
	return COMMAND_OK;
}

static void free_found(struct found *found)
{
	size_t i;

	for (i = 0; i < found->uses.count; i++)
		free(found->uses.uses[i].data);
	free(found->uses.uses);
	free(found->name);
	free(found->path);
}

static int recover_session(struct recover *r, struct found *found)
{
	int status = read_session(r, found);

	if (status == COMMAND_OK && r->output)
		status = choose_path(r, found);
	if (status == COMMAND_OK && r->output)
		status = write_file(r, found);
	if (status != COMMAND_OK)
		return status;
	if (r->as_json)
		json_found(&r->json, found);
	else
		print_found(found);
	if (!found->uses.damaged && !found->uses.missing)
		return COMMAND_OK;
	return fail("recover", "%s: of session %s %" PRIu64 " buffers are not whole in the dump and %" PRIu64
		    " finished records could not be found; the rest is good", r->dump_path, found->name,
		    found->uses.damaged, found->uses.missing);
}

/* Sessions that were asked for, or -1 with a complaint. */
static int count_wanted(struct recover *r, struct found *found)
{
	unsigned int i;
	int count = 0;

	for (i = 0; i < r->pages.count; i++) {
		found[i].session = &r->pages.sessions[i];
		if (read_facts(&found[i]) != COMMAND_OK)
			return -1;
		count += is_wanted(r, &found[i]);
	}
	if (!r->pages.count)
		fail("recover", "%s: no session was running, or wmitrace was not loaded, or the dump lacks kernel memory",
		     r->dump_path);
	else if (!count)
		fail("recover", "%s: no session %s; without -s all are listed", r->dump_path, r->wanted);
	else if (count > 1 && r->output && looks_like_file(r->output))
		fail("recover", "%s holds %d sessions: name a folder with -o, or one of them with -s",
		     r->dump_path, count);
	else
		return count;
	return -1;
}

static int recover_all(struct recover *r, struct found *found)
{
	int status = COMMAND_OK;
	unsigned int i;

	if (count_wanted(r, found) < 0)
		return COMMAND_FAILED;
	if (r->output && !looks_like_file(r->output) && mkdir(r->output, 0750) && errno != EEXIST)
		return fail("recover", "cannot make the folder %s: %s", r->output, strerror(errno));
	if (r->as_json)
		json_open(&r->json, NULL, '[');
	for (i = 0; i < r->pages.count; i++)
		if (is_wanted(r, &found[i]) && recover_session(r, &found[i]) != COMMAND_OK)
			status = COMMAND_FAILED;
	if (r->as_json) {
		json_close(&r->json, ']');
		putchar('\n');
	}
	if (r->pages.damaged) {
		fail("recover", "%s: the buffers of %u CPUs or sessions cannot be found: what tells of them is damaged",
		     r->dump_path, r->pages.damaged);
		status = COMMAND_FAILED;
	}
	return status;
}

/* Of a session whose pages are all in the missing part nothing else tells. */
static int complain_of_gaps(const struct recover *r)
{
	uint64_t bytes = r->pages.unreadable;

	if (!bytes)
		return COMMAND_OK;
	return fail("recover", "%s: it is cut off or damaged: %" PRIu64
		    " KB of the memory that it is of cannot be read, and what sessions had there is not recovered",
		    r->dump_path, bytes >> 10);
}

static int recover(struct recover *r)
{
	struct found *found;
	unsigned int i;
	int status;

	if (!crash_pages_find(&r->pages, r->dump))
		return fail("recover", "out of memory");
	found = calloc(r->pages.count + 1, sizeof(*found));
	status = found ? recover_all(r, found) : fail("recover", "out of memory");
	if (complain_of_gaps(r) != COMMAND_OK)
		status = COMMAND_FAILED;
	for (i = 0; found && i < r->pages.count; i++)
		free_found(&found[i]);
	free(found);
	return status;
}

int cmd_recover(int argc, char **argv)
{
	struct recover r = { .json = { .to = stdout } };
	struct arguments arguments = {
		.usage = usage,
		.options = options,
		.take = take_option,
		.context = &r,
		.least = 1,
		.most = 1,
		.words = "a memory dump",
	};
	int status = arguments_parse(&arguments, argc, argv);
	char *reason = NULL;

	if (status != ARGUMENTS_GO_ON)
		return status;
	if (!memory_dump_open)
		return fail("recover", "this program is linked statically, without libkdumpfile: use the one that 'make' builds");
	r.dump_path = arguments.rest[0];
	r.as_json = arguments.json;
	r.dump = memory_dump_open(r.dump_path, &reason);
	if (!r.dump) {
		fail("recover", "%s: %s", r.dump_path, reason ? reason : "out of memory");
		free(reason);
		return COMMAND_FAILED;
	}
	status = recover(&r);
	crash_pages_free(&r.pages);
	memory_dump_close(r.dump);
	return status;
}
