# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# timeout: 120
# Sessions that start with the module: boot=, the GlobalLogger, A212 to A215 and A220.

. "$TAP"

debug=/sys/kernel/debug/wmitrace
wpp=d1000000-0001-4000-8000-000000000001
etw=d1000000-0004-4000-8000-000000000001

load()	# load SESSIONS
{
	check "the module loads with boot=$1" insmod /lib/wmitrace/wmitrace.ko boot="$1"
}

unload()
{
	check "the module can be removed" rmmod wmitrace
}

logged()	# logged ID: events in the session
{
	awk '$1 == "all" { print $3 }' "$debug/logger$(printf %02d "$1")/stats"
}

id_of()	# id_of SESSION
{
	wmitrace query "$1" --json | sed 's/.*"id":\([0-9]*\).*/\1/'
}

# ---- sessions with entries for providers
load "early,buffer_size=16,mode=0x8000,enable=$wpp:4:0x11,enable=$etw;second,enable=none;third,colour=red;fourth,buffer_size=x"
early=$(wmitrace query early --json)
like 'a boot session has its settings' "$early" '"buffer_size_kb":16'
like 'and mode' "$early" '"mode":32768'
like 'A213 its provider waits to be told' "$(wmitrace providers)" "^$wpp +waiting .* level 4, flags 0x11"
insmod /lib/wmitrace/driver_wpp.ko
is 'A213 it is, and logs from its first line on' "$(logged "$(id_of early)")" 1
insmod /lib/wmitrace/driver_etw.ko
like 'A213 so is one of the newer kind' "$(dmesg)" 'driver_etw: control 1 level 5 any 0xffffffffffffffff'
check 'an entry that makes no sense keeps no session' wmitrace query second
like 'but is reported' "$(dmesg)" "wmitrace: boot session 'second': cannot enable 'none'"
refused 'a setting that nobody knows does' wmitrace query third
like 'and is reported' "$(dmesg)" "wmitrace: boot session 'third': 'colour=red' makes no sense"
refused 'a value that is none does, too' wmitrace query fourth
rmmod driver_wpp
rmmod driver_etw
cat $debug/logger02/header $debug/logger02/cpu* >early.etl
like 'the log can be read' "$(wmitrace dump --json early.etl)" '"guid":"d1000000-0001-4000-8000-00000000ffff"'
check 'a boot session can be stopped' wmitrace stop early
wmitrace stop second >/dev/null
unload

# ---- the GlobalLogger
load "GlobalLogger,buffer_size=16,enable=$wpp"
is 'the GlobalLogger is logger 1' "$(id_of GlobalLogger)" 1
like 'A212 it takes no entries for providers' "$(dmesg)" "boot session 'GlobalLogger': cannot enable '$wpp'"
insmod /lib/wmitrace/provider.ko
echo '0 register' >/sys/kernel/debug/wmitrace_provider/run
is 'A212 nor does it call those that register' \
	"$(grep -c ' begin enable' /sys/kernel/debug/wmitrace_provider/said)" 0
refused 'A212 nor can it be asked to' wmitrace enable GlobalLogger $wpp
echo '0 deregister' >/sys/kernel/debug/wmitrace_provider/run
rmmod provider
insmod /lib/wmitrace/driver_wpp.ko
is 'a driver that looks for it logs there' "$(logged 1)" 1
wmitrace start one --buffer-size 16 >/dev/null
wmitrace enable one $wpp --level 4 --flags 1 >/dev/null
echo 5 >/sys/module/driver_wpp/parameters/work
is 'A215 enabled by another session it logs there' "$(logged "$(id_of one)")" 1
is 'A215 and no longer to the GlobalLogger' "$(logged 1)" 1
wmitrace stop one >/dev/null
rmmod driver_wpp
wmitrace stop GlobalLogger >/dev/null
unload

load 'GlobalLogger,flags=3'
kernel=$(wmitrace query kernel --json)
like 'A214 with kernel flags it is called NT Kernel Logger' "$kernel" '"name":"NT Kernel Logger"'
like 'A214 is logger 0' "$kernel" '"id":0,'
like 'A214 and logs what the flags ask for' "$kernel" '"logged":[1-9]'
refused 'A214 and nothing is called GlobalLogger' wmitrace query GlobalLogger
wmitrace stop kernel >/dev/null
unload

# ---- sessions that cannot be stopped
load 'blackbox,mode=0x440;wrong,mode=0x40;newfile,mode=0x8,max_file_size=1,file=/a%d'
blackbox=$(wmitrace stop blackbox 2>&1)
status=$?
is 'A220 a boot session may be NONSTOPPABLE, and then is' $status 1
like 'A220 which is said' "$blackbox" 'cannot be stopped'
check 'A220 and runs on' wmitrace query blackbox
refused 'A220 one that could end by itself may not be' wmitrace query wrong
refused 'no boot session begins new files' wmitrace query newfile
unload
