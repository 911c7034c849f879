# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The porting example of docs/porting.md: it builds without a warning, its trace
# code is the Windows driver's, and the page shows all that differs.

. "$TAP"

example=$TOP/docs/examples/porting
cp -r "$example" .
check "the ported driver builds" make -C porting/linux KDIR="$KDIR" WMITRACE="$TOP" \
	WMITRACE_SYMVERS="${MODULE%/*}/Module.symvers" W=1 >log 2>&1
is "without warnings" "$(grep -E 'warning|error' log)" ""
check "its trace code is the same file" cmp "$example/windows/trace.c" "$example/linux/trace.c"
(cd "$example" && diff -U1 -r -x Makefile windows linux) | grep -v '^diff ' |
	sed -E 's/^(---|\+\+\+) ([^\t]*)\t.*/\1 \2/; s/^@@.*/@@/' >differs
sed -n '/^```diff$/,/^```$/p' "$TOP/docs/porting.md" | grep -v '^```' >shown
check "the page shows what differs" diff shown differs
