// SPDX-License-Identifier: LGPL-2.1-or-later
/* Module files as they lie under /lib/modules: packed with xz, gzip, zstd, or not. */
#include <errno.h>
#include <fcntl.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "private.h"

#define PACKED_MAX	(256u << 20)
#define UNPACKED_MAX	((size_t)1 << 30)
#define XZ_MEMORY_MAX	(256u << 20)

struct output {
	unsigned char *data;
	size_t size, used;
};

static bool grow(struct output *out)
{
	size_t size = out->size ? 2 * out->size : 1 << 20;
	unsigned char *data = size <= UNPACKED_MAX ? realloc(out->data, size) : NULL;

	if (!data)
		return false;
	out->data = data;
	out->size = size;
	return true;
}

/* ---- the three formats: each returns NULL or what is wrong ------------------------ */

static const char *unpack_xz(const unsigned char *in, size_t size, struct output *out)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_ret ret = lzma_stream_decoder(&stream, XZ_MEMORY_MAX, LZMA_CONCATENATED);

	stream.next_in = in;
	stream.avail_in = size;
	while (ret == LZMA_OK) {
		if (out->used == out->size && !grow(out))
			break;
		stream.next_out = out->data + out->used;
		stream.avail_out = out->size - out->used;
		ret = lzma_code(&stream, LZMA_FINISH);
		out->used = out->size - stream.avail_out;
	}
	lzma_end(&stream);
	return ret == LZMA_STREAM_END ? NULL : ret == LZMA_OK ? "too large" : "damaged xz data";
}

static const char *unpack_gzip(const unsigned char *in, size_t size, struct output *out)
{
	z_stream stream = { .next_in = (unsigned char *)in, .avail_in = size };
	int ret = inflateInit2(&stream, 15 + 16);

	while (ret == Z_OK) {
		if (out->used == out->size && !grow(out))
			break;
		stream.next_out = out->data + out->used;
		stream.avail_out = out->size - out->used;
		ret = inflate(&stream, Z_NO_FLUSH);
		out->used = out->size - stream.avail_out;
	}
	inflateEnd(&stream);
	return ret == Z_STREAM_END ? NULL : ret == Z_OK ? "too large" : "damaged gzip data";
}

static const char *unpack_zstd(const unsigned char *in, size_t size, struct output *out)
{
	ZSTD_DStream *stream = ZSTD_createDStream();
	ZSTD_inBuffer from = { in, size, 0 };
	size_t ret = 1, before;

	while (stream && ret) {
		ZSTD_outBuffer to = { out->data, out->size, out->used };

		if (to.pos == to.size && !grow(out))
			break;
		to.dst = out->data;
		to.size = out->size;
		before = from.pos + to.pos;
		ret = ZSTD_decompressStream(stream, &to, &from);
		out->used = to.pos;
		if (ZSTD_isError(ret) || (ret && from.pos + to.pos == before))
			break;
	}
	ZSTD_freeDStream(stream);
	return ret ? "damaged zstd data, or too large" : NULL;
}

static const struct {
	unsigned char magic[6];
	size_t len;
	const char *(*unpack)(const unsigned char *in, size_t size, struct output *out);
} formats[] = {
	{ { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6, unpack_xz },
	{ { 0x1f, 0x8b }, 2, unpack_gzip },
	{ { 0x28, 0xb5, 0x2f, 0xfd }, 4, unpack_zstd },
};

static int unpack(const char *path, unsigned char **data, size_t *size, struct etl_error *err)
{
	struct output out = { NULL, 0, 0 };
	const char *reason;
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (*size < formats[i].len || memcmp(*data, formats[i].magic, formats[i].len))
			continue;
		reason = formats[i].unpack(*data, *size, &out);
		free(*data);
		*data = out.data;
		*size = out.used;
		if (reason)
			return etl_fail(err, -EBADMSG, path, ETL_NO_OFFSET, "%s", reason);
		break;
	}
	return 0;
}

static int read_all(int fd, unsigned char *data, size_t size)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = read(fd, data + done, size - done);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (!n)
			return -EIO;
		if (n > 0)
			done += n;
	}
	return 0;
}

int wpp_image_read(const char *path, unsigned char **data, size_t *size, time_t *changed,
		   struct etl_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), ret;
	struct stat st;

	*data = NULL;
	if (fd < 0 || fstat(fd, &st)) {
		ret = etl_fail(err, -errno, path, ETL_NO_OFFSET, "%s", strerror(errno));
	} else if (!S_ISREG(st.st_mode) || (size_t)st.st_size > PACKED_MAX) {
		ret = etl_fail(err, -EBADMSG, path, ETL_NO_OFFSET, "not a kernel module");
	} else {
		*size = st.st_size;
		*changed = st.st_mtime;
		*data = malloc(*size + 1);
		ret = *data ? read_all(fd, *data, *size) : -ENOMEM;
		if (ret)
			etl_fail(err, ret, path, ETL_NO_OFFSET, "%s", strerror(-ret));
		else
			ret = unpack(path, data, size, err);
	}
	if (fd >= 0)
		close(fd);
	if (ret) {
		free(*data);
		*data = NULL;
	}
	return ret;
}
