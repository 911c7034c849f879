# SPDX-License-Identifier: GPL-2.0-or-later
# Every shell script is clean under shellcheck.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
cd "$TOP" || exit 1
command -v shellcheck >/dev/null || skip_all "shellcheck is not installed"

scripts()
{
	git ls-files -- scripts tests .ci packaging |
		while read -r file; do
			case $file in
			*.sh)	echo "$file" ;;
			*)	head -n 1 "$file" | grep -qaE '^#!.*\b(sh|bash)\b' && echo "$file" ;;
			esac
		done
}

for file in $(scripts); do
	# A test names no shell: it runs in the guest's, which is busybox's.
	case $file in
	tests/*)	shell="-s dash -S warning" ;;
	*)		shell='' ;;
	esac
	if head -n 1 "$file" | grep -q '^#!.*bash'; then shell='-S warning'; fi
	# shellcheck disable=SC2086 # options
	check "$file" shellcheck -x $shell -e SC3043,SC1090,SC1091 "$file"
done
