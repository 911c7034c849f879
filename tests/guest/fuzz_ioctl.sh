# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# full
# smp: 4
# timeout: 1500
# long: debug
# insmod: wmitrace
# insmod: provider
# insmod: driver_etw
# Hostile callers of /dev/wmitrace (fuzz_ioctl.c): some thousand calls, with --full
# a million, while drivers are there to be called and trace events to be bridged.

. "$TAP"

calls=${FULL:+1000000}
seed=$(tr -d - </proc/sys/kernel/random/uuid | cut -c1-15)
for n in 0 1 2; do echo "$n register" >/sys/kernel/debug/wmitrace_provider/run; done
tracing=/sys/kernel/tracing
[ -d $tracing/events ] || mount -t tracefs nodev $tracing
for event in sched/sched_switch sched/sched_process_exec sched/sched_waking task/task_rename \
	timer/timer_start timer/hrtimer_cancel irq/softirq_entry workqueue/workqueue_execute_start \
	raw_syscalls/sys_enter syscalls/sys_enter_openat syscalls/sys_exit_mmap signal/signal_generate \
	module/module_get; do
	[ ! -e $tracing/events/$event/id ] ||
		echo "${event%/*} ${event#*/} $(cat $tracing/events/$event/id)"
done >events
echo "# fuzz_ioctl ${calls:-20000} 0x$seed"
fuzz_ioctl "${calls:-20000}" "0x$seed" events
for n in 0 1 2; do echo "$n deregister" >/sys/kernel/debug/wmitrace_provider/run; done
is 'nobody is enabled for anything' "$(wmitrace providers | grep -Ec 'level|consumer|waiting')" 0
is 'no trace event is bridged' "$(wmitrace providers --tracepoint | grep -c :)" 0
is 'no session is left' "$(wmitrace list --stopped --json)" '[]'
check 'sessions start as ever' wmitrace start after --buffer-size 4
check 'and stop' wmitrace stop after
