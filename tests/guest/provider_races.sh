# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 4
# timeout: 300
# long: 6.1 6.12-rt
# insmod: wmitrace
# Everything at once: sessions start and stop, providers are enabled, disabled,
# registered and deregistered, modules come and go, consumers subscribe, and all
# CPUs log; for some seconds, with --full for a minute.  A fault in the kernel
# log fails it; so does what does not end, and an event after DISABLE has returned.

. "$TAP"

seconds=${FULL:+60}
end=$(($(cut -d. -f1 /proc/uptime) + ${seconds:-6}))
puppet=/sys/kernel/debug/wmitrace_provider/run
control=70000000-1111-4222-8333-444455556666
etw=d1000000-0004-4000-8000-000000000001
wdm=d1000000-0002-4000-8000-000000000001
event=d1000000-0002-4000-8000-000000000002

insmod /lib/wmitrace/provider.ko

# more: until the time has come, and each loop has had a turn
more()
{
	[ -z "${turns-}" ] || [ "$(cut -d. -f1 /proc/uptime)" -lt $end ]
}

# turn NAME: counts what a loop has done
turn()
{
	turns=$((${turns:-0} + 1))
	echo "$turns" >"turns.$1"
}

sessions()	# sessions NAME
{
	while more; do
		wmitrace start "$1" --buffer-size 4 --min-buffers 4 --max-buffers 8
		for guid in $control $etw $wdm; do wmitrace enable "$1" $guid --level 255; done
		wmitrace disable "$1" $control
		wmitrace stop "$1" && wmitrace release "$1" && turn "$1"
	done
}

enables()
{
	while more; do
		for guid in $control $etw $wdm; do
			wmitrace enable steady $guid
			wmitrace enable steady $guid --level 3
			wmitrace disable steady $guid && turn enables
		done
	done
}

registrations()	# registrations PUPPET
{
	while more; do
		for word in register update reregister deregister; do
			echo "$1 $word" >$puppet
		done
		echo "$1 clear" >$puppet && turn "registrations.$1"
	done
}

modules()	# modules DRIVER
{
	while more; do
		insmod "/lib/wmitrace/$1.ko"
		echo 1 >"/sys/module/$1/parameters/work"
		rmmod "$1" && turn "$1"
	done
}

# write DRIVER: again and again, until the file enough is there
write()
{
	until [ -e enough ]; do
		for n in 1 2 3 4 5 6 7 8; do echo $n >"/sys/module/$1/parameters/work"; done
	done
}

consumers()
{
	while more; do
		timeout -s KILL 1 wmitrace monitor $event
		wmitrace providers
		cat /sys/kernel/debug/wmitrace/providers /sys/kernel/debug/wmitrace/loggers &&
			turn consumers
	done
}

# A ring that overwrites the oldest: it never fills up.
start_steady()
{
	wmitrace start steady --buffer-size 4 --mode 0x400 >/dev/null
}

start_steady
loops=''
sessions one >/dev/null 2>&1 & loops="$loops $!"
sessions two >/dev/null 2>&1 & loops="$loops $!"
enables >/dev/null 2>&1 & loops="$loops $!"
registrations 0 2>/dev/null & loops="$loops $!"
registrations 1 2>/dev/null & loops="$loops $!"
modules driver_etw >/dev/null 2>&1 & loops="$loops $!"
modules driver_wdm >/dev/null 2>&1 & loops="$loops $!"
modules driver_wdf >/dev/null 2>&1 & loops="$loops $!"
consumers >/dev/null 2>&1 & loops="$loops $!"
write driver_etw 2>/dev/null &
write driver_wdm 2>/dev/null &
# shellcheck disable=SC2086 # several
wait $loops
touch enough
wait
for loop in one two enables registrations.0 registrations.1 driver_etw driver_wdm driver_wdf \
	consumers; do
	turns=$(cat "turns.$loop" 2>/dev/null)
	check "$loop: it all came about (${turns:-0} times)" [ "${turns:-0}" -gt 0 ]
done
for module in driver_etw driver_wdm driver_wdf; do rmmod $module 2>/dev/null; done
wmitrace stop steady >/dev/null
wmitrace release steady >/dev/null

# With nobody else about: no event of an EtwRegister provider after DISABLE returned.
attempts()
{
	wmitrace query steady --json | sed 's/.*"attempts":\([0-9]*\).*/\1/'
}

# written MORE: whether that many were, soon
written()
{
	wanted=$(($(attempts) + $1))
	for _ in $(seq 500); do
		[ "$(attempts)" -lt $wanted ] || return 0
		usleep 5000
	done
	return 1
}

insmod /lib/wmitrace/driver_etw.ko
rm enough
start_steady
write driver_etw &
write driver_etw &
late=0 busy=0
rounds=${FULL:+100}
rounds=${rounds:-10}
for _ in $(seq "$rounds"); do
	wmitrace enable steady $etw >/dev/null
	written 20 && busy=$((busy + 1))
	wmitrace disable steady $etw >/dev/null
	after=$(attempts)
	usleep 20000
	[ "$(attempts)" = "$after" ] || late=$((late + 1))
done
touch enough
wait
is "events are written between ENABLE and DISABLE, in each round" "$busy" "$rounds"
is "and none after DISABLE has returned, in $rounds rounds" $late 0
check 'the drivers can be removed' rmmod driver_etw
check 'and the puppets' rmmod provider
wmitrace stop steady >/dev/null
is 'no provider is left' "$(wmitrace providers)" 'no providers'
