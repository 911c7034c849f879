// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hammers loggers through both routines, in every context, on all CPUs at once,
 * with records that prove themselves.
 *
 * A *source* is one CPU, context and routine: a single flow of control, so its
 * counters need no lock.  Every record carries its source, the source's number
 * of this attempt for this session, and a CRC-32.  Whoever has the log file and
 * the table that `result` prints can tell that each record is whole, that each
 * source's numbers ascend, and that what is missing is what the logger refused.
 *
 *	insmod hammer.ko handle=2,3 count=1000 contexts=15
 *	echo 1 > /sys/kernel/debug/wmitrace_hammer/run		returns when done
 *	cat /sys/kernel/debug/wmitrace_hammer/result
 *
 * With count=0 it runs until `echo 0 > run`.  Process context is a thread for
 * each CPU.  A timer on each CPU makes hardirq context, raises a tasklet
 * (softirq) and sends an NMI, to its own CPU and to the next one in turn: all
 * three interrupt records that the thread, and one another, have half-written.
 * Parameters may be changed between runs; numbers go on.  Where the kernel
 * panics, the table is in its last words.
 */
#include <linux/atomic.h>
#include <linux/cpu.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/panic_notifier.h>
#include <linux/percpu.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <wmitrace/wmitrace.h>

#include "compat.h"

#define SESSIONS	32
#define BURST		8		/* attempts of a source in one go */
#define LENGTH_MAX	60000u
#define MAGIC		0x31524d48	/* "HMR1" */
#define POLYNOMIAL	0xedb88320	/* zlib's CRC-32 */
#define CRC_STEP	4		/* bytes */

enum context { PROCESS, SOFTIRQ, HARDIRQ, NMI, CONTEXTS };
enum routine { MESSAGE, EVENT, ROUTINES };

static const char * const context_names[] = { "process", "softirq", "hardirq", "nmi" };
static const char * const routine_names[] = { "message", "event" };

/* 0d2f6e31-52c7-4b0e-8a51-6e1c0b9d7f24 */
static const GUID hammer_guid = {
	0x0d2f6e31, 0x52c7, 0x4b0e, { 0x8a, 0x51, 0x6e, 0x1c, 0x0b, 0x9d, 0x7f, 0x24 }
};

static TRACEHANDLE handle[SESSIONS];
static unsigned int handles;

/* May be changed while writers run, NMIs too: there is always a handle to take. */
static int set_handles(const char *text, const struct kernel_param *param)
{
	TRACEHANDLE new[SESSIONS];
	unsigned int i, n = 0;
	int used;

	do {
		if (n == SESSIONS || sscanf(text, "%lli%n", &new[n], &used) != 1)
			return -EINVAL;
		text += used;
		n++;
	} while (*text++ == ',');
	for (i = 0; i < n; i++)
		WRITE_ONCE(handle[i], new[i]);
	WRITE_ONCE(handles, n);
	return 0;
}

static const struct kernel_param_ops handle_ops = { .set = set_handles };
module_param_cb(handle, &handle_ops, NULL, 0200);
MODULE_PARM_DESC(handle, "logger handles, used in turn");

static unsigned int contexts = BIT(CONTEXTS) - 1;
module_param(contexts, uint, 0644);
MODULE_PARM_DESC(contexts, "1 process + 2 softirq + 4 hardirq + 8 NMI");

static unsigned int routines = BIT(ROUTINES) - 1;
module_param(routines, uint, 0644);
MODULE_PARM_DESC(routines, "1 WmiTraceMessage + 2 IoWMIWriteEvent");

static unsigned int count = 1000;
module_param(count, uint, 0644);
MODULE_PARM_DESC(count, "attempts of each source in a run; 0 = until stopped");

static unsigned int rate;
module_param(rate, uint, 0644);
MODULE_PARM_DESC(rate, "attempts a second of each source; 0 = as fast as it goes");

static unsigned int length = 64;
module_param(length, uint, 0644);
MODULE_PARM_DESC(length, "bytes of payload, 24 to 60000");

static unsigned int spread;
module_param(spread, uint, 0644);
MODULE_PARM_DESC(spread, "payloads are up to this much longer, in a pattern");

