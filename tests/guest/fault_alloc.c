// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls of the module in which one allocation fails: the first, then the second,
 * and so on, until a call has none left to fail (/proc/self/fail-nth).
 *
 *	fault_alloc [CALL...]
 *
 * A call with a failed allocation either does without, or fails with ENOMEM and
 * changes nothing: sessions, providers and bridged events are what they were, and
 * the same call works when memory is there.  Expects the drivers to be inserted,
 * and failslab and fail_page_alloc to fail what may sleep.  Prints TAP lines.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <uapi/wmitrace.h>

#define PROVIDERS	WMITRACE_DEBUGFS "/providers"
#define RUN		"/sys/kernel/debug/wmitrace_provider/run"
#define SAID		"/sys/kernel/debug/wmitrace_provider/said"
#define MOST		2000	/* allocations in a call */

static int device, other, fail_nth = -1;
static uint64_t steady;		/* handle of the session that runs all the time */
static int cpu_file = -1;

static void settle(void);

/* ---- calls: 0, or an errno ---------------------------------------------------- */

static struct wmitrace_str string(const char *text)
{
	return (struct wmitrace_str){ .ptr = (uintptr_t)text, .len = strlen(text) };
}

/* The ioctl's errno; one that reached its handler says the same in win32. */
static int control(int fd, unsigned long number, void *request)
{
	uint32_t *win32 = request;

	*win32 = 0;
	if (!ioctl(fd, number, request))
		return *win32 ? EPROTO : 0;
	return *win32 ? errno : EPROTO;
}

static int session(unsigned long number, const char *name, const char *file)
{
	struct wmitrace_session s = {
		.name = string(name),
		.file = string(file),
		.flags = number == WMITRACE_IOC_QUERY ? WMITRACE_STOPPED : 0,
	};

	if (number == WMITRACE_IOC_START) {
		s.buffer_size = 4;
		s.min_buffers = 2;
		s.max_buffers = 2;
	}
	return control(device, number, &s);
}

static int start(void)
{
	return session(WMITRACE_IOC_START, "faulty", "/tmp/faulty.etl");
}

static int end(void)
{
	session(WMITRACE_IOC_STOP, "faulty", "");
	return session(WMITRACE_IOC_RELEASE, "faulty", "");
}

/* The one that has the same id each time. */
static int start_global(void)
{
	return session(WMITRACE_IOC_START, "GlobalLogger", "");
}

static int stop_global(void)
{
	return session(WMITRACE_IOC_STOP, "GlobalLogger", "");
}

static int release_global(void)
{
	return session(WMITRACE_IOC_RELEASE, "GlobalLogger", "");
}

static int start_global_again(void)
{
	int error = release_global();

	return error ? error : start_global();
}

static int end_global(void)
{
	stop_global();
	return release_global();
}

static int start_recorder(void)
{
	struct wmitrace_session s = {
		.name = string("faulty"), .buffer_size = 4, .min_buffers = 4, .max_buffers = 4,
		.mode = 0x400,
	};

	return control(device, WMITRACE_IOC_START, &s);
}

static int start_kernel(void)
{
	struct wmitrace_session s = {
		.name = string("NT Kernel Logger"), .buffer_size = 64, .min_buffers = 4,
		.max_buffers = 64, .enable_flags = 0x13,
	};

	return control(device, WMITRACE_IOC_START, &s);
}

static int end_kernel(void)
{
	session(WMITRACE_IOC_STOP, "NT Kernel Logger", "");
	return session(WMITRACE_IOC_RELEASE, "NT Kernel Logger", "");
}

static int query(void)
{
	return session(WMITRACE_IOC_QUERY, "steady", "");
}

static int flush(void)
{
	return session(WMITRACE_IOC_FLUSH, "steady", "");
}

static int update(void)
{
	return session(WMITRACE_IOC_UPDATE, "steady", "/tmp/another.etl");
}

static int update_back(void)
{
	return session(WMITRACE_IOC_UPDATE, "steady", "/tmp/steady.etl");
}

static int list_ids(uint32_t flags, uint32_t *ids)
{
	struct wmitrace_list l = {
		.flags = flags, .ids = (uintptr_t)ids, .cap = WMITRACE_LOGGERS
	};

	return control(device, WMITRACE_IOC_LIST, &l);
}

static int list(void)
{
	uint32_t ids[WMITRACE_LOGGERS];

	return list_ids(0, ids);
}

static int list_rows(unsigned long number, size_t size)
{
	static char rows[64 * sizeof(struct wmitrace_provider)];
	struct wmitrace_providers p = { .rows = (uintptr_t)rows, .row_size = size, .cap = 64 };

	return control(device, number, &p);
}

