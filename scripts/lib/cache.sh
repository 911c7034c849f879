# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The folder for what is fetched or measured once: kernels, the answer
# whether KVM works, Python environments.

cache=${WMITRACE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/wmitrace}
mkdir -p "$cache" 2>/dev/null || {
	echo "cannot create $cache: set WMITRACE_CACHE to a folder you can write" >&2
	exit 1
}
cache=$(cd "$cache" && pwd)

# cache_lock NAME COMMAND...: runs it while no other run holds NAME; what COMMAND leaves
# behind does not hold it
cache_lock()
{
	local name=$1

	shift
	(
		flock 9
		"$@" 9>&-
	) 9>"$cache/$name.lock"
}
