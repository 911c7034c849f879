# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2317,SC2329 # loads and tracers are called by name
#
# In a guest where instructions count as time (scripts/guest --count), with one CPU:
# what tracing the scheduler costs a load.  Each load is run without a tracer and with
# each of them, in turns, $1 rounds.  All of them record process and thread events,
# switches and wake-ups into 4 MiB of buffers, and overwrite the oldest.
# Leaves lines "WHO LOAD INSTRUCTIONS EVENTS SWITCHES" in /out/load.

tracing=/sys/kernel/tracing
kib=4096
scheduler="sched_switch sched_waking sched_process_fork sched_process_exec sched_process_exit
	sched_process_free sched_process_wait"

# Nothing of a load waits for a device: the machine is never idle.
load_hackbench() { chrt -f 1 hackbench -p -g 1 -f 10 -s 4096 -l 400; }
load_fork() { i=0; while [ $i -lt 400 ]; do /bin/true; i=$((i + 1)); done; }
load_disk() { dd if=/dev/zero of=/dev/loop0 bs=4k count=2000 oflag=direct conv=notrunc; }

switches() { sed -n 's/^ctxt //p' /proc/stat; }

# run WHO LOAD: events_WHO says how many there are by now
run()
{
	# Once more than is counted: with page tables made, and files in memory.
	"load_$2" >/dev/null 2>/tmp/failed || { cat /tmp/failed >&2; exit 1; }
	had=$("events_$1") from=$(switches) start=$(ticks)
	"load_$2" >/dev/null 2>&1
	end=$(ticks) to=$(switches)
	echo "$1 $2 $((end - start)) $(($("events_$1") - had)) $((to - from))" >>/out/load
}

events_none() { echo 0; }

with_none() { run none "$1"; }

events_wmitrace() { wmitrace query --json kernel | sed 's/.*"logged":\([0-9]*\).*/\1/'; }

with_wmitrace()
{
	wmitrace start kernel --flight-recorder --buffer-size 64 --max-buffers $((kib / 64)) \
		--flags process,thread,cswitch,dispatcher >/dev/null || exit 1
	run wmitrace "$1"
	wmitrace stop kernel >/dev/null && wmitrace release kernel >/dev/null || exit 1
}

events_ftrace()
{
	awk '/^(entries|overrun):/ { n += $2 } END { print n }' $tracing/per_cpu/cpu0/stats
}

with_ftrace()
{
	echo $kib >$tracing/buffer_size_kb
	for event in $scheduler; do echo 1 >$tracing/events/sched/$event/enable || exit 1; done
	run ftrace "$1"
	echo 0 >$tracing/events/enable
	echo >$tracing/trace
}

# LTTng does not count what it overwrites: the same trace events as ftrace's, the
# same load, so as many (tests/bench/results.py).
events_lttng() { echo 0; }

with_lttng()
{
	# shellcheck disable=SC2086 # words
	start_lttng overwrite 4096 $scheduler
	run lttng "$1"
	end_lttng
}

. /overlay/lttng.sh
PATH=/overlay/bin:$PATH
ln -sfn /overlay/lib64 /lib64
export LD_LIBRARY_PATH=/lib64
echo -1 >/proc/sys/kernel/sched_rt_runtime_us
mount -t tracefs tracefs $tracing && insmod /lib/wmitrace/wmitrace.ko || exit 1
dd if=/dev/zero of=/tmp/disk bs=1M count=16 2>/dev/null && losetup /dev/loop0 /tmp/disk || exit 1
tracers="none wmitrace ftrace"
if [ -e /overlay/lttng ]; then
	insert_lttng
	tracers="$tracers lttng"
fi
rounds=$1
while [ "$rounds" -gt 0 ]; do
	for load in hackbench fork disk; do
		for tracer in $tracers; do "with_$tracer" $load; done
	done
	rounds=$((rounds - 1))
done
