// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a function in a context of the caller's choice.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/spinlock.h>

#include "api_rows.h"
#include "compat.h"

const char * const api_context_names[API_CONTEXTS] = {
	"process context", "interrupts off", "a raw spinlock held", "softirq", "hardirq", "NMI"
};

/* One at a time: rows run under a mutex. */
static struct {
	enum api_context context;
	void (*fn)(void *arg);
	void *arg;
	bool right;		/* it was the context that was asked for */
	atomic_t due;		/* set by the asker, cleared by the context that takes the call */
	bool done;
} call;

static void take_call(bool right)
{
	if (!atomic_xchg(&call.due, 0))
		return;
	call.right = right;
	call.fn(call.arg);
	/* With the load in api_in_context(): the asker sees what @fn did. */
	smp_store_release(&call.done, true);
}

static void softirq_call(struct tasklet_struct *unused)
{
	take_call(in_serving_softirq() && !in_hardirq() && !in_nmi());
}

static void hardirq_call(struct irq_work *unused)
{
	take_call(in_hardirq() && !in_nmi());
}

static DECLARE_TASKLET(tasklet, softirq_call);
static struct irq_work irq_work = IRQ_WORK_INIT_HARD(hardirq_call);
static DEFINE_RAW_SPINLOCK(lock);

static void call_with_irqs_off(void)
{
	unsigned long irqs;

	local_irq_save(irqs);
	take_call(irqs_disabled());
	local_irq_restore(irqs);
}

static void call_under_spinlock(void)
{
	unsigned long irqs;

	raw_spin_lock_irqsave(&lock, irqs);
	take_call(raw_spin_is_locked(&lock));
	raw_spin_unlock_irqrestore(&lock, irqs);
}

#ifdef COMPANION_HAS_NMI
static int nmi_call(unsigned int type, struct pt_regs *regs)
{
	if (call.context != NMI_CONTEXT || !atomic_read(&call.due))
		return NMI_DONE;	/* somebody else's */
	take_call(in_nmi());
	return NMI_HANDLED;
}

static void send_nmi(void)
{
	companion_send_nmi(get_cpu());
	put_cpu();
}

int api_context_init(void)
{
	return register_nmi_handler(NMI_LOCAL, nmi_call, 0, "wmitrace_api");
}

void api_context_exit(void)
{
	unregister_nmi_handler(NMI_LOCAL, "wmitrace_api");
}
#else
static void send_nmi(void) { }
int api_context_init(void) { return 0; }
void api_context_exit(void) { }
#endif

bool api_in_context(enum api_context c, void (*fn)(void *arg), void *arg)
{
	int patience;

	call.context = c;
	call.fn = fn;
	call.arg = arg;
	call.right = false;
	call.done = false;
	atomic_set(&call.due, 1);
	switch (c) {
	case IRQS_OFF:
		call_with_irqs_off();
		break;
	case RAW_SPINLOCK:
		call_under_spinlock();
		break;
	case SOFTIRQ_CONTEXT:
		tasklet_schedule(&tasklet);
		break;
	case HARDIRQ_CONTEXT:
		irq_work_queue(&irq_work);
		break;
	case NMI_CONTEXT:
		send_nmi();
		break;
	default:
		take_call(true);
	}
	/* A context that does not come is a failure, not a hang.  Acquires what take_call() did. */
	for (patience = 1000; !smp_load_acquire(&call.done) && patience; patience--)
		msleep(20);
	if (!call.done)
		atomic_set(&call.due, 0);
	tasklet_unlock_wait(&tasklet);
	return call.done && call.right;
}
