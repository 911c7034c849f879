# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# full
# timeout: 500
# append: bridge=1
# insmod: wmitrace
# The bridge: Linux trace events in a session, and the same events in a trace
# instance of ftrace's beside it.  tests/host/bridge.py compares the two.  In a boot of its
# own: so many places are patched that stale code (stale-code.sh) is met often.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

tracing=/sys/kernel/tracing
folder=/sys/kernel/debug/wmitrace/logger02
instance=$tracing/instances/test
[ -d $tracing/events ] || mount -t tracefs nodev $tracing

refused "an event that does not exist" wmitrace enable nobody --tracepoint no:such
check "a session" wmitrace start bridge --buffer-size 64 --max-buffers 1024
refused "an event that does not exist" wmitrace enable bridge --tracepoint no:such
refused "level with --tracepoint" wmitrace enable bridge --tracepoint sched --level 3

# What the test counts on the load to fire, some of each kind.
chosen="sched:sched_[swm]* sched:sched_process* task signal workqueue timer:timer_* timer:hrtimer_s*
	irq:irq* irq:softirq* module block writeback:writeback_[dmw]* filemap cgroup
	raw_syscalls net sock skb percpu:percpu_[af]* syscalls:sys_*_openat syscalls:sys_*_read
	syscalls:sys_*_close syscalls:sys_*_newstat syscalls:sys_*_wait4 syscalls:sys_*_getdents64
	syscalls:sys_*_brk syscalls:sys_*_mmap syscalls:sys_*_execve syscalls:sys_*_dup2
	syscalls:sys_*_write syscalls:sys_*_kill syscalls:sys_*_exit_group syscalls:sys_*_sync
	syscalls:sys_*_ioctl syscalls:sys_*_clone syscalls:sys_*_nanosleep power:cpu_idle
	syscalls:sys_*_pipe2 syscalls:sys_*_rt_sigaction syscalls:sys_*_unlink"

load()
{
	ls -lR /sys/block >/dev/null
	dd if=/dev/zero of=file bs=4k count=20 2>/dev/null
	sync
	ifconfig lo 127.0.0.1 up
	ping -c 2 -W 1 127.0.0.1 >/dev/null
	rm file
	echo "$1" >/sys/module/trace_types/parameters/fire
	sleep 0.2 &
	kill $!
	wait
}

insmod /lib/wmitrace/trace_types.ko
set -f
there=
for pattern in $chosen; do
	[ ! -d "$tracing/events/${pattern%%:*}" ] || there="$there $pattern"
done
check "trace events are enabled by patterns" \
	sh -c 'wmitrace enable bridge --tracepoint "$@" >"$0"' enabled $there wt_types
set +f
check "enabling one again is no error" sh -c 'wmitrace enable bridge --tracepoint sched_waking >again'
wmitrace providers --tracepoint >listed
is "all that were enabled are listed" "$(grep -c : listed)" "$(grep -c '^enabled' enabled)"
is "and each once" "$(sort -u listed | wc -l)" "$(wc -l <listed)"

mkdir $instance
echo 8192 >$instance/buffer_size_kb
sed -n 's/^enabled \(.*\):\(.*\) for.*/\1\/\2/p' enabled | while read -r event; do
	echo 1 >"$instance/events/$event/enable"
done
load 40
echo 0 >$instance/tracing_on
cat $instance/trace >"$OUT/trace"
cat $instance/per_cpu/cpu*/stats >"$OUT/stats"
formats=$(sed -n 's/^enabled \(.*\):\(.*\) for.*/\1\/\2\/format/p' enabled)
(cd $tracing/events && head -v -n 1000 $formats) >"$OUT/formats"

check "a module is unloaded while its events are enabled" rmmod trace_types
is "what it had is not enabled any more" "$(wmitrace providers --tracepoint 'wt_types:*')" "no trace events"
rmdir $instance
check "some are disabled" sh -c "wmitrace disable bridge --tracepoint 'sched:*' >disabled"
is "and are gone from the list" "$(wmitrace providers --tracepoint 'sched:*')" "no trace events"
refused "disabling them again" wmitrace disable bridge --tracepoint 'sched:*'

wmitrace stop bridge >stopped
like "nothing was lost" "$(cat stopped)" " logged, 0 lost"
is "the end of the session disables the rest" "$(wmitrace providers --tracepoint)" "no trace events"
cat $folder/header $folder/cpu* >"$OUT/bridge.etl"
wmitrace release bridge

# CPUs that go and come: counted by what a pinned task does on each.
check "a session over hotplug" wmitrace start hotplug
wmitrace enable hotplug --tracepoint raw_syscalls:sys_enter >/dev/null
echo 0 >/sys/devices/system/cpu/cpu1/online
echo 1 >/sys/devices/system/cpu/cpu1/online
for _ in 1 2 3 4 5; do
	usleep 200000
	taskset 2 ls / >/dev/null
done
wmitrace stop hotplug >/dev/null
cat ${folder%2}3/header ${folder%2}3/cpu1 >hotplug.etl
check "a CPU that comes back is traced again" sh -c "wmitrace dump --cpu 1 hotplug.etl | grep -q sys_enter"
wmitrace release hotplug
