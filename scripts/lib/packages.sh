# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Installs what scripts/packages lists.  Needs say.sh, and `top` to be the
# top of the tree.

: "${top:?}"

# packages_of GROUP...: their packages, each once
packages_of()
{
	local group

	for group; do
		awk -v g="$group" '$1 == g { print $2 }' "$top/scripts/packages"
	done | sort -u
}

# packages_missing PACKAGE...: those that dpkg does not have
packages_missing()
{
	local package

	for package; do
		dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null |
			grep -qx installed || echo "$package"
	done
}

# as_root COMMAND...: as root, through sudo where we are not; 1 where neither is
as_root()
{
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
		sudo "$@"
	else
		return 1
	fi
}

# need_packages GROUP...: installs what is missing, or says what to do and dies
need_packages()
{
	local missing log

	command -v dpkg-query >/dev/null ||
		die "this is not Debian: install the equivalents of: $(packages_of "$@" | xargs)"
	# shellcheck disable=SC2046 # package names are single words
	missing=$(packages_missing $(packages_of "$@") | xargs)
	[ -n "$missing" ] || return 0

	note "installing $missing"
	log=$(mktemp)
	as_root true || die "not root, and no sudo that works: as root, run: apt-get install $missing"
	# Lists that are old or absent make an install fail that works after an update.
	# shellcheck disable=SC2086
	if ! install_packages $missing >"$log" 2>&1 &&
	   ! { as_root apt-get update && install_packages $missing; } >"$log" 2>&1; then
		tail -n 5 "$log" >&2
		rm -f "$log"
		die "could not install $missing (the lines above are apt-get's):" \
		    "check the network and /etc/apt, or install them by hand"
	fi
	rm -f "$log"
}

install_packages()
{
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@" </dev/null
}
