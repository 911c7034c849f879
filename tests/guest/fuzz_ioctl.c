// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls of /dev/wmitrace as nobody should make them: requests that make sense,
 * mutated, with pointers and lengths that do not, from several processes at
 * once.  Trace events are bridged into their sessions, and buffers of these are
 * read, mapped and taken, while others end them.
 *
 *	fuzz_ioctl CALLS SEED EVENTS [PROCESSES]
 *
 * EVENTS is a file with a line "SYSTEM EVENT ID" for each trace event to bridge.
 * Whatever the module answers is checked for kernel addresses.  At the end all
 * sessions are ended and released.  Prints TAP lines.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uapi/wmitrace.h>

#define DEVICES	4
#define READERS	4
#define EVENTS	64
#define TEXT_MAX	32	/* bytes of what put_string() chooses from */

/* What the processes tell the parent. */
struct tally {
	uint64_t calls, succeeded, refused, odd, leaks;
	uint64_t by_request[32];
	uint64_t mapped, bridged, taken, outside;
};

/* A CPU's file, and what MAP made of it; -1 and NULL where there is none. */
struct reader {
	int fd, map;
	unsigned int logger;
	uint64_t size;
	volatile const char *memory;
};

/* A trace event of this kernel's. */
struct event {
	char system[WMITRACE_BRIDGE_NAME_MAX], name[WMITRACE_BRIDGE_NAME_MAX];
	uint32_t id;
};

static struct tally *tallies, *tally;
static uint64_t state;
static int devices[DEVICES];
static struct reader readers[READERS];
static uint64_t started[4];	/* handles of sessions, which may have ended */
static struct event events[EVENTS];
static size_t event_count;
static char *edge;	/* the last byte before a page that is not there */
static char *room;	/* ROOM bytes before it: what answers may fill, however long they are */

#define ROOM	(64u * 1024)

union request {
	struct wmitrace_session session;
	struct wmitrace_list list;
	struct wmitrace_report report;
	struct wmitrace_enable enable;
	struct wmitrace_providers providers;
	struct wmitrace_subscribe subscribe;
	struct wmitrace_map map;
	struct wmitrace_bridge bridge;
	uint64_t words[128];
};

static const struct {
	unsigned long number;
	size_t size;
} requests[] = {
#define REQUEST(name, type) { WMITRACE_IOC_##name, sizeof(struct type) }
	REQUEST(START, wmitrace_session), REQUEST(STOP, wmitrace_session),
	REQUEST(QUERY, wmitrace_session), REQUEST(UPDATE, wmitrace_session),
	REQUEST(FLUSH, wmitrace_session), REQUEST(RELEASE, wmitrace_session),
	REQUEST(LIST, wmitrace_list), REQUEST(REPORT, wmitrace_report),
	REQUEST(ENABLE, wmitrace_enable), REQUEST(DISABLE, wmitrace_enable),
	REQUEST(PROVIDERS, wmitrace_providers), REQUEST(SUBSCRIBE, wmitrace_subscribe),
	REQUEST(CAPTURE_STATE, wmitrace_enable), REQUEST(MAP, wmitrace_map),
	REQUEST(BRIDGE, wmitrace_bridge), REQUEST(UNBRIDGE, wmitrace_bridge),
	REQUEST(BRIDGES, wmitrace_providers),
};

#define REQUESTS	(sizeof(requests) / sizeof(requests[0]))

/* ---- chance --------------------------------------------------------------- */

