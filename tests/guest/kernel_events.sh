# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 240
# long: 6.1
# insmod: wmitrace
# insmod: trace_types
# The kernel logger's other classes: interrupts, disk, page faults, images, system
# calls, samples (K16-K18, K24), who may ask for them, and what is not there.
# tests/host/kernel_events.py reads the files.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

debug=/sys/kernel/debug/wmitrace
folder=$debug/logger00
rate=interrupt,dpc,pagefault,image,syscall,profile
lives=process,thread,cswitch,dispatcher

quietly()	# quietly COMMAND...: of wmitrace
{
	wmitrace "$@" >/dev/null
}

# begin FLAGS
begin()
{
	check "the kernel logger starts with $1" \
		quietly start kernel --flags "$1" --buffer-size 64 --max-buffers 1024
}

# finish NAME
finish()
{
	check "$1: it stops" quietly stop kernel
	cat $folder/header $folder/cpu* >"$OUT/$1.etl"
	quietly release kernel
}

# what the kernel itself says
note()	# note WHEN
{
	cat /proc/interrupts >"$OUT/interrupts.$1"
	cat /proc/softirqs >"$OUT/softirqs.$1"
	cat /sys/block/vda/stat >"$OUT/stat.$1"
}

check "addresses are shown to start with" sh -c 'echo 0 >/proc/sys/kernel/kptr_restrict'
cat /proc/kallsyms >"$OUT/kallsyms"
cat /proc/modules >"$OUT/modules"
for what in sys_vendor product_name bios_date bios_version; do	# a kernel may not know
	echo "$what: $(cat /sys/class/dmi/id/$what 2>/dev/null)"
done >"$OUT/machine"

begin $lives,$rate,disk,disk-init,process-counters
note begin
: >"$OUT/done"
kernel_events image /bin/kernel_events >>"$OUT/done" &
mapped=$!
{
	kernel_events disk /dev/vda
	kernel_events faults /bin/kernel_events
	kernel_events syscalls 300
	kernel_events spin 300
	kernel_events counters
} >>"$OUT/done"
rmmod trace_types
insmod /lib/wmitrace/trace_types.ko
note end
cat /proc/1/status >"$OUT/status"	# it waits: the same when the session ends
finish all
kill $mapped

echo 2 >/proc/sys/kernel/kptr_restrict
begin $lives,$rate
kernel_events spin 50 >/dev/null
kernel_events faults /bin/kernel_events >/dev/null
finish hidden
echo 0 >/proc/sys/kernel/kptr_restrict

begin interrupt
for flags in dpc pagefault disk syscall profile image none; do
	kernel_events faults /bin/kernel_events >/dev/null
	kernel_events disk /dev/vda >/dev/null
	check "flags change to $flags" quietly update kernel --flags $flags
done
is "nothing is attached while nothing is enabled" "$(grep -c attached $debug/kernel)" 0
finish changes

# Classes that Windows has and Linux does not: said, not silent
like "a class without events is named at the start" \
	"$(wmitrace start kernel --flags process,registry,alpc 2>&1)" "nothing is logged for registry,alpc"
like "and as long as it runs" "$(wmitrace query kernel)" "without events on this kernel: registry,alpc"
quietly update kernel --flags process
is "and not when it is not asked for" \
	"$(wmitrace query --json kernel | grep -o '"unlogged_flags": *[0-9]*' | tr -dc 0-9)" 0
quietly stop kernel
quietly release kernel
begin process,thread,image,process-counters,disk,disk-file,disk-init,hardfault,network,profile
finish masks

# Under another name [17.1]
check "SYSTEM_LOGGER_MODE: a session of another name gets the kernel's events" \
	quietly start mine --mode system-logger --flags process --buffer-size 64 --max-buffers 64
like "it is logger 0" "$(wmitrace query --json mine)" '"id": *0,'
refused "while it runs there is no NT Kernel Logger" wmitrace start kernel --flags process
refused "nor is that its name" wmitrace query kernel
refused "without the mode flags are refused" wmitrace start other --flags process
kernel_events nothing
refused "CAP_SYS_ADMIN, under any name" kernel_events without-admin wmitrace stop mine
check "it stops" quietly stop mine
cat $folder/header $folder/cpu* >"$OUT/mine.etl"
quietly release mine
refused "CAP_SYS_ADMIN to start it" kernel_events without-admin \
	wmitrace start mine --mode system-logger --flags process

# CAP_SYS_ADMIN, whatever else
refused "the kernel logger is refused without CAP_SYS_ADMIN" \
	kernel_events without-admin wmitrace start kernel --flags process
begin process
refused "so is stopping it" kernel_events without-admin wmitrace stop kernel
refused "and changing it" kernel_events without-admin wmitrace update kernel --flags none
check "it still runs" quietly query kernel
finish refused
