// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Acceptance rows A172 to A207, A216 and A220 of wmi-api over the control ABI,
 * without the library in between.  Prints TAP lines that cite the row.  Needs
 * root and no running session.
 *
 *	api_sessions			all rows
 *	api_sessions thread FILE WORD	writes WORD to FILE, from a second thread
 *
 * Rows that need something logged go through api.ko, loaded with the handle of
 * the session that is started first.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uapi/wmitrace.h>

/* EVENT_TRACE_ modes, wmi-api 3.6 */
#define SEQUENTIAL	0x00000001u
#define CIRCULAR	0x00000002u
#define APPEND		0x00000004u
#define NEWFILE		0x00000008u
#define PREALLOCATE	0x00000020u
#define NONSTOPPABLE	0x00000040u
#define REAL_TIME	0x00000100u
#define BUFFERING	0x00000400u
#define PRIVATE_LOGGER	0x00000800u
#define GLOBAL_SEQUENCE	0x00004000u
#define LOCAL_SEQUENCE	0x00008000u
#define PAGED_MEMORY	0x01000000u
#define RELOG		0x00010000u
#define STOP_ON_HYBRID	0x00400000u
#define PERSIST_ON_HYBRID 0x00800000u

/* Win32 codes, wmi-api 3.10 */
#define SUCCESS			0u
#define ACCESS_DENIED		5u
#define NOT_SUPPORTED		50u
#define INVALID_PARAMETER	87u
#define INVALID_NAME		123u
#define BAD_PATHNAME		161u
#define ALREADY_EXISTS		183u
#define MORE_DATA		234u
#define NO_SYSTEM_RESOURCES	1450u
#define INSTANCE_NOT_FOUND	4201u

/* SystemTraceControlGuid as it lies in memory */
#define KERNEL_NAME	"NT Kernel Logger"

static const uint8_t kernel_guid[16] = { 0xad, 0x4a, 0x81, 0x9e, 0x04, 0x32, 0xd2, 0x11,
					 0x9a, 0x82, 0x00, 0x60, 0x08, 0xa8, 0x69, 0x39 };

static int device;
static unsigned int cpus;

/* ---- saying ------------------------------------------------------------ */

