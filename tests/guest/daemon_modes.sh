# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 150
# insmod: wmitrace
# What log file modes do to files (wmi-api 16.3, 16.6, A199-A210), and what a
# flush does with a flight recorder.

. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

big='--buffer-size 16 --max-buffers 128'
sources=$((6 * CPUS))
start_daemon "$OUT/daemon.log"

# ---- sequential: the session ends at the maximum
# shellcheck disable=SC2086 # options
aim seq -o seq.etl --max-size 256K $big >/dev/null
strike 3000 &
check "a sequential file ends its session at its maximum [A208]" wait_until 20 is_gone seq
wait $!
log_of seq.etl && is "the file is full, and finalised" "$(has finalised) $(has buffers)" '1 16'
like "the service tells why" "$(cat "$OUT/daemon.log")" "session 'seq'.*ERROR_LOG_FILE_FULL"
lost=$(sed -n "s/.*session 'seq': the lost buffers held \([0-9]*\) .*/\1/p" "$OUT/daemon.log")
logged=$(sed -n "s/.*session 'seq': .*seq.etl complete: .* \([0-9]*\) events logged.*/\1/p" "$OUT/daemon.log")
is "logged = in the file + in the lost buffers" $(($(has records) + ${lost:-0})) "$logged"

# ---- circular: the newest
# shellcheck disable=SC2086
aim ring -o ring.etl --circular 256K $big >/dev/null
strike 2000 1000
wmitrace stop ring --json >"$OUT/ring"
size=$(stat -c %s ring.etl)
check "a circular file does not exceed its maximum ($size) [A209]" [ "$size" -le 262144 ]
log_of ring.etl --circular
is "it is finalised" "$(has finalised)" 1
check "it has wrapped" [ "$(has first)" -gt 1 ]
# Of about 160; those of one CPU are written in a row, however far the other is.
check "it holds the newest buffers ($found)" [ "$(has first)" -gt 100 ]

# ---- newfile
# shellcheck disable=SC2086
aim next -o 'next-%d.etl' --newfile 256K $big >/dev/null
strike 1000 500
wmitrace stop next >/dev/null
sum=0 files=0
for file in next-*.etl; do
	files=$((files + 1))
	log_of "$file"
	is "newfile: $file is readable alone [A210]" "$(has finalised)" 1
	sum=$((sum + $(has records)))
	[ "$file" != next-1.etl ] || first=$(has last)
	[ "$file" != next-2.etl ] || second=$(has first)
done
check "several files ($files)" [ $files -ge 3 ]
is "together they hold everything" $sum $((1000 * sources))
check "SequenceNumber goes on ($first, $second)" [ "$second" -gt 4 ]

# ---- append
# shellcheck disable=SC2086
aim first -o app.etl --mode append --clock system $big >/dev/null
strike 200
wmitrace stop first >/dev/null
log_of app.etl && is "append: a file that is not there is begun" "$(has records)" $((200 * sources))
cp app.etl again.etl
# shellcheck disable=SC2086
aim second -o app.etl --mode append --clock system $big >/dev/null
strike 200
wmitrace stop second >/dev/null
log_of app.etl --append && is "append: the next session goes on in it" \
	"$(has finalised) $(has records)" "1 $((400 * sources))"

# what is lost while there is no service is counted once, however often one comes and goes
# shellcheck disable=SC2086
aim third -o again.etl --mode append --clock system $big >/dev/null
strike 200
stop_daemon
strike 20000
start_daemon "$OUT/daemon.log"
stop_daemon
start_daemon "$OUT/daemon.log"
lost=$(session third lost)
wmitrace stop third >/dev/null
check "append: events were lost meanwhile ($lost)" [ "$lost" -gt 0 ]
log_of again.etl --append && is "append: EventsLost has them once" "$(has lost)" "$lost"
is "append: everything else is in the file" \
	"$(has records)" $((20400 * sources - lost))

