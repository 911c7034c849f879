// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine: SystemConfig records (kernel-events 6.6).
 */
#include <linux/dmi.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/topology.h>
#include <linux/utsname.h>

#include "kernel-config.h"
#include "kernel-record.h"
#include "kernel-text.h"

static void fill_architecture(struct etl_config_cpu *cpu)
{
#if defined(CONFIG_UML) && defined(CONFIG_X86_64)
	cpu->architecture = cpu_to_le16(ETL_ARCH_X64);
	cpu->highest_user_address = cpu_to_le64(TASK_SIZE);
#elif defined(CONFIG_X86_64)
	cpu->architecture = cpu_to_le16(ETL_ARCH_X64);
	cpu->level = cpu_to_le16(boot_cpu_data.x86);
	cpu->revision = cpu_to_le16(boot_cpu_data.x86_model << 8 | boot_cpu_data.x86_stepping);
	cpu->highest_user_address = cpu_to_le64(TASK_SIZE_MAX);
#elif defined(CONFIG_ARM64)
	cpu->architecture = cpu_to_le16(ETL_ARCH_ARM64);
	cpu->highest_user_address = cpu_to_le64(TASK_SIZE_MAX);
#else
	cpu->architecture = cpu_to_le16(ETL_ARCH_UNKNOWN);
#endif
}

/* Of the first 64 CPUs, those that share a core with one before them. */
static u64 siblings(void)
{
	unsigned int cpu;
	u64 mask = 0;

	for_each_online_cpu(cpu)
		if (cpu < 64 && cpumask_first(topology_sibling_cpumask(cpu)) != cpu)
			mask |= BIT_ULL(cpu);
	return mask;
}

static void fill_name(__le16 *to, size_t units, const char *name)
{
	size_t len = strlen(name);

	while (wt_utf16_units(name, len) >= units)
		len--;
	wt_utf16_put((u8 *)to, name, len);
}

static void fill_cpu(struct etl_config_cpu *cpu, u32 mhz)
{
	const struct new_utsname *uts = init_utsname();
	struct sysinfo memory;

	si_meminfo(&memory);
	*cpu = (struct etl_config_cpu){
		.mhz = cpu_to_le32(mhz),
		.processors = cpu_to_le32(num_online_cpus()),
		.memory_mb = cpu_to_le32(((u64)memory.totalram * memory.mem_unit) >> 20),
		.page_size = cpu_to_le32(PAGE_SIZE),
		.allocation_granularity = cpu_to_le32(PAGE_SIZE),
		.hyper_threading = cpu_to_le64(siblings()),
		.nx = 1,
		.pae = 1,
	};
	fill_name(cpu->computer_name, ARRAY_SIZE(cpu->computer_name), uts->nodename);
	if (strcmp(uts->domainname, "(none)"))
		fill_name(cpu->domain_name, ARRAY_SIZE(cpu->domain_name), uts->domainname);
	fill_architecture(cpu);
}

static void log_cpu(struct wt_logger *l)
{
	struct etl_config_cpu *cpu;
	struct wt_record r;

	cpu = wt_system(l, ETL_HOOK_CONFIG_CPU, 3, sizeof(*cpu), current->pid,
			current->tgid, &r);
	if (cpu) {
		fill_cpu(cpu, l->clock.mhz);
		wt_commit(&r);
	}
}

/* 0b19, version 1: vendor, product, date and version of the firmware (UTF-16). */
static void log_platform(struct wt_logger *l)
{
	static const int fields[] = { DMI_SYS_VENDOR, DMI_PRODUCT_NAME, DMI_BIOS_DATE,
				      DMI_BIOS_VERSION };
	const char *text[ARRAY_SIZE(fields)];
	struct wt_record r;
	u32 size = 0;
	size_t i;
	u8 *to;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		text[i] = dmi_get_system_info(fields[i]) ?: "";
		size += 2 * (wt_utf16_units(text[i], strlen(text[i])) + 1);
	}
	to = wt_system(l, ETL_HOOK_CONFIG_PLATFORM, 1, size, current->pid, current->tgid, &r);
	if (!to)
		return;
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		to = wt_utf16_put(to, text[i], strlen(text[i]));
	wt_commit(&r);
}

/* Process context. */
void wt_config_log(void)
{
	struct wt_logger *l = wt_kernel_enter();

	if (!l)
		return;
	log_cpu(l);
	log_platform(l);
	wt_writer_exit();
}
