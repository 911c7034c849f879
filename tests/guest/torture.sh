# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# mem: 1024
# timeout: 120+180*TORTURE
# long: 6.1 6.12 newest
# long-timeout: 900*TORTURE
# insmod: wmitrace
# Everything at once: writers in process, softirq, hardirq and NMI context on every
# CPU, nested into each other, while buffers, readers, sessions, CPUs and memory are
# made as hostile as they get.  After each phase attempts = written + lost for every
# source and CPU, and every record in the files is the one that was logged.
# TORTURE=N scripts/check guest/torture makes N times as many events.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

debug=/sys/kernel/debug/wmitrace
scale=$TORTURE
[ -z "$FULL" ] || scale=$((scale * 20))
each=$((1000 * scale))		# attempts of each of the 8 sources of a CPU
attempted=0 logged=0 refused=0 verified=0

# folder_of NAME: of a session
folder_of()
{
	printf '%s/logger%02d' $debug "$(session "$1" handle)"
}

# fire ARGUMENT...: one run of a hammer aimed at session target
fire()
{
	insmod /lib/wmitrace/hammer.ko handle="$(session target handle)" count="$each" "$@" &&
		echo 1 >$hammer/run
}

# column FILE N: its sum over rows that begin with a number
column()
{
	awk -v n="$2" '$1 ~ /^[0-9]/ { s += $n } END { printf "%d\n", s }' "$1"
}

# pull FILE: the stopped target's log
pull()
{
	cat "$folder/header" "$folder"/cpu* >"$1"
}

# settle PHASE [OPTION...] FILE...: takes the counts and the files of the stopped
# target, which hold what was not lost, and ends the phase.
settle()
{
	phase=$1
	shift
	is "$phase: attempts = logged + lost on each CPU" "$(awk '/^cpu[0-9]/ && $2 != $3 + $4' stats)" ""
	is "$phase: each CPU counted its sources' attempts" "$(by_cpu stats)" "$(by_source result)"
	is "$phase: and the logged ones" "$(awk '$1 == "all" { print $3 }' stats)" "$(column result 6)"
	account "$phase" "$@"
}

