# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 120
# insmod: wmitrace
# The module's own trace events: what drivers log, in ftrace's buffer and, through
# perf, in another session.  tests/host/trace_events.py compares them with the log.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

tracing=/sys/kernel/tracing
debug=/sys/kernel/debug/wmitrace
instance=$tracing/instances/own
[ -d $tracing/events ] || mount -t tracefs nodev $tracing
mkdir $instance

# Messages and events from every context, of two sizes; of other forms by drivers
work()
{
	echo 1 >$debug"_hammer/run"
	echo types >/sys/module/wpp/parameters/run
	echo 1 >/sys/module/driver_etw/parameters/work
	echo 1 >/sys/module/driver_wpp/parameters/work
}

check "a session" wmitrace start own --buffer-size 64 --max-buffers 256
check "another" wmitrace start bridged --buffer-size 64 --max-buffers 256
check "modules that trace" sh -c "cd /lib/wmitrace && insmod wpp.ko && insmod driver_etw.ko &&
	insmod driver_wpp.ko && insmod hammer.ko handle=2 count=20 length=24 spread=2000"
for guid in $(wmitrace providers | sed -n 's/^\([0-9a-f-]\{36\}\) .*/\1/p'); do
	wmitrace enable own "$guid" --level 5 --flags 0xffffffff
done >enabled
like "their providers are enabled" "$(wc -l <enabled)" '^[3-9]$'

work
is "nothing is traced while nobody asks" "$(grep -vc '^#' $instance/trace)" 0
echo 1 >$instance/events/wmitrace/enable
check "they are offered to perf" sh -c "wmitrace enable bridged --tracepoint 'wmitrace:*' >again"
work
wmitrace disable bridged --tracepoint 'wmitrace:*' >/dev/null
echo 0 >$instance/events/wmitrace/enable
lines=$(wc -l <$instance/trace)
work
is "nothing is traced when nobody asks any more" "$(wc -l <$instance/trace)" "$lines"
like "all was logged" "$(wmitrace stop own)" ' 0 lost'
like "bridged, too" "$(wmitrace stop bridged)" ' 0 lost'

cat $debug/logger02/header $debug/logger02/cpu* >"$OUT/own.etl"
cat $debug/logger03/header $debug/logger03/cpu* >bridged.etl
wmitrace dump --json bridged.etl >"$OUT/bridged.json"
cat $instance/trace >"$OUT/trace"
cat $instance/per_cpu/cpu*/stats >"$OUT/stats"
rmdir $instance
