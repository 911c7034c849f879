# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
# Nothing warns: the module and its companions under W=1 and sparse, programs
# and libraries under gcc and clang.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
cd "$TOP" || exit 1

# warnings FILE: what is not progress
warnings()
{
	grep -E 'warning:|error:|Error ' "$1"
}

silent()	# silent DESCRIPTION LOG
{
	is "$1" "$(warnings "$2")" ""
}

log=$OLDPWD/log
rm -rf build/modules/strict build/strict
if command -v sparse >/dev/null; then
	check "module, companions and bench build with W=1 C=2" \
		make companions bench KDIR="$KDIR" KVER=strict W=1 C=2 >"$log" 2>&1
	silent "W=1 and sparse find nothing" "$log"
else
	skip "W=1 and sparse find nothing" "sparse is not installed"
fi
for cc in gcc clang; do
	if command -v $cc >/dev/null; then
		make B=build/strict/$cc CC=$cc user unit-tests >"$log" 2>&1
		silent "programs, libraries and unit tests with $cc" "$log"
	else
		skip "programs, libraries and unit tests with $cc" "$cc is not installed"
	fi
done
rm -rf build/modules/strict build/strict
