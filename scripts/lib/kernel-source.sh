# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Kernels built here from Debian's linux-source package, because the archive has
# none with these checkers: tinyconfig, scripts/lib/kernel-configs/base and one
# more of the files there.  Needs say.sh, packages.sh, cache.sh, deb.sh.

: "${top:?}" "${cache:?}"

# build_source FOLDER CONFIG [MAKE-ARGUMENT...]: fills FOLDER as put_kernel does
build_source()
{
	local folder=$1 config=$2 source=$cache/source/6.1 out release log line=''

	shift 2
	need_packages debug-kernel
	case " $* " in
	*' LLVM=1 '*)	line='export LLVM := 1' ;;
	esac
	cache_lock source get_source "$source"
	log=$folder/log
	out=$folder/build
	mkdir -p "$out"
	note "building a $config kernel of $(cat "$source/version"): 5 to 20 minutes, once"
	if ! { configure "$source" "$out" "$config" "$@" &&
	       make -C "$source/tree" O="$out" -j"$(nproc)" "$@" bzImage modules; } >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		die "the $config kernel does not build (the lines above are make's)"
	fi
	release=$(cat "$out/include/config/kernel.release")
	put_built "$folder" "$out" "$release" "$source/tree" "$line"
	printf 'RELEASE=%s\nVERSION=%s\n' "$release" "$(cat "$source/version")" \
		>"$folder/kernel"
	rm -f "$log"
}

# get_source FOLDER: FOLDER/tree is linux-source-6.1, less what no guest needs
get_source()
{
	local folder=$1

	[ ! -e "$folder/version" ] || return 0
	note "fetching linux-source-6.1 (140 MB)"
	rm -rf "$folder"
	unpack_debs "$folder/package" linux-source-6.1 -- './usr/share/doc'
	mkdir "$folder/tree"
	tar -xf "$folder/package/usr/src/linux-source-6.1.tar.xz" -C "$folder/tree" \
		--strip-components=1 --exclude='*/drivers/gpu/*.[ch]' \
		--exclude='*/drivers/net/*/*.[ch]' --exclude='*/drivers/media/*.[ch]' \
		--exclude='*/sound/*.[ch]' --exclude='*/Documentation/*.rst'
	rm -rf "$folder/package"
	deb_field linux-source-6.1 Version >"$folder/version"
}

# configure SOURCE OUT CONFIG [MAKE-ARGUMENT...]: fails where an option that is
# asked for is not to be had: a checker that is silently off finds nothing.
configure()
{
	local tree=$1/tree out=$2 configs=$top/scripts/lib/kernel-configs config=$3 line missing=''

	shift 3
	make -C "$tree" O="$out" "$@" tinyconfig || return 1
	cat "$configs/base" "$configs/$config" >>"$out/.config"
	echo "CONFIG_LOCALVERSION=\"-$config\"" >>"$out/.config"
	make -C "$tree" O="$out" "$@" olddefconfig || return 1
	while read -r line; do
		case $line in
		CONFIG_*)		grep -qxF "$line" "$out/.config" || missing+=" $line" ;;
		'# CONFIG_'*' is not set')
			line=${line#\# }
			! grep -q "^${line%% *}=" "$out/.config" || missing+=" ${line%% *}=n" ;;
		esac
	done < <(cat "$configs/base" "$configs/$config")
	[ -z "$missing" ] || { echo "not to be had with this source:$missing"; return 1; }
}

# put_built FOLDER OUT RELEASE TREE LINE: what tests need of a built kernel, where
# `path` says it is; LINE heads the Makefile that modules are built with
put_built()
{
	local folder=$1 out=$2 release=$3 tree=$4 modules=$1/root/lib/modules/$3

	mkdir -p "$modules" "$folder/root/usr/src"
	cp "$out"/modules.{order,builtin,builtin.modinfo} "$modules/"
	depmod -b "$folder/root" "$release"
	# Not vmlinux: with KASAN, 6.1 does not live to see its console when started through
	# PVH (xen_prepare_pvh is instrumented, and runs before there is a shadow).
	cp "$out/arch/x86/boot/bzImage" "$folder/vmlinuz"
	cp "$out/System.map" "$folder/System.map"
	# Headers, configuration and the build's own programs are enough for modules.
	find "$out" -path "$out/tools" -prune -o -path "$out/scripts" -prune -o -type f \
		\( -name vmlinux -o -name '*.o' -o -name '*.a' -o -name '.*.cmd' -o -name '.tmp_*' \) \
		-exec rm -f {} +
	cp -n "$out/vmlinux.symvers" "$out/Module.symvers" 2>/dev/null || true
	printf '%s\ninclude %s/Makefile\n' "$5" "$tree" >"$out/Makefile"
	mv "$out" "$folder/root/usr/src/linux-headers-$release"
}
