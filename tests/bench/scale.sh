# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# In User-Mode Linux with two CPUs: what an event costs while the other CPU does
# nothing, writes as fast into memory that nobody shares, or logs the same.  The
# second tells what two CPUs of the host take from each other (they may be two
# threads of one core); what the third costs more is the tracer's.  $1: rounds.
# Leaves lines "WHO CASE BYTES TICKS FAILED CALLS" in /out/scale.

bench=/sys/kernel/debug/wmitrace_bench
tracing=/sys/kernel/tracing
kib=256		# of buffers a CPU: everybody comes round in them

# measure WHO CASE FUNCTION BYTES: eight turns, as the host's speed changes from one to the next
measure()
{
	for _ in 1 2 3 4 5 6 7 8; do
		turn alone "$@"
		turn copy "$@" floor
		turn both "$@" "$3"
	done
}

# turn BESIDE WHO CASE FUNCTION BYTES [OTHER]
turn()
{
	echo "$2 $3-$1 $4 $5 1000 20000 15 ${6-}" >$bench/run || exit 1
	cat $bench/result >/tmp/line
	read -r _ _ _ _ failed _ </tmp/line
	[ "$failed" = 0 ] || { echo "bench: calls failed: $2 $3" >&2; exit 1; }
	cat /tmp/line >>/out/scale
}

# ours CASE FUNCTION BYTES
ours()
{
	wmitrace start --json bench --buffer-size 64 --max-buffers $((kib / 64)) \
		--flight-recorder >/tmp/session || exit 1
	sed 's/.*"id":\([0-9]*\).*/\1/' /tmp/session >/sys/module/wmitrace_bench/parameters/handle
	measure wmitrace "$@"
	wmitrace stop bench >/dev/null && wmitrace release bench >/dev/null || exit 1
}

mount -t tracefs tracefs $tracing && insmod /lib/wmitrace/wmitrace.ko && insmod /lib/wmitrace/wmitrace_bench.ko || exit 1
echo "hertz $(cat $bench/hertz)" >/out/scale
echo local >$tracing/trace_clock
echo 1 >$tracing/options/overwrite
echo $kib >$tracing/buffer_size_kb
rounds=$1
while [ "$rounds" -gt 0 ]; do
	for bytes in 16 64; do
		ours message message $bytes
		ours event event $bytes
		ours reserve reserve $bytes
		measure relay least relay-least $bytes
		echo 1 >$tracing/events/wmitrace_bench/enable
		measure ftrace local-clock tracepoint $bytes
		echo 0 >$tracing/events/wmitrace_bench/enable
	done
	rounds=$((rounds - 1))
done
