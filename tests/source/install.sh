# SPDX-License-Identifier: GPL-2.0-or-later
# What `make install` puts somewhere else works from there.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
dest=$PWD/dest
check "make install" make -C "$TOP" -s install DESTDIR="$dest" PREFIX=/usr
check "wmitrace runs" "$dest/usr/bin/wmitrace" --version
check "wmitraced runs" "$dest/usr/sbin/wmitraced" --version

cat >outside.c <<'END'
#include <etl/etl.h>
#include <stdio.h>

int main(void)
{
	printf("%zu\n", sizeof(struct etl_record));
	return 0;
}
END
check "a program outside the tree builds with the installed library" \
	gcc -Wall -Werror -I"$dest/usr/include" -I"$dest/usr/include/etl" outside.c \
		-L"$dest/usr/lib" -letl -o outside
check "and runs" env LD_LIBRARY_PATH="$dest/usr/lib" ./outside
check "libetl.so is there" test -e "$dest/usr/lib/libetl.so.0"
exported=$(nm -D --defined-only "$dest/usr/lib/libetl.so.0" | awk '$2 != "A" && $3 !~ /^etl_/ { print $3 }')
is "libetl.so exports etl_ names only" "$exported" ""

# dkms, in folders of ours instead of the machine's
check "make dkms-install" make -C "$TOP" -s dkms-install DESTDIR="$dest" DKMSDIR=/wmitrace
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dest/wmitrace/dkms.conf)
is "dkms.conf has the module's version" "$version" "$(sed -n 's/^MODULE_VERSION("\(.*\)");/\1/p' "$TOP/kmod/main.c")"
mv dest/wmitrace "dest/wmitrace-$version"
mkdir tree
check "dkms builds it" dkms build -m wmitrace -v "$version" -k "$RELEASE" --kernelsourcedir "$KDIR" \
	--dkmstree "$PWD/tree" --sourcetree "$dest"
check "the module is there" test -n "$(find tree -name "wmitrace.ko*")"
