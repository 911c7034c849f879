# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2 4
# mem: 1024
# timeout: 300
# A million messages and events from all CPUs and contexts at once, drained
# while they are written.  tests/host/million.py reads every one of them.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

hammer=/sys/kernel/debug/wmitrace_hammer
each=$((${EVENTS:-1000000} / CPUS / 8))	# of 4 contexts and 2 routines on each CPU

insmod /lib/wmitrace/wmitrace.ko
insmod /lib/wmitrace/hammer.ko handle=2 count=$each spread=100
cat >fire <<END
echo 1 >$hammer/run
wmitrace query million --json >$OUT/query.json
cat /sys/kernel/debug/wmitrace/logger02/stats >$OUT/stats
END
record()
{
	wmitrace record --json -o "$OUT/million.etl" --name million --buffer-size 256 \
		--max-buffers 64 --sequence local -- sh ./fire >"$OUT/record.json"
}
check "record drains the session and reports" record
cat $hammer/result >"$OUT/result"
sed 's/^/# /' "$OUT/stats"
made=$(awk '$1 ~ /^[0-9]/ { n += $5 } END { print n + 0 }' "$OUT/result")
is "$((each * CPUS * 8)) attempts were made" "$made" $((each * CPUS * 8))
is "attempts = logged + lost in all [A217]" \
	"$(awk '$1 == "all" { print $2 == $3 + $4 }' "$OUT/stats")" 1
is "and on each CPU" "$(awk '/^cpu[0-9]/ && $2 != $3 + $4' "$OUT/stats")" ""
is "the module counted the attempts that the companion made" \
	"$(awk '$1 == "all" { print $2 }' "$OUT/stats")" "$made"
is "logged is what the companion was told" \
	"$(awk '$1 == "all" { print $3 }' "$OUT/stats")" \
	"$(awk '$1 ~ /^[0-9]/ { n += $6 } END { print n + 0 }' "$OUT/result")"
