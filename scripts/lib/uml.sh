# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# User-Mode Linux: a kernel that runs as a process of this machine, at its speed,
# without KVM.  Built from Debian's newest linux-source.  Needs say.sh,
# packages.sh, cache.sh, deb.sh and `top`.

: "${top:?}" "${cache:?}" "${RELEASE:=}" "${VMLINUX:=}"

uml_suite=trixie-backports uml_memory=512M

# build_uml FOLDER [CPUS]: fills FOLDER as put_kernel does.  With more than one CPU
# the kernel is patched, because there interrupts are turned off by a system call
# and local clocks are as coarse as jiffies: neither is what a machine does.
build_uml()
{
	local folder=$1 cpus=${2-1} source=$cache/source/uml name=uml out

	need_packages uml
	cache_lock source-uml get_uml_source "$source" || return 1
	[ "$cpus" = 1 ] || name=uml2 source=$source.patched
	out=$folder/root/usr/src/build
	mkdir -p "$out"
	note "building User-Mode Linux $(cat "$cache/source/uml/version"), $cpus CPUs: 5 to 20 minutes, once"
	{
		cat "$top/scripts/lib/uml/config"
		echo "CONFIG_LOCALVERSION=\"-$name\""
		[ "$cpus" = 1 ] || printf 'CONFIG_SMP=y\nCONFIG_NR_CPUS=%s\n' "$cpus"
	} >"$folder/config"
	if ! { make -C "$source/tree" O="$out" ARCH=um KCONFIG_ALLCONFIG="$folder/config" \
			allnoconfig && all_asked_for "$folder/config" "$out/.config" &&
	       make -C "$source/tree" O="$out" ARCH=um -j"$(nproc)" linux modules; } \
	       >"$folder/log" 2>&1; then
		tail -n 20 "$folder/log" >&2
		die "User-Mode Linux does not build (the lines above are make's)"
	fi
	put_uml "$folder" "$out" "$(cat "$out/include/config/kernel.release")" "$source/tree"
	rm -f "$folder/log"
}

# all_asked_for CONFIG MADE: an option that is silently off measures something else
all_asked_for()
{
	local line missing=''

	while read -r line; do
		case $line in
		CONFIG_*) grep -qxF "$line" "$2" || missing+=" $line" ;;
		esac
	done <"$1"
	[ -z "$missing" ] || { echo "not to be had with this source:$missing"; return 1; }
}

# put_uml FOLDER OUT RELEASE TREE
put_uml()
{
	local folder=$1 out=$2 release=$3 tree=$4

	mkdir -p "$folder/root/lib/modules/$release"
	cp "$out/modules.builtin" "$folder/root/lib/modules/$release/"
	mv "$out/linux" "$folder/vmlinux"
	find "$out" -path "$out/scripts" -prune -o -type f \
		\( -name '*.o' -o -name '*.a' -o -name 'vmlinux*' -o -name '.*.cmd' \) \
		! -name vmlinux.symvers ! -path "$out/arch/um/kernel/asm-offsets*" -exec rm -f {} +
	# What make wrote names the folder absolutely, and that moves.
	# shellcheck disable=SC2016 # make's variable
	printf 'export KBUILD_OUTPUT := $(CURDIR)\ninclude %s/Makefile\n' "$tree" >"$out/Makefile"
	mv "$out" "$folder/root/usr/src/linux-headers-$release"
	printf 'RELEASE=%s\nVERSION=%s\n' "$release" "$(cat "$cache/source/uml/version")" \
		>"$folder/kernel"
}

# get_uml_source FOLDER: FOLDER/tree, and FOLDER.patched/tree for more than one CPU
get_uml_source()
{
	local folder=$1 package

	[ ! -e "$folder/version" ] || return 0
	use_suite "$uml_suite"
	package=$(newest_package 'linux-source-[0-9.]+')
	[ -n "$package" ] || die "no linux-source in $uml_suite: look at /etc/apt"
	note "fetching $package (160 MB)"
	rm -rf "$folder" "$folder.patched"
	unpack_debs "$folder/package" "$package" -- './usr/share/doc'
	mkdir "$folder/tree" "$folder.patched"
	tar -xf "$folder/package/usr/src/$package.tar.xz" -C "$folder/tree" \
		--strip-components=1 --exclude='*/drivers/gpu/*.[ch]' \
		--exclude='*/drivers/net/*/*.[ch]' --exclude='*/drivers/media/*.[ch]' \
		--exclude='*/sound/*.[ch]' --exclude='*/Documentation/*.rst'
	rm -rf "$folder/package"
	cp -al "$folder/tree" "$folder.patched/tree"
	# patch writes new files: those of the other tree stay as they are.
	patch -s -d "$folder.patched/tree" -p1 <"$top/scripts/lib/uml/two-cpus.patch" || return 1
	deb_field "$package" Version >"$folder/version"
}

# uml_modules TARGET: of the Makefile, for the kernel that RELEASE and KDIR name
uml_modules()
{
	ARCH=um make -C "$top" -j"$(nproc)" KDIR="$KDIR" "$1"
}

# prefer PID: User-Mode Linux, a child of PID and soon in a session of its own, goes
# before other sessions of a busy host, where we may say so
prefer()
{
	local child

	for _ in 1 2 3; do
		sleep 1
		for child in $(pgrep -P "$1"); do
			echo -14 >"/proc/$child/autogroup" || true
		done 2>/dev/null
	done
}

# uml_run CPUS SECONDS OVERLAY OUT SCRIPT [ARGUMENT...]: runs SCRIPT of the overlay by
# sh in a guest as scripts/guest makes them; what it leaves in /out is in OUT
uml_run()
{
	local cpus=$1 seconds=$2 overlay=$3 out=$4 root file status=0

	shift 4
	root=$(mktemp -d "${TMPDIR:-/tmp}/wmitrace-uml.XXXXXX")
	mkdir -p "$root"/{bin,dev,lib/wmitrace,lib64,out,overlay,proc,sys,tmp} "$out"
	cp /bin/busybox "$root/bin/"
	cp "$top"/build/static/* "$root/bin/"
	for file in "$top/build/modules/$RELEASE"/{,bench/}*.ko; do
		cp "$file" "$root/lib/wmitrace/"
	done
	cp -a "$overlay/." "$root/overlay/"
	cp "$top/scripts/lib/uml/init" "$root/init"
	echo "$*" >"$root/command"
	timeout -k 5 "$seconds" "$VMLINUX" mem="$uml_memory" ncpus="$cpus" root=/dev/root rootfstype=hostfs \
		rootflags="$root" rw init=/init seccomp=on quiet con=null con0=null,fd:1 ssl=null \
		</dev/null >"$out/kernel.log" 2>&1 &
	prefer $!
	wait $! || true
	cp -r "$root/out/." "$out/"
	status=$(cat "$out/status" 2>/dev/null) || status=1
	rm -rf "$root"
	return "$status"
}