__attribute__((format(printf, 3, 4)))
static void check(const char *row, bool good, const char *format, ...)
{
	va_list args;

	printf(good ? "ok - " : "not ok - ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(" [%s]\n", row);
	fflush(stdout);
}

/* A row's answer: the Win32 code it should be. */
static void answer(const char *row, uint32_t got, uint32_t want, const char *text)
{
	check(row, got == want, "%s", text);
	if (got != want)
		printf("# error %u, not %u\n", got, want);
}

/* ---- calling ----------------------------------------------------------- */

struct request {
	struct wmitrace_session s;
	char name[3 * WMITRACE_NAME_MAX + 1];
	char file[3 * WMITRACE_NAME_MAX + 1];
};

static void set_name(struct request *r, const char *name)
{
	snprintf(r->name, sizeof(r->name), "%s", name);
	r->s.name.len = strlen(r->name);
}

static void set_file(struct request *r, const char *file)
{
	snprintf(r->file, sizeof(r->file), "%s", file);
	r->s.file.len = strlen(r->file);
}

/* A request with a name and otherwise zeros. */
static struct request *request(struct request *r, const char *name)
{
	memset(r, 0, sizeof(*r));
	set_name(r, name);
	return r;
}

/* Returns the Win32 code of the answer; errno must agree that it failed. */
static uint32_t call(unsigned long code, struct request *r)
{
	int ret;

	r->s.win32 = ~0u;
	r->s.name.ptr = (uintptr_t)r->name;
	r->s.file.ptr = (uintptr_t)r->file;
	if (!r->s.name.cap)
		r->s.name.cap = sizeof(r->name) - 1;
	if (!r->s.file.cap)
		r->s.file.cap = sizeof(r->file) - 1;
	ret = ioctl(device, code, r);
	if (!ret != !r->s.win32)
		check("ABI", false, "errno %d agrees with error %u", ret ? errno : 0, r->s.win32);
	r->name[r->s.name.len < sizeof(r->name) ? r->s.name.len : 0] = '\0';
	r->file[r->s.file.len < sizeof(r->file) ? r->s.file.len : 0] = '\0';
	return r->s.win32;
}

/* Calls with the address that @r had as answer, settings as they are. */
static uint32_t again(unsigned long code, struct request *r)
{
	r->s.flags = 0;
	memset(r->s.reserved, 0, sizeof(r->s.reserved));
	r->s.name.len = 0;
	r->s.file.len = 0;
	return call(code, r);
}

static uint32_t start(struct request *r)
{
	if (!r->s.buffer_size)
		r->s.buffer_size = 4;
	return call(WMITRACE_IOC_START, r);
}

/* The same for a session of @mode with name, and file if not NULL; stopped and released. */
static uint32_t start_mode(uint32_t mode, const char *file, uint32_t max_file_size)
{
	struct request r;
	uint32_t error;

	request(&r, "mode");
	r.s.mode = mode;
	r.s.max_file_size = max_file_size;
	r.s.clock = 2;		/* the only one that APPEND takes */
	if (file)
		set_file(&r, file);
	error = start(&r);
	if (!error) {
		again(WMITRACE_IOC_STOP, &r);
		r.s.flags = 0;
		again(WMITRACE_IOC_RELEASE, &r);
	}
	return error;
}

static uint32_t call_name(unsigned long code, const char *name)
{
	struct request r;

	return call(code, request(&r, name));
}

/* Ends and frees a session by name. */
static void discard(const char *name)
{
	call_name(WMITRACE_IOC_STOP, name);
	call_name(WMITRACE_IOC_RELEASE, name);
}

static unsigned int count_sessions(void)
{
	uint32_t ids[WMITRACE_LOGGERS];
	struct wmitrace_list list = { .ids = (uintptr_t)ids, .cap = WMITRACE_LOGGERS };

	if (ioctl(device, WMITRACE_IOC_LIST, &list))
		check("ABI", false, "LIST answers");
	return list.count;
}

/* ---- rows -------------------------------------------------------------- */

static void a172(void)
{
	struct request r;
	char name[32];
	int i, started = 0;

	for (i = 0; i < 31; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		request(&r, name)->s.buffer_size = 4;
		started += !start(&r);
	}
	check("A172", started == 31, "31 ordinary sessions run at once (%d)", started);
	check("A172", count_sessions() == 31, "and LIST has them all");
	answer("A173", start(request(&r, "one-more")), NO_SYSTEM_RESOURCES,
	       "the 32nd ordinary session is refused");
	answer("A172", start(request(&r, KERNEL_NAME)), SUCCESS, "but the kernel logger still starts");
	discard(KERNEL_NAME);
	for (i = 0; i < 31; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		discard(name);
	}
}

static void a174(void)
{
	struct request r;

	start(request(&r, "Case \xc3\xa4\xce\xb1\xd0\xb6"));
	answer("A174", start(request(&r, "CASE \xc3\xa4\xce\xb1\xd0\xb6")), ALREADY_EXISTS,
	       "a name differing in ASCII case is taken");
	answer("A174", start(request(&r, "case \xc3\x84\xce\x91\xd0\x96")), ALREADY_EXISTS,
	       "so is one differing in the case of Latin, Greek and Cyrillic letters");
	answer("A174", call_name(WMITRACE_IOC_QUERY, "cASE \xc3\xa4\xce\xb1\xd0\xb6"), SUCCESS,
	       "and a query finds it in any case");
	discard("Case \xc3\xa4\xce\xb1\xd0\xb6");
}

static void a175(void)
{
	static const uint8_t zero[16];
	struct request a, b;

	start(request(&a, "guid-a"));
	start(request(&b, "guid-b"));
	check("A175", memcmp(a.s.guid, zero, 16) && memcmp(b.s.guid, zero, 16) &&
	      memcmp(a.s.guid, b.s.guid, 16), "zero GUIDs are replaced by different ones");
	request(&b, "guid-c");
	memcpy(b.s.guid, a.s.guid, 16);
	answer("A175", start(&b), ALREADY_EXISTS, "a session GUID can be used once");
	discard("guid-a");
	discard("guid-b");
	request(&b, "guid-c");
	memcpy(b.s.guid, a.s.guid, 16);
	answer("A175", start(&b), SUCCESS, "and again when its session has stopped");
	discard("guid-c");
}

/* @units UTF-16 units, each made of @text's bytes, or two of it if @text has four. */
static uint32_t start_length(unsigned int units, const char *text)
{
	struct request r;
	unsigned int i, n = strlen(text), step = n == 4 ? 2 : 1;
	uint32_t error;

	request(&r, "");
	for (i = 0; i < units; i += step)
		memcpy(r.name + i / step * n, text, n);
	r.s.name.len = units / step * n;
	error = start(&r);
	if (!error) {
		again(WMITRACE_IOC_STOP, &r);
		again(WMITRACE_IOC_RELEASE, &r);
	}
	return error;
}

static void a178(void)
{
	struct request r;

	answer("A178", start_length(1024, "x"), SUCCESS, "a name of 1024 characters works");
	answer("A178", start_length(1025, "x"), INVALID_NAME, "one of 1025 fails");
	answer("A178", start_length(1024, "\xc3\xa4"), SUCCESS, "2 bytes a character: 1024 work");
	answer("A178", start_length(1025, "\xc3\xa4"), INVALID_NAME, "1025 fail");
	answer("A178", start_length(1024, "\xe2\x82\xac"), SUCCESS, "3 bytes a character");
	answer("A178", start_length(1024, "\xf0\x9f\x98\x80"), SUCCESS,
	       "512 characters of two UTF-16 units each work");
	answer("A178", start_length(1026, "\xf0\x9f\x98\x80"), INVALID_NAME, "513 fail");
	answer("16.1", start(request(&r, "")), INVALID_NAME, "an empty name fails");
	answer("16.1", start(request(&r, "\xc3")), INVALID_NAME, "a name cut in a character fails");
	answer("16.1", start(request(&r, "\xed\xa0\x80")), INVALID_NAME, "a lone surrogate fails");
}

static void a179(void)
{
	struct request r;

	request(&r, "not the kernel logger");
	memcpy(r.s.guid, kernel_guid, 16);
	answer("A179", start(&r), INVALID_PARAMETER,
	       "SystemTraceControlGuid with another name fails");
}

static void a180(void)
{
	static const uint32_t refused[] = { GLOBAL_SEQUENCE, LOCAL_SEQUENCE,
					    PAGED_MEMORY };
	struct request r;
	size_t i;

	memset(request(&r, "nt kernel logger")->s.guid, 1, 16);
	answer("A180", start(&r), SUCCESS, "the kernel logger starts with any GUID");
	check("A180", !memcmp(r.s.guid, kernel_guid, 16), "but has SystemTraceControlGuid");
	check("A13", (r.s.handle & 0xffff) == 0xffff, "its handle has 0xFFFF in the low 16 bits");
	check("17.1", !r.s.id, "it is logger 0");
	answer("A181", start(request(&r, KERNEL_NAME)), ALREADY_EXISTS, "a second one is refused");
	request(&r, "")->s.handle = 0xffff;
	r.s.enable_flags = 1;
	answer("A200", call(WMITRACE_IOC_UPDATE, &r), SUCCESS, "UPDATE enables kernel events");
	check("A200", r.s.enable_flags == 1 && r.s.logged, "which are logged at once");
	r.s.enable_flags = 0;
	answer("A200", again(WMITRACE_IOC_UPDATE, &r), SUCCESS, "UPDATE with EnableFlags 0");
	check("A200", !r.s.enable_flags, "disables them all");
	r.s.enable_flags = 0x80000000;
	answer("ABI", again(WMITRACE_IOC_UPDATE, &r), INVALID_PARAMETER, "flags unknown here fail");
	discard(KERNEL_NAME);
	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		request(&r, KERNEL_NAME)->s.mode = refused[i];
		answer("17.1", start(&r), INVALID_PARAMETER, "no sequence, no paged memory for it");
	}
	request(&r, KERNEL_NAME)->s.mode = NEWFILE;
	r.s.max_file_size = 1;
	set_file(&r, "/f%d");
	answer("A188", start(&r), INVALID_PARAMETER, "no NEWFILE for the kernel logger");
	request(&r, "ordinary")->s.enable_flags = 1;
	answer("ABI", start(&r), INVALID_PARAMETER, "no kernel flags for others");
}

