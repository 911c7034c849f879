# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A Python environment of the tests' own, for readers that nobody here wrote.
# Needs cache.sh.

: "${cache:?}"

# python_with REQUIREMENTS LOG: prints the interpreter that has them; 1 where
# they cannot be had
python_with()
{
	local folder

	folder=$cache/python-$({ python3 --version; cat "$1"; } | sha256sum | cut -c1-12)
	if [ ! -e "$folder/complete" ]; then
		rm -rf "$folder"
		python3 -m venv "$folder" >"$2" 2>&1 &&
			"$folder/bin/pip" install --disable-pip-version-check -q -r "$1" \
				>>"$2" 2>&1 || return 1
		touch "$folder/complete"
	fi
	echo "$folder/bin/python3"
}
