// SPDX-License-Identifier: LGPL-2.1-or-later
/* Sets of message formats: loading, searching, looking up. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tmf-set.h"

#define FILE_MAX	(64 << 20)	/* bytes of a TMF file; real ones have up to a few 100 KB */

/* ---- the table: messages by GUID and number ------------------------------- */

#define SEARCHED	0x10000u	/* "number" of the node that says a GUID was searched for */

static unsigned int bucket_of(const unsigned char guid[16], uint32_t number)
{
	return (get32(guid) ^ get32(guid + 12) ^ number * 2654435761u) % TMF_BUCKETS;
}

static struct tmf_node *find_node(const struct etl_tmf *tmf, const unsigned char guid[16],
				  uint32_t number)
{
	struct tmf_node *node = tmf->buckets[bucket_of(guid, number)];

	while (node && (node->number != number || memcmp(node->message.guid, guid, 16)))
		node = node->chain;
	return node;
}

void tmf_set_add(struct etl_tmf *tmf, struct tmf_node *node)
{
	struct tmf_node **bucket = &tmf->buckets[bucket_of(node->message.guid, node->number)];

	node->chain = *bucket;
	*bucket = node;
	*tmf->tail = node;
	tmf->tail = &node->next;
	if (node->number != SEARCHED)
		tmf->counts.messages++;
}

bool tmf_set_has(const struct etl_tmf *tmf, const unsigned char guid[16], uint16_t number)
{
	return find_node(tmf, guid, number);
}

int etl_tmf_new(struct etl_tmf **tmf)
{
	*tmf = calloc(1, sizeof(**tmf));
	if (!*tmf)
		return -ENOMEM;
	(*tmf)->tail = &(*tmf)->nodes;
	return 0;
}

static void free_file(struct tmf_file *file)
{
	struct tmf_enum *e, *next;

	for (e = file->enums; e; e = next) {
		next = e->next;
		free(e->symbols);
		free(e);
	}
	free(file);
}

void etl_tmf_free(struct etl_tmf *tmf)
{
	struct tmf_node *node, *next;
	struct tmf_file *file, *next_file;

	if (!tmf)
		return;
	for (node = tmf->nodes; node; node = next) {
		next = node->next;
		free(node);
	}
	for (file = tmf->files; file; file = next_file) {
		next_file = file->next;
		free_file(file);
	}
	free(tmf->folders);
	free(tmf);
}

const struct etl_tmf_counts *etl_tmf_counts(const struct etl_tmf *tmf)
{
	return &tmf->counts;
}

int etl_tmf_each(const struct etl_tmf *tmf,
		 int (*visit)(void *context, const struct etl_tmf_message *message), void *context)
{
	const struct tmf_node *node;
	int result = 0;

	for (node = tmf->nodes; node && !result; node = node->next)
		if (node->number != SEARCHED)
			result = visit(context, &node->message);
	return result;
}

/* ---- files and folders ------------------------------------------------------ */

static int read_file(int fd, size_t size, char **text, size_t *len)
{
	ssize_t n;

	*text = malloc(size + 1);
	if (!*text)
		return -ENOMEM;
	for (*len = 0; *len < size; *len += n) {
		n = read(fd, *text + *len, size - *len);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0)
			return -errno;
		else if (!n)
			break;
	}
	return 0;
}

static int load_file(struct etl_tmf *tmf, int fd, const char *path, struct etl_error *err)
{
	struct stat st;
	char *text = NULL;
	size_t len = 0;
	int ret;

	if (fstat(fd, &st))
		return etl_fail_errno(err, -errno, path, "read");
	if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX)
		return etl_fail(err, -EINVAL, path, ETL_NO_OFFSET, "not a TMF file");
	ret = read_file(fd, st.st_size, &text, &len);
	if (ret)
		etl_fail_errno(err, ret, path, "read");
	else
		ret = etl_tmf_parse(tmf, text, len, path, err);
	free(text);
	return ret;
}

static int is_tmf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 4 && !strcasecmp(entry->d_name + len - 4, ".tmf");
}

