# SPDX-License-Identifier: GPL-2.0-or-later
# Keeps the torture's totals, a line a run, and adds them up by kernel.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
kept=$TOP/out/torture
[ -s "$FILES/totals" ] || { not_ok "the torture left its totals"; exit; }
if grep '^not ok' "${FILES%/files/*}/guest.torture.${FILES##*.}.log" >failed; then
	not_ok "what failed does not count" "$(cat failed)"
	exit
fi
mkdir -p "$TOP/out"
echo "date=$(date -u +%FT%TZ) kernel=$RELEASE commit=$(git -C "$TOP" describe --always --dirty 2>/dev/null) $(cat "$FILES/totals")" >>"$kept"
ok "totals are kept in out/torture"
sed 's/.* kernel=\([^ ]*\) .*attempts=\([0-9]*\) .*verified=\([0-9]*\).*/\1 \2 \3/' "$kept" |
	awk '{ a[$1] += $2; v[$1] += $3; all += $2 }
	     END { for (k in a) printf "# %s: %d events, %d records verified\n", k, a[k], v[k]
		   printf "# all kernels: %d events tortured\n", all }'