static void modes(void)
{
	answer("A182", start_mode(SEQUENTIAL | CIRCULAR, "/f", 1), INVALID_PARAMETER,
	       "SEQUENTIAL with CIRCULAR fails");
	answer("A183", start_mode(CIRCULAR | APPEND, "/f", 1), INVALID_PARAMETER,
	       "CIRCULAR with APPEND fails");
	answer("A183", start_mode(CIRCULAR | NEWFILE, "/f%d", 1), INVALID_PARAMETER,
	       "CIRCULAR with NEWFILE fails");
	answer("16.3", start_mode(CIRCULAR, "/f", 0), INVALID_PARAMETER,
	       "CIRCULAR without a maximum fails");
	answer("16.3", start_mode(CIRCULAR, "/f", 1), SUCCESS, "CIRCULAR with one works");
	answer("A184", start_mode(BUFFERING, "/f", 0), INVALID_PARAMETER,
	       "BUFFERING with a file name fails");
	answer("A184", start_mode(BUFFERING | SEQUENTIAL, NULL, 0), INVALID_PARAMETER,
	       "BUFFERING with SEQUENTIAL fails");
	answer("A184", start_mode(BUFFERING | CIRCULAR, NULL, 1), INVALID_PARAMETER,
	       "BUFFERING with CIRCULAR fails");
	answer("A184", start_mode(BUFFERING | APPEND, NULL, 0), INVALID_PARAMETER,
	       "BUFFERING with APPEND fails");
	answer("A184", start_mode(BUFFERING | NEWFILE, NULL, 1), INVALID_PARAMETER,
	       "BUFFERING with NEWFILE fails");
	answer("A184", start_mode(BUFFERING | PREALLOCATE, NULL, 1), INVALID_PARAMETER,
	       "BUFFERING with PREALLOCATE fails");
	answer("A184", start_mode(BUFFERING, NULL, 0), SUCCESS, "BUFFERING alone works");
	answer("16.3", start_mode(BUFFERING | REAL_TIME, NULL, 0), INVALID_PARAMETER,
	       "BUFFERING with REAL_TIME fails");
	answer("A185", start_mode(LOCAL_SEQUENCE | GLOBAL_SEQUENCE, "/f", 0), INVALID_PARAMETER,
	       "both sequence modes fail");
	answer("A185", start_mode(LOCAL_SEQUENCE, "/f", 0), SUCCESS, "one works");
	answer("A186", start_mode(NEWFILE, "/f%d", 0), INVALID_PARAMETER,
	       "NEWFILE without a maximum fails");
	answer("A186", start_mode(NEWFILE, "/f", 1), INVALID_NAME, "NEWFILE without %d fails");
	answer("A186", start_mode(NEWFILE, "/f%d", 1), SUCCESS, "NEWFILE with both works");
	answer("16.3", start_mode(NEWFILE | SEQUENTIAL, "/f%d", 1), SUCCESS,
	       "NEWFILE with SEQUENTIAL works");
	answer("16.3", start_mode(APPEND | SEQUENTIAL, "/f", 0), SUCCESS,
	       "APPEND with SEQUENTIAL works");
	answer("16.3", start_mode(APPEND | NEWFILE, "/f%d", 1), INVALID_PARAMETER,
	       "APPEND with NEWFILE fails");
	answer("16.3", start_mode(APPEND | PREALLOCATE, "/f", 1), INVALID_PARAMETER,
	       "APPEND with PREALLOCATE fails");
	answer("16.3", start_mode(APPEND | REAL_TIME, "/f", 0), INVALID_PARAMETER,
	       "APPEND with REAL_TIME fails");
	answer("16.3", start_mode(NEWFILE | PREALLOCATE, "/f%d", 1), INVALID_PARAMETER,
	       "NEWFILE with PREALLOCATE fails");
	answer("A187", start_mode(PREALLOCATE, "/f", 0), INVALID_PARAMETER,
	       "PREALLOCATE without a maximum fails");
	answer("A187", start_mode(PREALLOCATE, "/f", 1), SUCCESS, "PREALLOCATE with one works");
	answer("A220", start_mode(NONSTOPPABLE | CIRCULAR, "/f", 1), INVALID_PARAMETER,
	       "NONSTOPPABLE cannot be started");
	answer("16.3", start_mode(STOP_ON_HYBRID | PERSIST_ON_HYBRID, "/f", 0), INVALID_PARAMETER,
	       "STOP_ON_HYBRID with PERSIST_ON_HYBRID fails");
	answer("16.3", start_mode(RELOG, "/f", 0), INVALID_PARAMETER, "RELOG fails");
	answer("16.3", start_mode(PRIVATE_LOGGER, "/f", 0), INVALID_PARAMETER,
	       "PRIVATE_LOGGER fails");
}

