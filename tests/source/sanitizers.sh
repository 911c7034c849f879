# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# timeout: 600
# The unit tests with ASan and UBSan, those with threads with TSan.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

for target in check-asan check-tsan; do
	if make -C "$TOP" -j2 $target >log 2>&1; then
		ok "make $target: no report"
	else
		not_ok "make $target: no report" "$(tail -n 60 log)"
	fi
done
