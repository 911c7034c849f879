# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# scripts/reliability: what counts as a figure, and where it goes.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

mkdir -p scripts/lib docs old/check out/check/kernels/6.12
cp "$TOP/scripts/reliability" scripts/
cp "$TOP/scripts/lib/say.sh" scripts/lib/
cp "$TOP/docs/reliability.md" docs/

figure()	# figure TEST [FOLDER...]: of the table's first row of that test
{
	test=$1
	shift
	scripts/reliability "$@" | sed -n "s,^| .* | \(.*\) | \`$test\` |,\1,p" | head -n 1
}

# put FILE LINE...
put()
{
	file=$1
	shift
	printf '%s\n' "$@" >"$file"
}

sed -i '/ | `source\/model` |$/s/ | [^|]* | / | 1234 | /' docs/reliability.md
is "without logs the page's figures stay" "$(figure source/model)" 1234
put out/check/source.model.log 'ok - holds (100 states)' 'ok - holds with another (11 states)' \
	'ok - a fault is found: one'
is "a log's figures are added up" "$(figure source/model)" 111
put old/check/guest.fuzz_ioctl.4.log 'ok - calls made (500)'
put out/check/guest.fuzz_ioctl.4.log 'ok - calls made (20)'
put out/check/kernels/6.12/guest.fuzz_ioctl.4.log 'ok - calls made (7)'
touch -d '1 hour ago' old/check/guest.fuzz_ioctl.4.log
is "so are kernels; of two logs on a kernel the newer one counts" "$(figure guest/fuzz_ioctl old out)" 27
put out/check/guest.fuzz_ioctl.4.log 'ok - calls made (20)' 'not ok - that is how it is'
is "a log with a failure counts for nothing" "$(figure guest/fuzz_ioctl)" 7
put out/torture 'date=x kernel=6.1 commit=y attempts=10 logged=5 refused=1 verified=4' \
	'date=x kernel=6.12 commit=y attempts=3 logged=2 refused=1 verified=2'
is "torture is added up over runs" "$(figure guest/torture)" 13
put out/check/guest.soak.2.log '# soak: 300 events in 4 rounds of 8 s, 9 a second of 100000 asked for, 0 lost and counted'
is "the longest soak counts" "$(figure guest/soak)" 300

mkdir -p out/check/tmp/some.test
put out/check/tmp/some.test/source.model.log 'ok - holds (7 states)'
is "what a test made is no log" "$(figure source/model)" 111

scripts/reliability >table
scripts/reliability --write
sed -n '/^<!-- figures -->$/,/^<!-- end of figures -->$/p' docs/reliability.md | sed '1d;$d' >written
check "--write puts the table into its place" cmp table written
is "and leaves the rest alone" "$(diff "$TOP/docs/reliability.md" docs/reliability.md | grep '^[<>]' | grep -cv '^[<>] |')" 0
refused "an unknown option" scripts/reliability --wrong 2>message
