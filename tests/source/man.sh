# SPDX-License-Identifier: GPL-2.0-or-later
# The man pages are well formed and name every option; completion knows them too.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
command -v man >/dev/null || skip_all "man is not installed"

for page in "$TOP"/man/*.[1-8]; do
	name=${page##*/}
	case $(head -n 1 "$page") in
	.so*)
		check "$name: the page it refers to is there" \
			test -e "$TOP/man/$(basename "$(sed -n '1s/^.so //p' "$page")")"
		continue
		;;
	esac
	is "$name: no warning" "$(man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null)" ""
done

# options COMMAND...: what its --help lists
options()
{
	if [ "$2" = tmf ]; then "$@" extract --help; else "$@" --help; fi | grep -oE -- '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+'
}

# missing PAGE COMMAND...: options that the page does not name
missing()
{
	page=$1
	shift
	text=$(sed 's/\\-/-/g' "$TOP/man/$page")
	for option in $(options "$@"); do
		case $text in *"$option"*) ;; *) echo "$option" ;; esac
	done | xargs
}

for command in $(wmitrace --help | sed -n 's/^  \([a-z-]*\) .*/\1/p'); do
	page=wmitrace-$command.1
	[ -e "$TOP/man/$page" ] || { not_ok "$command has a man page"; continue; }
	case $(head -n 1 "$TOP/man/$page") in
	.so*) page=$(basename "$(sed -n '1s/^.so //p' "$TOP/man/$page")") ;;
	esac
	# record has the settings of start, which has a page of its own.
	if [ "$command" = record ]; then
		cat "$TOP/man/wmitrace-start.1" "$TOP/man/$page" >both.1
		is "$command: every option is explained" \
			"$(TOP=$PWD; mkdir -p man; cp both.1 man; missing both.1 wmitrace record)" ""
	else
		is "$command: every option is explained" "$(missing "$page" wmitrace "$command")" ""
	fi
done
is "wmitraced: every option is explained" "$(missing wmitraced.8 wmitraced)" ""
