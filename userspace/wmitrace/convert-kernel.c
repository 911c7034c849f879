// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wmitrace convert: trace events that have a counterpart among NT's kernel
 * events (kernel-events 5 to 8).  Payloads are the module's, include/etl/kernel.h.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include <traceevent/event-parse.h>

#include "convert.h"

#define THREAD_FLAG	0x10000u	/* CLONE_THREAD */
#define IDLE_EXIT	0xffffffffu	/* cpu_idle: state on the way out */

/* Routines that have no address in a recording: made-up ones, inside made-up images. */
#define IRQ_BASE	0xffffffffe0000000ull
#define SOFTIRQ_BASE	0xffffffffe0100000ull
#define CALL_BASE	0xffffffffe0200000ull
#define IMAGE_SIZE	0x100000u

/* A record while it is being taken apart. */
struct moment {
	struct convert_kernel *k;
	struct tep_event *event;
	struct tep_record *record;
	struct convert_writer *w;
	uint64_t time;
	uint32_t cpu, tid;
};

static uint64_t number(const struct moment *m, const char *name)
{
	unsigned long long value = 0;

	tep_get_field_val(NULL, m->event, name, m->record, &value, 0);
	return value;
}

/* A field's text, cut off to @size with a NUL. */
static void text(const struct moment *m, const char *name, char *to, size_t size)
{
	const char *from;
	int length = 0;

	*to = '\0';
	from = tep_get_field_raw(NULL, m->event, name, m->record, &length, 0);
	if (!from || length <= 0)
		return;
	if ((size_t)length > size - 1)
		length = (int)size - 1;
	memcpy(to, from, (size_t)length);
	to[length] = '\0';
}

static struct convert_cpu *cpu_of(const struct moment *m)
{
	return &m->k->cpus[m->cpu];
}

/* ---- scheduling ----------------------------------------------------------------------- */

/* Of what a record tells: nothing of policies. */
static int8_t priority(uint32_t tid, int prio)
{
	return tid ? etl_priority(prio) : 0;
}

/* prev_state as records have it: one bit for each of R S D T t X Z P I, and R+. */
static void tell_outcome(struct etl_cswitch *cswitch, uint32_t tid, uint64_t state)
{
	static const struct { uint64_t bit; int8_t state, reason, mode; } outcomes[] = {
		{ 0x100, ETL_STATE_READY, ETL_WAIT_WR_PREEMPTED, 0 },
		{ 0x30, ETL_STATE_TERMINATED, ETL_WAIT_WR_TERMINATED, 0 },
		{ 0x0c, ETL_STATE_WAITING, ETL_WAIT_SUSPENDED, 1 },
		{ 0x40, ETL_STATE_WAITING, ETL_WAIT_WR_KERNEL, 0 },
		{ 0x80, ETL_STATE_WAITING, ETL_WAIT_WR_QUEUE, 0 },
		{ 0x02, ETL_STATE_WAITING, ETL_WAIT_EXECUTIVE, 0 },
		{ 0x01, ETL_STATE_WAITING, ETL_WAIT_USER_REQUEST, 1 },
	};
	size_t i;

	cswitch->state = tid ? ETL_STATE_READY : ETL_STATE_RUNNING;
	cswitch->wait_reason = tid ? ETL_WAIT_WR_QUANTUM_END : ETL_WAIT_EXECUTIVE;
	for (i = 0; tid && i < sizeof(outcomes) / sizeof(*outcomes); i++)
		if (state & outcomes[i].bit) {
			cswitch->state = outcomes[i].state;
			cswitch->wait_reason = outcomes[i].reason;
			cswitch->wait_mode = outcomes[i].mode;
			break;
		}
}

