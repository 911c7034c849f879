# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 1
# timeout: 150
# insmod: wmitrace
# Every trace event of this kernel is bridged, or named with the reason (K20); with all
# of them on, what is logged can be read.  On one CPU: a thousand events are a thousand
# places patched, which emulated CPUs beside the one that patches may miss (stale-code.sh).

# shellcheck source=tests/lib/tap.sh
. "$TAP"

tracing=/sys/kernel/tracing
folder=/sys/kernel/debug/wmitrace/logger02
[ -d $tracing/events ] || mount -t tracefs nodev $tracing

# What lies under ftrace are forms of its own records, and no trace events.
(cd $tracing/events && ls -d */*/format) | sed -n '/^ftrace/!s|/format||p' | tr / : | sort >events
check "this kernel has $(wc -l <events) trace events" [ "$(wc -l <events)" -gt 500 ]

wmitrace start every --flight-recorder --buffer-size 64 --min-buffers 100 >/dev/null
wmitrace enable every --tracepoint '*:*' >enabled 2>failed
ls -lR /sys/block >/dev/null
wmitrace flush every >flushed
cat $folder/header $folder/cpu* >every.etl
wmitrace stop every >stopped
wmitrace release every >released

sed -n "s/^enabled \(.*\) for 'every'$/\1/p" enabled | sort >good
sed -n 's/^wmitrace enable: \([a-z0-9_]*:[a-zA-Z0-9_]*\): .*/\1/p' failed | sort >bad
is "each is enabled, or an error names it [K20]" "$(sort good bad events | uniq -u)" ""
sed 's/^/# /' failed
check "and nearly all are enabled: $(wc -l <good)" [ "$(wc -l <bad)" -lt 10 ]

wmitrace dump every.etl >dumped 2>errors
is "what was logged with all of them on can be read" "$? $(cat errors)" "0 "
sed -n 's/.* Linux\.\([a-zA-Z0-9_]*\)\/\([a-zA-Z0-9_]*\) .*/\1:\2/p' dumped | sort -u >seen
check "$(wc -l <dumped) records, $(wc -l <seen) kinds" [ "$(wc -l <seen)" -ge 20 ]
is "each of an event that was enabled" "$(grep -vxFf good seen)" ""