static void a189(void)
{
	struct request r;

	request(&r, "small")->s.buffer_size = 1;
	answer("A189", start(&r), SUCCESS, "a buffer size of 1 KB");
	check("A189", r.s.buffer_size == 4, "becomes 4 (%u)", r.s.buffer_size);
	discard("small");

	/* Four CPUs with two buffers each need 128 MB. */
	request(&r, "large")->s.buffer_size = 1000000;
	r.s.max_buffers = 1;
	answer("A189", start(&r), SUCCESS, "a buffer size of 1000000 KB");
	check("A189", r.s.buffer_size == 16384, "becomes 16384 (%u)", r.s.buffer_size);
	discard("large");

	request(&r, "odd")->s.buffer_size = 37;
	start(&r);
	check("16.2", r.s.buffer_size == 40, "37 becomes 40: whole pages (%u)", r.s.buffer_size);
	discard("odd");

	request(&r, "default");
	call(WMITRACE_IOC_START, &r);
	check("16.2", r.s.buffer_size == 64, "0 becomes 64 (%u)", r.s.buffer_size);
	check("16.2", r.s.clock == 1, "clock 0 becomes 1 (%u)", r.s.clock);
	check("16.2", r.s.max_buffers >= r.s.min_buffers + 20,
	      "maximum: minimum + 20 or more (%u, %u)", r.s.min_buffers, r.s.max_buffers);
	discard("default");
}

