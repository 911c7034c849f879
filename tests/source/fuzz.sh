# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# timeout: 600
# The fuzzers, with ASan and UBSan: some thousand inputs each, from the corpora that
# are kept.  tests/fuzz/run.sh alone runs them for longer.

exec sh "$TOP/tests/fuzz/run.sh" -r 4000 -t 6
