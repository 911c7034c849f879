/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Four drivers that log the same, each in the style of its kind of Windows
 * driver: number DRIVER_LOADED when it is loaded, DRIVER_GOES when it goes, and
 * N on `echo N > /sys/module/NAME/parameters/work`.  `loaded` beside it (0, 1) calls
 * the unload and entry routines once more, alone.  tests/host/driver_styles.py
 * compares the record with the payload, which says what the caller was.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>

enum { DRIVER_LOADED = 100, DRIVER_GOES = 200 };

/* The payload of everything that is logged. */
struct driver_facts {
	u32 number;
	u32 thread, process;
	char text[12];
};

static inline void driver_fill(struct driver_facts *facts, u32 number)
{
	*facts = (struct driver_facts){
		.number = number,
		.thread = current->pid,
		.process = current->tgid,
		.text = "driver text",
	};
}

/* What each of them brings. */
int driver_entry(void);
void driver_unload(void);
void driver_log(u16 number);

/* What stands where a Windows driver has its entry and unload routines. */
#define DRIVER_MODULE(description)						\
static int driver_work(const char *text, const struct kernel_param *unused)	\
{										\
	u16 number;								\
	int ret = kstrtou16(text, 0, &number);					\
										\
	if (!ret)								\
		driver_log(number);						\
	return ret;								\
}										\
static const struct kernel_param_ops work_ops = { .set = driver_work };	\
module_param_cb(work, &work_ops, NULL, 0200);					\
										\
static bool driver_is_loaded;							\
static int driver_load(const char *text, const struct kernel_param *unused)	\
{										\
	bool wanted;								\
	int ret = kstrtobool(text, &wanted);					\
										\
	if (ret || wanted == driver_is_loaded)					\
		return ret;							\
	if (wanted)								\
		ret = driver_entry();						\
	else									\
		driver_unload();						\
	driver_is_loaded = wanted && !ret;					\
	return ret;								\
}										\
static const struct kernel_param_ops loaded_ops = { .set = driver_load };	\
module_param_cb(loaded, &loaded_ops, NULL, 0200);				\
										\
static int __init driver_init(void)						\
{										\
	int ret = driver_entry();						\
										\
	driver_is_loaded = !ret;						\
	if (!ret)								\
		driver_log(DRIVER_LOADED);					\
	return ret;								\
}										\
module_init(driver_init);							\
										\
static void __exit driver_exit(void)						\
{										\
	if (!driver_is_loaded)							\
		return;								\
	driver_log(DRIVER_GOES);						\
	driver_unload();							\
}										\
module_exit(driver_exit);							\
MODULE_DESCRIPTION("wmitrace test: a driver in " description);			\
MODULE_LICENSE("GPL")

#endif /* DRIVER_H */
