// SPDX-License-Identifier: GPL-2.0-only
/*
 * Images: files that are mapped to be executed, the kernel and its modules
 * (kernel-events 7.3).
 *
 * No tracepoint tells of a mapping, but a function of perf's is called for each
 * (kernel-events 7.3), so there is a kprobe on it.  What exec maps lies in the
 * log behind the Process Start that exec makes, as it belongs to that.
 */
#include <linux/binfmts.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched/mm.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <trace/events/sched.h>

#include "compat.h"
#include "kernel-address.h"
#include "kernel-image.h"
#include "kernel-probes.h"
#include "kernel-record.h"
#include "kernel-text.h"

#define PATH_SIZE	1024	/* bytes of a path; longer ones have the file's name only */

struct image {
	u64 base, size;
	u32 pid, stamp;
	const char *name;
	size_t name_len;
};

static bool mapping_failed;
static char __percpu *scratch;	/* PATH_SIZE: of probes, with preemption off */

/* Live loads and unloads tell of the thread that does it; so do those of the kernel (7.3). */
static void *reserve(struct wt_logger *l, u16 hook, const struct image *i, struct wt_record *r)
{
	u32 size = sizeof(struct etl_image) + 2 * (wt_utf16_units(i->name, i->name_len) + 1);

	if (i->pid && (hook == ETL_HOOK_IMAGE_DC_START || hook == ETL_HOOK_IMAGE_DC_END))
		return wt_perfinfo(l, hook, 3, size, r);
	return wt_system(l, hook, 3, size, current->pid, current->tgid, r);
}

static void log_image(struct wt_logger *l, u16 hook, const struct image *i)
{
	struct wt_record r;
	struct etl_image *image = reserve(l, hook, i, &r);

	if (!image)
		return;
	*image = (struct etl_image){
		.base = cpu_to_le64(i->base),
		.size = cpu_to_le64(i->size),
		.process_id = cpu_to_le32(i->pid),
		.time_date_stamp = cpu_to_le32(i->stamp),
		.default_base = cpu_to_le64(i->base),
	};
	wt_utf16_put((u8 *)(image + 1), i->name, i->name_len);
	wt_commit(&r);
}

/* ---- of processes */

static bool is_image(const struct vm_area_struct *vma)
{
	return vma->vm_file && (vma->vm_flags & VM_EXEC);
}

/* @vma stays; @path: PATH_SIZE bytes to work in. */
static void log_mapping(struct wt_logger *l, u16 hook, u32 pid, const struct vm_area_struct *vma,
			char *path)
{
	const struct path *file = &vma->vm_file->f_path;
	char *name = d_path(file, path, PATH_SIZE);
	struct image image = {
		.base = vma->vm_start - ((u64)vma->vm_pgoff << PAGE_SHIFT),
		.pid = pid,
		.stamp = wt_mtime(file_inode(vma->vm_file)),
	};

	image.size = vma->vm_end - image.base;
	if (IS_ERR(name)) {
		scnprintf(path, PATH_SIZE, "%pd", file->dentry);
		name = path;
	}
	image.name = name;
	image.name_len = strlen(name);
	log_image(l, hook, &image);
}

/* perf_event_mmap(vma), in the process, under its mmap lock. */
static int mapped(struct kprobe *probe, struct pt_regs *regs)
{
	const struct vm_area_struct *vma = (void *)regs_get_kernel_argument(regs, 0);
	struct wt_logger *l;

	if (!is_image(vma) || current->in_execve)
		return 0;
	l = wt_kernel_enter();
	if (!l)
		return 0;
	log_mapping(l, ETL_HOOK_IMAGE_LOAD, current->tgid, vma, this_cpu_ptr(scratch));
	wt_writer_exit();
	return 0;
}

static struct kprobe mapping_probe = {
	.symbol_name = "perf_event_mmap",
	.pre_handler = mapped,
};

/*
 * What exec has mapped: nobody else maps or unmaps there yet.  Were the lock
 * taken, by somebody who writes to a process that has not run yet, its images
 * would be told of at the end only.
 */
static void probe_sched_process_exec(void *data, struct task_struct *task, pid_t old_pid,
				     struct linux_binprm *bprm)
{
	struct mm_struct *mm = task->mm;
	struct wt_logger *l = wt_kernel_enter();
	struct vm_area_struct *vma;

	if (!l)
		return;
	if (mmap_read_trylock(mm)) {
		VMA_ITERATOR(vmi, mm, 0);

		for_each_vma(vmi, vma)
			if (is_image(vma))
				log_mapping(l, ETL_HOOK_IMAGE_LOAD, task->tgid, vma,
					    this_cpu_ptr(scratch));
		mmap_read_unlock(mm);
	}
	wt_writer_exit();
}

/* Behind the probe that logs Process Start. */
struct wt_probe wt_image_probes[] = {
	WT_PROBE_PRIO(sched_process_exec, EVENT_TRACE_FLAG_IMAGE_LOAD, TRACEPOINT_DEFAULT_PRIO - 1),
	{ }
};

