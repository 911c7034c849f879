# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 4
# timeout: 200
# insmod: wmitrace
# All 31 ordinary sessions at once, each with a log file: each file has its own
# session's events, all of them and no others (A172).

. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

start_daemon "$OUT/daemon.log"
handles=
for n in $(seq 31); do
	wmitrace start "s$n" -o "s$n.etl" --buffer-size 8 --max-buffers 64 >/dev/null || exit 1
	handles=$handles,$(session "s$n" handle)
done
insmod /lib/wmitrace/hammer.ko contexts=7 handle="${handles#,}"
strike 9300 4000
all=0 whole=0 finalised=0
for n in $(seq 31); do
	wmitrace stop "s$n" --json >stopped
	logged=$(sed 's/.*"logged":\([0-9]*\).*/\1/' stopped)
	log_of "s$n.etl" || exit 1
	[ "$(has records) $(has hammer)" != "$logged $logged" ] || whole=$((whole + 1))
	finalised=$((finalised + $(has finalised)))
	all=$((all + logged + $(has lost)))
done
is "each file holds what its session logged" $whole 31
is "each is finalised" $finalised 31
is "all attempts are accounted for" $all $((9300 * 6 * CPUS))
stop_daemon
is "the service ends well" "$status" 0