static int providers(void)
{
	return list_rows(WMITRACE_IOC_PROVIDERS, sizeof(struct wmitrace_provider));
}

static int bridges(void)
{
	return list_rows(WMITRACE_IOC_BRIDGES, sizeof(struct wmitrace_bridged));
}

/* d1000000-000N-4000-8000-00000000000M: of tests/companions/driver_*.c */
static void driver_guid(uint8_t *guid, uint8_t n, uint8_t m)
{
	memcpy(guid, (uint8_t [16]){ 0, 0, 0, 0xd1, n, 0, 0, 0x40, 0x80, [15] = m }, 16);
}

static int enabling(unsigned long number, uint8_t driver)
{
	struct wmitrace_enable e = { .handle = steady, .level = 5, .any = ~0ull };

	driver_guid(e.guid, driver, 1);
	return control(device, number, &e);
}

#define ENABLING(name, driver) \
	static int enable_##name(void) { return enabling(WMITRACE_IOC_ENABLE, driver); } \
	static int disable_##name(void) { return enabling(WMITRACE_IOC_DISABLE, driver); }
ENABLING(wpp, 1)
ENABLING(wdm, 2)
ENABLING(wdf, 3)
ENABLING(etw, 4)
ENABLING(unknown, 9)

static int capture(void)
{
	return enabling(WMITRACE_IOC_CAPTURE_STATE, 4);
}

static int subscribing(uint32_t flags)
{
	struct wmitrace_subscribe s = { .flags = flags };

	driver_guid(s.guid, 2, 2);
	return control(other, WMITRACE_IOC_SUBSCRIBE, &s);
}

static int subscribe(void)
{
	return subscribing(0);
}

static int unsubscribe(void)
{
	return subscribing(WMITRACE_UNSUBSCRIBE);
}

static int map(void)
{
	struct wmitrace_map m = { .reader = cpu_file };
	int error = control(device, WMITRACE_IOC_MAP, &m);

	if (!error)
		close(m.fd);
	return error;
}

static uint32_t event_id;

static int find_event(void)
{
	FILE *file = fopen("/sys/kernel/tracing/events/task/task_rename/id", "r");

	if (!file || fscanf(file, "%u", &event_id) != 1)
		return EPROTO;
	fclose(file);
	return 0;
}

static int bridging(unsigned long number)
{
	static const uint16_t blob[2] = { 4, 0 };
	static const struct wmitrace_bridge_op op = { WMITRACE_BRIDGE_COPY, 8, 4, 0 };
	struct wmitrace_bridge b = {
		.handle = steady, .system = "task", .event = "task_rename", .level = 4,
		.traits = (uintptr_t)blob, .schema = (uintptr_t)blob, .ops = (uintptr_t)&op,
		.op_count = 1, .id = event_id,
	};

	return control(device, number, &b);
}

static int bridge(void)
{
	return bridging(WMITRACE_IOC_BRIDGE);
}

static int unbridge(void)
{
	return bridging(WMITRACE_IOC_UNBRIDGE);
}

static int open_device(void)
{
	int fd = open(WMITRACE_DEVICE, O_RDWR);

	return fd < 0 ? errno : (close(fd), 0);
}

/* All of a file, 0 or an errno. */
static int read_file(const char *path, char *to, size_t size)
{
	int fd = open(path, O_RDONLY), error;
	ssize_t n = 1;

	if (fd < 0)
		return errno;
	while (size > 1 && n > 0) {
		n = read(fd, to, size - 1);
		if (n > 0)
			to += n, size -= n;
	}
	error = n < 0 ? errno : 0;
	*to = '\0';
	close(fd);
	return error;
}

static int read_steady(const char *name)
{
	static char path[80], data[16384];

	snprintf(path, sizeof(path), WMITRACE_DEBUGFS "/logger%02u/%s", (unsigned int)steady, name);
	return read_file(path, data, sizeof(data));
}

static int read_header(void)
{
	return read_steady("header");
}

static int read_buffers(void)
{
	return read_steady("cpu1");
}

static int read_stats(void)
{
	return read_steady("stats");
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), error;

	if (fd < 0)
		return errno;
	error = write(fd, text, strlen(text)) < 0 ? errno : 0;
	close(fd);
	return error;
}

/* A driver's entry and unload routines; where the entry fails it says EINVAL. */
static int driver(const char *name, const char *loaded)
{
	char path[80];
	int error;

	snprintf(path, sizeof(path), "/sys/module/driver_%s/parameters/loaded", name);
	error = write_file(path, loaded);
	return error == EINVAL ? ENOMEM : error;
}

