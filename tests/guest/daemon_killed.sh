# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2 4
# timeout: 200
# insmod: wmitrace
# wmitraced is killed in full flow, again and again: the next one goes on where
# it was, no buffer twice and none missing but what the kernel counts as lost.

. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

rounds=12

start_daemon "$OUT/daemon.log"
aim flow -o flow.etl --buffer-size 16 --max-buffers 256 >/dev/null
strike 0 &
striker=$!
wait_until 10 [ -e $hammer ]

# kill_in_flow: once the file grows
kill_in_flow()
{
	size=$(stat -c %s flow.etl)
	wait_until 10 grown || not_ok "the file grows" "$(cat "$OUT/daemon.log")"
	stop_daemon KILL
	is "killed ($1)" "$status" 137
}

grown() { [ "$(stat -c %s flow.etl)" -gt "$size" ]; }

round=0
while [ $round -lt $rounds ]; do
	round=$((round + 1))
	kill_in_flow $round
	start_daemon "$OUT/daemon.log"
done
wait $striker 2>/dev/null
echo 0 >$hammer/run
wmitrace stop flow --json >"$OUT/stop"
log_of flow.etl || exit 1
logged=$(sed 's/.*"logged":\([0-9]*\).*/\1/' "$OUT/stop")
is "the file holds exactly what was logged, once" "$(has records)" "$logged"
is "all of it from the hammer, in order" "$(has hammer)" "$logged"
is "no buffer was lost" "$(has buffers_lost)" 0
is "EventsLost is the kernel's" "$(has lost)" "$(sed 's/.*"lost":\([0-9]*\).*/\1/' "$OUT/stop")"
is "the file is finalised" "$(has finalised) $(has written)" "1 $(has buffers)"
check "there was something to lose ($logged records)" [ "$logged" -gt 1000 ]
echo "# $found"
grep delivered "$OUT/daemon.log" | sed 's/^/# /'

# Killed between stop and completion: a session that stopped without a service.
aim gone -o gone.etl --buffer-size 16 --max-buffers 256 >/dev/null
strike 300 0
stop_daemon KILL
wmitrace stop gone >/dev/null 2>&1
start_daemon "$OUT/daemon.log"
check "the next service completes a session that stopped meanwhile" wait_until 10 is_gone gone
log_of gone.etl && is "with all its records" "$(has finalised) $(has records)" \
	"1 $((300 * 6 * CPUS - $(has lost)))"

# The other logs: circular and newfile, killed once each.
aim ring -o ring.etl --circular 256K --buffer-size 16 --max-buffers 256 >/dev/null
strike 1000
stop_daemon KILL
start_daemon "$OUT/daemon.log"
strike 1000
wmitrace stop ring >/dev/null
log_of ring.etl --circular && is "circular: full and whole" "$(has finalised) $(has buffers)" '1 16'
aim next -o 'next-%d.etl' --newfile 256K --buffer-size 16 --max-buffers 256 >/dev/null
strike 500
stop_daemon KILL
start_daemon "$OUT/daemon.log"
strike 500
wmitrace stop next >/dev/null
sum=0
last=0
for file in $(ls next-*.etl | sort -t- -k2 -n); do
	log_of "$file" || exit 1
	sum=$((sum + $(has records)))
	lost=$(has lost)
	[ "$(has first)" = 0 ] || [ "$(has finalised)" = 1 ] || not_ok "newfile: $file is finalised"
	last=$(has last)
done
is "newfile: the files together hold what was logged" $sum $((1000 * 6 * CPUS - lost))
check "newfile: there are several ($last buffers)" [ -e next-3.etl ]
stop_daemon
is "the last service ends well" "$status" 0