static bool take_switch(const struct moment *m)
{
	const uint32_t old = (uint32_t)number(m, "prev_pid"), new = (uint32_t)number(m, "next_pid");
	struct etl_cswitch cswitch = {
		.new_thread = htole32(new),
		.old_thread = htole32(old),
		.new_priority = priority(new, (int)number(m, "next_prio")),
		.old_priority = priority(old, (int)number(m, "prev_prio")),
		.previous_c_state = old ? 0 : cpu_of(m)->c_state,
		.ideal_processor = (uint8_t)m->cpu,
	};

	tell_outcome(&cswitch, old, number(m, "prev_state"));
	convert_perfinfo(m->w, m->cpu, m->time, ETL_HOOK_CSWITCH, 2, &cswitch, sizeof(cswitch));
	return true;
}

static bool take_idle(const struct moment *m)
{
	const uint32_t state = (uint32_t)number(m, "state");

	if (state != IDLE_EXIT)
		cpu_of(m)->c_state = (uint8_t)state;
	return false;			/* and as it is */
}

static bool take_waking(const struct moment *m)
{
	const struct etl_ready_thread ready = {
		.thread_id = htole32((uint32_t)number(m, "pid")),
		.adjust_reason = ETL_READY_UNWAIT,
		.flags = cpu_of(m)->softirq_time ? ETL_READY_DPC : 0,
	};

	convert_perfinfo(m->w, m->cpu, m->time, ETL_HOOK_READY_THREAD, 2, &ready, sizeof(ready));
	return true;
}

/* After sched_waking it says nothing new to NT, but where. */
static bool take_wakeup(const struct moment *m)
{
	return !m->k->facts.waking && take_waking(m);
}

/* ---- lives ---------------------------------------------------------------------------- */

static void start_life(const struct moment *m, uint32_t tid)
{
	struct convert_task *task = convert_task(&m->k->tasks, tid);

	if (!task)
		return;
	task->alive = true;
	if (task->pid == tid) {
		task->key = ++m->k->tasks.keys;
		task->parent = convert_pid(&m->k->tasks, m->tid);
		task->threads = 0;
		convert_process(m->w, &m->k->tasks, m->cpu, m->time, ETL_HOOK_PROCESS_START, m->tid,
				task, "", 0);
	}
	m->k->tasks.of[task->pid].threads++;
	convert_thread(m->w, &m->k->tasks, m->cpu, m->time, ETL_HOOK_THREAD_START, m->tid, task);
}

static void end_thread(const struct moment *m, struct convert_task *task)
{
	if (!task || !task->alive)
		return;
	task->alive = false;
	convert_thread(m->w, &m->k->tasks, m->cpu, m->time, ETL_HOOK_THREAD_END, task->tid, task);
	if (m->k->tasks.of[task->pid].threads)
		m->k->tasks.of[task->pid].threads--;
}

/* The record's thread makes another; whether as a process task_newtask has told before. */
static bool take_fork(const struct moment *m)
{
	const uint32_t tid = (uint32_t)number(m, "child_pid");
	struct convert_task *child = convert_task(&m->k->tasks, tid);

	if (child && !m->k->facts.newtask)
		child->pid = tid;
	if (child)
		text(m, "child_comm", child->name, sizeof(child->name));
	start_life(m, tid);
	return true;
}

static bool take_newtask(const struct moment *m)
{
	const uint32_t tid = (uint32_t)number(m, "pid"), owner = convert_pid(&m->k->tasks, m->tid);
	struct convert_task *child = convert_task(&m->k->tasks, tid);

	if (!child)
		return false;
	child->pid = number(m, "clone_flags") & THREAD_FLAG ? owner : tid;
	text(m, "comm", child->name, sizeof(child->name));
	if (!m->k->facts.fork)
		start_life(m, tid);
	return !m->k->facts.fork;
}

/* A program begins in a thread: a process of another name with the same ids (5.1). */
static bool take_exec(const struct moment *m)
{
	const uint32_t tid = (uint32_t)number(m, "pid"), old = (uint32_t)number(m, "old_pid");
	struct convert_task *task = convert_task(&m->k->tasks, tid);
	char path[512];
	const char *name;

	if (!task)
		return true;
	if (old != tid)
		end_thread(m, convert_task(&m->k->tasks, old));
	task = &m->k->tasks.of[tid];
	if (task->alive) {
		end_thread(m, task);
		convert_process(m->w, &m->k->tasks, m->cpu, m->time, ETL_HOOK_PROCESS_END, tid,
				task, "", 0);
	}
	text(m, "filename", path, sizeof(path));
	name = strrchr(path, '/');
	convert_task_name(task, name ? name + 1 : path);
	task->pid = tid;
	task->key = ++m->k->tasks.keys;
	task->alive = true;
	task->threads = 1;
	convert_process(m->w, &m->k->tasks, m->cpu, m->time, ETL_HOOK_PROCESS_START, tid, task, path, 0);
	convert_thread(m->w, &m->k->tasks, m->cpu, m->time, ETL_HOOK_THREAD_START, tid, task);
	return true;
}

