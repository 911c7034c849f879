# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 4
# mem: 1024
# timeout: 240
# insmod: wmitrace
# CPUs go away and come back while all CPUs and contexts log (A219), and one is
# away when the session stops.  The companion's threads, timers and tasklets move
# to other CPUs and back.  tests/host/api_hotplug.py reads the log.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

debug=/sys/kernel/debug/wmitrace
hammer=/sys/kernel/debug/wmitrace_hammer
cpu=/sys/devices/system/cpu

# switch N 0|1
switch()
{
	echo "$2" >$cpu/cpu"$1"/online
}

# One CPU is away from the start: it has no buffers until it comes.
switch 3 0
wmitrace start hot --buffer-size 64 --max-buffers 4096 >started || not_ok "a session starts"
folder=$debug/logger02
insmod /lib/wmitrace/hammer.ko handle=2 count=0 rate=400 length=40 spread=100
echo 1 >$hammer/run
for round in 1 2 3; do
	usleep 300000
	check "round $round: CPU 3 comes [A219]" switch 3 1
	check "round $round: CPU 1 goes [A219]" switch 1 0
	usleep 300000
	check "round $round: CPU 1 comes [A219]" switch 1 1
	check "round $round: CPU 3 goes [A219]" switch 3 0
	check "round $round: FLUSH meanwhile [A219]" wmitrace flush hot
done
switch 2 0
echo 0 >$hammer/run
check "stop with CPUs 2 and 3 away [A219]" wmitrace stop hot
cp $folder/stats "$OUT/2.stats"
cat $folder/header $folder/cpu* >"$OUT/2.etl"
cat $hammer/result >"$OUT/result"
switch 2 1
switch 3 1
rmmod hammer
