# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Debian packages as archives: found and fetched with this machine's apt
# settings, unpacked, never installed.  Needs say.sh, packages.sh and cache.sh.

: "${cache:?}"

apt_options=()

# archive_uri: where this machine gets Debian from
archive_uri()
{
	# shellcheck disable=SC2016 # apt's
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
		'Label: Debian' 'Component: main' | head -n 1
}

# use_suite SUITE: from here on packages are those of SUITE, of the same archive,
# whether or not this machine's own settings name it.  They do not change.
use_suite()
{
	local folder=$cache/apt/$1 uri

	uri=$(archive_uri)
	[ -n "$uri" ] || { fresh_lists; uri=$(archive_uri); }
	[ -n "$uri" ] || die "apt names no Debian archive: look at /etc/apt/sources.list*"
	mkdir -p "$folder/lists/partial" "$folder/archives/partial"
	echo "deb [signed-by=$archive_keyring] $uri $1 main" >"$folder/sources.list"
	apt_options=(-o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=-
		-o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder"
		-o Dir::State::status=/dev/null -o APT::Sandbox::User=root
		-o Acquire::Check-Valid-Until=false)	# mirrors may stand still
	apt-get "${apt_options[@]}" update >"$folder/log" 2>&1 ||
		note "could not read the package lists of $1 anew, see $folder/log"
}

archive_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# deb_field PACKAGE FIELD: of the version that apt would install
deb_field()
{
	apt-cache "${apt_options[@]}" show --no-all-versions "$1" 2>/dev/null | sed -n "s/^$2: //p" | head -n 1
}

# depends_on PACKAGE PATTERN: the packages it depends on whose names match
depends_on()
{
	deb_field "$1" Depends | tr -s ', |' '\n' | grep -xE "$2" || true
}

# newest_package PATTERN: of packages named after their version
newest_package()
{
	apt-cache "${apt_options[@]}" search --names-only "^$1\$" | cut -d' ' -f1 | sort -V |
		tail -n 1
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
	done < <(fresh_lists; apt-cache "${apt_options[@]}" search --names-only "^linux-headers-$1\$" |
		 cut -d' ' -f1 | sed 's/^linux-headers-//' | sort -rV)
	return 1
}

# fresh_lists: has apt's package lists brought up to date where that is allowed;
# stale lists name files that the archive has dropped.
fresh_lists()
{
	[ ${#apt_options[@]} = 0 ] || return 0	# use_suite did
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
	(cd "$folder.debs" && apt-get "${apt_options[@]}" -o APT::Sandbox::User=root download "${packages[@]}") \
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
