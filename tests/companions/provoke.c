// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does, on purpose, what one of the kernel's checkers, or scripts/guest, has to find: a
 * checker that is silently off would pass every test.  Does nothing else to the kernel.
 *
 *	insmod provoke.ko what=kasan
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/irqflags.h>
#include <linux/kdebug.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>

static char *what = "";
module_param(what, charp, 0444);
MODULE_PARM_DESC(what, "kasan, ubsan, lockdep, rcu, sleep, preempt, kmemleak, objects, kcsan or breakpoint");

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spin);
static struct delayed_work work;
static int __rcu *shared;
static long raced;
static int distance = 40;	/* more than an int has bits; read where the compiler cannot know */

/* A byte behind the end. */
static void provoke_kasan(void)
{
	char *p = kmalloc(40, GFP_KERNEL);

	if (p)
		WRITE_ONCE(p[READ_ONCE(distance)], 1);
	kfree(p);
}

static void provoke_ubsan(void)
{
	pr_info("provoke: %d\n", 1 << READ_ONCE(distance));
}

/* In one order, then in the other. */
static void provoke_lockdep(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

/* No reader. */
static void provoke_rcu(void)
{
	WARN_ON(rcu_dereference(shared));
}

static void provoke_sleep(void)
{
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
}

static void provoke_preempt(void)
{
	pr_info("provoke: CPU %d\n", smp_processor_id());
}

static void provoke_kmemleak(void)
{
	void *p = kmalloc(777, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
}

static void nothing(struct work_struct *w)
{
}

/* Initialised while it waits for its time. */
static void provoke_objects(void)
{
	INIT_DELAYED_WORK(&work, nothing);
	schedule_delayed_work(&work, 60 * HZ);
	INIT_DELAYED_WORK(&work, nothing);
	cancel_delayed_work_sync(&work);
}

static int racer(void *done)
{
	int i;

	for (i = 0; i < 200000; i++) {
		raced++;
		barrier();
	}
	complete(done);
	return 0;
}

static void provoke_kcsan(void)
{
	struct completion done[2];
	int i;

	for (i = 0; i < 2; i++) {
		init_completion(&done[i]);
		if (IS_ERR(kthread_run(racer, &done[i], "racer/%d", i)))
			complete(&done[i]);
	}
	for (i = 0; i < 2; i++)
		wait_for_completion(&done[i]);
	msleep(100);		/* until both have left this module */
}

static int take_breakpoint(struct notifier_block *block, unsigned long event, void *args)
{
	return event == DIE_INT3 ? NOTIFY_STOP : NOTIFY_DONE;
}

static struct notifier_block breakpoints = { .notifier_call = take_breakpoint };

/* For ever, with interrupts off: what the emulator's stale code comes to. */
static void provoke_breakpoint(void)
{
	if (register_die_notifier(&breakpoints))
		return;
	local_irq_disable();
	while (READ_ONCE(distance))
		asm volatile("int3");
	local_irq_enable();
	unregister_die_notifier(&breakpoints);
}

static const struct {
	const char *name;
	void (*provoke)(void);
} provocations[] = {
	{ "kasan", provoke_kasan },
	{ "ubsan", provoke_ubsan },
	{ "lockdep", provoke_lockdep },
	{ "rcu", provoke_rcu },
	{ "sleep", provoke_sleep },
	{ "preempt", provoke_preempt },
	{ "kmemleak", provoke_kmemleak },
	{ "objects", provoke_objects },
	{ "kcsan", provoke_kcsan },
	{ "breakpoint", provoke_breakpoint },
};

static int __init provoke_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(provocations); i++)
		if (!strcmp(what, provocations[i].name)) {
			provocations[i].provoke();
			return 0;
		}
	return -EINVAL;
}
module_init(provoke_init);

static void __exit provoke_exit(void)
{
}
module_exit(provoke_exit);

MODULE_DESCRIPTION("wmitrace: proves that the kernel's checkers are on");
MODULE_LICENSE("GPL");