#define DRIVER(name) \
	static int enter_##name(void) { return driver(#name, "1"); } \
	static int leave_##name(void) { return driver(#name, "0"); }
DRIVER(wpp)
DRIVER(wdm)
DRIVER(wdf)
DRIVER(etw)

/* What a puppet with @answer says of @command: STATUS_SUCCESS, or that it failed. */
static int puppet(const char *command, const char *answer)
{
	char text[4096];
	int error;

	write_file(RUN, "0 clear");
	error = write_file(RUN, answer);
	if (!error)
		error = write_file(RUN, command);
	if (error)
		return error;
	settle();	/* what follows only asks */
	error = read_file(SAID, text, sizeof(text));
	if (error)
		return error;
	snprintf(text + strlen(text), 2, "\n");
	return strstr(text, "register 0x0\n") || strstr(text, "update 0x0\n") ? 0 : ENOMEM;
}

static int register_guids(void)
{
	return puppet("0 register", "0 answer control 3");
}

static int register_large(void)
{
	return puppet("0 register", "0 answer too-small 3");
}

static int update_guids(void)
{
	return puppet("0 update", "0 answer control 5");
}

static int deregister(void)
{
	return puppet("0 deregister", "0 answer control 1");
}

/* An update takes nothing away that it does not name. */
static int update_guids_back(void)
{
	int error = deregister();

	return error ? error : register_guids();
}

static int nothing(void)
{
	return 0;
}

static int disable_then_leave_etw(void)
{
	disable_etw();
	return leave_etw();
}

static int enter_then_enable_etw(void)
{
	int error = enter_etw();

	return error ? error : enable_etw();
}

/* prepare, act with a failing allocation, undo what act did, clean what prepare did. */
static const struct call {
	const char *name;
	int (*prepare)(void), (*act)(void), (*undo)(void), (*clean)(void);
} calls[] = {
	{ "start", nothing, start, end, nothing },
	{ "start-recorder", nothing, start_recorder, end, nothing },
	{ "start-kernel", nothing, start_kernel, end_kernel, nothing },
	{ "stop", start_global, stop_global, start_global_again, end_global },
	{ "query", nothing, query, nothing, nothing },
	{ "flush", nothing, flush, nothing, nothing },
	{ "update", nothing, update, update_back, nothing },
	{ "list", nothing, list, nothing, nothing },
	{ "providers", nothing, providers, nothing, nothing },
	{ "open", nothing, open_device, nothing, nothing },
	{ "subscribe", nothing, subscribe, unsubscribe, nothing },
	{ "map", nothing, map, nothing, nothing },
	{ "bridge", find_event, bridge, unbridge, nothing },
	{ "bridges", nothing, bridges, nothing, nothing },
	{ "header", nothing, read_header, nothing, nothing },
	{ "buffers", nothing, read_buffers, nothing, nothing },
	{ "stats", nothing, read_stats, nothing, nothing },
	{ "enable-unknown", nothing, enable_unknown, disable_unknown, nothing },
	{ "register", nothing, register_guids, deregister, nothing },
	{ "register-large", nothing, register_large, deregister, nothing },
	{ "update-guids", register_guids, update_guids, update_guids_back, deregister },
	{ "entry-wpp", nothing, enter_wpp, leave_wpp, nothing },
	{ "entry-wdm", nothing, enter_wdm, leave_wdm, nothing },
	{ "entry-wdf", nothing, enter_wdf, leave_wdf, nothing },
	{ "entry-etw", nothing, enter_etw, leave_etw, nothing },
	{ "entry-etw-enabled", enable_etw, enter_etw, leave_etw, disable_etw },
	{ "enable-wpp", enter_wpp, enable_wpp, disable_wpp, leave_wpp },
	{ "enable-wdm", enter_wdm, enable_wdm, disable_wdm, leave_wdm },
	{ "enable-wdf", enter_wdf, enable_wdf, disable_wdf, leave_wdf },
	{ "enable-etw", enter_etw, enable_etw, disable_etw, leave_etw },
	{ "capture-etw", enter_then_enable_etw, capture, nothing, disable_then_leave_etw },
};

#define CALLS	(sizeof(calls) / sizeof(calls[0]))

/* ---- failing one -------------------------------------------------------------- */

/* Everything that a call may have changed. */
struct state {
	uint32_t sessions[2][WMITRACE_LOGGERS];		/* that run; stopped ones, too */
	char providers[16384];
	char bridges[64 * sizeof(struct wmitrace_bridged)];
};

