# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 240
# insmod: wmitrace
# Events for consumers, the WMI library, the framework, EtwRegister: A63, A64, A125, A129 to
# A140, A158 to A171 (tests/companions/wmi_*.c), and readers of /dev/wmitrace.

. "$TAP"

in_use()
{
	awk '/^Slab:/ { print $2 }' /proc/meminfo
}

id=$(wmitrace start wmi --buffer-size 16 --json | sed 's/.*"id":\([0-9]*\).*/\1/')
for n in 0 1 3; do
	wmitrace enable wmi 3df0000$n-1111-4222-8333-444455556666 >/dev/null
done
wmitrace enable wmi e7e00000-1111-4222-8333-444455556666 --level 3 --flags 0x30 \
	--match-all 0x10 >/dev/null
insmod /lib/wmitrace/wmi.ko handle="$id"
before=$(in_use)
cat /sys/kernel/debug/wmitrace_wmi/rows
sleep 1		# RCU frees late
growth=$(($(in_use) - before))
check "A130 A132 A138 30000 events leave no memory behind ($growth KB)" [ $growth -lt 8000 ]
rmmod wmi
wmitrace stop wmi >/dev/null

# ---- readers, with drivers that fire events
insmod /lib/wmitrace/driver_wdm.ko
insmod /lib/wmitrace/driver_wdf.ko
wdm=d1000000-0002-4000-8000-000000000002 wdf=d1000000-0003-4000-8000-000000000002
wmitrace monitor --json --count 3 $wdm driver_wdf >events &
reader=$!
until wmitrace providers | grep -q "^$wdf .*1 consumer"; do usleep 20000; done
like 'providers shows consumers' "$(wmitrace providers)" "^$wdm +event +driver_wdm +wdm driver .*1 consumer"
echo 5 >/sys/module/driver_wdm/parameters/work
echo 6 >/sys/module/driver_wdf/parameters/work
echo 7 >/sys/module/driver_wdm/parameters/work
check 'monitor ends after as many events as it was told' wait $reader
is 'in the order in which they were written' "$(sed 's/.*"data":"\(..\).*/\1/' events | tr '\n' ' ')" '05 06 07 '
like 'with GUID and data' "$(head -n 1 events)" "\"guid\":\"$wdm\".*\"lost\":0,\"data\":\"05000000[0-9a-f]{16}64726976657220746578740*\""
is 'the last reader disables' "$(wmitrace providers | grep -c consumer)" 0
refused 'a name without events is refused' wmitrace monitor driver_wpp
echo 8 >/sys/module/driver_wdm/parameters/work

# A reader before the driver, and two at once.
rmmod driver_wdm
wmitrace monitor --count 1 $wdm >first &
one=$!
wmitrace monitor --count 1 $wdm >second &
two=$!
until wmitrace providers | grep -Eq "^$wdm +waiting .*2 consumers"; do usleep 20000; done
insmod /lib/wmitrace/driver_wdm.ko
check 'a reader may come before the driver' wait $one $two
like 'and each gets the event' "$(cat first second | wc -l)" '^2$'
rmmod driver_wdm
rmmod driver_wdf
