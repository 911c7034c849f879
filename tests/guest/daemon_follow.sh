# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 120
# insmod: wmitrace
# `wmitrace dump --follow` on files that the service is writing.

. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

big='--buffer-size 16 --max-buffers 128'
sources=$((6 * CPUS))
start_daemon "$OUT/daemon.log"

# records: what --json printed of data buffers, in an order of its own
records()
{
	grep -v '"buf":0,' | sed 's/^{"i":[0-9]*,//' | sort
}

# ---- one file, finalised while it is followed
# shellcheck disable=SC2086 # options
aim grow -o grow.etl $big >/dev/null
wait_until 5 [ -s grow.etl ]
wmitrace dump --follow --json grow.etl >followed 2>"$OUT/grow.err" &
follower=$!
strike 300
wait_until 20 grep -q '"buf":[1-9]' followed && ok "records come while the session runs"
strike 300
wmitrace stop grow >/dev/null
wait $follower
is "following ends when the file is finalised: status" $? 0
records <followed >followed.sorted
wmitrace dump --json grow.etl | records >whole.sorted
is "all were shown" "$(wc -l <followed.sorted)" $((600 * sources))
check "each as it is in the file, once" cmp followed.sorted whole.sorted

# ---- newfile: from the first file to the last
# shellcheck disable=SC2086
aim next -o 'next-%d.etl' --newfile 256K $big >/dev/null
wait_until 5 [ -s next-1.etl ]
wmitrace dump --follow --json next-1.etl >followed 2>"$OUT/next.err" &
follower=$!
strike 1000 500
wmitrace stop next >/dev/null
wait $follower
is "a series is followed to its end: status" $? 0
check "it has several files" [ -e next-3.etl ]
records <followed >followed.sorted
for file in next-*.etl; do wmitrace dump --json "$file"; done | records >whole.sorted
is "all of the series were shown" "$(wc -l <followed.sorted)" $((1000 * sources))
check "each as it is in its file, once" cmp followed.sorted whole.sorted

# ---- circular
# shellcheck disable=SC2086
aim ring -o ring.etl --circular 256K $big >/dev/null
wait_until 5 [ -s ring.etl ]
refused "a circular file is refused while it is written" wmitrace dump --follow ring.etl 2>"$OUT/ring.err"
like "and why is told" "$(cat "$OUT/ring.err")" "circular file cannot be followed"
wmitrace stop ring >/dev/null
wmitrace dump --follow ring.etl >ring.txt
is "when it is finalised it is shown" $? 0

stop_daemon
is "the service ends well" "$status" 0