static void a190(void)
{
	struct request r;

	request(&r, "few")->s.min_buffers = 1;
	r.s.max_buffers = 1;
	start(&r);
	check("A190", r.s.min_buffers >= 2 * cpus, "1 buffer becomes 2 a CPU or more (%u, %u CPUs)",
	      r.s.min_buffers, cpus);
	check("A190", r.s.max_buffers >= r.s.min_buffers,
	      "the maximum is raised to the minimum (%u)", r.s.max_buffers);
	check("19", r.s.cpus == cpus, "every CPU has its buffers (%u)", r.s.cpus);
	discard("few");
}

static void a193(void)
{
	struct request r;
	pid_t child = fork();
	int status = 1;

	if (!child)
		_exit(start(request(&r, "orphan")));
	waitpid(child, &status, 0);
	check("A193", !status, "a process starts a session and exits");
	answer("A193", call(WMITRACE_IOC_QUERY, request(&r, "orphan")), SUCCESS,
	       "the session goes on");
	check("A193", r.s.owner_pid == child, "and tells who started it");
	discard("orphan");
}

static void owned(void)
{
	struct request r;
	int fd = device;

	device = open(WMITRACE_DEVICE, O_RDWR);
	request(&r, "owned")->s.flags = WMITRACE_START_OWNED;
	answer("23.2", start(&r), SUCCESS, "a session can be bound to a descriptor");
	close(device);
	device = fd;
	answer("23.2", call_name(WMITRACE_IOC_QUERY, "owned"), INSTANCE_NOT_FOUND,
	       "and ends with it");
	check("23.2", count_sessions() == 0, "leaving nothing");
}

static void a194(void)
{
	struct request a, b, r;

	start(request(&a, "first"));
	start(request(&b, "second"));
	request(&r, "second")->s.handle = a.s.handle;
	answer("A194", call(WMITRACE_IOC_QUERY, &r), SUCCESS, "name and handle that differ");
	check("A194", r.s.handle == b.s.handle, "the name's session answers");
	request(&r, "")->s.handle = a.s.handle | 0xffffffffffff0000;
	answer("A194", call(WMITRACE_IOC_QUERY, &r), SUCCESS, "a handle with level and flags");
	check("A194", !strcmp(r.name, "first"), "addresses its session");
	discard("first");
	discard("second");
}

static void a195(void)
{
	static const unsigned long codes[] = {
		WMITRACE_IOC_STOP, WMITRACE_IOC_QUERY, WMITRACE_IOC_UPDATE, WMITRACE_IOC_FLUSH,
		WMITRACE_IOC_RELEASE
	};
	static const char * const names[] = { "STOP", "QUERY", "UPDATE", "FLUSH", "RELEASE" };
	struct request r;
	char text[64];
	size_t i;

	for (i = 0; i < 5; i++) {
		snprintf(text, sizeof(text), "%s of neither name nor handle", names[i]);
		answer("A195", call(codes[i], request(&r, "")), INVALID_PARAMETER, text);
		snprintf(text, sizeof(text), "%s of an unknown name", names[i]);
		answer("A195", call(codes[i], request(&r, "nobody")), INSTANCE_NOT_FOUND, text);
		snprintf(text, sizeof(text), "%s of an unknown handle", names[i]);
		request(&r, "")->s.handle = 31;
		answer("A195", call(codes[i], &r), INSTANCE_NOT_FOUND, text);
	}
}

