# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
# The demo tells its story to the end, and its files hold what it says.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
check "scripts/demo" "$TOP/scripts/demo" >said 2>&1
grep -v '^ok\|^not ok' said | sed 's/^/# /'
grep '^not ok\|^ok' said
logged=$(sed -n 's/^Events  \([0-9]*\) logged.*/\1/p' said | xargs)
held=$(for file in hello kept; do
	grep -c 5d3c1a70-7e0b-4c5e-9d4f-2b6a8c0e1357 "$TOP/out/demo/$file.jsonl"
done | xargs)
is "the files hold the events that stop spoke of" "$held" "$logged"
