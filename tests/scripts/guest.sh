# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
# The guest harness: what goes in, what comes out, which status says what.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
# guest ARGUMENT...: leaves stdout, stderr and the status in files and $status; once more
# where the emulator's stale code came in between, unless --log is among the arguments
guest()
{
	for _ in 1 2 3; do
		status=0
		rm -f kernel.log
		"$TOP/scripts/guest" --no-build --quiet --log kernel.log "$@" >stdout 2>stderr \
			</dev/null || status=$?
		known kernel.log || break
	done
}

known()	# known LOG: whether it tells of the emulator's stale code
{
	bash -c '. "$0/scripts/lib/stale-code.sh" && stale_code_in "$1"' "$TOP" "$1"
}

mkdir -p in/folder
echo "from the host" >in/folder/file
cat >in/story <<'END'
echo "$#:$1:$2"
cat /overlay/folder/file
echo to stderr >&2
nproc
before=$(awk '/NMI/ { print $2, $3, $4 }' /proc/interrupts)
guest-ask nmi 3
guest-ask nmi nonsense 2>/dev/null && echo "nonsense taken"
sleep 0.2
echo "$before" "$(awk '/NMI/ { print $2, $3, $4 }' /proc/interrupts)" >/out/nmi
mkdir /out/d
seq 1000000 >/out/d/long
seq 100000
exit 7
END
guest --smp 3 --mem 512 --overlay in --out out -- sh /overlay/story "a  b" "c'd \$x"
is "the command's status" $status 7
is "its arguments arrive as they are" "$(sed -n 1p stdout)" "2:a  b:c'd \$x"
is "the overlay is there" "$(sed -n 2p stdout)" "from the host"
is "as many CPUs as asked for" "$(sed -n 3p stdout)" 3
is "stdout arrives whole" "$(sed 1,3d stdout | md5sum)" "$(seq 100000 | md5sum)"
is "stderr arrives, alone" "$(cat stderr)" "to stderr"
is "files come back" "$(md5sum <out/d/long)" "$(seq 1000000 | md5sum)"
# NMIs that come while one is handled merge: at least one, at most three.
check "an NMI reaches every CPU" awk '{ for (i = 1; i <= 3; i++) {
	n = $(i + 3) - $i; if (n < 1 || n > 3) exit 1 } }' out/nmi

# Against another clock, which counts seconds: a factor of two is a wrong rate.
cat >in/clocks <<'END'
rtc=/sys/class/rtc/rtc0/since_epoch
from=$(cat $rtc)
while [ "$(cat $rtc)" = "$from" ]; do usleep 1000; done
awk '{ print $1 }' /proc/uptime
from=$(cat $rtc)
while [ "$(cat $rtc)" -lt $((from + 4)) ]; do usleep 10000; done
awk '{ print $1 }' /proc/uptime
echo $(($(cat $rtc) - from))
END
guest --overlay in -- sh /overlay/clocks
check "the guest's time goes at the host's rate" awk '{ t[NR] = $1 }
	END { ran = t[2] - t[1]; exit !(ran > t[3] / 2 && ran < t[3] * 2) }' stdout

guest --timeout 3 --out late -- 'echo partly >/out/file; sleep 1000'
is "a command that takes too long: 124" $status 124
is "what it had written comes back" "$(cat late/file)" partly
guest -- 'echo "WARNING: CPU: 0 PID: 1 at here" >/dev/kmsg; exit 0'
is "a warning in the kernel log: 125" $status 125
like "the line is shown" "$(cat stderr)" 'WARNING: CPU: 0'
guest -- 'echo c >/proc/sysrq-trigger; sleep 100'
is "a kernel that panics: 125" $status 125
like "the reason is shown" "$(cat stderr)" 'sysrq triggered crash|NULL pointer'
guest -- 'reboot -f'
is "a guest that ends on its own: 125" $status 125
guest --timeout 200 --log log -- 'insmod /lib/wmitrace/provoke.ko what=breakpoint'
is "a CPU that handles a breakpoint for ever, as the emulator's stale code makes it: 125" $status 125
# The kernel may tell of a stall on that CPU before the monitor does.
like "the log says so" "$(tail -n 1 log)" "^wmitrace: .*CPU.* keeps a breakpoint that .*QEMU's fault"
known_line()	# known_line LINE: of a kernel log
{
	echo "$1" >line
	known line
}
check "so does an oops of 6.1" known_line '[   61.938881] int3: 0000 [#1] PREEMPT SMP NOPTI'
check "and of 7.3" known_line '[   61.938881] Oops: int3: 0000 [#1] SMP NOPTI'
check "and a stall" known_line '[  100.000000] RIP: 0010:asm_exc_int3+0x0/0x40'
refused "another oops is a fault" known_line '[   61.938881] Oops: 0000 [#1] SMP NOPTI'
guest --smp none -- true
is "a wrong option: 2" $status 2

# It dies before it has answered anybody: who asked would wait for ever, with what it holds.
mkdir -p emulator tmp
cat >emulator/qemu-system-x86_64 <<'END_OF_EMULATOR'
#!/bin/sh
sleep 0.5
exit 1
END_OF_EMULATOR
chmod +x emulator/qemu-system-x86_64
PATH=$PWD/emulator:$PATH TMPDIR=$PWD/tmp WMITRACE_ACCEL=tcg guest -- true
is "an emulator that dies at once: 125" $status 125
left()	# whether a process has files of a guest that is gone
{
	readlink /proc/[0-9]*/fd/* 2>/dev/null | grep -q "^$PWD/tmp/"
}
for _ in 1 2 3 4 5 6 7 8 9 10; do left || break; sleep 1; done
refused "nobody is left who asks it" left
cat >locks <<'END'
set -e
. "$1/scripts/lib/cache.sh"
cache_lock kept sh -c 'sleep 30 >/dev/null 2>&1 &'
flock -n "$cache/kept.lock" true
cache_lock kept sh -c '! flock -n "$0" true' "$cache/kept.lock"
END
check "a lock is held while the command runs, not by what that leaves behind" \
	env WMITRACE_CACHE="$PWD/cache" bash locks "$TOP"