# account PHASE [OPTION...] FILE...
account()
{
	phase=$1
	shift
	if check-etl --result result "$@" >found 2>wrong; then
		ok "$phase: the files hold each source's records, whole and in order"
	else
		not_ok "$phase: the files hold each source's records, whole and in order" \
			"$(cat wrong)" "$(cat found)"
	fi
	attempted=$((attempted + $(column result 5)))
	logged=$((logged + $(column result 6)))
	refused=$((refused + $(column result 8)))
	verified=$((verified + $(sed -n 's/.*verified=//p' found | grep . || echo 0)))
	echo "# $phase: $(column result 5) attempts, $(column result 6) logged, $(tail -n 1 found)"
	wmitrace release target >/dev/null 2>&1
	rmmod hammer
	rm -f ./*.etl part* stats result
}

by_cpu()
{
	awk '/^cpu[0-9]/ && $2 { print substr($1, 4), $2 }' "$1" | xargs
}

by_source()
{
	awk '$1 ~ /^[0-9]/ { n[$1] += $5 } END { for (c = 0; c < 64; c++) if (n[c]) print c, n[c] }' \
		"$1" | xargs
}

# stop PHASE: the target, when nobody writes any more
stop()
{
	cat $hammer/result >result
	cat "$folder/stats" >stats
	wmitrace stop target >/dev/null || not_ok "$1: it stops"
}

# ---- the smallest buffers, which most records outgrow, and nobody reads
wmitrace start target --buffer-size 4 --max-buffers 256 >/dev/null
folder=$(folder_of target)
check "smallest: all contexts write" fire length=24 spread=4200
stop smallest
pull small.etl
check "smallest: records were lost, and some were too large" awk \
	'$1 == "all" { exit !($5 > 0 && $6 > 0) }' stats
settle smallest --pulled small.etl

# ---- the largest buffers and records
each=$((each / 10))
wmitrace start target --buffer-size 16384 --min-buffers 4 --max-buffers 8 >/dev/null
folder=$(folder_of target)
check "largest: all contexts write" fire length=24 spread=59000
stop largest
pull large.etl
settle largest --pulled large.etl
each=$((each * 10))

# ---- a flight recorder, lapped, with snapshots meanwhile
wmitrace start target --buffer-size 16 --min-buffers 16 --flight-recorder >/dev/null
folder=$(folder_of target)
fire length=24 spread=2000 &
writer=$!
for snapshot in 1 2 3; do
	usleep 200000
	wmitrace flush target >/dev/null || not_ok "flight recorder: flush $snapshot"
	cat "$folder/header" "$folder"/cpu* >part$snapshot
	check-etl --pulled part$snapshot >found 2>&1 || not_ok "flight recorder: snapshot $snapshot" "$(cat found)"
done
wait $writer
stop "flight recorder"
pull ring.etl
settle "flight recorder" --pulled --partial ring.etl

# ---- as many as there can be: small records, which go round the smallest ring
each=$((each * 100))
wmitrace start target --buffer-size 4 --min-buffers 4 --flight-recorder >/dev/null
folder=$(folder_of target)
check "many: all contexts write" fire length=24 spread=40
stop many
pull many.etl
settle many --pulled --partial many.etl
each=$((each / 100))

# ---- a reader that cannot keep up, and a second one that is refused
wmitrace start target --buffer-size 16 --min-buffers 8 --max-buffers 16 >/dev/null
folder=$(folder_of target)
touch writing
while [ -e writing ]; do
	cat "$folder"/cpu*
	usleep 50000
done >part &
reader=$!
check "slow reader: all contexts write" fire length=24 spread=500
rm writing
wait $reader
exec 3<"$folder/cpu0"
refused "slow reader: a second reader of a CPU" cat "$folder/cpu0" 2>/dev/null
exec 3<&-
stop "slow reader"
cat "$folder/header" part "$folder"/cpu* >slow.etl
settle "slow reader" --pulled slow.etl

# ---- a service that is killed in mid-flow, a session that is changed and flushed
start_daemon "$OUT/daemon.log"
wmitrace start target -o "$PWD/killed.etl" --buffer-size 16 --min-buffers 8 --max-buffers 256 >/dev/null
folder=$(folder_of target)
fire length=24 spread=500 &
writer=$!
for round in 1 2 3; do
	usleep 300000
	wmitrace update target --flush-timer $round >/dev/null || not_ok "killed readers: update $round"
	wmitrace flush target >/dev/null || not_ok "killed readers: flush $round"
	stop_daemon KILL
	start_daemon "$OUT/daemon.log"
done
wait $writer
stop "killed readers"
check "killed readers: the service completes the file" wait_until 60 is_gone target
settle "killed readers" killed.etl
stop_daemon

# ---- CPUs go and come; what moves with them keeps its numbers
wmitrace start target --buffer-size 64 --min-buffers 64 --max-buffers 1024 >/dev/null
folder=$(folder_of target)
insmod /lib/wmitrace/hammer.ko handle="$(session target handle)" count=0 rate=2000 length=24 spread=500
echo 1 >$hammer/run
round=0
while [ $round -lt $((2 * scale)) ] && [ $round -lt 40 ]; do
	for state in 0 1; do
		echo $state >/sys/devices/system/cpu/cpu1/online || not_ok "hotplug: CPU 1 to $state"
		usleep 200000
	done
	round=$((round + 1))
done
echo 0 >$hammer/run
stop hotplug
pull hot.etl
is "hotplug: attempts = logged + lost on each CPU" "$(awk '/^cpu[0-9]/ && $2 != $3 + $4' stats)" ""
is "hotplug: the attempts are the sources'" "$(awk '$1 == "all" { print $2 }' stats)" "$(column result 5)"
is "hotplug: and the logged ones" "$(awk '$1 == "all" { print $3 }' stats)" "$(column result 6)"
account hotplug --pulled --moved hot.etl

# ---- memory is short: what runs goes on, what starts is refused whole
wmitrace start target --buffer-size 64 --min-buffers 16 --max-buffers 64 >/dev/null
folder=$(folder_of target)
insmod /lib/wmitrace/hammer.ko handle="$(session target handle)" count="$each" length=24 spread=500
mkdir full
mount -t tmpfs -o size=95% full full
available() { awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo; }
free=$(available) taken=0
# What the phases before had may come back only now.
while [ "$(available)" -gt $((128 * 1024)) ]; do
	taken=$((taken + 1))
	dd if=/dev/zero of=full/$taken bs=1024k count=16 2>message && continue
	not_ok "short of memory: it is taken" "$(cat message)" "$(df -m full)"
	break
done
# As much as there was before.
refused "short of memory: a session of $((free / 1024)) MB" wmitrace start large --buffer-size 16384 \
	--min-buffers $((free / 16384)) 2>message
[ "$status" -gt 0 ] ||
	{ wmitrace query large --json; echo "# $taken times 16 MB taken"; sed 's/^/# /' /proc/meminfo; }
like "short of memory: the reason is said" "$(cat message)" '[Mm]emory|RESOURCES'
check "short of memory: all contexts write" sh -c "echo 1 >$hammer/run"
umount full
stop "short of memory"
pull short.etl
settle "short of memory" --pulled short.etl

# ---- sessions come and go; whoever writes to one that is gone is told so
insmod /lib/wmitrace/hammer.ko handle=31 count=0 rate=4000 length=24 spread=500
echo 1 >$hammer/run
round=0 files=''
while [ $round -lt $((6 * scale)) ] && [ $round -lt 60 ]; do
	round=$((round + 1))
	wmitrace start target --buffer-size 16 --min-buffers 16 --max-buffers 64 >/dev/null ||
		not_ok "come and go: start $round"
	folder=$(folder_of target)
	session target handle >/sys/module/hammer/parameters/handle
	usleep 50000
	wmitrace flush target >/dev/null || not_ok "come and go: flush $round"
	wmitrace stop target >/dev/null || not_ok "come and go: stop $round"
	pull $round.etl
	files="$files $round.etl"
	awk '/^cpu[0-9]/ && $2 != $3 + $4' "$folder/stats" >>unequal
	wmitrace release target >/dev/null || not_ok "come and go: release $round"
done
echo 0 >$hammer/run
cat $hammer/result >result
is "come and go: attempts = logged + lost on each CPU of each session" "$(cat unequal)" ""
check "come and go: some wrote to what ran" [ "$(column result 6)" -gt 0 ]
check "come and go: and some to what was gone" [ "$(column result 8)" -gt 0 ]
is "come and go: attempts are logged, lost or refused" "$(column result 5)" \
	$(($(column result 6) + $(column result 7) + $(column result 8) + $(column result 9)))
# shellcheck disable=SC2086 # names
account "come and go" --pulled $files

check "there was something to torture" [ $logged -gt 10000 ]
echo "# $attempted attempts: $logged logged, $refused refused, $((attempted - logged - refused)) lost; $verified records verified"
echo "attempts=$attempted logged=$logged refused=$refused verified=$verified" >"$OUT/totals"
