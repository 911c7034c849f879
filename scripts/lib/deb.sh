# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Debian packages as archives: found and fetched with this machine's apt
# settings, unpacked, never installed.  Needs say.sh and packages.sh.

# deb_field PACKAGE FIELD: of the version that apt would install
deb_field()
{
	apt-cache show --no-all-versions "$1" 2>/dev/null | sed -n "s/^$2: //p" | head -n 1
}

# depends_on PACKAGE PATTERN: the package it depends on whose name matches
depends_on()
{
	deb_field "$1" Depends | tr -s ', ' '\n' | grep -xE "$2"
}

# newest_pair PATTERN: "RELEASE VERSION IMAGE-PACKAGE" of the newest kernel
# release whose headers and image have the same version.  Signed images lag
# behind the headers at times; then the unsigned one is taken.
newest_pair()
{
	local release version image

	while read -r release; do
		version=$(deb_field "linux-headers-$release" Version)
		for image in "linux-image-$release" "linux-image-$release-unsigned"; do
			if [ "$(deb_field "$image" Version)" = "$version" ]; then
				echo "$release $version $image"
				return 0
			fi
		done
	done < <(fresh_lists; apt-cache search --names-only "^linux-headers-$1\$" |
		 cut -d' ' -f1 | sed 's/^linux-headers-//' | sort -rV)
	return 1
}

# fresh_lists: has apt's package lists brought up to date where that is allowed;
# stale lists name files that the archive has dropped.
fresh_lists()
{
	as_root apt-get update >/dev/null 2>&1 ||
		note "could not run apt-get update: using the package lists as they are"
}

# unpack_debs FOLDER PACKAGE[=VERSION]... -- EXCLUDE...: into FOLDER
unpack_debs()
{
	local folder=$1 packages=() exclude=() deb

	shift
	while [ "$1" != -- ]; do packages+=("$1"); shift; done
	shift
	for deb; do exclude+=("--exclude=$deb"); done

	mkdir -p "$folder" "$folder.debs"
	# apt's own user may not be able to write here; it is the caller's folder.
	(cd "$folder.debs" && apt-get -o APT::Sandbox::User=root download "${packages[@]}") \
		>"$folder.debs/log" 2>&1 || {
		tail -n 5 "$folder.debs/log" >&2
		die "could not fetch ${packages[*]} (the lines above are apt-get's):" \
		    "check the network and /etc/apt"
	}
	for deb in "$folder.debs"/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$folder" --no-same-owner "${exclude[@]}"
	done
	rm -rf "$folder.debs"
}
