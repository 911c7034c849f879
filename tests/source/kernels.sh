# SPDX-License-Identifier: GPL-2.0-or-later
# Which kernels are supported is said once, by scripts/kernels, and repeated right.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
cd "$TOP" || exit 1
range=$(scripts/kernels range)
like "scripts/kernels range says from where to where" "$range" '^[0-9]+\.[0-9]+ to [0-9]+\.[0-9]+$'

# A kernel's range, not a version of something else, wherever it is named.
pattern='\b[67]\.[0-9]+ to [67]\.[0-9]+\b'
for file in README.md kmod/compat.h tests/companions/compat.h; do
	check "$file names it" grep -qE "$pattern" "$file"
done
other=$(git grep -noE "$pattern" -- . ':!CHANGELOG.md' | grep -v ":$range\$")
is "nothing names another" "$other" ""

names=$(scripts/kernels names)
like "the range begins with the first kernel of the list" "$names" "^${range%% *} "
for name in $names; do
	check "README names the kernel $name" grep -qF "\`$name\`" README.md
done
