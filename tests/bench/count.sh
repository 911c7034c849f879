# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# In a guest: what an event costs.  $1: full, with other tracers, or short, our own
# hot paths only, where instructions count as time (scripts/guest --count); or a
# number of rounds, each with everything, where time is time (scripts/lib/uml.sh).
# Leaves lines "WHO CASE BYTES TICKS FAILED CALLS" in /out/count.

bench=/sys/kernel/debug/wmitrace_bench
tracing=/sys/kernel/tracing
calls=1000 warm=8 batches=1
kib=4096	# of buffers a CPU, for everybody
wrap=		# how our sessions come round in them

# measure WHO CASE FUNCTION BYTES [all]: each call has to log, or `all` have to fail
measure()
{
	echo "$1 $2 $3 $4 $calls $warm $batches" >$bench/run || exit 1
	cat $bench/result >/tmp/line
	read -r _ _ _ _ failed total </tmp/line
	if [ "$failed" != "$([ "${5-}" = all ] && echo "$total" || echo 0)" ]; then
		echo "bench: $failed of $total calls failed: $1 $2 $4 bytes" >&2
		exit 1
	fi
	cat /tmp/line >>/out/count
}

# start NAME OPTION...: a session that wmitrace's functions log to
start()
{
	wmitrace start --json "$@" >/tmp/session || exit 1
	sed 's/.*"id":\([0-9]*\).*/\1/' /tmp/session >/sys/module/wmitrace_bench/parameters/handle
}

end()
{
	wmitrace stop "$1" >/dev/null && wmitrace release "$1" >/dev/null || exit 1
}

# room: a session that holds what one measurement logs
room()
{
	start bench --buffer-size 64 --max-buffers $((kib / 64)) $wrap "$@"
}

# logged CASE FUNCTION "BYTES..." [OPTION...]: an enabled event
logged()
{
	name=$1 function=$2 sizes=$3
	shift 3
	for bytes in $sizes; do
		room "$@"
		wmitrace enable bench be7c4b01-5f0e-4d5e-8c1a-0d3c5b7e9a11 \
			be7c4b03-5f0e-4d5e-8c1a-0d3c5b7e9a11 >/dev/null || exit 1
		measure wmitrace "$name" "$function" "$bytes"
		end bench
	done
}

# dropped CASE FUNCTION: into a session that is full
dropped()
{
	start full --buffer-size 4 --max-buffers 2
	echo "fill fill message 0 $calls" >$bench/run
	for bytes in 16 64; do measure wmitrace "$1" "$2" "$bytes" all; done
	end full
}

# among CASE N: N sessions run, one is logged to
among()
{
	i=1
	while [ $i -lt "$2" ]; do
		wmitrace start "other$i" --buffer-size 4 --max-buffers 2 >/dev/null || exit 1
		i=$((i + 1))
	done
	logged "$1" message 16
	while [ $i -gt 1 ]; do
		i=$((i - 1))
		end "other$i"
	done
}

ours()
{
	logged message message "0 4 16 64 256 1024"
	logged message4 message4 "16 64 256"
	logged message-va message-va "16 64 256"
	logged reserve reserve "16 64"
	logged wpp wpp 16
	logged wpp-int wpp-int 4
	logged wpp-mixed wpp-mixed 29
	logged event event "0 16 64 256 1024"
	logged event-guid-ptr event-guid-ptr "16 64"
	logged event-mof-ptr event-mof-ptr "16 64"
	logged etw etw "16 64 256"
	if [ -z "$wrap" ]; then
		logged message-flight-recorder message "16 64 256" --flight-recorder
		logged event-flight-recorder event "16 64 256" --flight-recorder
	fi
	logged message-system-time message "16 64" --clock system
	logged message-sequence message-sequence 16 --sequence local
	dropped message-dropped message
	dropped event-dropped event
	among message-of-8 8
	among message-of-31 31
	echo 0 >/sys/module/wmitrace_bench/parameters/handle
	measure wmitrace message-no-session message 16 all
	measure wmitrace wpp-disabled wpp-off 16
	measure wmitrace etw-disabled etw-off 16
}

floors()
{
	for bytes in 16 64 256 1024; do
		measure empty empty empty "$bytes"
		measure floor copy floor "$bytes"
		measure relay least relay-least "$bytes"
		measure relay write relay-write "$bytes"
		measure tracepoint disabled tracepoint "$bytes"
	done
}

# ftrace CASE CLOCK OVERWRITE [all]: trace events
ftrace()
{
	echo "$2" >$tracing/trace_clock || exit 1
	echo "$3" >$tracing/options/overwrite
	echo $kib >$tracing/buffer_size_kb
	echo 1 >$tracing/events/wmitrace_bench/enable
	[ -z "${4-}" ] || echo "fill fill tracepoint 1024 5000" >$bench/run
	for bytes in 16 64 256 1024; do
		# The function cannot tell that its event was dropped.
		measure ftrace "$1" tracepoint "$bytes"
		if [ -z "${4-}" ] && [ "$bytes" -lt 1024 ]; then
			measure trace_printk "$1" trace-printk "$bytes"
		fi
	done
	[ -z "${4-}" ] || had_lost || exit 1
	echo 0 >$tracing/events/wmitrace_bench/enable
	echo >$tracing/trace
}

had_lost()
{
	grep -q '^dropped events: [1-9]' $tracing/per_cpu/cpu0/stats ||
		{ echo "bench: ftrace dropped nothing" >&2; false; }
}

# lttng CASE MODE
lttng()
{
	start_lttng "$2" $kib bench_16 bench_64 bench_256 bench_1024
	[ "$2" = overwrite ] || echo "fill fill tracepoint 1024 5000" >$bench/run
	for bytes in 16 64 256 1024; do measure lttng "$1" tracepoint "$bytes"; done
	end_lttng
}

everything()
{
	ours
	floors
	for clock in $clocks; do ftrace "${clock#x86-}-clock" "$clock" 1; done
	ftrace dropped local 0 all
	[ -e /overlay/lttng ] || return 0
	lttng overwrite overwrite
	lttng dropped discard
}

. /overlay/lttng.sh
mount -t tracefs tracefs $tracing && insmod /lib/wmitrace/wmitrace.ko && insmod /lib/wmitrace/wmitrace_bench.ko || exit 1
case $1 in
short)
	ours
	exit
	;;
full)
	rounds=1 clocks="x86-tsc local"
	;;
*)
	# Warm: all buffers fit in the second-level cache, and everybody comes round in them.
	rounds=$1 clocks=local calls=1000 warm=20000 batches=15 kib=256 wrap=--flight-recorder
	echo "hertz $(cat $bench/hertz)" >/out/count
	;;
esac
[ ! -e /overlay/lttng ] || insert_lttng
while [ "$rounds" -gt 0 ]; do
	everything
	rounds=$((rounds - 1))
done
