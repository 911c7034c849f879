# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# timeout: 120
# insmod: wmitrace
# insmod: driver_etw
# Where trust ends: each call is refused to who has no capability, also on a descriptor
# that root opened; buffers cannot be written, and not taken from who reads them; files
# are for their owners; nobody but root is told an address of the kernel.  (Who may do
# what else: access.sh.)

# shellcheck source=tests/lib/tap.sh
. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

aim kept --buffer-size 16 >/dev/null
strike 20
wmitrace flush kept >/dev/null
folder=/sys/kernel/debug/wmitrace/logger$(printf %02d "$(session kept handle)")
hostile map "$folder/cpu0"

aim gone --buffer-size 16 --max-buffers 16 >/dev/null
strike 20
gone=$(session gone handle)
hostile released "/sys/kernel/debug/wmitrace/logger$(printf %02d "$gone")/cpu0" "$gone"
is "a session that is released ends nobody who has mapped it" $? 0

# ---- calls
chmod 0666 /dev/wmitrace
who() { sed "s/ - / - $1: /"; }
access 1000 1000 hostile calls 3<>/dev/wmitrace | who 'a user'
access 1000 1000 access apart hostile calls 3<>/dev/wmitrace | who 'root of a namespace'
access bare 0 hostile calls 3<>/dev/wmitrace | who 'root without capabilities'
chmod 0660 /dev/wmitrace

# ---- modes
is "all files in debugfs are for reading, by their owner" \
	"$(find /sys/kernel/debug/wmitrace -type f -exec stat -c %a {} + | sort -u)" 400
start_daemon "$OUT/daemon.log"
umask 0
aim file -o "$PWD/file.etl" --buffer-size 16 >/dev/null
strike 20
wmitrace stop file >/dev/null
stop_daemon
is "a log file is not for everybody, whatever the umask" "$(stat -c %a file.etl)" 640
wmitrace record -o recorded.etl --name recorded -- true >/dev/null 2>&1
is "nor is what record writes" "$(stat -c %a recorded.etl)" 640
umask 022

# ---- addresses: a member of the group sees the most of all who are not root
chown 0:2000 /dev/wmitrace
member='access 1000 1000,2000'
wmitrace start mine --buffer-size 4 >/dev/null
wmitrace enable mine 70000000-1111-4222-8333-444455556666 >/dev/null
{
	for command in list 'list --json' 'query mine' 'query mine --json' providers 'providers --json' \
		'stop mine' 'query mine --stopped --json' 'flush none' 'start kernel' \
		'enable kept --tracepoint sched:*'; do
		# shellcheck disable=SC2086 # words
		$member wmitrace $command
	done
	for file in /proc/modules /sys/module/wmitrace/parameters/* /sys/module/wmitrace/sections/* \
		/sys/class/misc/wmitrace/uevent; do
		$member cat "$file"
	done
} >seen 2>&1
like "there was something to see" "$(cat seen)" '"name":"mine"'
cp seen "$OUT/"
# addresses FILE: numbers of the upper half, as addresses of the kernel are, but all ones
addresses()
{
	grep -oiE 'ffff[0-9a-f]{12}|18446[67][0-9]{14}' "$1" | grep -viE 'f{16}|18446744073709551615'
}
is "no address of the kernel is in it" "$(addresses seen)" ""
dmesg | grep wmitrace >messages
is "nor in what the module says in the kernel log" "$(addresses messages)" ""
wmitrace stop kept >/dev/null
