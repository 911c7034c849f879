# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 120
# insmod: wmitrace
# Four drivers in the four styles of Windows drivers (tests/companions/driver_*.c),
# each with a session that was enabled before it was loaded and one that was
# enabled after; unloaded while enabled, and loaded again.  What the logs hold is
# checked by tests/host/driver_styles.py.

. "$TAP"

debug=/sys/kernel/debug/wmitrace

session()	# session NAME: prints its debugfs folder
{
	wmitrace start "$1" --buffer-size 16 --json | sed 's/.*"id":\([0-9]*\).*/\1/' |
		awk -v d=$debug '{ printf "%s/logger%02d\n", d, $1 }'
}

pull()	# pull FOLDER FILE
{
	cat "$1"/header "$1"/cpu* >"$2"
}

loaded()	# loaded NAME
{
	check "$1 is loaded" insmod "/lib/wmitrace/$1.ko"
}

n=0
for style in wpp wdm wdf etw; do
	n=$((n + 1))
	driver=driver_$style
	guid=d1000000-000$n-4000-8000-000000000001
	work=/sys/module/$driver/parameters/work

	before=$(session "$style-before")
	check "$style: enabled before it is loaded [A55]" \
		wmitrace enable "$style-before" $guid --level 4 --flags 0x10000011
	loaded $driver
	like "$style: listed with its module" "$(wmitrace providers)" "^$guid +(control|etw) +$driver "
	echo 1 >$work
	after=$(session "$style-after")
	check "$style: enabled for a second session [A53]" \
		wmitrace enable "$style-after" $guid --level information --flags 0x11
	echo 2 >$work
	if [ $style = etw ]; then
		check "$style: it logs its state [14]" wmitrace capture-state etw-after $guid \
			--level 3 --flags 0x22 --match-all 0x20
	else
		refused "$style: a classic provider has no state to log" \
			wmitrace capture-state "$style-after" $guid
	fi
	check "$style: unloaded while enabled [A44]" rmmod $driver
	loaded $driver
	echo 3 >$work
	check "$style: disabled [A49]" wmitrace disable "$style-after" $guid
	echo 4 >$work
	refused "$style: what is not enabled is not asked for its state" \
		wmitrace capture-state "$style-after" $guid
	check "$style: unloaded" rmmod $driver
	wmitrace stop "$style-before" >/dev/null
	wmitrace stop "$style-after" >/dev/null
	pull "$before" "$OUT/$style-before.etl"
	pull "$after" "$OUT/$style-after.etl"
done
dmesg | sed -n 's/.*driver_etw: control/control/p' >"$OUT/callbacks"
is 'no provider is left' "$(wmitrace providers)" 'no providers'
