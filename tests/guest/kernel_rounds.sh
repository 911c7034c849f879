# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 1
# mem: 1024
# timeout: 120+10*ROUNDS
# long: 6.1
# long-timeout: 120+40*ROUNDS
# The module is loaded, logs everything that the kernel logger can, and is unloaded,
# again and again while tasks and files come and go (K21): each time the same tracepoints
# are attached and detached, and no memory stays behind.  On one CPU: emulated ones go on
# with what another has patched meanwhile (tests/README.md).

# shellcheck source=tests/lib/tap.sh
. "$TAP"
# shellcheck source=tests/lib/memory.sh
. "${TAP%/*}/memory.sh"

lib=/lib/wmitrace
debug=/sys/kernel/debug/wmitrace
rounds=$ROUNDS
[ -z "$FULL" ] || rounds=$((rounds * 10))
! slow || rounds=5	# half a minute each
flags=process,thread,image,process-counters,cswitch,dispatcher,dpc,interrupt,syscall
flags=$flags,disk,disk-file,disk-init,pagefault,hardfault,profile

load()
{
	while :; do
		dd if=/dev/zero of=load.$1 bs=64k count=16 2>/dev/null
		md5sum load.$1 | cat >/dev/null
	done
}

# probes: each of the kernel's tracepoints, and its state
probes()
{
	awk '{ print $1, $NF }' $debug/kernel
}

round()
{
	insmod $lib/wmitrace.ko || return 1
	wmitrace start kernel --flags $flags --buffer-size 64 --min-buffers 8 --max-buffers 8 \
		>/dev/null || return 1
	probes >attached
	[ -s expected ] || cp attached expected
	cmp -s attached expected || { diff expected attached; return 1; }
	wmitrace stop kernel >/dev/null && wmitrace release kernel >/dev/null || return 1
	probes | grep attached && return 1
	rmmod wmitrace
}

go()	# go ROUNDS
{
	done=0
	while [ $done -lt "$1" ]; do
		round || return 1
		done=$((done + 1))
	done
}

load 1 &
one=$!
load 2 &
two=$!
go 3	# so that the kernel's caches have their size
kill -STOP $one $two
before=$(used)
kill -CONT $one $two
check "$rounds rounds of load, all flags, unload [K21]" go $rounds
echo "# $done rounds"
kill -STOP $one $two
after=$(used)
kill -9 $one $two
check "probes were attached ($(grep -c attached expected)) [K21]" \
	[ "$(grep -c attached expected)" -gt 30 ]
is "and this kernel has them all [K21]" "$(grep missing expected)" ""
below "no leak after $rounds rounds of 1 MB of buffers [K21]" $((after - before)) 1024
