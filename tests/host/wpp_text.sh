# SPDX-License-Identifier: GPL-2.0-or-later
# WPP's records are the same whatever compiler and kernel the module was built by and
# for: those of 6.1, which gcc 12 built, are what the others' are compared with.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

# records FOLDER: what each log holds, less what no two runs have in common: when, on
# which CPU and by whom it was logged, and two messages that show addresses; and less what
# no two compilers have: the number of a statement (__COUNTER__, which headers use, too)
# and the line of one that has several (its first, its last).  (Kernels from 6.13 on name a
# source without its folder, and so have another srcversion of the same sources.)
records()
{
	for file in "$1"/*.etl; do
		echo "${file##*/}"
		wmitrace dump --json "$file" | grep '"hdr":"MESSAGE"' |
			grep -vE '"text":"(ptr p=|function )' |
			sed 's/.*"hdr":/"hdr":/; s/"tid":.*"flags":/"flags":/; s/"id":[0-9]*,//; s/"event":"[^"]*",//' | sort
	done
}

module=$(dirname "$MODULE")/companions/wpp.ko
compiler=$(grep -aoE 'clang version [0-9.]+|GCC: \([^)]*\) [0-9.]+' "$module" | sort -u | paste -sd ,)
echo "# $RELEASE: $compiler"
case $RELEASE in
*-clang)	like "the module was built by clang alone" "$compiler" '^clang version [0-9.]+$' ;;
esac

records "$FILES" >here
count=$(grep -c '"hdr"' here)
check "there are records ($count)" [ "$count" -gt 60 ]
reference=$TOP/out/check/files/wpp_text.2
if [ "$(realpath "$reference" 2>/dev/null)" = "$(realpath "$FILES")" ]; then
	ok "they are what those of other kernels are compared with"
elif [ -e "$reference/types.etl" ]; then
	records "$reference" >there
	if ! cmp -s "$reference/srcversion" "$FILES/srcversion"; then
		echo "# of another srcversion: without message GUIDs, which follow it"
		sed -i 's/"guid":"[^"]*",//' there here
	fi
	diff there here >differences
	is "W7 they are those of 6.1, byte for byte" "$(head -n 10 differences)" ""
else
	skip "W7 they are those of 6.1" "there are none: scripts/check guest/wpp_text makes them"
fi
