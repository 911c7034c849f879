// SPDX-License-Identifier: LGPL-2.1-or-later
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log-file.h"
#include "mode.h"
#include "timezone.h"

static int read_whole(const char *path, void *data, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t done = 0;
	ssize_t n = 1;
	int err = 0;

	if (fd < 0)
		return -errno;
	while (n > 0 && done < size) {
		n = read(fd, (char *)data + done, size - done);
		if (n > 0)
			done += n;
	}
	if (n < 0)
		err = -errno;
	else if (done < size)
		err = -ENODATA;
	close(fd);
	return err;
}

/* The fixed part of the logfile header is longer by two pointers' halves in the 64-bit form. */
static void set_time_zone(void *header)
{
	struct etl_system_header *record = (struct etl_system_header *)
		((char *)header + sizeof(struct etl_buffer_header));
	size_t offset = offsetof(struct etl_logfile_header, tz);

	if (record->header_type == ETL_HEADER_SYSTEM32)
		offset -= 8;
	timezone_of_system((struct etl_time_zone *)((char *)(record + 1) + offset));
}

int log_file_header(const char *folder, const struct control_session *session, void **header,
		    struct etl_error *err)
{
	size_t size = (size_t)session->s.buffer_size * 1024;
	char path[4096];
	int ret;

	snprintf(path, sizeof(path), "%s/header", folder);
	*header = malloc(size);
	if (!*header)
		return etl_fail(err, -ENOMEM, path, ETL_NO_OFFSET, "out of memory");
	ret = read_whole(path, *header, size);
	if (ret) {
		free(*header);
		*header = NULL;
		return etl_fail(err, ret, path, ETL_NO_OFFSET, "cannot read: %s", strerror(-ret));
	}
	set_time_zone(*header);
	return 0;
}

/* A missing or empty file, or one that begins with a header buffer. */
static bool may_be_replaced(const char *path)
{
	struct etl_buffer_header head;
	struct stat st;

	if (stat(path, &st) || !st.st_size)
		return true;
	return S_ISREG(st.st_mode) && !read_whole(path, &head, sizeof(head)) &&
	       le16toh(head.type) == ETL_BUFFER_HEADER && !head.sequence_number;
}

static int begin_file(struct etl_writer **writer, const char *path, const void *header, size_t size,
		      unsigned int flags, struct etl_error *err)
{
	if ((flags & LOG_FILE_CAREFUL) && !may_be_replaced(path))
		return etl_fail(err, -EEXIST, path, ETL_NO_OFFSET,
				"holds something that is not a trace; move it away");
	return etl_writer_create(writer, path, header, size, NULL, err);
}

int log_file_open(struct etl_writer **writer, const char *path,
		  const struct control_session *session, const void *header, unsigned int flags,
		  struct etl_error *err)
{
	const struct etl_writer_options reopen = { .flags = ETL_WRITER_REOPEN };
	size_t size = (size_t)session->s.buffer_size * 1024;
	int ret = -ENOENT;

	if (flags & LOG_FILE_RESUME)
		ret = etl_writer_resume(writer, path, header, size, &reopen, err);
	if (ret != -ENOENT && ret != -ESTALE)
		return ret;
	if (session->s.mode & MODE_APPEND) {
		ret = etl_writer_append_to(writer, path, header, size, NULL, err);
		if (ret != -ENOENT)
			return ret;
	}
	return begin_file(writer, path, header, size, flags, err);
}
