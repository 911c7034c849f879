# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 1
# timeout: 180
# append: tsc=reliable
# insmod: wmitrace
# insmod: wpp
# System time as a session's clock: it is that of date(1), follows when the
# clock is set forward, stands while it has been set back, and survives a change
# of the clock source under it.  The way that computes it from the cycle counter
# and the one that asks the kernel are told apart by the clock source.

. "$TAP"

sources=/sys/devices/system/clocksource/clocksource0
start=$(date +%s)

# log: a few messages; when they began and ended, in $before and $after
log()
{
	before=$(date +%s)
	echo levels >/sys/module/wpp/parameters/run
	after=$(date +%s)
	echo "$before $after" >>phases
}

begin()	# begin NAME
{
	rm -f phases
	wmitrace start "$1" --buffer-size 64 --clock system >/dev/null
	wmitrace enable "$1" Flow --flags 1 --level 5 >/dev/null
}

# end NAME: times of its messages, in microseconds since 1970, in $1.times
end()
{
	id=$(wmitrace query "$1" --json | sed 's/.*"id":\([0-9]*\).*/\1/')
	wmitrace stop "$1" >/dev/null
	folder=/sys/kernel/debug/wmitrace/logger$(printf %02d "$id")
	cat "$folder/header" "$folder"/cpu* >"$OUT/$1.etl"
	wmitrace release "$1"
	wmitrace dump --json "$OUT/$1.etl" | grep '"MESSAGE"' |
		sed 's/.*"ft":\([0-9]*\).*/\1/' | while read -r filetime; do
		echo $(((filetime - 116444736000000000) / 10))
	done >"$1.times"
}

# phase NAME N OF: the times of the Nth of OF equal parts of the messages
phase()
{
	each=$(($(wc -l <"$1.times") / $3))
	sed -n "$((($2 - 1) * each + 1)),$(($2 * each))p" "$1.times"
}

# within NAME N OF: whether each lies between what date said before and after; what date
# says is the second of the last tick
within()
{
	read -r from to <<-END
		$(sed -n "$2p" phases)
	END
	phase "$1" "$2" "$3" | while read -r time; do
		if [ "$time" -ge "${from}000000" ] && [ "$time" -lt "$((to + 2))000000" ]; then
			continue
		fi
		echo "$time is not in $from to $to"
	done
}

# Until the kernel has measured its frequency it is called tsc-early.
for _ in $(seq 100); do
	[ "$(cat $sources/current_clocksource)" = tsc-early ] || break
	usleep 100000
done
is 'time is kept by the cycle counter' "$(cat $sources/current_clocksource)" tsc
begin set
log
date -s "@$((start + 3600))" >/dev/null
log
last=$(date +%s)
date -s "@$((start - 3600))" >/dev/null
log
date -s "@$((last + 10))" >/dev/null
log
end set
is 'twice four messages and more' "$(($(wc -l <set.times) >= 8)) $(($(wc -l <set.times) % 4))" '1 0'
is 'messages have the time of date' "$(within set 1 4)" ''
is 'also when the clock was set forward' "$(within set 2 4)" ''
is 'set back, it stands at the last message' "$(phase set 3 4 | sort -u)" "$(phase set 2 4 | tail -n 1)"
is 'and goes on when the time has come' "$(within set 4 4)" ''

other=$(tr ' ' '\n' <$sources/available_clocksource | grep -v tsc | head -n 1)
begin source
log
echo "$other" >$sources/current_clocksource
is "time is kept by $other" "$(cat $sources/current_clocksource)" "$other"
log
echo tsc >$sources/current_clocksource
log
end source
for n in 1 2 3; do
	is "messages have the time of date, clock source $n of tsc, $other, tsc" "$(within source $n 3)" ''
done
is 'and never step back' "$(sort -n source.times | cmp - source.times && echo same)" same
date -s "@$((start + 60))" >/dev/null
