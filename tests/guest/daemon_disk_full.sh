# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 150
# insmod: wmitrace
# The disk is full: reported once, counted, resumed when space returns.

. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

mkdir disk
mount -t tmpfs -o size=2m small disk
fill() { dd if=/dev/zero of=disk/ballast bs=64k count="$1" 2>/dev/null; }

start_daemon "$OUT/daemon.log"

# ---- full for a while
fill 24				# 1.5 of 2 MB
aim full -o disk/full.etl --buffer-size 16 --max-buffers 64 >/dev/null
complaints() { grep -c "$1" "$OUT/daemon.log"; }
strike 3000
wait_until 10 more_lines "session 'full'.*No space" 0 "$OUT/daemon.log"
is "a full disk is reported" "$(complaints "session 'full'.*No space")" 1
strike 2000
lost=$(session full lost)
check "the kernel counts what finds no room ($lost)" [ "$lost" -gt 0 ]
size=$(stat -c %s disk/full.etl)
is "the file is whole buffers" $((size % 16384)) 0
# CPU time of the waiting service, in ticks of 10 ms
cpu() { awk '{ print $14 + $15 }' "/proc/$daemon/stat"; }
before=$(cpu)
sleep 4
after=$(cpu)
check "it does not spin meanwhile ($((after - before)) of 400 ticks)" [ $((after - before)) -lt 40 ]
is "it is reported once" "$(complaints "session 'full'.*No space")" 1
rm disk/ballast
wait_until 10 more_lines "session 'full'.*goes on" 0 "$OUT/daemon.log"
is "it goes on when space returns" "$(complaints "session 'full'.*goes on")" 1
strike 20 100
wmitrace stop full --json >"$OUT/full.stop"
log_of disk/full.etl || exit 1
logged=$(sed 's/.*"logged":\([0-9]*\).*/\1/' "$OUT/full.stop")
is "the file holds exactly what was logged" "$(has records)" "$logged"
is "EventsLost counts the rest" "$(has lost)" \
	"$(sed 's/.*"attempts":\([0-9]*\).*/\1/' "$OUT/full.stop" | awk -v l="$logged" '{ print $1 - l }')"
is "no buffer was lost" "$(has buffers_lost)" 0
is "the file is finalised" "$(has finalised)" 1
rm disk/*

# ---- stopped while full: kept until there is space
aim late -o disk/late.etl --buffer-size 16 --max-buffers 64 >/dev/null
fill 60
strike 2000
wmitrace stop late --no-wait >/dev/null
wait_until 10 more_lines "session 'late'.*No space" 0 "$OUT/daemon.log"
check "a stopped session is kept while its file is not complete" is_there late
rm disk/ballast
check "it is completed when space returns" wait_until 10 is_gone late
log_of disk/late.etl && is "with everything" "$(has finalised) $(has records)" \
	"1 $((2000 * 6 * CPUS - $(has lost)))"
rm disk/*

# ---- the service ends while full: the file is complete as far as it goes
aim split -o disk/split.etl --buffer-size 16 --max-buffers 64 >/dev/null
fill 60
strike 2000
wait_until 10 more_lines "session 'split'.*No space" 0 "$OUT/daemon.log"
stop_daemon
is "told to end while the disk is full" "$status" 0
log_of disk/split.etl && is "it finalises what there is" "$(has finalised)" 1
rm disk/ballast
start_daemon "$OUT/daemon.log"
wmitrace stop split >/dev/null
log_of disk/split.etl && is "the next one writes the rest" "$(has finalised) $(has records)" \
	"1 $((2000 * 6 * CPUS - $(has lost)))"
rm disk/*

# ---- killed while full, with part of what it read written and nothing of it acknowledged:
# it stands still until there is more to read at once than the disk has room for.  (The
# shell hears that it does by a signal, which must not interrupt the strike.)
fill 24
aim killed -o disk/killed.etl --buffer-size 16 --max-buffers 64 >/dev/null
kill -STOP "$daemon"
wait_until 10 grep -q '^State:.T' "/proc/$daemon/status"
strike 2000
kill -CONT "$daemon"
wait_until 10 more_lines "session 'killed'.*No space" 0 "$OUT/daemon.log"
stop_daemon KILL
rm disk/ballast
start_daemon "$OUT/daemon.log"
wmitrace stop killed >/dev/null
log_of disk/killed.etl && is "killed while full: nothing twice, nothing missing" \
	"$(has finalised) $(has records)" "1 $((2000 * 6 * CPUS - $(has lost)))"
like "what it had not acknowledged was delivered again" \
	"$(grep "session 'killed'.*delivered again" "$OUT/daemon.log")" ': [1-9]'
rm disk/*

# ---- full from the start
fill 64
wmitrace start none -o disk/none.etl >/dev/null 2>&1
wait_until 10 more_lines "session 'none'" 0 "$OUT/daemon.log"
rm disk/ballast
wait_until 10 [ -s disk/none.etl ]
wmitrace stop none >/dev/null
log_of disk/none.etl && is "no room for the header buffer: begun when there is" "$(has finalised)" 1
rm disk/*
stop_daemon

# ---- record cannot wait for ever: what has no room is lost, and counted
cat >strike <<'END'
. /overlay/lib/drain.sh
session "$1" handle >/sys/module/hammer/parameters/handle
strike 2000
wmitrace query --json "$1" >"$2"
END
fill 24
wmitrace record -o disk/rec.etl --name rec --buffer-size 16 --max-buffers 64 \
	-- sh strike rec "$OUT/rec" 2>"$OUT/rec.summary"
is "record on a full disk: status 1" $? 1
like "says why" "$(cat "$OUT/rec.summary")" 'No space left'
log_of disk/rec.etl || exit 1
check "BuffersLost counts what was dropped ($(has buffers_lost))" [ "$(has buffers_lost)" -gt 0 ]
logged=$(sed 's/.*"logged":\([0-9]*\).*/\1/' "$OUT/rec")
inside=$(sed -n 's/.* lost with \([0-9]*\) of the logged.*/\1/p' "$OUT/rec.summary")
is "logged = in the file + in the lost buffers" $(($(has records) + inside)) "$logged"
umount disk
