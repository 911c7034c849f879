# SPDX-License-Identifier: GPL-2.0-or-later
# kernel-doc comments are well-formed; each exported function is declared in a
# header that has them.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
cd "$TOP" || exit 1
tool=$KDIR/scripts/kernel-doc
[ -e "$tool" ] || skip_all "the kernel's headers came without kernel-doc"

for file in $(git ls-files 'kmod/*.[ch]' 'include/uapi/*.h' 'include/wmitrace/*.h'); do
	# Members are described beside the members; routines may be declared by their type.
	said=$(perl "$tool" -none "$file" 2>&1 |
		grep -v "member '.*' not described in\|understand function prototype: 'WMI_DISPATCH")
	is "$file" "$said" ""
done
# One comment may describe a family of calls; what a driver may call, it finds declared.
grep -rhoE 'EXPORT_SYMBOL_GPL\(\w+' kmod | cut -d'(' -f2 | while read -r symbol; do
	check "$symbol is declared for drivers" grep -rqE "\\b$symbol(\)?\(|;|\\[)" include/wmitrace
done