static bool take_exit(const struct moment *m)
{
	struct convert_task *task = convert_task(&m->k->tasks, (uint32_t)number(m, "pid"));
	struct convert_task *process;

	if (!task || !task->alive)
		return true;
	end_thread(m, task);
	process = &m->k->tasks.of[task->pid];
	if (!process->threads)
		convert_process(m->w, &m->k->tasks, m->cpu, m->time, ETL_HOOK_PROCESS_END, task->tid,
				process, "", 0);
	return true;
}

static bool take_rename(const struct moment *m)
{
	struct convert_task *task = convert_task(&m->k->tasks, (uint32_t)number(m, "pid"));

	if (!task)
		return true;
	text(m, "newcomm", task->name, sizeof(task->name));
	convert_thread_name(m->w, &m->k->tasks, m->cpu, m->time, task);
	return true;
}

/* ---- interrupts -------------------------------------------------------------------------- */

static bool take_irq_entry(const struct moment *m)
{
	cpu_of(m)->irq_time = m->time;
	return true;
}

static bool take_irq_exit(const struct moment *m)
{
	const uint32_t irq = (uint32_t)number(m, "irq");
	const struct etl_isr isr = {
		.initial_time = htole64(cpu_of(m)->irq_time),
		.routine = htole64(IRQ_BASE + irq),
		.claimed = number(m, "ret") != 0,
		.vector = htole16((uint16_t)irq),
	};

	if (!cpu_of(m)->irq_time)
		return false;		/* its beginning is not in the recording */
	cpu_of(m)->irq_time = 0;
	convert_perfinfo(m->w, m->cpu, m->time, ETL_HOOK_ISR, 2, &isr, sizeof(isr));
	return true;
}

static bool take_softirq_entry(const struct moment *m)
{
	cpu_of(m)->softirq_time = m->time;
	return true;
}

static bool take_softirq_exit(const struct moment *m)
{
	const uint32_t vector = (uint32_t)number(m, "vec");
	const struct convert_task *task = convert_task(&m->k->tasks, m->tid);
	const struct etl_dpc dpc = {
		.initial_time = htole64(cpu_of(m)->softirq_time),
		.routine = htole64(SOFTIRQ_BASE + vector),
	};
	uint16_t hook = ETL_HOOK_DPC;

	if (!cpu_of(m)->softirq_time)
		return false;
	cpu_of(m)->softirq_time = 0;
	if (task && !strncmp(task->name, "ksoftirqd/", 10))
		hook = ETL_HOOK_THREADED_DPC;
	else if (vector == 1 || vector == 8)	/* TIMER, HRTIMER */
		hook = ETL_HOOK_TIMER_DPC;
	convert_perfinfo(m->w, m->cpu, m->time, hook, 2, &dpc, sizeof(dpc));
	return true;
}

/* ---- disks --------------------------------------------------------------------------------- */

static uint32_t disk_number(struct convert_kernel *k, uint64_t device)
{
	uint32_t i;

	for (i = 0; i < k->device_count; i++)
		if (k->devices[i] == device)
			return i;
	if (k->device_count < sizeof(k->devices) / sizeof(*k->devices))
		k->devices[k->device_count++] = device;
	return i;
}

