# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# mem: 384
# timeout: 240
# insmod: wmitrace
# modules: qemu_fw_cfg
# ends: panic
# cores
# The machine stops in the middle of everything, twice: at any instruction, where it
# goes on after its memory was written to a file, and in a panic.  host/crash recovers
# the sessions from both files.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

# Nobody reads the first; the second holds the newest only; the third is being written.
wmitrace start kept --buffer-size 64 --min-buffers 256 --max-buffers 256
wmitrace start ring --buffer-size 16 --min-buffers 16 --flight-recorder
start_daemon "$OUT/daemon.log"
wmitrace start drained -o "$PWD/drained.etl" --buffer-size 16 --min-buffers 256 --max-buffers 256
handles=$(session kept handle),$(session ring handle),$(session drained handle)
insmod /lib/wmitrace/hammer.ko handle="$handles" count=0 rate=1000 length=24 spread=300

enough()	# enough RECORDS: logged in each session
{
	for name in kept ring drained; do
		[ "$(awk '$1 == "all" { print $3 }' \
			"/sys/kernel/debug/wmitrace/logger$(printf %02d "$(session $name handle)")/stats")" -gt "$1" ] ||
			return 1
	done
}

echo 1 >$hammer/run
check "it flows" wait_until 100 enough 2000
check "memory is written in between" guest-ask core live kdump-zlib
check "it flows on" wait_until 100 enough 6000
echo c >/proc/sysrq-trigger