static void a196(void)
{
	struct request r, q;

	request(&r, "asked");
	set_file(&r, "/tmp/asked.etl");
	r.s.buffer_size = 8;
	r.s.flush_timer = 3;
	r.s.mode = SEQUENTIAL | LOCAL_SEQUENCE;
	r.s.clock = 2;
	r.s.max_file_size = 5;
	start(&r);
	answer("A196", call(WMITRACE_IOC_QUERY, request(&q, "ASKED")), SUCCESS, "QUERY");
	check("A196", !strcmp(q.name, "asked") && !strcmp(q.file, "/tmp/asked.etl"),
	      "has both names (%s, %s)", q.name, q.file);
	check("A196", q.s.buffer_size == 8 && q.s.flush_timer == 3 && q.s.clock == 2 &&
	      q.s.mode == (SEQUENTIAL | LOCAL_SEQUENCE) && q.s.max_file_size == 5,
	      "has the settings");
	check("A196", q.s.handle == r.s.handle && q.s.handle && q.s.id == q.s.handle,
	      "has the handle (%llu)", (unsigned long long)q.s.handle);
	check("A196", q.s.state == WMITRACE_STATE_RUNNING && q.s.number_of_buffers &&
	      q.s.free_buffers <= q.s.number_of_buffers && !q.s.attempts && !q.s.lost &&
	      q.s.start_time && !q.s.stop_time, "has the statistics");
	discard("asked");
}

static void a197(void)
{
	struct request r;

	start(request(&r, "final"));
	answer("A197", call(WMITRACE_IOC_STOP, request(&r, "final")), SUCCESS, "STOP");
	check("A197", r.s.state == WMITRACE_STATE_STOPPED && r.s.stop_time >= r.s.start_time &&
	      r.s.start_time && r.s.attempts == r.s.logged + r.s.lost,
	      "answers with the final statistics");
	answer("A197", call(WMITRACE_IOC_STOP, request(&r, "final")), INSTANCE_NOT_FOUND,
	       "a second STOP finds nothing");
	discard("final");

	start(request(&r, "a longer name"));
	request(&r, "a longer name");
	r.s.name.cap = 3;
	answer("A198", call(WMITRACE_IOC_STOP, &r), MORE_DATA,
	       "STOP with too little room for a name");
	check("A198", r.s.name.len == 13, "tells how much it takes (%u)", r.s.name.len);
	answer("A198", call_name(WMITRACE_IOC_QUERY, "a longer name"), INSTANCE_NOT_FOUND,
	       "and did stop the session");
	discard("a longer name");
}

static void a199(void)
{
	struct request r, q;

	request(&r, "updated");
	set_file(&r, "/tmp/updated.etl");
	r.s.flush_timer = 7;
	r.s.max_buffers = 64;
	start(&r);
	answer("A199", call(WMITRACE_IOC_UPDATE, request(&q, "updated")), SUCCESS,
	       "UPDATE with zeros");
	check("A199", q.s.flush_timer == 7 && q.s.max_buffers == r.s.max_buffers &&
	      !strcmp(q.file, "/tmp/updated.etl"), "leaves timer, maximum and file alone");

	request(&q, "updated")->s.mode = REAL_TIME | CIRCULAR;
	answer("A201", call(WMITRACE_IOC_UPDATE, &q), SUCCESS, "UPDATE with REAL_TIME");
	check("A201", q.s.mode == REAL_TIME, "turns it on, and nothing else (%#x)", q.s.mode);
	call(WMITRACE_IOC_UPDATE, request(&q, "updated"));
	check("A201", q.s.mode == 0, "mode 0 turns it off (%#x)", q.s.mode);

	request(&q, "updated");
	set_file(&q, "/tmp/updated.etl");
	check("A202", call(WMITRACE_IOC_UPDATE, &q) != SUCCESS, "the same file name is refused");
	request(&q, "updated");
	set_file(&q, "/tmp/other.etl");
	answer("A202", call(WMITRACE_IOC_UPDATE, &q), SUCCESS, "another one is taken");
	check("A202", !strcmp(q.file, "/tmp/other.etl"), "and shown");

	request(&q, "updated");
	q.s.buffer_size = 128;
	q.s.min_buffers = 1000;
	q.s.clock = 2;
	answer("A203", call(WMITRACE_IOC_UPDATE, &q), SUCCESS,
	       "UPDATE with buffer size, minimum and clock");
	check("A203", q.s.buffer_size == r.s.buffer_size && q.s.min_buffers == r.s.min_buffers &&
	      q.s.clock == r.s.clock, "changes none of them");
	request(&q, "updated")->s.flush_timer = 9;
	call(WMITRACE_IOC_UPDATE, &q);
	check("16.4", q.s.flush_timer == 9, "UPDATE changes the flush timer (%u)", q.s.flush_timer);
	discard("updated");
}