/* Goes on after files with lines left over: the first such error is the result. */
static int load_folder(struct etl_tmf *tmf, const char *path, struct etl_error *err)
{
	struct dirent **entries;
	struct etl_error *report = err;
	int count = scandir(path, &entries, is_tmf, alphasort), i, ret = 0, one;
	char file[4096];

	if (count < 0)
		return etl_fail_errno(err, -errno, path, "read");
	for (i = 0; i < count; i++) {
		if (!ret || ret == -EBADMSG) {
			snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
			one = etl_tmf_load(tmf, file, report);
			if (one && (!ret || one != -EBADMSG))
				ret = one;
			if (ret)
				report = NULL;
		}
		free(entries[i]);
	}
	free(entries);
	return ret;
}

int etl_tmf_load(struct etl_tmf *tmf, const char *path, struct etl_error *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), ret;

	if (fd < 0)
		return etl_fail_errno(err, -errno, path, "open");
	if (!fstat(fd, &st) && S_ISDIR(st.st_mode))
		ret = load_folder(tmf, path, err);
	else
		ret = load_file(tmf, fd, path, err);
	close(fd);
	return ret;
}

int etl_tmf_search(struct etl_tmf *tmf, const char *folders)
{
	char *all;

	if (!*folders)
		return 0;
	if (asprintf(&all, "%s%s%s", tmf->folders ? tmf->folders : "", tmf->folders ? ":" : "",
		     folders) < 0)
		return -ENOMEM;
	free(tmf->folders);
	tmf->folders = all;
	return 0;
}

/* Loads GUID.tmf from the first folder that has it. */
static void search(struct etl_tmf *tmf, const unsigned char guid[16])
{
	struct tmf_node *mark = calloc(1, sizeof(*mark));
	const char *folder, *end;
	char text[ETL_GUID_TEXT], path[4096];

	if (!mark)
		return;
	mark->number = SEARCHED;
	memcpy(mark->message.guid, guid, 16);
	tmf_set_add(tmf, mark);
	etl_guid_format(guid, text);
	for (folder = tmf->folders; folder; folder = *end ? end + 1 : NULL) {
		end = strchrnul(folder, ':');
		if (end == folder)
			continue;
		snprintf(path, sizeof(path), "%.*s/%s.tmf", (int)(end - folder), folder, text);
		if (!access(path, R_OK) && etl_tmf_load(tmf, path, NULL) != -ENOENT)
			return;
	}
}

const struct etl_tmf_message *etl_tmf_find(struct etl_tmf *tmf, const unsigned char guid[16],
					   uint16_t number)
{
	struct tmf_node *node = find_node(tmf, guid, number);

	if (!node && tmf->folders && !find_node(tmf, guid, SEARCHED)) {
		search(tmf, guid);
		node = find_node(tmf, guid, number);
	}
	return node ? &node->message : NULL;
}

const struct etl_tmf_message *etl_tmf_find_record(struct etl_tmf *tmf, const struct etl_record *rec)
{
	if (rec->kind != ETL_KIND_MESSAGE || !(rec->has & ETL_HAS_GUID))
		return NULL;
	return etl_tmf_find(tmf, rec->guid, rec->id);
}

/* ---- what a message says about itself ----------------------------------------- */

size_t etl_tmf_key(const struct etl_tmf_message *message, const char *key, const char **value)
{
	size_t len = strlen(key);
	const char *p = message->keys;

	for (p += strspn(p, " "); *p; p += strspn(p, " ")) {
		size_t word = strcspn(p, " ");

		if (word > len && !strncmp(p, key, len) && p[len] == '=') {
			*value = p + len + 1;
			return word - len - 1;
		}
		p += word;
	}
	return 0;
}

const char *etl_tmf_argument_name(const struct etl_tmf_message *message, unsigned int index)
{
	return index < message->count ? message->arguments[index].expression : NULL;
}

const char *etl_tmf_argument_item(const struct etl_tmf_message *message, unsigned int index)
{
	return index < message->count ? message->arguments[index].item_name : NULL;
}
