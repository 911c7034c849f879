# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 600
# Kernel code is clean under the kernel's own checkpatch --strict, less what
# .checkpatch.conf excepts.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
cd "$TOP" || exit 1
checkpatch=$(scripts/kernels checkpatch 2>&1) || skip_all "no checkpatch.pl: $checkpatch"
checkpatch=$(echo "$checkpatch" | tail -n 1)

for file in $(git ls-files 'kmod/*.[ch]' 'tests/companions/*.[ch]' 'include/uapi/*.h'); do
	check "$file" perl "$checkpatch" -q -f "$file"
done
# Headers that spell what the Windows headers spell have typedefs, and macros
# that stand for nothing or for a qualifier.
for file in $(git ls-files 'include/wmitrace/*.h'); do
	check "$file" perl "$checkpatch" -q -f "$file" --ignore NEW_TYPEDEFS \
		--ignore COMPLEX_MACRO --ignore MACRO_ARG_REUSE --ignore MACRO_ARG_PRECEDENCE \
		--ignore LONG_LINE_COMMENT
done
