# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# How much memory a guest uses.

meminfo()	# KB of a line of /proc/meminfo
{
	awk -v key="$1:" '$1 == key { print $2 }' /proc/meminfo
}

# KB in use: what is neither free (on a CPU's own list of free pages either) nor
# page cache.
used()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	echo 3 >/proc/sys/vm/drop_caches
	lists=$(awk '$1 == "count:" { n += $2 } END { print 4 * n }' /proc/zoneinfo)
	echo $(($(meminfo MemTotal) - $(meminfo MemFree) - lists - $(meminfo Cached) -
		$(meminfo Buffers)))
}

# slow: whether this kernel has the checkers that make a test take ten times as long
slow()
{
	[ -e /sys/kernel/debug/kmemleak ]
}

# below WHAT KB LIMIT: so much more is in use, less than the limit
below()
{
	if slow; then
		skip "$1 ($2 KB)" "this kernel's checkers keep what is freed; kmemleak looks for what is lost"
	else
		check "$1 ($2 KB)" [ "$2" -lt "$3" ]
	fi
}
