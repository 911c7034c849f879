# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# mem: 1024
# timeout: 240
# insmod: wmitrace
# expect: 1 a137[+].*event for consumers from a context that cannot sleep
# Every acceptance row of WmiTraceMessage and IoWMIWriteEvent, as a companion
# module calls them (tests/companions/api_*.c).  What the log holds is checked
# by tests/host/api_calls.py.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

# A session's buffers are per CPU, and some rows are about full ones.
[ "$1" = pinned ] || exec taskset 1 sh "$0" pinned

debug=/sys/kernel/debug/wmitrace
api=/sys/kernel/debug/wmitrace_api

# begin NAME OPTION...: starts a session; its id becomes $id
begin()
{
	name=$1
	shift
	wmitrace start "$name" "$@" >"$OUT/$name.start" || { not_ok "session $name starts"; exit 1; }
	id=$(sed -n 's/.*(logger \([0-9]*\)).*/\1/p' "$OUT/$name.start")
	echo "$name $id" >>"$OUT/sessions"
}

# folder SESSION: its folder in debugfs
folder()
{
	printf '%s/logger%02d' $debug "$(awk -v name="$1" '$1 == name { print $2 }' "$OUT/sessions")"
}

# pull SESSION: its log
pull()
{
	cat "$(folder "$1")/header" "$(folder "$1")"/cpu*
}

# count SESSION COLUMN: of its stats: 2 attempts, 3 logged, 4 lost, 5 full, 6 size, 9 rejected
count()
{
	awk -v column="$2" '$1 == "all" { print $column }' "$(folder "$1")/stats"
}

# counters: of all sessions but the kernel logger, which has events of its own
counters()
{
	cat $debug/logger0[1-9]/stats $debug/logger[1-3]?/stats
}

# row NAME: has api.ko run it and tells what it says
row()
{
	echo clear >$api/run
	echo "$1" >$api/run
	report
}

report()
{
	cat $api/result >>"$OUT/result"
	grep -v '^fact ' $api/result
}

# fact NAME: the number that a row left
fact()
{
	awk -v name="$1" '$1 == "fact" && $2 == name { print $3 }' $api/result
}

# The order is that of enum api_session in tests/companions/api_rows.h.
handles=''
for session in plain local local2 global global2 tiny big ring full paged; do
	case $session in
	plain)		begin $session --buffer-size 64 ;;
	local*)		begin $session --buffer-size 64 --sequence local ;;
	global*)	begin $session --buffer-size 64 --sequence global ;;
	tiny)		begin $session --buffer-size 4 --max-buffers 32 ;;
	big)		begin $session --buffer-size 128 ;;
	ring)		begin $session --buffer-size 128 --min-buffers 8 --flight-recorder ;;
	full)		begin $session --buffer-size 4 --max-buffers 8 ;;
	paged)		begin $session --buffer-size 4 --mode 0x01000000 ;;
	esac
	handles=$handles$id,
done
begin stopped --buffer-size 4
wmitrace stop stopped >/dev/null
wmitrace release stopped >/dev/null
sed -i '/^stopped /d' "$OUT/sessions"
insmod /lib/wmitrace/api.ko handle="$handles$id" || { not_ok "api.ko loads"; exit 1; }

# The logger warns once, and says who called: see the head of this file.
row A137
row A137

# shellcheck disable=SC2013 # a name a line
for name in $(cat $api/rows); do
	case $name in
	A137)	;;
	A16 | A17 | A18)
		before=$(counters)
		row "$name"
		is "no session's counters change [$name]" "$(counters)" "$before"
		;;
	A102)
		check "the kernel logger runs [A102]" wmitrace start 'NT Kernel Logger'
		before=$(counters)
		row "$name"
		is "no other session's counters change [A102]" "$(counters)" "$before"
		wmitrace stop 'NT Kernel Logger'
		wmitrace release 'NT Kernel Logger'
		;;
	A84 | A122)
		echo clear >$api/run
		check "called by a thread [$name]" api_sessions thread $api/run "$name"
		report
		;;
	A87)
		size=$(count tiny 6) logged=$(count tiny 3)
		row "$name"
		is "EventsLost grows by one [A87]" "$(count tiny 6)" $((size + 1))
		is "nothing is logged [A87]" "$(count tiny 3)" "$logged"
		;;
	9.1)
		size=$(count tiny 6)
		row "$name"
		is "EventsLost grows by one [9.1]" "$(count tiny 6)" $((size + 1))
		;;
	A91)
		full=$(count full 5) logged=$(count full 3)
		row "$name"
		is "EventsLost grows by one a refusal [A91]" "$(count full 5)" $((full + $(fact A91.lost)))
		is "the others are logged [A91]" "$(count full 3)" $((logged + $(fact A91.logged)))
		;;
	A85 | A111 | A120)
		lost=$(count plain 4) rejected=$(count plain 9)
		row "$name"
		is "a malformed call is no lost event [$name]" "$(count plain 4)" "$lost"
		check "but is counted [$name]" [ "$(count plain 9)" -gt "$rejected" ]
		;;
	A127)
		lost=$(count full 4)
		row "$name"
		is "EventsLost grows by one [A127]" "$(count full 4)" $((lost + 1))
		;;
	A134)
		lost=$(count full 4)
		row "$name"
		is "EventsLost grows by one [A134]" "$(count full 4)" $((lost + 1))
		;;
	*)	row "$name" ;;
	esac
done
is "nothing is in the paged-memory session [A103]" "$(count paged 2)" 0

# A flight recorder's snapshot, after which logging goes on.
wmitrace flush ring >"$OUT/ring.flush" || not_ok "a flight recorder can be flushed [A205]"
pull ring >"$OUT/ring.snapshot.etl"
echo "fact snapshot $(count ring 3)" >>"$OUT/result"
row A93

rmmod api
while read -r name id; do
	wmitrace stop "$name" >"$OUT/$name.stop" || not_ok "$name stops [16.4]"
	cp "$(folder "$name")/stats" "$OUT/$name.stats"
	pull "$name" >"$OUT/$name.etl"
done <"$OUT/sessions"
