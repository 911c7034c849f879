#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: read.sh FOLDER MB
#
# One round of reading: a file of MB megabytes through libetl, a part of it
# through everything that reads such events.  Files are made in FOLDER and kept
# for the next round.  Prints lines "WHO CASE BYTES UNIT VALUE", with BYTES of
# arguments in an event, and CPU time, user and system: wall time says nothing
# on a machine that others use.

set -euo pipefail
folder=$1 mb=$2
big=$folder/$mb.etl part=$folder/part.etl slow=$folder/slow.etl
part_mb=40 slow_mb=2	# what text is made of; what readers in Python are given
least=16 most=64	# bytes of arguments
bench=$(dirname "$0")
TIMEFORMAT='%U %S'

# count_of FILE: its events, without the header's records
count_of()
{
	etl_count file "$1" | awk '{ print $1 - 1 }'
}

generate()
{
	etl_generate --cpus 4 --payload $least-$most "$@" 2>/dev/null
}

make_files()
{
	mkdir -p "$folder"
	[ -e "$big" ] || generate -s "$mb" "$big"
	[ -e "$slow" ] || generate -s $slow_mb "$slow"
	[ -e "$part" ] && return
	generate -s $part_mb "$part"
	rm -rf "$folder/ctf"
	etl_convert ctf "$part" "$folder/ctf" >"$folder/ctf.count"
	etl_convert trace "$part" "$folder/trace.dat" >"$folder/trace.count"
	cmp "$folder/ctf.count" "$folder/trace.count"
}

# say WHO CASE UNIT EXPRESSION
say()
{
	echo "$1 $2 $(((least + most) / 2)) $3 $(awk "BEGIN { print $4 }")"
}

# timed WHO CASE EVENTS COMMAND...: its output has to be as many lines, or none
timed()
{
	local who=$1 name=$2 events=$3 spent

	shift 3
	spent=$({ time "$@" >"$folder/out" 2>"$folder/errors"; } 2>&1) || {
		cat "$folder/errors" >&2
		exit 1
	}
	say "$who" "$name" ns "(${spent/ / + }) * 1e9 / $events"
}

# lines AT_LEAST: what the last command printed
lines()
{
	[ "$(wc -l <"$folder/out")" -ge "$1" ] || { echo "read.sh: events are missing" >&2; exit 1; }
}

# whole: a checksum pass over the big file, and each way of reading it
whole()
{
	local events mode _ bytes seconds growth

	events=$(count_of "$big")
	say wmitrace file events "$events"
	say wmitrace file MB "$(stat -c %s "$big") / 1e6"
	for mode in sum file time decode; do
		read -r _ bytes seconds growth < <(etl_count $mode "$big")
		case $mode in
		sum)	say checksum words ns "$seconds * 1e9 / $events"; continue ;;
		file)	say wmitrace file-order ns "$seconds * 1e9 / $events" ;;
		time)
			say wmitrace time-order ns "$seconds * 1e9 / $events"
			say wmitrace time-order MB/s "$bytes / $seconds / 1e6"
			;;
		decode)
			say wmitrace decode ns "$seconds * 1e9 / $events"
			say wmitrace decode MB "$growth / 1024"
			;;
		esac
	done
}

as_text()
{
	local events

	events=$(count_of "$part")
	timed wmitrace json "$events" wmitrace dump --json "$part"
	lines "$events"
	timed wmitrace text "$events" wmitrace dump "$part"
	lines "$events"
	if command -v babeltrace2 >/dev/null; then
		timed babeltrace2 text "$events" babeltrace2 "$folder/ctf"
		lines "$events"
		timed babeltrace2 count "$events" babeltrace2 "$folder/ctf" -c sink.utils.counter
	fi
	if command -v trace-cmd >/dev/null; then
		timed trace-cmd text "$events" trace-cmd report -i "$folder/trace.dat"
		lines "$events"
	fi
	rm -f "$folder/out"
}

in_python()
{
	local events reader

	[ -n "${PYTHON-}" ] || return 0
	events=$(count_of "$slow")
	for reader in dissect.etl etl-parser; do
		timed $reader count "$events" "$PYTHON" "$bench/python_readers.py" $reader "$slow" "$events"
	done
}

make_files
whole
as_text
in_python
