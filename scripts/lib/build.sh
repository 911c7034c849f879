# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Builds what a guest gets: module, companions, static tools.  Needs say.sh,
# cache.sh and `top`.

: "${top:?}" "${cache:?}"

# build_for_guest KDIR
build_for_guest()
{
	build_targets "$1" static companions guest-programs
}

# build_targets KDIR TARGET...
build_targets()
{
	local kdir=$1 log

	shift
	log=$(mktemp)
	mkdir -p "$top/build"
	# One build at a time: several guests may be started in one tree.
	if ! (flock 9 && make -C "$top" -j"$(nproc)" KDIR="$kdir" "$@") \
		9>"$top/build/.lock" >"$log" 2>&1; then
		tail -n 30 "$log" >&2
		rm -f "$log"
		die "the build failed (make $* KDIR=$kdir)"
	fi
	rm -f "$log"
}
