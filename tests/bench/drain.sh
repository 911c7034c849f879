# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2317 # what is measured is called by name
#
# In User-Mode Linux with two CPUs: which rate of events can be written to a file
# without loss.  $1: milliseconds a run, $2: runs at a rate; then the rates, in
# thousand events a second of both CPUs.  4 MiB of buffers a CPU, 64 bytes of
# payload.  Leaves lines "WHO CASE RATE CALLS LOST LOAD_NS CPU_US COMPLETE_NS END_NS
# BYTES LATE_NS TRIES" in /out/drain: events a second asked for; made, and lost; how
# long that took; what the consumer was on a CPU; how long after the last event the
# file was complete and closed, and how long after it the consumer had ended; by how
# much a part of the load came late, at the most.
#
# A host that stops a CPU for longer than buffers last decides what is lost, and not
# the consumer: a run that lost something and was late is made anew, until TRIES.

bench=/sys/kernel/debug/wmitrace_bench
file=/tmp/trace
late_most=10000000 tries_most=8
ms=$1 runs=$2
shift 2

# took WHO CASE RATE LOST [BYTES]: one line, of what /tmp/cost and the load said
took()
{
	read -r calls failed ns end late <$bench/load
	read -r cpu complete ended </tmp/cost
	[ -n "$4" ] || { echo "bench: $1 did not say what it lost" >&2; exit 1; }
	[ "$1" != wmitrace ] || [ "$failed" = "$4" ] ||
		{ echo "bench: $failed calls failed, but $4 events were lost" >&2; exit 1; }
	if [ "$4" != 0 ] && [ "$late" -gt $late_most ] && [ $tries -lt $tries_most ]; then
		again=1
	else
		echo "$1 $2 $3 $calls $4 $ns $cpu $((complete - end)) $((ended - end)) \
			${5:-$(stat -c %s $file)} $late $tries" >>/out/drain
		lost=$4
	fi
	rm -f $file*
}

# load FUNCTION RATE: a command for sh; RATE is that of both CPUs
load()
{
	echo "echo $1 64 $(($2 / 2)) $ms >$bench/load"
}

ours()
{
	cost /tmp/cost $file wmitrace record --json --name bench --buffer-size 64 --max-buffers 128 \
		 -o $file -- sh -c "sed -n 's/^ *\\([0-9]*\\) .*bench\$/\\1/p' \
		/sys/kernel/debug/wmitrace/loggers >/sys/module/wmitrace_bench/parameters/handle
		$(load message "$1")" >/tmp/said || exit 1
	took wmitrace record "$1" "$(sed 's/.*"lost":\([0-9]*\).*/\1/' /tmp/said)"
}

# Our files, read by cat: what was there, again and again, a loop a CPU.
cats()
{
	wmitrace start --json bench --buffer-size 64 --max-buffers 128 >/tmp/said
	id=$(sed 's/.*"id":\([0-9]*\).*/\1/' /tmp/said)
	echo "$id" >/sys/module/wmitrace_bench/parameters/handle
	folder=$(printf '/sys/kernel/debug/wmitrace/logger%02d' "$id")
	touch /tmp/running
	cost /tmp/cost $file sh -c "for cpu in 0 1; do
		(while [ -e /tmp/running ]; do cat $folder/cpu\$cpu; usleep 1000; done \
			>$file.\$cpu; cat $folder/cpu\$cpu >>$file.\$cpu) &
	done
	$(load message "$1")
	wmitrace stop bench >/dev/null
	rm /tmp/running
	wait
	cat $folder/header $file.* >$file"
	lost=$(sed -n 's/^all *[0-9]* *[0-9]* *\([0-9]*\) .*/\1/p' "$folder/stats")
	took wmitrace cat "$1" "$lost"
	wmitrace release bench >/dev/null
}

trace_cmd()
{
	cost /tmp/cost $file trace-cmd record -q --compression none -e wmitrace_bench -b 4096 -C local -o $file \
		sh -c "$(load tracepoint "$1")" >/tmp/said 2>&1 || { cat /tmp/said; exit 1; }
	took trace-cmd record "$1" "$(trace-cmd report --stat $file 2>/dev/null |
		awk '/^overrun|^dropped events/ { n += $NF } END { print n + 0 }')"
}

# What LTTng's own service does with its buffers (tests/bench/lttng/lttng-record.c)
lttng()
{
	cost /tmp/cost $file /overlay/lttng/lttng-record $file 4096 bench_64 "$(load tracepoint "$1")" \
		>/tmp/said || exit 1
	read -r discarded bytes </tmp/said
	took lttng record "$1" "$discarded" "$bytes"
}

# step RATE: all consumers in turns; one that loses something is out at higher rates
step()
{
	i=0 out=
	while [ $i -lt "$runs" ]; do
		for consumer in $consumers; do
			again=1 tries=0
			while [ "$again" ]; do
				again='' tries=$((tries + 1))
				"$consumer" "$1"
			done
			[ "$lost" = 0 ] || out="$out $consumer"
		done
		i=$((i + 1))
	done
	for consumer in $out; do
		consumers=$(echo "$consumers" | sed "s/\\<$consumer\\>//")
	done
}

# shellcheck source=tests/bench/lttng.sh
. /overlay/lttng.sh
mount -t tracefs tracefs /sys/kernel/tracing && insmod /lib/wmitrace/wmitrace.ko &&
	insmod /lib/wmitrace/wmitrace_bench.ko || exit 1
consumers="ours cats"
[ ! -e /overlay/bin/trace-cmd ] || consumers="$consumers trace_cmd"
[ ! -d /overlay/lttng ] || { insert_lttng; consumers="$consumers lttng"; }
# The host gives memory when it is first written to: not while somebody is measured.
dd if=/dev/zero of=$file bs=1M count=1000 2>/dev/null
rm $file
for rate; do step $((rate * 1000)); done
