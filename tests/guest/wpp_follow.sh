# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 90
# insmod: wmitrace
# insmod: wpp
# wmitrace format on what is not complete: a file that the service writes
# (--follow), and the buffers of a running session.

. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

run=/sys/module/wpp/parameters/run
module=/lib/wmitrace/wpp.ko
start_daemon "$OUT/daemon.log"

# ---- a file that grows
wmitrace start grow -o grow.etl --buffer-size 64 >/dev/null
wmitrace enable grow Types --level 5 --flags 0xffffffff >/dev/null
wait_until 5 [ -s grow.etl ]
wmitrace format --follow --no-prefix --tmf $module grow.etl >followed 2>"$OUT/follow.err" &
follower=$!
has_lines() { [ "$(wc -l <followed)" -ge "$1" ]; }
echo types >$run
wmitrace flush grow >/dev/null
check "messages come while the session runs" wait_until 20 has_lines 10
half=$(($(wc -l <followed) - 1))	# the first line is the log's own
echo types >$run
wmitrace stop grow >/dev/null
status=0
wait $follower || status=$?
is "following ends when the file is finalised: status" $status 0
wmitrace format --no-prefix --tmf $module grow.etl >whole
check "all were shown, as in the file ($half, $(wc -l <whole))" cmp followed whole
is "each statement twice" "$(wc -l <whole)" $((1 + 2 * half))
like "the first one's text" "$(sed -n 2p followed)" '^sint i=42 neg=-1000 i64=-5000000000$'

# One statement shows where its stack is.
no_stack() { sed 's/^\(ptr .*\) [0-9A-F]*$/\1/'; }

# ---- a session that runs, without file
wmitrace start live --buffer-size 64 >/dev/null
wmitrace enable live Types --level 5 --flags 0xffffffff >/dev/null
echo types >$run
folder=/sys/kernel/debug/wmitrace/logger$(printf %02d "$(session live id)")
wmitrace format --no-prefix --tmf $module "$folder/header" "$folder"/cpu* | no_stack >live
head -n $((1 + half)) whole | no_stack >once
check "a running session's buffers are formatted" cmp live once
is "it runs on" "$(session live logged)" "$half"
wmitrace stop live >/dev/null
stop_daemon
is "the service ends well" "$status" 0
