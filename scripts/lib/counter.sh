# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# How fast does a guest's cycle counter run?  Under TCG as fast as this machine's.
# A guest that measures it itself, against a timer of QEMU, is wrong on a busy
# host: by 14 times, say, and then its clock runs 14 times too fast, and its
# timers leave it no time for anything else.  Needs say.sh, cache.sh and `top`.

: "${cache:?}" "${top:?}"

# counter_khz: measured once for this machine's boot
counter_khz()
{
	local key khz program

	[ "$(uname -m)" = x86_64 ] || die "guests under TCG need an x86_64 host: their counter is the host's"
	key=$(cat /proc/sys/kernel/random/boot_id)
	khz=$(sed -n "s/^\([0-9]*\)	$key\$/\1/p" "$cache/counter" 2>/dev/null || true)
	if [ -z "$khz" ]; then
		program=$(mktemp)
		"${CC:-cc}" -O2 -o "$program" "$top/scripts/lib/counter.c" >&2 &&
			khz=$("$program") || khz=''
		rm -f "$program"
		[ -n "$khz" ] || die "cannot measure the cycle counter (scripts/lib/counter.c)"
		printf '%s\t%s\n' "$khz" "$key" >"$cache/counter"
	fi
	echo "$khz"
}
