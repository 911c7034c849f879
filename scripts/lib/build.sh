# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Builds what a guest gets: module, companions, static tools.  Needs say.sh,
# packages.sh, cache.sh and `top`.

: "${top:?}" "${cache:?}"

# build_for_guest: for the kernel that the variables of `scripts/kernels path` name
build_for_guest()
{
	build_targets static guest-programs -- companions
}

# build_targets TARGET... [-- TARGET-FOR-THE-KERNEL...]
build_targets()
{
	local log here=()

	while [ $# -gt 0 ] && [ "$1" != -- ]; do here+=("$1"); shift; done
	log=$(mktemp)
	mkdir -p "$top/build"
	# One build at a time: several guests may be started in one tree.
	if ! (flock 9 && make -C "$top" -j"$(nproc)" "${here[@]}" && make_for_kernel "${@:2}") \
		9>"$top/build/.lock" >"$log" 2>&1; then
		tail -n 30 "$log" >&2
		rm -f "$log"
		die "the build failed (make ${here[*]} ${*:2} KDIR=$KDIR)"
	fi
	rm -f "$log"
}

# make_for_kernel TARGET...: of the Makefile, with KDIR, in CHROOT if that is set
make_for_kernel()
{
	if [ -n "${CHROOT-}" ]; then
		in_chroot "$CHROOT" make -C "$top" -j"$(nproc)" KDIR="$KDIR" "$@"
	else
		make -C "$top" -j"$(nproc)" KDIR="$KDIR" "$@"
	fi
}

# in_chroot FOLDER COMMAND...: sees this tree and the cache where they are here.
# The mounts are those of the command alone.
in_chroot()
{
	local folder=$1

	shift
	as_root mkdir -p "$folder$top" "$folder$cache"
	# shellcheck disable=SC2016 # for the inner shell
	as_root unshare --mount sh -ec '
		folder=$1 top=$2 cache=$3
		shift 3
		mount --rbind "$top" "$folder$top"
		mount --rbind "$cache" "$folder$cache"
		mount -t proc proc "$folder/proc"
		exec chroot "$folder" "$@"' sh "$folder" "$top" "$cache" "$@"
}
