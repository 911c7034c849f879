# SPDX-License-Identifier: GPL-2.0-or-later
# Which kernels are supported is said once, by scripts/kernels, and repeated right.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
cd "$TOP" || exit 1
range=$(scripts/kernels range)
like "scripts/kernels range says from where to where" "$range" '^[0-9]+\.[0-9]+ to [0-9]+\.[0-9]+$'

# A kernel's range, not a version of something else, wherever it is named.
pattern='\b[67]\.[0-9]+ to [67]\.[0-9]+\b'
for file in README.md packaging/dkms.conf.in kmod/compat.h tests/companions/compat.h; do
	check "$file names it" grep -qE "$pattern" "$file"
done
other=$(git grep -noE "$pattern" -- . ':!CHANGELOG.md' | grep -v ":$range\$")
is "nothing names another" "$other" ""

names=$(scripts/kernels names)
like "the range begins with the first kernel of the list" "$names" "^${range%% *} "
for name in $names; do
	check "README names the kernel $name" grep -qF "\`$name\`" README.md
done

# What dkms takes the module to build for.
exclusive=$(sed -n 's/^BUILD_EXCLUSIVE_KERNEL="\(.*\)"$/\1/p' packaging/dkms.conf.in)
first=${range%% *} last=${range##* }
for release in "$first" "$first.0-56-amd64" "$last.4+deb13-amd64" 6.9.7 6.12.95 6.19.1 7.0.2; do
	like "dkms builds for $release" "$release" "$exclusive"
done
for release in 5.19.0 6.0.12 "${first%.*}.0" "${last%.*}.$((${last#*.} + 1)).1" 8.1.0 16.1.0; do
	check "and not for $release" sh -c '! echo "$1" | grep -qE "$2"' sh "$release" "$exclusive"
done