static bool take_issue(const struct moment *m)
{
	struct convert_kernel *k = m->k;
	struct convert_disk_request *more;

	if (k->request_count == k->request_room) {
		k->request_room = k->request_room ? 2 * k->request_room : 256;
		more = reallocarray(k->requests, k->request_room, sizeof(*more));
		if (!more) {
			k->no_memory = true;
			return true;
		}
		k->requests = more;
	}
	k->requests[k->request_count++] = (struct convert_disk_request){
		.device = number(m, "dev"),
		.sector = number(m, "sector"),
		.left = number(m, "nr_sector"),
		.bytes = number(m, "nr_sector") * 512,
		.issued = m->time,
		.tid = m->tid,
	};
	return true;
}

static struct convert_disk_request *find_request(struct convert_kernel *k, uint64_t device,
						 uint64_t sector)
{
	size_t i;

	for (i = 0; i < k->request_count; i++) {
		struct convert_disk_request *r = &k->requests[i];
		uint64_t end = r->sector + r->bytes / 512;

		if (r->device == device && (sector == r->sector || (sector > r->sector && sector < end)))
			return r;
	}
	return NULL;
}

static void put_transfer(const struct moment *m, const struct convert_disk_request *r, bool write)
{
	const struct etl_disk_io io = {
		.disk = htole32(disk_number(m->k, r->device)),
		.irp_flags = htole32(3u << 17),		/* normal priority */
		.size = htole32((uint32_t)r->bytes),
		.offset = htole64(r->sector * 512),
		.irp = htole64(r->issued),		/* tells requests apart */
		.response_time = htole64(m->time - r->issued),
		.issuing_thread = htole32(r->tid),
	};

	convert_perfinfo(m->w, m->cpu, m->time, write ? ETL_HOOK_DISK_WRITE : ETL_HOOK_DISK_READ, 3,
			 &io, sizeof(io));
}

static void put_flush(const struct moment *m, const struct convert_disk_request *r)
{
	const struct etl_disk_flush io = {
		.disk = htole32(disk_number(m->k, r->device)),
		.response_time = htole64(m->time - r->issued),
		.irp = htole64(r->issued),
		.issuing_thread = htole32(r->tid),
	};

	convert_perfinfo(m->w, m->cpu, m->time, ETL_HOOK_DISK_FLUSH, 3, &io, sizeof(io));
}

/* A request may be completed in parts; the last one counts (7.4). */
static bool take_complete(const struct moment *m)
{
	struct convert_disk_request *r = find_request(m->k, number(m, "dev"), number(m, "sector"));
	const uint64_t sectors = number(m, "nr_sector");
	char kind[16];
	bool known = true;

	if (!r)
		return false;		/* issued before the recording began */
	r->left -= sectors < r->left ? sectors : r->left;
	if (r->left)
		return true;
	text(m, "rwbs", kind, sizeof(kind));
	if (r->bytes && strchr(kind, 'R'))
		put_transfer(m, r, false);
	else if (r->bytes && strchr(kind, 'W'))
		put_transfer(m, r, true);
	else if (!r->bytes && strchr(kind, 'F'))
		put_flush(m, r);
	else
		known = false;
	*r = m->k->requests[--m->k->request_count];
	return known;
}

/* ---- faults, system calls ------------------------------------------------------------------- */

static bool take_fault(const struct moment *m)
{
	const uint64_t code = number(m, "error_code");
	const struct etl_page_fault fault = {
		.address = htole64(number(m, "address")),
		.program_counter = htole64(number(m, "ip")),
	};
	uint16_t hook = ETL_HOOK_FAULT_TRANSITION;

	if ((code & 3) == 3)
		hook = ETL_HOOK_FAULT_COPY_ON_WRITE;
	else if ((code & 3) == 2)
		hook = ETL_HOOK_FAULT_DEMAND_ZERO;
	convert_perfinfo(m->w, m->cpu, m->time, hook, 2, &fault, sizeof(fault));
	return true;
}

static bool take_call(const struct moment *m)
{
	const uint64_t address = htole64(CALL_BASE + (number(m, "id") & (IMAGE_SIZE - 1)));

	convert_perfinfo(m->w, m->cpu, m->time, ETL_HOOK_SYSCALL_ENTER, 2, &address, sizeof(address));
	return true;
}

