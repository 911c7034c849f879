# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The porting example of docs/wpp.md builds, without warnings, and its
# statements are sound (W22).

. "$TAP"

cp -r "$TOP/docs/examples/wpp-port" port
build()
{
	make -C port KDIR="$KDIR" WMITRACE="$TOP" WMITRACE_SYMVERS="${MODULE%/*}/Module.symvers" \
		WMITRACE_TOOL="$TOP/build/bin/wmitrace" >log 2>&1
}

check "the ported driver builds, statements checked" build
is "without warnings" "$(grep -E 'warning|error' log)" ""
is "three source files have TMF files" "$(find port/tmf -name '*.tmf' | wc -l)" 3
is "each line of which is one of a TMF file" "$(wmitrace tmf list port/tmf 2>&1 >listed)" ""
is "with all statements" "$(wc -l <listed)" 11

# The GUIDs are those of the sources [W12].
guids()
{
	rm -rf port/tmf
	build && (cd port/tmf && echo *.tmf)
}

first=$(guids)
make -C port KDIR="$KDIR" WMITRACE="$TOP" clean >log 2>&1
is "built again: the same GUIDs [W12]" "$(guids)" "$first"
sed -i 's/Invalid command/Bad command/' port/queue.c
second=$(guids)
is "another format: other GUIDs, of all files [W12]" \
	"$(printf '%s\n' $first $second | sort -u | wc -l)" 6

sed -i 's/length %u"/length %lld"/' port/queue.c
refused "a wrong format fails the build [W14]" build
like "and names file and line [W14]" "$(grep -v '^make' log)" \
	'queue\.c:11: error: %lld: the argument is an unsigned int of 4 bytes'
