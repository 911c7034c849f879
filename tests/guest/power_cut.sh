# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# mem: 512
# timeout: 400
# insmod: wmitrace
# modules: crc32c_generic? ext4
# ends: power-cut
# disk: 64
# The machine's power is cut while a service writes a log file to a disk.  host/power_cut
# looks at what is on the disk.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

device=$(grep -l '^kept$' /sys/block/*/serial | cut -d/ -f4)
mkdir disk
check "the disk is mounted" mount -t ext4 "/dev/$device" disk
start_daemon "$OUT/daemon.log"
aim cut -o "$PWD/disk/cut.etl" --buffer-size 16 --min-buffers 64 --max-buffers 256
folder=/sys/kernel/debug/wmitrace/logger$(printf %02d "$(session cut handle)")

logged()
{
	awk '$1 == "all" { print $3 }' "$folder/stats"
}

more_than()	# more_than COUNT: events are logged
{
	[ "$(logged)" -gt "$1" ]
}

in_file()	# in_file COUNT: at least so many are in the file; half a buffer may be, too
{
	found=$(check-etl disk/cut.etl 2>/dev/null) && [ "$(has hammer)" -ge "$1" ]
}

strike 0 2000
check "it flows" wait_until 150 more_than 2000
flushed=$(logged)
wmitrace flush cut >/dev/null
check "what was flushed is in the file" wait_until 100 in_file "$flushed"
sync
echo "power-cut: $flushed flushed" >/dev/kmsg
check "it flows on" wait_until 150 more_than $((flushed + 4000))
guest-ask power-cut
