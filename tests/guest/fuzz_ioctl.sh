# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 1500
# long: debug
# insmod: wmitrace
# insmod: provider
# insmod: driver_etw
# Hostile callers of /dev/wmitrace (fuzz_ioctl.c): some thousand calls, on the debug kernel
# a million, while drivers are there to be called and trace events to be bridged, and
# something logs all the time to whatever sessions there are.

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
insmod /lib/wmitrace/hammer.ko handle="$(seq -s, 31)" count=0 rate=200 contexts=7
echo 1 >/sys/kernel/debug/wmitrace_hammer/run
echo "# fuzz_ioctl ${calls:-20000} 0x$seed"
fuzz_ioctl "${calls:-20000}" "0x$seed" events
echo 0 >/sys/kernel/debug/wmitrace_hammer/run
for n in 0 1 2; do echo "$n deregister" >/sys/kernel/debug/wmitrace_provider/run; done
is 'nobody is enabled for anything' "$(wmitrace providers | grep -Ec 'level|consumer|waiting')" 0
is 'no trace event is bridged' "$(wmitrace providers --tracepoint | grep -c :)" 0
is 'no session is left' "$(wmitrace list --stopped --json)" '[]'
check 'sessions start as ever' wmitrace start after --buffer-size 4
check 'and stop' wmitrace stop after