static bool take_return(const struct moment *m)
{
	const uint32_t status = htole32((uint32_t)number(m, "ret"));

	convert_perfinfo(m->w, m->cpu, m->time, ETL_HOOK_SYSCALL_EXIT, 2, &status, sizeof(status));
	return true;
}

/* ---- all --------------------------------------------------------------------------------------- */

#define FACT(name)	offsetof(struct convert_facts, name)

static const struct counterpart {
	const char *system, *name;
	bool (*take)(const struct moment *m);
	size_t fact;			/* which of convert_facts it is, or 0 */
} counterparts[] = {
	{ "sched", "sched_switch", take_switch, FACT(switches) },
	{ "sched", "sched_waking", take_waking, FACT(waking) },
	{ "sched", "sched_wakeup", take_wakeup, FACT(wakeup) },
	{ "sched", "sched_wakeup_new", take_waking, FACT(wakeup) },
	{ "sched", "sched_process_fork", take_fork, FACT(fork) },
	{ "sched", "sched_process_exec", take_exec, 0 },
	{ "sched", "sched_process_exit", take_exit, 0 },
	{ "task", "task_newtask", take_newtask, FACT(newtask) },
	{ "task", "task_rename", take_rename, 0 },
	{ "power", "cpu_idle", take_idle, 0 },
	{ "irq", "irq_handler_entry", take_irq_entry, FACT(irqs) },
	{ "irq", "irq_handler_exit", take_irq_exit, FACT(irqs) },
	{ "irq", "softirq_entry", take_softirq_entry, FACT(softirqs) },
	{ "irq", "softirq_exit", take_softirq_exit, FACT(softirqs) },
	{ "block", "block_rq_issue", take_issue, FACT(disk) },
	{ "block", "block_rq_complete", take_complete, FACT(disk) },
	{ "exceptions", "page_fault_user", take_fault, FACT(faults) },
	{ "exceptions", "page_fault_kernel", take_fault, FACT(faults) },
	{ "raw_syscalls", "sys_enter", take_call, FACT(calls) },
	{ "raw_syscalls", "sys_exit", take_return, FACT(calls) },
	{ NULL, NULL, NULL, 0 }
};

/* NULL if @event has none. */
static const struct counterpart *find_counterpart(const struct tep_event *event)
{
	const struct counterpart *c;

	for (c = counterparts; c->system; c++)
		if (!strcmp(event->name, c->name) && !strcmp(event->system, c->system))
			return c;
	return NULL;
}

static struct moment moment_of(struct convert_kernel *k, struct tep_event *event, struct tep_record *record)
{
	return (struct moment){
		.k = k,
		.event = event,
		.record = record,
		.w = k->writer,
		.time = record->ts,
		.cpu = (uint32_t)record->cpu,
		.tid = (uint32_t)tep_data_pid(event->tep, record),
	};
}

/* The first name counts; the recording's own table has the last one. */
static void notice(struct convert_kernel *k, struct tep_event *event, uint32_t tid, const char *name)
{
	struct convert_task *task = convert_task(&k->tasks, tid);

	if (!task) {
		k->no_memory |= tid < 1u << 22;
		return;
	}
	task->known = true;
	if (*task->name)
		return;
	if (!*name)
		name = tep_data_comm_from_pid(event->tep, (int)tid);
	convert_task_name(task, name && strcmp(name, "<...>") ? name : "");
}

static void notice_by(const struct moment *m, const char *tid, const char *name)
{
	char comm[CONVERT_NAME];

	text(m, name, comm, sizeof(comm));
	notice(m->k, m->event, (uint32_t)number(m, tid), comm);
}

