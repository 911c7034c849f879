# SPDX-License-Identifier: GPL-2.0-or-later
# libetl as others get it: exports, pages, and examples that build with what
# pkg-config says, against what `make install` put somewhere.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
dest=$PWD/dest
check "make install" make -C "$TOP" -s install DESTDIR="$dest" PREFIX=/usr

# ---- what is declared is exported, and described
grep -hoE '\betl_[a-z0-9_]+\(' "$dest"/usr/include/etl/etl.h "$dest"/usr/include/etl/tmf.h |
	tr -d '(' | LC_ALL=C sort -u >declared
nm -D --defined-only "$dest/usr/lib/libetl.so.0" | awk '$2 == "T" { print $3 }' |
	sed 's/@.*//' | LC_ALL=C sort >exported
check "libetl.so exports what the headers declare" diff declared exported
while read -r name; do
	page=$dest/usr/share/man/man3/$name.3
	[ -e "$page" ] || { not_ok "$name has a page"; continue; }
	# A link, or the page itself.
	target=$(sed -n 's/^\.so man3\///p' "$page")
	grep -q "\b$name(" "$dest/usr/share/man/man3/${target:-$name.3}" ||
		not_ok "$name is in its page's synopsis" "$target"
done <declared
ok "every function has a page"

# ---- examples
if ! command -v pkg-config >/dev/null; then
	skip "examples build" "no pkg-config"
	exit
fi
flags=$(PKG_CONFIG_SYSROOT_DIR=$dest PKG_CONFIG_LIBDIR=$dest/usr/lib/pkgconfig \
	PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 \
	pkg-config --cflags --libs libetl)
like "pkg-config finds it" "$flags" "-letl"
"$TOP/build/tests/etl_generate" -n 20 sample.etl 2>/dev/null
for page in "$TOP"/man/etl_*.3; do
	name=$(basename "$page" .3)
	sed -n '/^\.SH EXAMPLES/,/^\.EE/p' "$page" | sed '/^\./d; s/\\-/-/g; s/\\e/\\/g' >"$name.c"
	# shellcheck disable=SC2086 # flags are words
	check "$name: the example builds" gcc -Wall -Wextra -Werror -o "$name" "$name.c" $flags
	written=''
	[ "$name" != etl_writer_create ] || written=out.etl
	check "$name: and runs" env LD_LIBRARY_PATH="$dest/usr/lib" "./$name" sample.etl $written
done
check "what etl_writer_create's example wrote keeps every rule" wmitrace verify out.etl