static unsigned int flags = TRACE_MESSAGE_SEQUENCE | TRACE_MESSAGE_GUID |
			    TRACE_MESSAGE_TIMESTAMP | TRACE_MESSAGE_SYSTEMINFO;
module_param(flags, uint, 0644);
MODULE_PARM_DESC(flags, "TRACE_MESSAGE_ flags");

/* Little-endian on the machines this runs on, as the log is. */
struct payload {
	u32	magic;
	u32	crc;		/* of the bytes that follow, zlib's */
	u16	length;		/* of the whole payload */
	u16	cpu;		/* of the source */
	u8	context;
	u8	routine;
	u16	session;	/* logger id in the handle used */
	u64	sequence;	/* counts this source's attempts for this session from 0 */
	u8	fill[];		/* byte i is the low byte of sequence + i */
};

static_assert(sizeof(struct payload) == 24);

struct record {
	EVENT_TRACE_HEADER event;
	struct payload payload;
};

struct tally {
	u64 attempts, logged, no_memory, invalid_handle, other;
};

struct source {
	struct tally tally[SESSIONS];	/* by logger id */
	struct record *record;
	u64 made;			/* attempts of all sessions */
	u64 left;			/* attempts of this run */
};

struct worker {
	struct source source[CONTEXTS][ROUTINES];
	struct task_struct *task;
	struct hrtimer timer;
	struct tasklet_struct tasklet;
	atomic_t nmi_due;
	unsigned int ticks;
	int cpu;
};

static struct worker __percpu *workers;
static u32 crc_table[CRC_STEP][256];	/* [k][byte]: CRC of the byte and k zeros */
static DEFINE_MUTEX(run_mutex);
static bool running;
static bool stopping;
static atomic_t unfinished;		/* sources of this run that have attempts left */
static ktime_t period;
static struct dentry *dir;

/* ---- one attempt ------------------------------------------------------- */

static void crc_init(void)
{
	u32 i, k, bit, c;

	for (i = 0; i < 256; i++) {
		for (c = i, k = 0; k < CRC_STEP; k++) {
			for (bit = 0; bit < 8; bit++)
				c = c & 1 ? c >> 1 ^ POLYNOMIAL : c >> 1;
			crc_table[k][i] = c;
		}
	}
}

/*
 * The kernel's own may use vector registers, which an NMI must not.  A payload is its
 * source's alone and takes most accesses of an attempt: where KCSAN waits at one in a
 * few hundred, it would hardly come to watch the logger.
 */
static noinline __no_kcsan u32 crc(const u8 *p, size_t len)
{
	u32 c = ~0u, four;

	for (; len >= CRC_STEP; len -= CRC_STEP, p += CRC_STEP) {
		memcpy(&four, p, sizeof(four));
		c ^= four;
		c = crc_table[3][c & 0xff] ^ crc_table[2][c >> 8 & 0xff] ^
		    crc_table[1][c >> 16 & 0xff] ^ crc_table[0][c >> 24];
	}
	while (len--)
		c = crc_table[0][(c ^ *p++) & 0xff] ^ c >> 8;
	return ~c;
}

/* Byte i is the low byte of @from + i.  Eight at a time, with no carry from one to the next. */
static noinline __no_kcsan void fill(u8 *p, size_t len, u8 from)
{
	const u64 low = 0x7f7f7f7f7f7f7f7full, each = 0x0101010101010101ull;
	u64 word = 0x0706050403020100ull, add = from * each;

	word = ((word & low) + (add & low)) ^ ((word ^ add) & ~low);
	for (; len >= 8; len -= 8, p += 8) {
		memcpy(p, &word, sizeof(word));
		word = ((word & low) + 8 * each) ^ (word & ~low);
	}
	for (; len; len--, word >>= 8)
		*p++ = word;
}

static u32 payload_length(u64 sequence)
{
	u32 more = spread ? ((u32)sequence * 2654435761u >> 8) % (spread + 1) : 0;

	return clamp_t(u32, length + more, sizeof(struct payload), LENGTH_MAX);
}

