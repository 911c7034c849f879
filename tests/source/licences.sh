# SPDX-License-Identifier: GPL-2.0-or-later
# Every file names its licence, and the one that its folder has.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
cd "$TOP" || exit 1

# licence FILE: what it has to be; nothing for files that cannot carry a line
licence()
{
	case $1 in
	COPYING | LICENSES/* | *.etl | *.list | *.json | *.jsonl | *.md | .gitignore) ;;
	tests/fuzz/corpus/* | tests/golden/trace/*) ;;
	include/wmitrace/wpp-layout.h)	# the module and the tool
		echo "(GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later" ;;
	include/uapi/*)	echo "GPL-2.0-only WITH Linux-syscall-note" ;;
	kmod/* | include/wmitrace/* | tests/companions/*.[ch] | tests/model/*.pml | tests/litmus/* | *.patch | \
	Kbuild | Makefile)
		echo "GPL-2.0-only" ;;
	include/etl/*)	# the module and the libraries
		echo "(GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later" ;;
	userspace/lib*/* | man/*.3)
		echo "LGPL-2.1-or-later" ;;
	*)	echo "GPL-2.0-or-later" ;;
	esac
}

wrong=''
for file in $(git ls-files); do
	want=$(licence "$file")
	if [ -z "$want" ] || [ ! -f "$file" ]; then continue; fi
	got=$(head -n 5 "$file" | sed -n 's,.*SPDX-License-Identifier: \([^*]*[^ */>-]\).*,\1,p' |
		head -n 1)
	[ "$got" = "$want" ] || wrong="$wrong$file: '$got', not '$want'
"
done
if [ -z "$wrong" ]; then
	ok "every file names its licence"
else
	not_ok "every file names its licence" "$wrong"
fi
