# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2 4
# mem: 1024
# timeout: 240
# insmod: wmitrace
# A flight recorder that is lapped many times from all contexts: snapshots while
# it runs (A205), the newest data in each (A206).  tests/host/api_ring.py reads
# them.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

debug=/sys/kernel/debug/wmitrace
hammer=/sys/kernel/debug/wmitrace_hammer

# snapshot NAME: the ring as a flush offers it, and what had been written by then
snapshot()
{
	wmitrace flush ring >flushed || not_ok "the ring is flushed [A205]"
	cat "$folder"/header "$folder"/cpu* >"$OUT/$1.etl"
	cat $hammer/result >"$OUT/$1.result"
	cat "$folder"/stats >"$OUT/$1.stats"
}

wmitrace start ring --buffer-size 16 --min-buffers 32 --flight-recorder >started ||
	{ not_ok "a flight recorder starts"; exit; }
id=$(sed -n 's/.*(logger \([0-9]*\)).*/\1/p' started)
folder=$debug/$(printf 'logger%02d' "$id")
is "nothing is delivered before a flush [17.4]" "$(cat "$folder"/cpu* | wc -c)" 0

insmod /lib/wmitrace/hammer.ko handle="$id" count=4000 length=40 spread=200
check "all contexts write [A205]" sh -c "echo 1 >$hammer/run"
is "nothing is delivered before a flush, though it is full [17.4]" "$(cat "$folder"/cpu* | wc -c)" 0
snapshot first
check "logging goes on after a snapshot [A205]" sh -c "echo 1 >$hammer/run"
is "of which nothing is delivered [17.4]" "$(cat "$folder"/cpu* | wc -c)" 0
snapshot second
check "and again [A205]" sh -c "echo 1 >$hammer/run"
cat $hammer/result >"$OUT/last.result"
wmitrace stop ring >stopped || not_ok "the session stops"
cat "$folder"/stats >"$OUT/last.stats"
cat "$folder"/header "$folder"/cpu* >"$OUT/last.etl"
rmmod hammer