static struct payload *fill_payload(struct payload *p, int cpu, enum context c, enum routine r,
				    u16 session, u64 sequence)
{
	*p = (struct payload){
		.magic = MAGIC,
		.length = payload_length(sequence),
		.cpu = cpu,
		.context = c,
		.routine = r,
		.session = session,
		.sequence = sequence,
	};
	fill(p->fill, p->length - sizeof(*p), sequence);
	p->crc = crc((u8 *)&p->length, p->length - offsetof(struct payload, length));
	return p;
}

static NTSTATUS write_message(TRACEHANDLE h, enum context c, struct payload *p)
{
	return WmiTraceMessage(h, flags, &hammer_guid, c, p, sizeof(*p),
			       p->fill, p->length - sizeof(*p), NULL, 0);
}

static NTSTATUS write_event(TRACEHANDLE h, enum context c, struct record *r)
{
	r->event = (EVENT_TRACE_HEADER){
		.Size = sizeof(r->event) + r->payload.length,
		.Class.Type = c,
		.Guid = hammer_guid,
		.Flags = WNODE_FLAG_TRACED_GUID,
	};
	((PWNODE_HEADER)&r->event)->HistoricalContext = h;
	return IoWMIWriteEvent(r);
}

static void count_status(struct tally *t, NTSTATUS status)
{
	t->attempts++;
	switch (status) {
	case STATUS_SUCCESS:
		t->logged++;
		break;
	case STATUS_NO_MEMORY:
		t->no_memory++;
		break;
	case STATUS_INVALID_HANDLE:
		t->invalid_handle++;
		break;
	default:
		t->other++;
	}
}

/* In context @c, on any CPU. */
static void attempt(struct worker *w, enum context c, enum routine r)
{
	struct source *s = &w->source[c][r];
	TRACEHANDLE h = READ_ONCE(handle[s->made % READ_ONCE(handles)]);
	u16 session = WmiGetLoggerId(h) % SESSIONS;
	struct tally *t = &s->tally[session];

	fill_payload(&s->record->payload, w->cpu, c, r, session, t->attempts);
	count_status(t, r == MESSAGE ? write_message(h, c, &s->record->payload) :
				       write_event(h, c, s->record));
	s->made++;
	if (s->left && --s->left == 0)
		atomic_dec(&unfinished);
}

/* Returns whether context @c has anything left to do. */
static bool burst(struct worker *w, enum context c)
{
	bool more = false;
	enum routine r;
	int i;

	for (r = 0; r < ROUTINES; r++) {
		struct source *s = &w->source[c][r];

		for (i = 0; i < BURST && s->left && !READ_ONCE(stopping); i++)
			attempt(w, c, r);
		more |= s->left;
	}
	return more;
}

/* ---- the contexts ------------------------------------------------------ */

static int process_thread(void *data)
{
	struct worker *w = data;

	if (contexts & (BIT(SOFTIRQ) | BIT(HARDIRQ) | BIT(NMI)))
		hrtimer_start(&w->timer, period, HRTIMER_MODE_REL_PINNED_HARD);
	while (!kthread_should_stop()) {
		if (!burst(w, PROCESS))
			msleep_interruptible(10);
		else if (rate)
			usleep_range(ktime_to_us(period), ktime_to_us(period) + 50);
		else
			cond_resched();
	}
	return 0;
}

static void softirq_tasklet(struct tasklet_struct *t)
{
	burst(container_of(t, struct worker, tasklet), SOFTIRQ);
}

#ifdef COMPANION_HAS_NMI
static int nmi_handler(unsigned int type, struct pt_regs *regs)
{
	struct worker *w = this_cpu_ptr(workers);

	if (!atomic_xchg(&w->nmi_due, 0))
		return NMI_DONE;	/* somebody else's */
	burst(w, NMI);
	return NMI_HANDLED;
}

static void send_nmi(struct worker *w)
{
	int cpu = cpumask_next(w->cpu, cpu_online_mask);

	if (w->ticks++ & 1)
		cpu = w->cpu;
	else if (cpu >= nr_cpu_ids)
		cpu = cpumask_first(cpu_online_mask);
	if (!atomic_xchg(&per_cpu_ptr(workers, cpu)->nmi_due, 1))
		companion_send_nmi(cpu);
}

static int nmi_attach(void)
{
	return register_nmi_handler(NMI_LOCAL, nmi_handler, 0, "wmitrace_hammer");
}