static bool is_one_of(uint32_t id, struct request *a, struct request *b, struct request *c)
{
	return id == a->s.id || id == b->s.id || id == c->s.id;
}

static void a207(void)
{
	uint32_t ids[2] = { 77, 77 };
	struct wmitrace_list list = { .ids = (uintptr_t)ids, .cap = 2 };
	struct request a, b, c;

	start(request(&a, "one"));
	start(request(&b, "two"));
	start(request(&c, "three"));
	check("A207", ioctl(device, WMITRACE_IOC_LIST, &list) == -1 && errno == EMSGSIZE &&
	      list.win32 == MORE_DATA, "LIST with too little room");
	check("A207", list.count == 3 && ids[0] < ids[1] && is_one_of(ids[0], &a, &b, &c) &&
	      is_one_of(ids[1], &a, &b, &c), "fills what fits and tells the true number");
	list = (struct wmitrace_list){ .cap = 0 };
	check("A207", ioctl(device, WMITRACE_IOC_LIST, &list) == -1 &&
	      list.win32 == INVALID_PARAMETER, "with no room at all it is refused");
	check("23.2", list.count == 3, "but tells the number, too");
	discard("one");
	discard("two");
	discard("three");
}

/* ---- rows that need events --------------------------------------------- */

/* Has api.ko write a message to the session it was loaded for. */
static bool log_something(void)
{
	int fd = open("/sys/kernel/debug/wmitrace_api/run", O_WRONLY);
	bool good = fd >= 0 && write(fd, "A19", 3) == 3;

	close(fd);
	return good;
}

static bool load_api(uint64_t handle)
{
	char command[128];

	snprintf(command, sizeof(command), "insmod /lib/wmitrace/api.ko handle=%llu",
		 (unsigned long long)handle);
	return !system(command);
}

/* The CPU files of a session, opened while it is empty. */
static void open_files(uint32_t id, struct pollfd *files)
{
	char path[128];
	unsigned int i;

	for (i = 0; i < cpus; i++) {
		snprintf(path, sizeof(path), WMITRACE_DEBUGFS "/logger%02u/cpu%u", id, i);
		files[i] = (struct pollfd){ .fd = open(path, O_RDONLY), .events = POLLIN };
	}
}

static void close_files(struct pollfd *files)
{
	unsigned int i;

	for (i = 0; i < cpus; i++)
		close(files[i].fd);
}

/*
 * Rows A191, A192, A204: what wakes a reader that has its files open and does
 * not flush.  How long it took is not measured; half a minute without is a
 * failure.
 */
static void timers(void)
{
	struct pollfd real_time[64], timed[64], untimed[64];
	struct request r, t, u;

	start(request(&u, "untimed"));
	if (!load_api(u.s.handle)) {
		check("A192", false, "api.ko loads");
		return;
	}
	open_files(u.s.id, untimed);
	log_something();
	system("rmmod api");

	request(&r, "real time")->s.mode = REAL_TIME;
	start(&r);
	load_api(r.s.handle);
	open_files(r.s.id, real_time);
	log_something();
	check("A191", poll(real_time, cpus, 30000) > 0,
	      "real time delivers a partly filled buffer by itself");
	system("rmmod api");

	request(&t, "timed")->s.flush_timer = 1;
	start(&t);
	load_api(t.s.handle);
	open_files(t.s.id, timed);
	log_something();
	check("A192", poll(timed, cpus, 30000) > 0, "so does a flush timer of 1");
	system("rmmod api");

	check("A192", poll(untimed, cpus, 0) == 0, "without one nothing came meanwhile");
	answer("A204", call_name(WMITRACE_IOC_FLUSH, "untimed"), SUCCESS, "FLUSH");
	check("A204", poll(untimed, cpus, 0) > 0, "makes it readable");
	close_files(untimed);
	close_files(timed);
	close_files(real_time);
	discard("untimed");
	discard("timed");
	discard("real time");
}

/* ---- what is refused before it is a request ----------------------------- */

/* START with a structure of another size */
static unsigned long start_of(size_t size)
{
	return _IOC(_IOC_READ | _IOC_WRITE, 'W', 1, size);
}

