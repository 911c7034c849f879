// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a hostile caller would try.  TAP.
 *
 *	hostile map FILE	to write to the buffers of FILE, a CPU's in debugfs
 *	hostile released FILE HANDLE	to end their session under who has mapped them
 *	hostile calls		each call there is, on descriptor 3, which somebody
 *				with more rights opened
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <uapi/wmitrace.h>

#define ACCESS_DENIED	5	/* Win32 */
#define READ_WRITE	(PROT_READ | PROT_WRITE)

static void result(bool good, const char *what)
{
	printf("%sok - %s%s%s\n", good ? "" : "not ", what, good ? "" : ": ",
	       good ? "" : strerror(errno));
}

static bool is_unmapped(void *p)
{
	return p == MAP_FAILED;
}

static int try_map(const char *file)
{
	struct wmitrace_map map = { 0 };
	int device = open(WMITRACE_DEVICE, O_RDWR), again;
	char path[64], before = 0, *copy;
	volatile char *p;

	map.reader = open(file, O_RDONLY);
	result(device >= 0 && map.reader >= 0 && !ioctl(device, WMITRACE_IOC_MAP, &map),
	       "a CPU's buffers can be mapped");
	p = mmap(NULL, map.size, PROT_READ, MAP_SHARED, map.fd, 0);
	result(!is_unmapped((void *)p) && p[0] != p[1], "for reading");
	if (is_unmapped((void *)p))
		return 1;
	before = p[0];
	result(mprotect((void *)p, map.size, READ_WRITE) && errno == EACCES,
	       "which cannot be made writing later");
	result(is_unmapped(mmap(NULL, map.size, READ_WRITE, MAP_SHARED, map.fd, 0)),
	       "they cannot be mapped for writing");
	copy = mmap(NULL, map.size, READ_WRITE, MAP_PRIVATE, map.fd, 0);
	if (!is_unmapped(copy))
		copy[0] = ~before;
	result(p[0] == before, "what is written to a private copy stays there");
	result(pwrite(map.fd, "x", 1, 0) < 0, "their descriptor is not for writing");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", map.fd);
	again = open(path, O_RDWR);
	result(again < 0 || is_unmapped(mmap(NULL, map.size, READ_WRITE, MAP_SHARED, again, 0)),
	       "nor is one that was opened from it");
	result(is_unmapped(mmap(NULL, map.size, READ_WRITE, MAP_SHARED, map.reader, 0)),
	       "nor is the file's");
	result(is_unmapped(mmap(NULL, map.size, READ_WRITE, MAP_SHARED, device, 0)),
	       "nor the device's");
	return 0;
}

/* None of the memory is touched before its session is gone. */
static int try_released(const char *file, uint64_t handle)
{
	struct wmitrace_session session = { .handle = handle };
	int device = open(WMITRACE_DEVICE, O_RDWR);
	struct wmitrace_map map = { .reader = open(file, O_RDONLY) };
	struct wmitrace_take taken = { .most = 1 };
	volatile uint32_t *p;
	uint64_t i, sum = 0;

	result(!ioctl(device, WMITRACE_IOC_MAP, &map), "buffers are mapped");
	p = mmap(NULL, map.size, PROT_READ, MAP_SHARED, map.fd, 0);
	result(!is_unmapped((void *)p) && !ioctl(map.fd, WMITRACE_MAP_TAKE, &taken) && taken.bytes,
	       "and one is handed out");
	result(is_unmapped(mmap(NULL, map.size + 4096, PROT_READ, MAP_SHARED, map.fd, 0)) &&
	       errno == ENXIO, "more than there is cannot be mapped");
	if (is_unmapped((void *)p))
		return 1;
	result(!ioctl(device, WMITRACE_IOC_STOP, &session), "somebody stops the session");
	memset(&session, 0, sizeof(session));
	session.handle = handle;
	result(!ioctl(device, WMITRACE_IOC_RELEASE, &session), "and releases it");
	result(p[taken.offset / 4] == taken.bytes, "what was handed out is there still");
	for (i = 0; i < map.size / 4; i += 1024)
		sum += p[i];
	result(sum >= taken.bytes, "and the rest of the memory");
	result(!ioctl(map.fd, WMITRACE_MAP_TAKE, &taken) && !taken.bytes,
	       "nothing is handed out any more");
	result(is_unmapped(mmap(NULL, map.size, PROT_READ, MAP_SHARED, map.fd, 0)) &&
	       errno == ENXIO, "nor mapped");
	return 0;
}

static int try_calls(void)
{
	static const unsigned long calls[] = {
		WMITRACE_IOC_START, WMITRACE_IOC_STOP, WMITRACE_IOC_QUERY, WMITRACE_IOC_UPDATE,
		WMITRACE_IOC_FLUSH, WMITRACE_IOC_RELEASE, WMITRACE_IOC_LIST, WMITRACE_IOC_REPORT,
		WMITRACE_IOC_ENABLE, WMITRACE_IOC_DISABLE, WMITRACE_IOC_PROVIDERS,
		WMITRACE_IOC_SUBSCRIBE, WMITRACE_IOC_MAP, WMITRACE_IOC_CAPTURE_STATE,
		WMITRACE_IOC_BRIDGE, WMITRACE_IOC_UNBRIDGE, WMITRACE_IOC_BRIDGES,
	};
	union {
		uint32_t win32;
		char bytes[1 << _IOC_SIZEBITS];
	} request;
	char what[64];
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		memset(&request, 0, sizeof(request));
		snprintf(what, sizeof(what), "call 0x%02x is refused", (unsigned int)_IOC_NR(calls[i]));
		result(ioctl(3, calls[i], &request) && errno == EACCES &&
		       request.win32 == ACCESS_DENIED, what);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "map"))
		return try_map(argv[2]);
	if (argc == 4 && !strcmp(argv[1], "released"))
		return try_released(argv[2], strtoull(argv[3], NULL, 0));
	if (argc == 2 && !strcmp(argv[1], "calls"))
		return try_calls();
	return 2;
}
