// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each CPU executes, by the timer: samples (kernel-events 7.6).
 *
 * A perf event of this module's own on each CPU that is online: cpu-clock,
 * which every machine has.
 */
#include <linux/cpuhotplug.h>
#include <linux/err.h>
#include <linux/hardirq.h>
#include <linux/percpu.h>
#include <linux/perf_event.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "kernel-address.h"
#include "kernel-probes.h"
#include "kernel-profile.h"
#include "kernel-record.h"
#include "kernel-scheduler.h"
#include "kernel-text.h"

#define INTERVAL_NS	1000000

static const char source[] = "Timer";

static DEFINE_PER_CPU(struct perf_event *, events);
static int hotplug_state;
static int failure;		/* of the CPUs at the start */

/* In hard interrupt context, that of the timer. */
static void sampled(struct perf_event *event, struct perf_sample_data *data, struct pt_regs *regs)
{
	struct wt_logger *l = wt_kernel_enter();
	struct etl_sample *sample;
	struct wt_record r;

	if (!l)
		return;
	sample = wt_perfinfo(l, ETL_HOOK_SAMPLE, 2, sizeof(*sample), &r);
	if (sample) {
		*sample = (struct etl_sample){
			.instruction_pointer = cpu_to_le64(wt_address(instruction_pointer(regs))),
			.thread_id = cpu_to_le32(current->pid),
			.count = cpu_to_le16(1),
			.flags = (in_serving_softirq() ? ETL_SAMPLE_DPC : 0) |
				 wt_priority(current, current->prio) << ETL_SAMPLE_PRIORITY_SHIFT,
		};
		wt_commit(&r);
	}
	wt_writer_exit();
}

/* A CPU that comes up comes up, with samples or without. */
static int profile_cpu(unsigned int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.size = sizeof(attr),
		.sample_period = INTERVAL_NS,
		.pinned = 1,
	};
	struct perf_event *event;

	event = perf_event_create_kernel_counter(&attr, cpu, NULL, sampled, NULL);
	if (IS_ERR(event)) {
		WRITE_ONCE(failure, PTR_ERR(event));
		pr_warn_once("wmitrace: no samples of CPU %u: error %ld\n", cpu, PTR_ERR(event));
		return 0;
	}
	per_cpu(events, cpu) = event;
	return 0;
}

static int unprofile_cpu(unsigned int cpu)
{
	struct perf_event *event = per_cpu(events, cpu);

	per_cpu(events, cpu) = NULL;
	if (event)
		perf_event_release_kernel(event);
	return 0;
}

static void log_interval(u16 hook)
{
	struct wt_logger *l = wt_kernel_enter();
	struct etl_interval *interval;
	struct wt_record r;

	if (!l)
		return;
	interval = wt_system(l, hook, 3, sizeof(*interval) + 2 * sizeof(source), current->pid,
			     current->tgid, &r);
	if (interval) {
		*interval = (struct etl_interval){
			.new_interval = cpu_to_le32(INTERVAL_NS / 100),
			.old_interval = cpu_to_le32(INTERVAL_NS / 100),
		};
		wt_utf16_put((u8 *)(interval + 1), source, sizeof(source) - 1);
		wt_commit(&r);
	}
	wt_writer_exit();
}

/* Process context.  Return: 0, or a negative errno: there are no samples. */
int wt_profile_start(void)
{
	int ret;

	WRITE_ONCE(failure, 0);
	ret = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "wmitrace:profile", profile_cpu,
				unprofile_cpu);
	if (ret < 0)
		return ret;
	hotplug_state = ret;
	ret = READ_ONCE(failure);
	if (ret) {
		cpuhp_remove_state(hotplug_state);
		hotplug_state = 0;
		return ret;
	}
	log_interval(ETL_HOOK_INTERVAL_START);
	return 0;
}

/* On return there are no samples any more. */
void wt_profile_stop(void)
{
	if (!hotplug_state)
		return;
	cpuhp_remove_state(hotplug_state);
	hotplug_state = 0;
	log_interval(ETL_HOOK_INTERVAL_END);
}

void wt_profile_show(struct seq_file *m)
{
	wt_probe_show(m, "(perf event) cpu-clock", EVENT_TRACE_FLAG_PROFILE,
		      hotplug_state ? "attached" : failure ? "missing" : "not tried");
}
