# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# full
# smp: 4
# timeout: 200
# insmod: wmitrace
# Everything at once: sessions start and stop, providers are enabled, disabled,
# registered and deregistered, modules come and go, consumers subscribe, and all
# CPUs log.  A fault in the kernel log fails it; so does what does not end, and an
# event after DISABLE has returned.

. "$TAP"

seconds=${SECONDS_TO_RUN:-60}
end=$(($(cut -d. -f1 /proc/uptime) + seconds))
puppet=/sys/kernel/debug/wmitrace_provider/run
control=70000000-1111-4222-8333-444455556666
etw=d1000000-0004-4000-8000-000000000001
wdm=d1000000-0002-4000-8000-000000000001
event=d1000000-0002-4000-8000-000000000002

insmod /lib/wmitrace/provider.ko

more()
{
	[ "$(cut -d. -f1 /proc/uptime)" -lt $end ]
}

sessions()	# sessions NAME
{
	while more; do
		wmitrace start "$1" --buffer-size 4 --min-buffers 4 --max-buffers 8
		for guid in $control $etw $wdm; do wmitrace enable "$1" $guid --level 255; done
		wmitrace disable "$1" $control
		wmitrace stop "$1"
		wmitrace release "$1"
		rounds=$((${rounds:-0} + 1))
		echo "$rounds" >"rounds.$1"
	done
}

enables()
{
	while more; do
		for guid in $control $etw $wdm; do
			wmitrace enable steady $guid
			wmitrace enable steady $guid --level 3
			wmitrace disable steady $guid
		done
	done
}

registrations()	# registrations PUPPET
{
	while more; do
		for word in register update reregister deregister; do echo "$1 $word" >$puppet; done
		echo "$1 clear" >$puppet
	done
}

modules()	# modules DRIVER
{
	while more; do
		insmod "/lib/wmitrace/$1.ko"
		echo 1 >"/sys/module/$1/parameters/work"
		rmmod "$1"
	done
}

writers()	# writers DRIVER
{
	while more; do
		for n in 1 2 3 4 5 6 7 8; do echo $n >"/sys/module/$1/parameters/work"; done
	done
}

consumers()
{
	while more; do
		timeout -s KILL 1 wmitrace monitor $event
		wmitrace providers
		cat /sys/kernel/debug/wmitrace/providers /sys/kernel/debug/wmitrace/loggers
	done
}

wmitrace start steady --buffer-size 4 >/dev/null
sessions one >/dev/null 2>&1 &
sessions two >/dev/null 2>&1 &
enables >/dev/null 2>&1 &
registrations 0 2>/dev/null &
registrations 1 2>/dev/null &
modules driver_etw >/dev/null 2>&1 &
modules driver_wdm >/dev/null 2>&1 &
modules driver_wdf >/dev/null 2>&1 &
writers driver_etw 2>/dev/null &
writers driver_wdm 2>/dev/null &
consumers >/dev/null 2>&1 &
wait
check "sessions came and went ($(cat rounds.one) times)" [ "$(cat rounds.one)" -gt 0 ]
for module in driver_etw driver_wdm driver_wdf; do rmmod $module 2>/dev/null; done

# With nobody else about: no event of an EtwRegister provider after DISABLE returned.
logged()
{
	wmitrace query steady --json | sed 's/.*"logged":\([0-9]*\).*/\1/'
}

insmod /lib/wmitrace/driver_etw.ko
end=$(($(cut -d. -f1 /proc/uptime) + 10))
writers driver_etw &
writers driver_etw &
late=0 busy=0 rounds=0
while more; do
	before=$(logged)
	wmitrace enable steady $etw >/dev/null
	wmitrace disable steady $etw >/dev/null
	after=$(logged)
	usleep 20000
	[ "$(logged)" = "$after" ] || late=$((late + 1))
	[ "$after" = "$before" ] || busy=$((busy + 1))
	rounds=$((rounds + 1))
done
wait
check "events were written between ($busy of $rounds rounds)" [ $busy -gt 0 ]
is "no event after DISABLE has returned ($rounds rounds)" $late 0
check 'the drivers can be removed' rmmod driver_etw
check 'and the puppets' rmmod provider
wmitrace stop steady >/dev/null
is 'no provider is left' "$(wmitrace providers)" 'no providers'
