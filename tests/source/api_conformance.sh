# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# docs/api-conformance.md says what the tests say.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

check "docs/api-conformance.md is up to date" "$TOP/scripts/api-conformance" --check
