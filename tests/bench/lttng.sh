# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# In a guest: LTTng, where /overlay/lttng has it (scripts/lib/peers.sh).

# insert_lttng: each module as soon as what it needs is there
insert_lttng()
{
	lookup=
	# tests/bench/lttng/uml-kallsyms.c
	[ -e /sys/kernel/debug/kprobes ] ||
		lookup=$(sed -n 's/^\([0-9a-f]*\) . kallsyms_lookup_name$/address=0x\1/p' /proc/kallsyms)
	left=$(cd /overlay/lttng && echo ./*.ko)
	before=
	while [ -n "$left" ] && [ "$left" != "$before" ]; do
		before=$left left=
		for module in $before; do
			arguments=
			[ $module != ./lttng-wrapper.ko ] || arguments=$lookup
			# shellcheck disable=SC2086 # none, or one
			insmod "/overlay/lttng/$module" $arguments 2>/tmp/insmod || left="$left $module"
		done
	done
	[ -z "$left" ] || { echo "bench: not inserted: $left" >&2; cat /tmp/insmod >&2; exit 1; }
}

# start_lttng discard|overwrite KIB EVENT...: a session with so much of buffers a CPU
start_lttng()
{
	: >/tmp/lttng
	/overlay/lttng/lttng-session "$@" >>/tmp/lttng &
	session=$!
	until grep -q ready /tmp/lttng; do
		kill -0 $session || { echo "bench: no LTTng session" >&2; exit 1; }
		usleep 10000
	done
}

end_lttng()
{
	kill $session
	wait $session 2>/dev/null
}
