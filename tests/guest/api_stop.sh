# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2 4
# mem: 1024
# timeout: 240
# insmod: wmitrace
# Sessions are stopped while all CPUs and contexts log to them as fast as they
# can (A218).  Every session's log is then what its writers were told it is;
# tests/host/api_stop.py compares them.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

debug=/sys/kernel/debug/wmitrace
hammer=/sys/kernel/debug/wmitrace_hammer

# begin NAME: its id becomes $id
begin()
{
	wmitrace start "$1" --buffer-size 16 --max-buffers 256 >started || not_ok "$1 starts"
	id=$(sed -n 's/.*(logger \([0-9]*\)).*/\1/p' started)
}

# refused ID: attempts that hammer.ko was refused for their handle
stale()
{
	awk -v id="$1" '$4 == id { n += $8 } END { print n + 0 }' $hammer/result
}

# tried ID
tried()
{
	awk -v id="$1" '$4 == id { n += $5 } END { print n + 0 }' $hammer/result
}

# until_more WHAT ID COUNT: waits until WHAT of ID exceeds COUNT
until_more()
{
	patience=600
	while [ "$($1 "$2")" -le "$3" ] && [ $patience -gt 0 ]; do
		usleep 50000
		patience=$((patience - 1))
	done
	[ $patience -gt 0 ]
}

begin round
insmod /lib/wmitrace/hammer.ko handle="$id" count=0 length=24 spread=300
echo 1 >$hammer/run
for round in 1 2 3 4 5 6; do
	folder=$debug/$(printf 'logger%02d' "$id")
	check "round $round: writers reach the session [A218]" until_more tried "$id" 2000
	check "round $round: it stops [A218]" wmitrace stop round
	check "round $round: writers go on, and are refused [A17] [A218]" \
		until_more stale "$id" $(($(stale "$id") + 100))
	cat "$folder/header" "$folder"/cpu* >"$OUT/$id.etl"
	cat "$folder/stats" >"$OUT/$id.stats"
	begin round
	echo "$id" >/sys/module/hammer/parameters/handle
done
echo 0 >$hammer/run
wmitrace stop round >stopped
cat $hammer/result >"$OUT/result"
rmmod hammer
