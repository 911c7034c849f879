# SPDX-License-Identifier: GPL-2.0-or-later
# What wmitrace.ko exports is what exports.list says: nothing by accident, and
# everything to GPL modules only.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
symvers=${MODULE%/*}/Module.symvers
[ -e "$symvers" ] || { not_ok "the module is built" "$symvers is missing"; exit; }

awk '$3 == "wmitrace" || $3 ~ /\/wmitrace$/ { print $2, $4 }' "$symvers" | LC_ALL=C sort >exports
grep -v '^#' "$TOP/tests/source/exports.list" | sed 's/$/ EXPORT_SYMBOL_GPL/' |
	LC_ALL=C sort >wanted
check "exports are as listed" diff wanted exports