void convert_kernel_scan(struct convert_kernel *k, struct tep_event *event, struct tep_record *record)
{
	const struct counterpart *c = find_counterpart(event);
	const struct moment m = moment_of(k, event, record);
	struct convert_task *child;

	if (!k->facts.first)
		k->facts.first = record->ts;
	k->facts.last = record->ts;
	if (c && c->fact)
		*((bool *)((char *)&k->facts + c->fact)) = true;
	if (c && (c->take == take_fork || c->take == take_newtask)) {
		child = convert_task(&k->tasks, (uint32_t)number(&m, c->take == take_fork ? "child_pid" : "pid"));
		if (child && !child->known)
			child->known = child->born = true;
	}
	if (c && c->take == take_switch) {
		notice_by(&m, "prev_pid", "prev_comm");
		notice_by(&m, "next_pid", "next_comm");
	} else if (c && (c->take == take_waking || c->take == take_wakeup)) {
		notice_by(&m, "pid", "comm");
	}
	notice(k, event, m.tid, "");
}

bool convert_kernel_event(struct convert_kernel *k, struct tep_event *event, struct tep_record *record)
{
	const struct counterpart *c = find_counterpart(event);
	const struct moment m = moment_of(k, event, record);

	return c && c->take(&m);
}

/* ---- beginning and end ------------------------------------------------------------------------ */

/* Where the flags' bits are, kernel-events 3.2. */
void convert_kernel_masks(const struct convert_kernel *k, struct etl_masks *masks)
{
	const struct convert_facts *f = &k->facts;

	*masks = (struct etl_masks){ .version = htole32(ETL_MASKS_VERSION) };
	masks->word[0] = htole32(0x3 | (f->disk ? 0x100 : 0) | (f->faults ? 0x1000 : 0));
	masks->word[1] = htole32((f->switches ? 0x4 : 0) | (f->waking || f->wakeup ? 0x200 : 0) |
				 (f->irqs ? 0x4000 : 0) | (f->softirqs ? 0x80 : 0));
	masks->word[2] = htole32(f->calls ? 0x40 : 0);
}

static void put_image(struct convert_kernel *k, uint64_t time, uint64_t base, const char *name)
{
	unsigned char payload[56 + 64] = { 0 };
	const uint64_t image[2] = { htole64(base), htole64(IMAGE_SIZE) };
	size_t units = etl_utf8_to_utf16(name, strlen(name), payload + 56, 31);

	memcpy(payload, image, sizeof(image));
	convert_perfinfo(k->writer, 0, time, ETL_HOOK_IMAGE_DC_START, 3, payload,
			 (uint32_t)(56 + 2 * units + 2));
}

void convert_kernel_begin(struct convert_kernel *k)
{
	const struct etl_masks none = { .version = htole32(ETL_MASKS_VERSION) };
	const uint64_t time = k->facts.first;
	struct etl_masks masks;

	convert_kernel_masks(k, &masks);
	convert_perfinfo(k->writer, 0, time, ETL_HOOK_MASKS_END, 2, &none, sizeof(none));
	convert_perfinfo(k->writer, 0, time, ETL_HOOK_MASKS, 2, &masks, sizeof(masks));
	convert_rundown(k->writer, &k->tasks, time, true);
	if (k->facts.irqs)
		put_image(k, time, IRQ_BASE, "interrupts");
	if (k->facts.softirqs)
		put_image(k, time, SOFTIRQ_BASE, "softirqs");
	if (k->facts.calls)
		put_image(k, time, CALL_BASE, "system calls");
	convert_perfinfo(k->writer, 0, time, ETL_HOOK_RUNDOWN_COMPLETE, 2, NULL, 0);
}

void convert_kernel_end(struct convert_kernel *k)
{
	const struct etl_masks none = { .version = htole32(ETL_MASKS_VERSION) };
	const uint64_t time = k->facts.last;
	struct etl_masks masks;

	convert_kernel_masks(k, &masks);
	convert_perfinfo(k->writer, 0, time, ETL_HOOK_MASKS_END, 2, &masks, sizeof(masks));
	convert_rundown(k->writer, &k->tasks, time, false);
	convert_perfinfo(k->writer, 0, time, ETL_HOOK_MASKS, 2, &none, sizeof(none));
	convert_perfinfo(k->writer, 0, time, ETL_HOOK_RUNDOWN_COMPLETE, 2, NULL, 0);
}

void convert_kernel_free(struct convert_kernel *k)
{
	free(k->tasks.of);
	free(k->requests);
	free(k->cpus);
}