static void bad_calls(void)
{
	struct request r;
	struct {
		struct wmitrace_session s;
		uint64_t more;
	} longer;

	check("ABI", ioctl(device, _IOWR('W', 0x7f, struct wmitrace_session), &r) == -1 &&
	      errno == ENOTTY, "an unknown request number is ENOTTY");
	check("ABI", ioctl(device, _IO('W', 1), &r) == -1 && errno == ENOTTY,
	      "one without size too");
	check("ABI", ioctl(device, WMITRACE_IOC_START, (void *)16) == -1 && errno == EFAULT,
	      "a bad pointer is EFAULT");
	request(&r, "bad");
	r.s.name.ptr = 16;
	check("ABI", ioctl(device, WMITRACE_IOC_START, &r) == -1 && errno == EFAULT,
	      "a bad pointer to a name too");
	request(&r, "bad");
	r.s.name.len = 0xffffffff;
	answer("ABI", call(WMITRACE_IOC_START, &r), INVALID_NAME, "a name of 4 GB is refused");
	request(&r, "bad")->s.flags = 0x80000000;
	answer("ABI", start(&r), INVALID_PARAMETER, "an unknown flag is refused");
	request(&r, "bad")->s.reserved[0] = 1;
	answer("ABI", start(&r), INVALID_PARAMETER, "so is a reserved field that is not zero");
	request(&r, "bad")->s.attempts = 1;
	answer("ABI", start(&r), INVALID_PARAMETER, "and an output field that is not zero");
	request(&r, "bad")->s.clock = 4;
	answer("ABI", start(&r), INVALID_PARAMETER, "and an unknown clock");

	memset(&longer, 0, sizeof(longer));
	request(&r, "long");
	r.s.buffer_size = 4;
	longer.s = r.s;
	longer.s.name.ptr = (uintptr_t)"long";
	longer.more = 1;
	check("ABI", ioctl(device, start_of(sizeof(longer)), &longer) == -1 && errno == E2BIG,
	      "a longer structure with something in it is E2BIG");
	longer.more = 0;
	check("ABI", !ioctl(device, start_of(sizeof(longer)), &longer),
	      "one with zeros is a newer caller's");
	discard("long");
	r.s.name.ptr = (uintptr_t)"short";
	r.s.name.len = 5;
	check("ABI", !ioctl(device, start_of(offsetof(struct wmitrace_session, id)), &r),
	      "a shorter one is an older caller's");
	discard("short");
	check("ABI", count_sessions() == 0, "refused calls leave nothing behind");
}

static void a216(void)
{
	struct request r;
	int status = 1;
	pid_t child;

	start(request(&r, "private"));
	child = fork();
	if (!child) {
		if (setgid(65534) || setuid(65534))
			_exit(9);
		_exit((call_name(WMITRACE_IOC_STOP, "private") != ACCESS_DENIED) |
		      (call_name(WMITRACE_IOC_QUERY, "private") != ACCESS_DENIED) << 1 |
		      (start(request(&r, "mine")) != ACCESS_DENIED) << 2 |
		      (open(WMITRACE_DEVICE, O_RDWR) >= 0) << 3 |
		      (open(WMITRACE_DEBUGFS "/loggers", O_RDONLY) >= 0) << 4);
	}
	waitpid(child, &status, 0);
	check("A216", !status,
	      "without privilege: no start, stop, query, no open, no reading (%#x)", status >> 8);
	answer("A216", call_name(WMITRACE_IOC_QUERY, "private"), SUCCESS,
	       "the session is untouched");
	discard("private");
}

/* ---- another thread ---------------------------------------------------- */

static char **words;

static void *write_word(void *unused)
{
	int fd = open(words[0], O_WRONLY);
	size_t len = strlen(words[1]);

	if (fd < 0 || write(fd, words[1], len) != (ssize_t)len)
		perror(words[0]);
	else
		unused = words;
	close(fd);
	return unused;
}

static int run_thread(char **args)
{
	void *done = NULL;
	pthread_t thread;

	words = args;
	if (pthread_create(&thread, NULL, write_word, NULL) || pthread_join(thread, &done))
		return 1;
	return !done;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "thread"))
		return run_thread(argv + 2);
	device = open(WMITRACE_DEVICE, O_RDWR);
	if (device < 0) {
		perror(WMITRACE_DEVICE);
		return 1;
	}
	cpus = sysconf(_SC_NPROCESSORS_ONLN);
	if (count_sessions()) {
		fprintf(stderr, "api_sessions: sessions are running; it wants to be alone\n");
		return 1;
	}
	a172();
	a174();
	a175();
	a178();
	a179();
	a180();
	modes();
	a189();
	a190();
	a193();
	owned();
	a194();
	a195();
	a196();
	a197();
	a199();
	a207();
	timers();
	bad_calls();
	a216();
	check("16", count_sessions() == 0, "no session is left");
	return 0;
}