static void nmi_detach(void)
{
	unregister_nmi_handler(NMI_LOCAL, "wmitrace_hammer");
}
#else
static void send_nmi(struct worker *w) { }
static int nmi_attach(void) { return 0; }
static void nmi_detach(void) { }
#endif

static enum hrtimer_restart hardirq_timer(struct hrtimer *timer)
{
	struct worker *w = container_of(timer, struct worker, timer);

	if (READ_ONCE(stopping))
		return HRTIMER_NORESTART;
	if (contexts & BIT(NMI))
		send_nmi(w);
	burst(w, HARDIRQ);
	if (contexts & BIT(SOFTIRQ))
		tasklet_schedule(&w->tasklet);
	/* From now: what took long here must not starve the thread. */
	hrtimer_set_expires(timer, ktime_add(ktime_get(), period));
	return HRTIMER_RESTART;
}

/* ---- a run ------------------------------------------------------------- */

/* Sets what each source of @w has to do. */
static void assign(struct worker *w)
{
	enum context c;
	enum routine r;

	for (c = 0; c < CONTEXTS; c++)
		for (r = 0; r < ROUTINES; r++) {
			bool wanted = contexts & BIT(c) && routines & BIT(r);

			w->source[c][r].left = !wanted ? 0 : count ? count : U64_MAX;
			atomic_add(wanted, &unfinished);
		}
}

/* An NMI that is due to a CPU that has gone offline does not come. */
static void wait_for_nmis(void)
{
	int cpu, patience = 50;

	for_each_possible_cpu(cpu) {
		atomic_t *due = &per_cpu_ptr(workers, cpu)->nmi_due;

		while (atomic_read(due) && patience-- > 0)
			msleep(20);
		atomic_set(due, 0);
	}
}

static void stop_workers(void)
{
	struct worker *w;
	int cpu;

	WRITE_ONCE(stopping, true);
	for_each_possible_cpu(cpu) {
		w = per_cpu_ptr(workers, cpu);
		if (w->task)
			kthread_stop(w->task);
		w->task = NULL;
		hrtimer_cancel(&w->timer);
		tasklet_kill(&w->tasklet);
	}
	wait_for_nmis();
	running = false;
}

static int start_workers(void)
{
	u64 ns = rate ? div_u64((u64)BURST * NSEC_PER_SEC, rate) : 200 * NSEC_PER_USEC;
	struct worker *w;
	int cpu, ret = 0;

	period = ns_to_ktime(max_t(u64, ns, 50 * NSEC_PER_USEC));
	stopping = false;
	running = true;
	atomic_set(&unfinished, 0);
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		w = per_cpu_ptr(workers, cpu);
		w->task = kthread_create_on_node(process_thread, w, cpu_to_node(cpu), "hammer/%d",
						 cpu);
		if (IS_ERR(w->task)) {
			ret = PTR_ERR(w->task);
			w->task = NULL;
			break;
		}
		kthread_bind(w->task, cpu);
		assign(w);
	}
	if (!ret)
		for_each_online_cpu(cpu)
			wake_up_process(per_cpu_ptr(workers, cpu)->task);
	cpus_read_unlock();
	if (ret)
		stop_workers();
	return ret;
}

static int check_parameters(void)
{
	if (!handles || !(contexts & (BIT(CONTEXTS) - 1)) || !(routines & (BIT(ROUTINES) - 1))) {
		pr_err("hammer: nothing to do: pass handle=, contexts= 1 to 15, routines= 1 to 3\n");
		return -EINVAL;
	}
	if (!IS_ENABLED(CONFIG_X86_LOCAL_APIC) && contexts & BIT(NMI)) {
		pr_err("hammer: no way to make NMIs on this machine: leave 8 out of contexts=\n");
		return -EINVAL;
	}
	return 0;
}

/* Polls for the end, because the last source to finish may be in NMI context. */
static int start_run(void)
{
	int ret = running ? -EBUSY : check_parameters();

	if (!ret)
		ret = start_workers();
	if (ret || !count)
		return ret;
	while (atomic_read(&unfinished) && !msleep_interruptible(10))
		;
	stop_workers();
	return atomic_read(&unfinished) ? -EINTR : 0;
}

