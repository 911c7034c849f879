# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 120
# insmod: wmitrace
# `wmitrace record`: a session that lives and is drained while a command runs.

. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

# A daemon is there all the time: it must keep off.
start_daemon "$OUT/daemon.log"
insmod /lib/wmitrace/hammer.ko contexts=7

# What the recorded command does: strikes its own session.
cat >strike <<'END'
. /overlay/lib/drain.sh
session "$1" handle >/sys/module/hammer/parameters/handle
wmitrace query --json "$1" >"$2"
strike "$3"
grep -c 'anon_inode:\[wmitrace\]' /proc/$PPID/maps >"$2.maps"
wmitrace query --json "$1" >"$2.after"
exit 7
END

wmitrace record -o r.etl --name rec --buffer-size 16 --max-buffers 64 \
	-- sh strike rec "$OUT/query" 3000 2>"$OUT/summary"
is "the exit status is the command's" $? 7
log_of r.etl || exit 1
is "the file is finalised" "$(has finalised)" 1
is "BuffersWritten counts them all" "$(has written)" "$(has buffers)"
logged=$(sed 's/.*"logged":\([0-9]*\).*/\1/' "$OUT/query.after")
is "the file holds exactly what was logged" "$(has records)" "$logged"
like "the summary tells it" "$(cat "$OUT/summary")" "^Events  *$logged logged, $(has lost) lost"
like "the log file's name is absolute" "$(cat "$OUT/query")" "\"file\":\"$PWD/r.etl\""
like "the session is its owner's" "$(cat "$OUT/query")" "\"logger_tid\":[1-9]"
is "each CPU's buffers are written from where they lie" "$(cat "$OUT/query.maps")" 2
check "the session is gone" is_gone rec
is "wmitraced kept off" "$(grep -c rec "$OUT/daemon.log")" 0

wmitrace record -o j.etl --json -- true >"$OUT/json" 2>/dev/null
is "--json: status" $? 0
like "--json: one object" "$(cat "$OUT/json")" '^\{"id":.*"finalised":true,.*"command_status":0\}$'

wmitrace record -o x.etl -- /no/such/command 2>"$OUT/missing"
is "a command that is not there gives 127" $? 127
like "and is told" "$(cat "$OUT/missing")" "cannot run '/no/such/command'"
wmitrace record -o x.etl -- sh -c 'kill -9 $$' 2>/dev/null
is "a killed command gives 128 + its signal" $? 137

wmitrace record -o /no/such/folder/x.etl -- touch ran 2>"$OUT/folder"
is "a folder that is not there: status" $? 1
check "the command does not run then" [ ! -e ran ]
wmitrace record -o x.etl --mode circular,append -- touch ran 2>"$OUT/modes"
is "settings that cannot be: status" $? 1
like "say why" "$(cat "$OUT/modes")" 'ERROR_INVALID_PARAMETER'
check "the command does not run either" [ ! -e ran ]

# Ended by a signal, with a command and without.  (What a shell starts in the
# background ignores SIGINT, and so would the command.)
wmitrace record -o i.etl --name int -- sleep 100 2>/dev/null &
recorder=$!
wait_until 10 is_there int
kill -TERM $recorder
wait $recorder
is "terminated: the command's status" $? 143
log_of i.etl && is "the file is finalised all the same" "$(has finalised)" 1
wmitrace record -o n.etl --name until-int 2>/dev/null &
recorder=$!
wait_until 10 is_there until-int
kill -INT $recorder
wait $recorder
is "without a command: until interrupted, status 0" $? 0
log_of n.etl && is "that file is finalised" "$(has finalised)" 1

# Killed: nothing is left of the session, and the file can be read.
wmitrace record -o k.etl --name killed -- sh -c 'echo $$ >sleeper; exec sleep 100' 2>/dev/null &
recorder=$!
wait_until 10 test -s sleeper
kill -9 $recorder
wait $recorder 2>/dev/null
check "the session dies with its recorder" wait_until 10 is_gone killed
log_of k.etl && is "the file shows that it is not finalised" "$(has finalised)" 0
kill "$(cat sleeper)"

# Somebody else ends the session.
wmitrace record -o s.etl --name ended -- sh -c 'wmitrace stop ended; exit 3' >"$OUT/stop" 2>&1
is "stopped by somebody else: the command's status" $? 3
log_of s.etl && is "the file is finalised then too" "$(has finalised)" 1
like "stop says so" "$(cat "$OUT/stop")" 'File .*s.etl: 1 buffers'

wmitrace record -o m.etl --name max --max-size 64K --buffer-size 16 \
	-- sh strike max "$OUT/max" 2000 2>"$OUT/max.summary"
is "the maximum size is reached: the command goes on" $? 7
like "it is told" "$(cat "$OUT/max.summary")" 'ERROR_LOG_FILE_FULL'
log_of m.etl && is "the file has its maximum size" "$(has buffers)" 4

# Loss that is seen.
wmitrace record -o l.etl --name lossy --fail-on-loss --buffer-size 4 --max-buffers 4 \
	-- sh -c 'sh strike lossy lossy 20000; true' 2>"$OUT/loss"
is "--fail-on-loss: status 3" $? 3
log_of l.etl
like "the summary counts what the header counts" "$(cat "$OUT/loss")" "^Events .* $(has lost) lost"
stop_daemon
is "wmitraced ends well" "$status" 0
