# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 4
# mem: 1024
# timeout: 240
# long: 6.1
# insmod: wmitrace
# The kernel logger under load: tasks with known lives and turns (K4-K15), a
# session that begins and ends in a fork storm, CPUs that go and come.
# tests/host/kernel_tasks.py reads the files.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

folder=/sys/kernel/debug/wmitrace/logger00

quietly()	# quietly COMMAND...: of wmitrace
{
	wmitrace "$@" >/dev/null
}

# begin FLAGS
begin()
{
	check "the kernel logger starts" \
		quietly start kernel --flags "$1" --buffer-size 64 --max-buffers 1024
}

# finish NAME
finish()
{
	check "$1: it stops" quietly stop kernel
	cat $folder/header $folder/cpu* >"$OUT/$1.etl"
	cat $folder/stats >"$OUT/$1.stats"
	quietly release kernel
}

cp /proc/meminfo "$OUT/meminfo"
begin process,thread,cswitch,dispatcher
{
	kernel_tasks busy 1
	kernel_tasks busy 2
	kernel_tasks pair 200
	kernel_tasks threads 5
	kernel_tasks forks 40
	kernel_tasks exec
} >"$OUT/tasks"
finish tasks

begin process,thread,cswitch,dispatcher
i=0
while [ $i -lt 8 ]; do
	kernel_tasks account 100
	i=$((i + 1))
done >"$OUT/accounts"
while :; do
	echo 0 >/sys/devices/system/cpu/cpu3/online
	usleep 50000
	echo 1 >/sys/devices/system/cpu/cpu3/online
	usleep 50000
done &
plugging=$!
while [ $i -lt 15 ]; do
	kernel_tasks account 100
	i=$((i + 1))
done >>"$OUT/accounts"
kill $plugging
wait $plugging
echo 1 >/sys/devices/system/cpu/cpu3/online
finish accounts

mkfifo hold
kernel_tasks storm <hold >>"$OUT/storm" &
kernel_tasks storm <hold >>"$OUT/storm" &
kernel_tasks storm <hold >>"$OUT/storm" &
kernel_tasks storm <hold >>"$OUT/storm" &
exec 3>hold
usleep 300000
begin process,thread,cswitch,dispatcher
usleep 300000
echo 0 >/sys/devices/system/cpu/cpu3/online
usleep 100000
echo 1 >/sys/devices/system/cpu/cpu3/online
usleep 300000
finish storm
exec 3>&-
wait

begin process
kernel_tasks forks 8 >"$OUT/flags"
check "flags change" quietly update kernel --flags cswitch
kernel_tasks forks 8 >>"$OUT/flags"
check "all events are disabled [A200]" quietly update kernel --flags none
kernel_tasks forks 8 >>"$OUT/flags"
finish flags