# ---- preallocate
# shellcheck disable=SC2086
aim pre -o pre.etl --mode preallocate --max-size 4 $big >/dev/null
wait_until 5 [ -e pre.etl ]
blocks=$(stat -c %b pre.etl)
check "preallocate: the space is there from the start ($blocks blocks)" [ "$blocks" -ge 8192 ]
strike 100
wmitrace stop pre >/dev/null
log_of pre.etl && is "and is trimmed at the end" "$(has records)" $((100 * sources))
blocks=$(stat -c %b pre.etl)
check "on the disk, too ($blocks blocks)" [ "$blocks" -lt 4096 ]

# ---- another file under way
# shellcheck disable=SC2086
aim move -o a.etl $big >/dev/null
strike 500
check "update -o" wmitrace update move -o b.etl --json >"$OUT/update"
check "the service goes on in it" \
	wait_until 10 more_lines "session 'move': going on in" 0 "$OUT/daemon.log"
strike 500
wmitrace stop move >/dev/null
log_of a.etl && is "the first file is finalised" "$(has finalised)" 1
first=$(has records)
log_of b.etl && is "both hold everything, once [A202]" $((first + $(has records))) $((1000 * sources))
is "the second one is finalised" "$(has finalised)" 1
check "it has some of it" [ "$(has records)" -ge $((490 * sources)) ]
# shellcheck disable=SC2086
aim stay -o c.etl $big >/dev/null
strike 100
wmitrace update stay -o d.etl >/dev/null
strike 100
wmitrace update stay -o c.etl >/dev/null
strike 100
wmitrace stop stay >/dev/null
log_of d.etl
first=$(has records)
log_of c.etl && is "back again: what was there stays" $(($(has records) + first)) $((300 * sources))

# ---- flight recorder: snapshots by the service
aim box --flight-recorder -o box.etl --buffer-size 16 --min-buffers 16 >/dev/null
strike 2000
check "a flight recorder has no file before a flush" [ ! -e box.etl ]
check "flush" wmitrace flush box
wait_until 5 [ -e box.etl ]
log_of box.etl && is "it writes a snapshot [A205]" "$(has finalised) $(has written)" "1 $(has buffers)"
check "of at least MinimumBuffers, the newest ($found) [A206]" [ "$(has buffers)" -gt 16 ]
first=$(has last)
strike 2000
wmitrace flush box >/dev/null
newer() { log_of box.etl && [ "$(has first)" -gt "$first" ]; }
check "logging goes on; the next flush writes what is newest then" wait_until 5 newer
wmitrace stop box >/dev/null
log_of box.etl && is "stopping writes the last one" "$(has finalised)" 1
check "nothing else is left there" [ ! -e box.etl.part ]

# ---- flight recorder: a snapshot by the command
aim hand --flight-recorder --buffer-size 16 --min-buffers 16 >/dev/null
strike 2000
check "flush -o" wmitrace flush hand -o hand.etl
log_of hand.etl && is "writes a snapshot without a service" "$(has finalised)" 1
check "with the newest events ($(has records))" [ "$(has records)" -gt 1000 ]
like "flush -o of another session is refused" \
	"$(aim plain -o plain.etl; wmitrace flush plain -o x.etl 2>&1)" 'no flight recorder'
wmitrace stop plain >/dev/null
wmitrace stop hand >"$OUT/hand"
like "a stopped session without file is kept" "$(cat "$OUT/hand")" 'Buffers kept in'
check "until it is released" wmitrace release hand

# ---- the timer
aim timer -o timer.etl --buffer-size 64 --flush-timer 200ms >/dev/null
strike 10
check "the flush timer brings half-filled buffers into the file [A192]" \
	wait_until 10 holds timer.etl $((10 * sources))
wmitrace stop timer >/dev/null
log_of timer.etl && is "stopping adds no event" "$(has records)" $((10 * sources))
stop_daemon
is "the service ends well" "$status" 0
