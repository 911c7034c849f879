# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 240
# insmod: wmitrace
# modules: loop dm-mod crc32c_generic? ext4
# What happens to a service in production: a disk that gives errors, a folder that
# cannot be written or that vanishes, a pause of the service, a clock that is set.
# Each is reported, what it costs is counted, and when it is over things go on.
# (A full disk and short writes: daemon_disk_full.sh; a killed service: daemon_killed.sh.)

# shellcheck source=tests/lib/tap.sh
. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

# finish NAME FILE: stops the session, and settles it
finish()
{
	wmitrace stop "$1" --json >stopped
	settle "$@"
}

# settle NAME FILE: the file of the session that has stopped holds what was logged, and
# the counts agree
settle()
{
	logged=$(sed 's/.*"logged":\([0-9]*\).*/\1/' stopped)
	cat $hammer/result >result
	if log_of "$2" --result result; then
		is "$1: the file holds exactly what was logged" "$(has records)" "$logged"
		is "$1: EventsLost counts the rest" "$(has lost)" \
			"$(($(sed 's/.*"attempts":\([0-9]*\).*/\1/' stopped) - logged))"
		is "$1: it is finalised" "$(has finalised)" 1
	fi
	rmmod hammer
}

said()	# said ERE: in the service's messages
{
	grep -qE "$1" "$OUT/daemon.log"
}

start_daemon "$OUT/daemon.log"

# ---- the service is stopped for a while (as a frozen container's is), then goes on
aim paused -o "$PWD/paused.etl" --buffer-size 16 --min-buffers 8 --max-buffers 16 >/dev/null
strike 500 &
writer=$!
kill -STOP "$daemon"
wait $writer
strike 2000
check "paused: the kernel counts what finds no room" [ "$(session paused lost)" -gt 0 ]
kill -CONT "$daemon"
strike 20 100
finish paused paused.etl

# ---- a disk that gives errors from its fourth MB on, where the file's contents get to:
# what the file system keeps of it, the block with the numbers of others included, is
# before that (an error there may leave the file system damaged, whatever a writer does)
# (Not a loop device whose file finds no room: Linux 6.12's and 7.3's take what is
# written in part for written.)
truncate -s 16M image
losetup /dev/loop0 image
sound() { daemon_faults erring 0 32768 linear "/dev/loop0 0"; }
disk=$(sound)
mke2fs -F -b 4096 "$disk" >/dev/null || not_ok "a file system is made"
mkdir disk
mount -t ext2 -o sync "$disk" disk || not_ok "errors: the disk is mounted"
aim errors -o "$PWD/disk/errors.etl" --buffer-size 16 --min-buffers 8 --max-buffers 128 >/dev/null
strike 500
wait_until 10 test -s disk/errors.etl
daemon_faults erring 0 6144 linear "/dev/loop0 0" 6144 26624 error '' >/dev/null
strike 4000
check "errors: they are reported" wait_until 30 said "session 'errors'.*Input/output error"
check "errors: what finds no room is counted" [ "$(session errors lost)" -gt 0 ]
sound >/dev/null
check "errors: it goes on when the disk does" wait_until 30 said "session 'errors'.*goes on"
strike 20 100
wmitrace stop errors --json >stopped
umount disk
mount -t ext2 "$disk" disk || not_ok "errors: the disk is mounted again"
settle errors disk/errors.etl
umount disk

# ---- a folder that cannot be written
mkdir closed
mount -t tmpfs -o ro closed closed
wmitrace start closed -o "$PWD/closed/closed.etl" >/dev/null 2>&1
check "read-only: it is reported" wait_until 30 said "session 'closed'.*[Rr]ead-only"
mount -o remount,rw closed
check "read-only: it goes on when it can be written" wait_until 30 test -s closed/closed.etl
wmitrace stop closed >/dev/null
check "read-only: the file is in order" log_of closed/closed.etl

# ---- a folder that vanishes, in a session that begins a file after the other
mkdir series
aim series -o "$PWD/series/%d.etl" --newfile 1 --buffer-size 16 --min-buffers 16 --max-buffers 64 >/dev/null
wait_until 10 test -s series/1.etl
mv series moved
strike 4000
check "vanished: it is reported" wait_until 30 said "session 'series'.*No such file"
mkdir series
check "vanished: it goes on when there is a folder again" wait_until 30 said "session 'series'.*goes on"
strike 20 100
wmitrace stop series --json >stopped
check "vanished: no number is left out" [ -s moved/1.etl -a -s series/2.etl ]
cat $hammer/result >result
last=$(find series -name '*.etl' | sort -t / -k 2 -n | tail -n 1)
# shellcheck disable=SC2046 # names
log_of "$last" --result result moved/1.etl $(find series -name '*.etl' ! -path "$last" | sort -t / -k 2 -n) &&
	ok "vanished: the files together hold exactly what was logged"
rmmod hammer

# ---- the clock is set forward and back: times in the file never step back on a CPU
aim clock -o "$PWD/clock.etl" --clock system --buffer-size 16 --min-buffers 16 --max-buffers 256 >/dev/null
strike 0 500
for step in 100 -200 50 -3600 3600; do
	date -s "@$(($(date +%s) + step))" >/dev/null
	usleep 100000
done
echo 0 >$hammer/run
finish clock clock.etl
check "clock: no time steps back on a CPU, and the end is not before the start" wmitrace verify clock.etl

stop_daemon