/* Rundown.  May sleep; @task has a reference. */
void wt_images_of_process(u16 hook, struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);
	struct vm_area_struct *vma;
	char *path;

	if (!mm)
		return;
	path = kmalloc(PATH_SIZE, GFP_KERNEL);
	if (path && !mmap_read_lock_killable(mm)) {
		VMA_ITERATOR(vmi, mm, 0);

		for_each_vma(vmi, vma) {
			struct wt_logger *l = is_image(vma) ? wt_kernel_enter() : NULL;

			if (!l)
				continue;
			log_mapping(l, hook, task->tgid, vma, path);
			wt_writer_exit();
		}
		mmap_read_unlock(mm);
	}
	kfree(path);
	mmput(mm);
}

/* ---- of the kernel */

static void log_kernel_image(u16 hook, const char *name, unsigned long base, unsigned long size)
{
	struct wt_logger *l = wt_kernel_enter();

	if (!l)
		return;
	log_image(l, hook, &(struct image){
		.base = wt_routine((void *)base),
		.size = size,
		.name = name,
		.name_len = strlen(name),
	});
	wt_writer_exit();
}

static void log_module(u16 hook, const struct module *module)
{
	char name[MODULE_NAME_LEN + 3];
	unsigned long base, size;

	wt_module_text(module, &base, &size);
	snprintf(name, sizeof(name), "%s.ko", module->name);
	log_kernel_image(hook, name, base, size);
}

static int module_changes(struct notifier_block *block, unsigned long state, void *data)
{
	if (state == MODULE_STATE_COMING)
		log_module(ETL_HOOK_IMAGE_LOAD, data);
	else if (state == MODULE_STATE_GOING)
		log_module(ETL_HOOK_IMAGE_UNLOAD, data);
	return NOTIFY_DONE;
}

static struct notifier_block module_notifier = { .notifier_call = module_changes };

/* The next of the modules, all of which are in sysfs; with a reference, that to @last dropped. */
static struct module *next_module(struct module *last)
{
	struct kset *all = THIS_MODULE->mkobj.kobj.kset;
	struct module *found = NULL;
	struct kobject *k;
	bool passed = !last;

	spin_lock(&all->list_lock);
	list_for_each_entry(k, &all->list, entry) {
		struct module *module = container_of(k, struct module_kobject, kobj)->mod;

		if (passed && module && try_module_get(module)) {
			found = module;
			break;
		}
		passed |= module && module == last;
	}
	spin_unlock(&all->list_lock);
	if (last)
		module_put(last);
	return found;
}

static bool is_in_kernel(unsigned long address, char symbol[KSYM_SYMBOL_LEN])
{
	sprint_symbol(symbol, address);
	return strncmp(symbol, "0x", 2);
}

/*
 * Bounds of the kernel.  No symbol that a module may use says where they are,
 * but the kernel tells what is at an address: its image is all around printk().
 */
static void find_kernel(unsigned long *base, unsigned long *size, char *symbol)
{
	unsigned long step;

	*base = PAGE_ALIGN_DOWN((unsigned long)_printk);
	*size = 0;
	for (step = SZ_64K; step; step = step == SZ_64K && PAGE_SIZE < SZ_64K ? PAGE_SIZE : 0) {
		while (is_in_kernel(*base - step, symbol))
			*base -= step;
	}
	while (is_in_kernel(*base + *size + SZ_64K, symbol))
		*size += SZ_64K;
}

static void log_kernel_base(unsigned long base)
{
	struct wt_logger *l = wt_kernel_enter();
	struct etl_kernel_base *kernel;
	struct wt_record r;

	if (!l)
		return;
	kernel = wt_perfinfo(l, ETL_HOOK_KERNEL_BASE, 2, sizeof(*kernel), &r);
	if (kernel) {
		kernel->base = cpu_to_le64(wt_routine((void *)base));
		wt_commit(&r);
	}
	wt_writer_exit();
}

/* Rundown. */
void wt_images_of_kernel(u16 hook)
{
	char *symbol = kmalloc(KSYM_SYMBOL_LEN, GFP_KERNEL);
	struct module *module = NULL;
	unsigned long base, size;

	if (symbol) {
		find_kernel(&base, &size, symbol);
		log_kernel_base(base);
		log_kernel_image(hook, "vmlinux", base, size);
		kfree(symbol);
	}
	while ((module = next_module(module)))
		log_module(hook, module);
}

/* ---- */

/* Before the probes are attached.  Return: 0, or a negative errno: live loads are not seen. */
int wt_images_start(void)
{
	int ret;

	scratch = __alloc_percpu(PATH_SIZE, 1);
	if (!scratch)
		return -ENOMEM;
	mapping_probe.addr = NULL;	/* found by an earlier start */
	mapping_probe.flags = 0;
	ret = register_kprobe(&mapping_probe);
	mapping_failed = ret;
	if (ret) {
		free_percpu(scratch);
		scratch = NULL;
		pr_warn("wmitrace: no probe on %s (error %d): no image events\n",
			mapping_probe.symbol_name, ret);
		return ret;
	}
	register_module_notifier(&module_notifier);
	return 0;
}

/* After the probes are detached. */
void wt_images_stop(void)
{
	if (!scratch)
		return;
	unregister_module_notifier(&module_notifier);
	unregister_kprobe(&mapping_probe);
	free_percpu(scratch);
	scratch = NULL;
}

void wt_images_show(struct seq_file *m)
{
	wt_probe_show(m, "(kprobe) perf_event_mmap", EVENT_TRACE_FLAG_IMAGE_LOAD,
		      scratch ? "attached" : mapping_failed ? "missing" : "not tried");
}