static uint64_t chance(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static uint64_t below(uint64_t n)
{
	return chance() % n;
}

static bool one_in(unsigned int n)
{
	return !below(n);
}

static uint64_t odd_number(void)
{
	static const uint64_t odd[] = {
		0, 1, 2, 3, 31, 32, 0xff, 0x100, 0xffff, 0x10000, 0x7fffffff, 0x80000000,
		0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, ~0ull,
	};

	return one_in(3) ? chance() : odd[below(sizeof(odd) / sizeof(odd[0]))];
}

static uint64_t some_handle(void)
{
	return one_in(4) ? 1 + below(WMITRACE_LOGGERS - 1) :
			   started[below(sizeof(started) / sizeof(started[0]))];
}

/* ---- parts of requests ------------------------------------------------------ */

static uint64_t bad_pointer(void)
{
	static const uint64_t bad[] = {
		0, 1, 0xfff, 0x7ffffffff000, 0x800000000000, 0xffff800000000000,
		0xffff888000000000, 0xffffffff81000000, ~0ull,
	};

	return one_in(2) ? (uintptr_t)edge : bad[below(sizeof(bad) / sizeof(bad[0]))];
}

static void put_string(struct wmitrace_str *s)
{
	static const char *const texts[] = {
		"f0", "f1", "f2", "f3", "F1", "GlobalLogger", "globallogger", "NT Kernel Logger", "",
		"/tmp/fuzz.etl", "/tmp/%d.etl", "\xff\xfe", "\xc3", "\xf0\x9f\x98\x80", "a\nb",
	};
	static char own[8192];		/* a text, and then x */
	const char *text = texts[below(one_in(4) ? sizeof(texts) / sizeof(texts[0]) : 4)];

	memset(own, 'x', own[sizeof(own) - 1] ? TEXT_MAX : sizeof(own));
	memcpy(own, text, strlen(text));
	s->ptr = one_in(20) ? bad_pointer() : (uintptr_t)own;
	s->len = one_in(20) ? odd_number() : one_in(30) ? 3072 + below(3) : strlen(text);
	s->cap = one_in(10) ? odd_number() % sizeof(own) : 4096;
}

static void put_guid(uint8_t *guid)
{
	/* Those of driver_etw and of the puppets, and some that nobody has. */
	static const uint8_t known[2][16] = {
		{ 0x00, 0x00, 0x00, 0xd1, 0x04, 0x00, 0x00, 0x40, 0x80, 0, 0, 0, 0, 0, 0, 1 },
		{ 0x00, 0x00, 0x00, 0x70, 0x11, 0x11, 0x22, 0x42, 0x83, 0x33, 0x44, 0x44, 0x55, 0x55,
		  0x66, 0x66 },
	};

	memcpy(guid, known[below(2)], 16);
	if (one_in(3))
		guid[0] = below(one_in(10) ? 256 : 8);
	if (one_in(50))
		memset(guid, 0, 16);
}

static void put_address(uint64_t *handle, struct wmitrace_str *name)
{
	memset(name, 0, sizeof(*name));
	*handle = 0;
	if (one_in(2))
		put_string(name);
	else
		*handle = one_in(4) ? odd_number() : some_handle();
}

static uint32_t pick(const uint32_t *of, size_t count)
{
	return of[below(count)];
}

#define PICK(...) \
	pick((const uint32_t []){ __VA_ARGS__ }, sizeof((uint32_t []){ __VA_ARGS__ }) / 4)

/* Sizes are kept small: what memory holds is not what is tested here. */
static void put_session(struct wmitrace_session *s, unsigned long number)
{
	put_address((uint64_t *)&s->handle, &s->name);
	if (number == WMITRACE_IOC_START)
		s->handle = 0;
	s->flags = PICK(0, 0, 0, 1, 2, 4);
	if (number != WMITRACE_IOC_START && number != WMITRACE_IOC_UPDATE)
		return;
	put_string(&s->name);
	if (one_in(3))
		put_string(&s->file);
	s->buffer_size = PICK(0, 1, 4, 4, 8, 16);
	s->min_buffers = PICK(0, 1, 2, 4, 8);
	s->max_buffers = PICK(0, 1, 2, 4, 16);
	s->flush_timer = PICK(0, 0, 1, 1000, 0xffffffff);
	s->mode = one_in(3) ? 1u << below(32) | (one_in(2) ? 1u << below(32) : 0) :
			      PICK(0, 0, 0x100, 0x400, 0x8000, 0x4000);
	s->clock = PICK(0, 1, 2, 3, 4);
	s->max_file_size = PICK(0, 1, 100);
	s->enable_flags = PICK(0, 0, 0, 1, 3, 0x13);
	if (one_in(10))
		put_guid(s->guid);
}

/* A blob that begins with its size, which may be wrong. */
static uint64_t put_blob(void)
{
	static uint16_t blob[WMITRACE_BRIDGE_BLOB_MAX / 2 + 1];

	blob[0] = one_in(10) ? odd_number() : 3 + below(one_in(10) ? WMITRACE_BRIDGE_BLOB_MAX : 40);
	blob[1 + below(20)] = chance();
	return one_in(30) ? bad_pointer() : (uintptr_t)blob;
}

static void put_bridge(struct wmitrace_bridge *b)
{
	static struct wmitrace_bridge_op ops[WMITRACE_BRIDGE_OPS_MAX + 1];
	const struct event *event = &events[below(event_count)];
	unsigned int i;

	put_address((uint64_t *)&b->handle, &b->name);
	memcpy(b->system, event->system, sizeof(b->system));
	memcpy(b->event, event->name, sizeof(b->event));
	b->id = one_in(10) ? odd_number() : event->id;
	b->level = PICK(0, 1, 5, 255, 256);
	b->keyword = chance();
	put_guid(b->guid);
	b->traits = put_blob();
	b->schema = put_blob();
	b->op_count = one_in(20) ? odd_number() : below(one_in(5) ? WMITRACE_BRIDGE_OPS_MAX + 2 : 6);
	for (i = 0; i < sizeof(ops) / sizeof(ops[0]) && i < b->op_count; i++)
		ops[i] = (struct wmitrace_bridge_op){
			.kind = PICK(0, 1, 2, 3, 4, 5, 0x103, 0x104, 0x105),
			.offset = below(one_in(5) ? 65536 : 48),
			.size = one_in(20) ? chance() : PICK(1, 1, 2, 4, 8, 16),
		};
	if (one_in(10))
		ops[below(4)].kind = odd_number();
	b->ops = one_in(30) ? bad_pointer() : (uintptr_t)ops;
}

static void put_request(union request *r, unsigned long number)
{
	memset(r, 0, sizeof(*r));
	switch (number) {
	case WMITRACE_IOC_LIST:
		r->list.flags = PICK(0, 1, 2);
		r->list.ids = one_in(10) ? bad_pointer() : (uintptr_t)room;
		r->list.cap = PICK(0, 1, 3, 32, 1000);
		break;
	case WMITRACE_IOC_REPORT:
		r->report.handle = some_handle();
		r->report.buffers_written = odd_number();
		r->report.logger_tid = odd_number();
		break;
	case WMITRACE_IOC_ENABLE:
	case WMITRACE_IOC_DISABLE:
	case WMITRACE_IOC_CAPTURE_STATE:
		put_address((uint64_t *)&r->enable.handle, &r->enable.name);
		put_guid(r->enable.guid);
		r->enable.level = PICK(0, 1, 5, 255, 256);
		r->enable.any = odd_number();
		r->enable.all = one_in(2) ? 0 : odd_number();
		break;
	case WMITRACE_IOC_PROVIDERS:
	case WMITRACE_IOC_BRIDGES:
		r->providers.rows = one_in(10) ? bad_pointer() : (uintptr_t)room;
		r->providers.row_size = PICK(0, 1, 100, sizeof(struct wmitrace_provider), 1000);
		r->providers.cap = PICK(0, 1, 8, 60);
		break;
	case WMITRACE_IOC_SUBSCRIBE:
		r->subscribe.flags = PICK(0, 0, 1, 2);
		put_guid(r->subscribe.guid);
		break;
	case WMITRACE_IOC_MAP:
		r->map.reader = one_in(10) ? (int)odd_number() : readers[below(READERS)].fd;
		break;
	case WMITRACE_IOC_BRIDGE:
	case WMITRACE_IOC_UNBRIDGE:
		put_bridge(&r->bridge);
		break;
	default:
		put_session(&r->session, number);
	}
}

/* ---- calls ------------------------------------------------------------------ */

static bool is_kernel_address(uint64_t word)
{
	return (word >= 0xffff800000000000 && word < 0xffffff0000000000) ||
	       (word >= 0xffffffff80000000 && word < 0xfffffffffffff000);
}

/* Words of the answer that were not in the request, no half of them, and look like one. */
static void look_for_addresses(const union request *before, const union request *after,
			       size_t size)
{
	size_t i;

	for (i = 0; i < size / 8; i++)
		if (after->words[i] >> 32 != before->words[i] >> 32 &&
		    (uint32_t)after->words[i] != (uint32_t)before->words[i] &&
		    is_kernel_address(after->words[i]))
			tally->leaks++;
}

/* errnos that need no Win32 code to say what they mean */
static bool is_plain(int err)
{
	return err == EFAULT || err == ENOTTY || err == E2BIG || err == EMFILE;
}

static void forget_map(struct reader *r)
{
	if (r->memory)
		munmap((void *)r->memory, r->size);
	if (r->map >= 0)
		close(r->map);
	r->map = -1;
	r->memory = NULL;
}

/* What MAP made goes to @r, whosever it is. */
static void keep_map(struct reader *r, const struct wmitrace_map *m)
{
	forget_map(r);
	r->map = m->fd;
	r->size = m->size;
	tally->mapped++;
	if (r->size % 4096 || !r->size)
		tally->outside++;
}

static void call(void)
{
	size_t which = below(REQUESTS), size = requests[which].size;
	unsigned long number = requests[which].number;
	union request r, before;
	int device = devices[below(DEVICES)], ret;

	put_request(&r, number);
	while (one_in(4))
		r.words[below(size / 8)] = odd_number();
	if (number == WMITRACE_IOC_START)	/* see put_session() */
		r.session.buffer_size &= 15, r.session.min_buffers &= 15, r.session.max_buffers &= 31;
	if (one_in(20)) {
		size = below(sizeof(r));
		number = _IOC(one_in(5) ? below(4) : _IOC_READ | _IOC_WRITE, 'W',
			      one_in(3) ? below(256) : _IOC_NR(number), size);
	}
	before = r;
	ret = ioctl(device, number, one_in(50) ? (void *)bad_pointer() : &r);
	tally->calls++;
	tally->by_request[which]++;
	if (!ret)
		tally->succeeded++;
	else if (is_plain(errno) || r.words[0] & 0xffffffff)
		tally->refused++;
	else
		tally->odd++;
	if (!ret && _IOC_NR(number) == _IOC_NR(WMITRACE_IOC_MAP) && size >= sizeof(r.map))
		keep_map(&readers[below(READERS)], &r.map);
	if (!ret && number == WMITRACE_IOC_START)
		started[below(sizeof(started) / sizeof(started[0]))] = r.session.handle;
	if (!ret && _IOC_NR(number) == _IOC_NR(WMITRACE_IOC_BRIDGE))
		tally->bridged++;
	/* A GUID that the kernel has made up may look like anything. */
	if (requests[which].size == sizeof(r.session))
		memcpy(before.session.guid, r.session.guid, sizeof(r.session.guid));
	look_for_addresses(&before, &r, size);
}

static void open_device(unsigned int i)
{
	devices[i] = open(WMITRACE_DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (devices[i] < 0) {
		perror(WMITRACE_DEVICE);
		_exit(1);
	}
}

static void open_reader(struct reader *r)
{
	char path[64];

	if (r->fd >= 0)
		close(r->fd);
	r->logger = some_handle() % WMITRACE_LOGGERS;
	snprintf(path, sizeof(path), WMITRACE_DEBUGFS "/logger%02u/cpu%u", r->logger,
		 (unsigned int)below(4));
	r->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/* Takes buffers, or asks for something else, and looks at what was handed out. */
static void take(struct reader *r)
{
	struct wmitrace_take t = { .most = odd_number() };
	uint64_t at;

	if (one_in(20)) {
		tally->odd += !ioctl(r->map, one_in(2) ? WMITRACE_IOC_LIST : chance(), &t);
		return;
	}
	if (ioctl(r->map, WMITRACE_MAP_TAKE, one_in(20) ? (void *)bad_pointer() : &t)) {
		tally->odd += errno != EFAULT;
		return;
	}
	if (t.bytes && (t.offset >= r->size || t.bytes > r->size - t.offset))
		tally->outside++;
	else if (r->memory)
		for (at = 0; at < t.bytes; at += 4096, tally->taken++)
			(void)r->memory[t.offset + at];
}

/* Memory that outlives the session, until it is unmapped: touching it later is never SIGBUS. */
static void map(struct reader *r)
{
	void *p = mmap(NULL, r->size, PROT_READ | PROT_WRITE, MAP_SHARED, r->map, 0);

	tally->odd += p != MAP_FAILED;
	/* Mostly behind the end. */
	p = mmap(NULL, r->size, PROT_READ, MAP_SHARED, r->map, (chance() & 0xffff) * 4096);
	if (p != MAP_FAILED)
		munmap(p, r->size);
	p = mmap(NULL, r->size, PROT_READ, MAP_SHARED, r->map, 0);
	if (p == MAP_FAILED)
		return;
	tally->odd += !mprotect(p, 4096, PROT_READ | PROT_WRITE);
	r->memory = p;
}

/* As it should be done, with something to take. */
static void map_reader(struct reader *r)
{
	struct wmitrace_map m = { .reader = r->fd };
	struct wmitrace_session s = { .handle = r->logger };

	if (ioctl(devices[0], WMITRACE_IOC_MAP, &m))
		return;
	keep_map(r, &m);
	map(r);
	ioctl(devices[0], WMITRACE_IOC_FLUSH, &s);
	take(r);
}

static void use_reader(struct reader *r)
{
	struct pollfd fd = { .fd = r->fd, .events = POLLIN };

	if (r->fd < 0 || one_in(20))
		open_reader(r);
	switch (below(6)) {
	case 0:
		poll(&fd, 1, 0);
		break;
	case 1:
		if (read(r->fd, one_in(5) ? (void *)bad_pointer() : room, below(ROOM)) < 0 &&
		    errno != EFAULT && errno != EBADF)
			tally->odd++;
		break;
	case 2:
		if (r->map < 0 && r->fd >= 0)
			map_reader(r);
		break;
	case 3:
		if (one_in(4))
			forget_map(r);
		break;
	default:
		if (r->map >= 0)
			take(r);
	}
}

/* What else a descriptor is good for. */
static void use_device(void)
{
	struct pollfd fd = { .fd = devices[below(DEVICES)], .events = POLLIN | POLLPRI };
	unsigned int i = below(DEVICES);
	void *map;

	switch (below(5)) {
	case 0:
		close(devices[i]);
		open_device(i);
		break;
	case 1:
		poll(&fd, 1, 0);
		break;
	case 2:
		map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd.fd, 0);
		tally->odd += map != MAP_FAILED;
		break;
	case 3:
		tally->odd += write(fd.fd, room, 8) >= 0;
		break;
	default:
		if (read(fd.fd, one_in(5) ? (void *)bad_pointer() : room, below(ROOM)) < 0 &&
		    errno != EAGAIN && errno != EINVAL && errno != EFAULT && errno != EMSGSIZE)
			tally->odd++;
	}
}

static void fuzz(uint64_t calls, uint64_t seed)
{
	unsigned int i;

	state = seed * 0x9e3779b97f4a7c15 | 1;
	for (i = 0; i < DEVICES; i++)
		open_device(i);
	for (i = 0; i < READERS; i++)
		readers[i] = (struct reader){ .fd = -1, .map = -1 };
	while (tally->calls < calls) {
		call();
		if (one_in(16))
			use_device();
		if (one_in(8))
			use_reader(&readers[below(READERS)]);
	}
	_exit(0);
}

/* ---- before and after ------------------------------------------------------- */

static void read_events(const char *path)
{
	FILE *file = fopen(path, "r");
	struct event *e = events;

	while (file && e < events + EVENTS &&
	       fscanf(file, "%63s %63s %u", e->system, e->name, &e->id) == 3)
		e++;
	event_count = e - events;
	if (file)
		fclose(file);
}

static void say(bool good, const char *what, unsigned long long number)
{
	printf("%sok - %s (%llu)\n", good ? "" : "not ", what, number);
}

/* Ends and releases what is left.  Returns how many sessions do not add up. */
static unsigned int end_sessions(void)
{
	int device = open(WMITRACE_DEVICE, O_RDWR);
	struct wmitrace_session s;
	unsigned int id, wrong = 0;

	for (id = 0; id < WMITRACE_LOGGERS; id++) {
		memset(&s, 0, sizeof(s));
		s.handle = id ? id : WMITRACE_KERNEL_HANDLE;
		ioctl(device, WMITRACE_IOC_STOP, &s);
		memset(&s, 0, sizeof(s));
		s.handle = id ? id : WMITRACE_KERNEL_HANDLE;
		if (ioctl(device, WMITRACE_IOC_RELEASE, &s) && s.win32 !=
		    WMITRACE_ERROR_WMI_INSTANCE_NOT_FOUND)
			wrong++;
		wrong += s.attempts != s.logged + s.lost;
	}
	close(device);
	return wrong;
}

int main(int argc, char **argv)
{
	uint64_t calls = argc > 1 ? strtoull(argv[1], NULL, 0) : 0;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 0;
	unsigned int processes = argc > 4 ? atoi(argv[4]) : 4, i, bad = 0;
	struct tally sum = { 0 };
	size_t j, quiet = 0;
	int status;
	pid_t pid;

	if (argc > 3)
		read_events(argv[3]);
	if (!event_count || !processes) {
		fprintf(stderr, "usage: fuzz_ioctl CALLS SEED EVENTS [PROCESSES]\n");
		return 2;
	}
	tallies = mmap(NULL, processes * sizeof(*tallies), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	room = mmap(NULL, ROOM + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(room + ROOM, 4096, PROT_NONE);
	edge = room + ROOM - 1;
	for (i = 0; i < processes; i++) {
		tally = &tallies[i];
		if (!fork())
			fuzz(calls / processes, seed + i);
	}
	while ((pid = wait(&status)) > 0) {
		bad += !!status;
		if (WIFSIGNALED(status))
			printf("# process %d: %s\n", pid, strsignal(WTERMSIG(status)));
	}
	for (i = 0; i < processes; i++) {
		sum.calls += tallies[i].calls;
		sum.succeeded += tallies[i].succeeded;
		sum.refused += tallies[i].refused;
		sum.odd += tallies[i].odd;
		sum.leaks += tallies[i].leaks;
		sum.mapped += tallies[i].mapped;
		sum.bridged += tallies[i].bridged;
		sum.taken += tallies[i].taken;
		sum.outside += tallies[i].outside;
		for (j = 0; j < REQUESTS; j++)
			sum.by_request[j] += tallies[i].by_request[j];
	}
	for (j = 0; j < REQUESTS; j++)
		quiet += !sum.by_request[j];
	say(!bad, "all processes end by themselves", processes);
	say(sum.calls >= calls / processes * processes, "calls made", sum.calls);
	say(sum.succeeded > sum.calls / 50, "some were served", sum.succeeded);
	say(sum.refused > sum.calls / 50, "some were refused", sum.refused);
	say(!quiet, "requests that were never made", quiet);
	say(!sum.odd, "answers without a reason, maps and writes that are possible", sum.odd);
	say(sum.bridged, "trace events were bridged", sum.bridged);
	say(sum.mapped, "rings were mapped", sum.mapped);
	say(sum.taken, "pages of buffers were taken in place", sum.taken);
	say(!sum.outside, "that were outside of their ring, or rings without pages", sum.outside);
	say(!sum.leaks, "kernel addresses in answers", sum.leaks);
	i = end_sessions();
	say(!i, "sessions that do not add up, or cannot be ended", i);
	return 0;
}
