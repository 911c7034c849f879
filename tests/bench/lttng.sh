# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# In a guest: LTTng, where /overlay/lttng has it (scripts/lib/peers.sh).

# insert_lttng: each module as soon as what it needs is there
insert_lttng()
{
	left=$(cd /overlay/lttng && echo ./*.ko)
	before=
	while [ -n "$left" ] && [ "$left" != "$before" ]; do
		before=$left left=
		for module in $before; do
			insmod "/overlay/lttng/$module" 2>/tmp/insmod || left="$left $module"
		done
	done
	[ -z "$left" ] || { echo "bench: not inserted: $left" >&2; cat /tmp/insmod >&2; exit 1; }
}

# start_lttng discard|overwrite EVENT...: a session, 4 MiB of buffers a CPU
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