static ssize_t run_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	bool on;
	int ret = kstrtobool_from_user(buf, len, &on);

	if (ret)
		return ret;
	mutex_lock(&run_mutex);
	if (on)
		ret = start_run();
	else if (running)
		stop_workers();
	mutex_unlock(&run_mutex);
	return ret ?: len;
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.write = run_write,
};

/* ---- result ------------------------------------------------------------ */

/* To @m, or to the kernel log. */
static void show_row(struct seq_file *m, int cpu, enum context c, enum routine r, int session)
{
	const struct tally *now = &per_cpu_ptr(workers, cpu)->source[c][r].tally[session];
	struct tally t;
	char row[120];

	/* May be looked at while it counts: exact once the run has ended. */
	data_race(memcpy(&t, now, sizeof(t)));
	if (!t.attempts)
		return;
	snprintf(row, sizeof(row), "%d %s %s %d %llu %llu %llu %llu %llu", cpu, context_names[c],
		 routine_names[r], session, t.attempts, t.logged, t.no_memory,
		 t.invalid_handle, t.other);
	if (m)
		seq_printf(m, "%s\n", row);
	else
		pr_emerg("hammer: %s\n", row);
}

static void show_source(struct seq_file *m, int cpu, enum context c, enum routine r)
{
	int i;

	for (i = 0; i < SESSIONS; i++)
		show_row(m, cpu, c, r, i);
}

static int result_show(struct seq_file *m, void *unused)
{
	enum context c;
	enum routine r;
	int cpu;

	if (m)
		seq_puts(m, "cpu context routine session attempts logged no_memory invalid_handle other\n");
	for_each_possible_cpu(cpu)
		for (c = 0; c < CONTEXTS; c++)
			for (r = 0; r < ROUTINES; r++)
				show_source(m, cpu, c, r);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(result);

/* The other CPUs are stopped; an attempt that one was in the middle of is not counted yet. */
static int panicked(struct notifier_block *block, unsigned long code, void *text)
{
	WRITE_ONCE(stopping, true);
	result_show(NULL, NULL);
	return NOTIFY_DONE;
}

static struct notifier_block panic_block = { .notifier_call = panicked };

/* ---- module ------------------------------------------------------------ */

static void free_workers(void)
{
	enum context c;
	enum routine r;
	int cpu;

	for_each_possible_cpu(cpu)
		for (c = 0; c < CONTEXTS; c++)
			for (r = 0; r < ROUTINES; r++)
				vfree(per_cpu_ptr(workers, cpu)->source[c][r].record);
	free_percpu(workers);
}

static int alloc_worker(struct worker *w, int cpu)
{
	enum context c;
	enum routine r;

	w->cpu = cpu;
	hrtimer_setup(&w->timer, hardirq_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	tasklet_setup(&w->tasklet, softirq_tasklet);
	for (c = 0; c < CONTEXTS; c++)
		for (r = 0; r < ROUTINES; r++) {
			w->source[c][r].record = vmalloc(sizeof(struct record) + LENGTH_MAX);
			if (!w->source[c][r].record)
				return -ENOMEM;
		}
	return 0;
}

static int __init hammer_init(void)
{
	int cpu, ret;

	crc_init();
	workers = alloc_percpu(struct worker);
	if (!workers)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		ret = alloc_worker(per_cpu_ptr(workers, cpu), cpu);
		if (ret)
			goto err_workers;
	}
	ret = nmi_attach();
	if (ret)
		goto err_workers;
	atomic_notifier_chain_register(&panic_notifier_list, &panic_block);
	dir = debugfs_create_dir("wmitrace_hammer", NULL);
	debugfs_create_file("run", 0200, dir, NULL, &run_fops);
	debugfs_create_file("result", 0400, dir, NULL, &result_fops);
	return 0;

err_workers:
	free_workers();
	return ret;
}
module_init(hammer_init);

static void __exit hammer_exit(void)
{
	debugfs_remove(dir);
	if (running)
		stop_workers();
	atomic_notifier_chain_unregister(&panic_notifier_list, &panic_block);
	nmi_detach();
	free_workers();
}
module_exit(hammer_exit);

MODULE_DESCRIPTION("wmitrace: self-checking load from every context");
MODULE_LICENSE("GPL");
