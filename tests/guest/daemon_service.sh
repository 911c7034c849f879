# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 120
# insmod: wmitrace
# wmitraced: sessions with a log file, from start to finalised file; one
# service at a time; stopped and started again under a running session.

. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

big='--buffer-size 16 --max-buffers 128'
cp "$(command -v wmitraced)" ./other-daemon

# ---- one session, from start to end
start_daemon "$OUT/daemon.log"
# shellcheck disable=SC2086 # options
check "a session starts" aim one -o one.etl $big
check "the service takes it up" [ "$(session one logger_tid)" -gt 0 ]
log_of one.etl && is "the file begins with a header buffer" "$(has buffers)" 1
strike 200
check "flush" wmitrace flush one
logged=$(session one logged)
check "everything logged before a flush gets into the file [A204]" \
	wait_until 5 holds one.etl "$logged"
is "which is not finalised" "$(has finalised)" 0
strike 3000
wmitrace stop one --json >"$OUT/one.stop"
log_of one.etl || exit 1
is "the file is finalised when stop returns" "$(has finalised)" 1
logged=$(sed 's/.*"logged":\([0-9]*\).*/\1/' "$OUT/one.stop")
lost=$(sed 's/.*"lost":\([0-9]*\).*/\1/' "$OUT/one.stop")
is "it holds exactly what was logged" "$(has records)" "$logged"
is "EventsLost is the session's [A211]" "$(has lost)" "$lost"
is "BuffersWritten counts them all" "$(has written)" "$(has buffers)"
like "stop tells so" "$(cat "$OUT/one.stop")" "\"buffers_written\":$(has buffers),"
check "the session is gone" is_gone one

# ---- one service at a time
./other-daemon --foreground 2>second
is "a second service: status" $? 1
like "says why" "$(cat second)" 'another wmitraced is running'

# ---- the service ends under a running session, and another goes on
# shellcheck disable=SC2086
aim two -o two.etl $big >/dev/null
strike 500
stop_daemon
is "the service ends well" "$status" 0
logged=$(session two logged)
log_of two.etl && is "the file is finalised with all that was logged" \
	"$(has finalised) $(has records)" "1 $logged"
is "nobody drains the session any more" "$(session two logger_tid)" 0
strike 500
# shellcheck disable=SC2086
aim three -o three.etl $big 2>warning
like "starting one without a service warns" "$(cat warning)" 'no wmitraced is running'
strike 300
start_daemon "$OUT/daemon.log"
wait_until 5 [ -e three.etl ]
strike 100
wmitrace stop three >/dev/null
log_of three.etl && is "what was logged before the service came is in the file" \
	"$(has records) $(has lost)" "$((400 * 6 * CPUS - $(has lost))) $(has lost)"
wmitrace stop two --json >"$OUT/two.stop"
log_of two.etl && is "the other file went on where it was left" "$(has finalised) $(has records)" \
	"1 $(sed 's/.*"logged":\([0-9]*\).*/\1/' "$OUT/two.stop")"

# ---- stopped while there is no service
# shellcheck disable=SC2086
aim four -o four.etl $big >/dev/null
strike 300
stop_daemon
strike 300
wmitrace stop four >"$OUT/four.stop" 2>&1
like "stop warns" "$(cat "$OUT/four.stop")" 'no wmitraced is running'
log_of four.etl && is "the file has what the service saw" "$(has finalised)" 1
start_daemon "$OUT/daemon.log" --exit-when-idle
check "a later service releases the session" wait_until 10 is_gone four
wait $daemon
is "and ends when nothing is left to do, if told so" $? 0
log_of four.etl && is "after completing the file" "$(has finalised) $(has records)" \
	"1 $((600 * 6 * CPUS - $(has lost)))"

# ---- trouble with files
start_daemon "$OUT/daemon.log"
echo 'not a trace' >precious
wmitrace start five -o precious 2>warning
like "what is no trace is not overwritten: start warns" "$(cat warning)" 'has not opened'
is "and the file is as it was" "$(cat precious)" 'not a trace'
like "the service says why" "$(cat "$OUT/daemon.log")" 'precious.*not a trace'
wmitrace update five -o five.etl >/dev/null
wait_until 5 [ -e five.etl ]
wmitrace stop five >/dev/null
log_of five.etl && is "with another name it goes on" "$(has finalised)" 1
cp one.etl old.etl
wmitrace start six -o old.etl >/dev/null
wmitrace stop six >/dev/null
log_of old.etl && is "an older trace is replaced" "$(has records)" 0
wmitrace start seven -o seven.etl >/dev/null
cat /sys/kernel/debug/wmitrace/logger"$(printf %02d "$(session seven id)")"/cpu0 >/dev/null 2>&1
check "its buffers have one reader: cat is refused" [ $? -ne 0 ]
stop_daemon INT
is "SIGINT ends it too" "$status" 0
start_daemon "$OUT/daemon.log"
wmitrace stop seven >/dev/null
log_of seven.etl && is "a session without events gives a whole file" "$(has finalised) $(has buffers)" '1 1'

# ---- into the background
stop_daemon
wmitraced --pidfile pid
is "in the background: status 0 once it is ready" $? 0
# shellcheck disable=SC2086
aim eight -o "$PWD/eight.etl" $big >/dev/null
strike 100
wmitrace stop eight >/dev/null
log_of eight.etl && is "it works there" "$(has finalised)" 1
kill "$(cat pid)"
check "and ends when told to, with its pid file" wait_until 5 [ ! -e pid ]
