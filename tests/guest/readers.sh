# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# Files for readers that nobody here wrote (tests/host/readers.py): pulled with
# cat while a session runs and after it has stopped, and one that the daemon
# wrote of a session that was pulled with cat as well.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

dbg=/sys/kernel/debug/wmitrace
hammer=/sys/kernel/debug/wmitrace_hammer

pull()	# pull ID FILE
{
	cat "$dbg/logger$1/header" "$dbg/logger$1"/cpu* >"$OUT/$2"
}

insmod /lib/wmitrace/wmitrace.ko
insmod /lib/wmitrace/hammer.ko handle=2,3 count=300 spread=60
wmitrace start pulled --clock system
wmitrace start written -o "$OUT/written.etl" --sequence local
echo 1 >$hammer/run
check "a running session is pulled with cat" pull 02 running.etl
echo 1 >$hammer/run
wmitrace stop pulled
wmitrace stop written
check "a stopped session is pulled with cat" pull 02 stopped.etl
check "and again" pull 02 again.etl
check "so is one that has a log file" pull 03 written-pulled.etl
check "a daemon that comes late writes that file" wmitraced --foreground --exit-when-idle
check "the daemon's file is there" [ -s "$OUT/written.etl" ]