static void look(struct state *s)
{
	struct wmitrace_providers p = {
		.rows = (uintptr_t)s->bridges, .row_size = sizeof(struct wmitrace_bridged), .cap = 64,
	};

	memset(s, 0, sizeof(*s));
	list_ids(0, s->sessions[0]);
	list_ids(WMITRACE_LIST_STOPPED, s->sessions[1]);
	read_file(PROVIDERS, s->providers, sizeof(s->providers));
	control(device, WMITRACE_IOC_BRIDGES, &p);
}

/* What of @b is not as in @a, or NULL. */
static const char *changed(const struct state *a, const struct state *b)
{
	if (memcmp(a->sessions, b->sessions, sizeof(a->sessions)))
		return "sessions";
	if (strcmp(a->providers, b->providers))
		return "providers";
	return memcmp(a->bridges, b->bridges, sizeof(a->bridges)) ? "bridged events" : NULL;
}

static void write_nth(unsigned int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", n);
	if (pwrite(fail_nth, text, strlen(text), 0) < 0) {
		perror("/proc/self/fail-nth");
		exit(1);
	}
}

static int failed;	/* whether what write_nth() asked for has come about; -1: not settled */

/* From now on nothing fails. */
static void settle(void)
{
	char text[16] = "";

	if (failed >= 0)
		return;
	failed = pread(fail_nth, text, sizeof(text) - 1, 0) > 0 && !atoi(text);
	write_nth(0);
}

struct tally {
	unsigned int failed, refused, wrong;
};

static void wrong(struct tally *t, const struct call *c, unsigned int n, const char *what,
		  int error)
{
	if (t->wrong++ < 5)
		printf("# %s, allocation %u: %s (%s)\n", c->name, n, what, strerror(error));
}

/* Fails the @n-th allocation of @c.  False where it has no @n-th one. */
static bool fail_one(struct tally *t, const struct call *c, unsigned int n)
{
	static struct state before, after;
	const char *what;
	int error;

	look(&before);
	failed = -1;
	write_nth(n);
	error = c->act();
	settle();
	t->failed += failed;
	if (error) {
		t->refused++;
		look(&after);
		what = changed(&before, &after);
		if (what)
			wrong(t, c, n, what, error);
		if (!failed || error != ENOMEM)
			wrong(t, c, n, "its error", error);
		return failed;
	}
	error = c->undo();
	if (error)
		wrong(t, c, n, "what it did cannot be undone", error);
	look(&after);
	what = changed(&before, &after);
	if (what)
		wrong(t, c, n, what, 0);
	return failed;
}

static void fail_all(const struct call *c)
{
	struct tally t = { 0 };
	unsigned int n;

	if (c->prepare())
		printf("not ok - %s: it can be prepared\n", c->name);
	for (n = 1; fail_one(&t, c, n) && n < MOST; n++)
		;
	if (c->clean())
		printf("not ok - %s: it leaves nothing\n", c->name);
	printf("%sok - %s: %u allocations failed, one at a time; %u calls were refused, others did without\n",
	       t.wrong || !t.failed || n == MOST ? "not " : "", c->name, t.failed, t.refused);
	fflush(stdout);
}

static bool is_wanted(const char *name, char **wanted)
{
	if (!*wanted)
		return true;
	for (; *wanted; wanted++)
		if (!strcmp(name, *wanted))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	struct wmitrace_session s = {
		.name = string("steady"), .file = string("/tmp/steady.etl"), .buffer_size = 4,
		.min_buffers = 4, .max_buffers = 8,
	};
	char path[80];
	size_t i;

	(void)argc;
	device = open(WMITRACE_DEVICE, O_RDWR);
	other = open(WMITRACE_DEVICE, O_RDWR);
	fail_nth = open("/proc/self/fail-nth", O_RDWR);
	if (device < 0 || other < 0 || fail_nth < 0 || control(device, WMITRACE_IOC_START, &s)) {
		perror("fault_alloc");
		return 1;
	}
	steady = s.handle & 0xffff;
	snprintf(path, sizeof(path), WMITRACE_DEBUGFS "/logger%02u/cpu0", (unsigned int)steady);
	cpu_file = open(path, O_RDONLY);
	for (i = 0; i < CALLS; i++)
		if (is_wanted(calls[i].name, argv + 1))
			fail_all(&calls[i]);
	close(cpu_file);
	session(WMITRACE_IOC_STOP, "steady", "");
	session(WMITRACE_IOC_RELEASE, "steady", "");
	return 0;
}
