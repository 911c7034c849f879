# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Tracers to compare with.  Needs say.sh, packages.sh, cache.sh, deb.sh, `top`,
# `work` (for logs), and KDIR, RELEASE of the kernel.

: "${top:?}" "${cache:?}" "${work:=}"

# lttng_into FOLDER: LTTng's modules, our probe for it, lttng-session; 1 where
# it cannot be built
lttng_into()
{
	local source=$cache/lttng/$RELEASE probe=$top/build/modules/$RELEASE/lttng
	local bench=$top/build/modules/$RELEASE/bench log=$work/lttng.log file

	cache_lock lttng fetch_lttng "$source" >"$log" 2>&1 || { show_end "$log"; return 1; }
	mkdir -p "$probe"
	cp -rsfT "$top/tests/bench/lttng" "$probe"
	{
		make -C "$KDIR" M="$probe" LTTNG="$source" BENCH="$top/tests/bench" \
			KBUILD_EXTRA_SYMBOLS="$source/Module.symvers $bench/Module.symvers" modules &&
		gcc -O2 -Wall -Wextra -static -I"$source/include" -o "$probe/lttng-session" \
			"$top/tests/bench/lttng/lttng-session.c"
	} >>"$log" 2>&1 || { show_end "$log"; return 1; }
	mkdir -p "$1"
	cp "$probe/lttng-session" "$1/"
	for file in "$source"/src/{lttng-{wrapper,tracer,statedump,clock},lttng-ring-buffer-client-{mmap-,}{discard,overwrite}}.ko \
		    "$source"/src/lib/*.ko "$source"/src/probes/lttng-{kprobes,kretprobes,uprobes,probe-sched}.ko \
		    "$probe"/*.ko; do
		strip -g -o "$1/$(basename "$file")" "$file"
	done
}

show_end()
{
	tail -n 5 "$1" | sed 's/^/  /' >&2
}

# fetch_lttng FOLDER: source, built.  Its timer probe does not build on stable
# kernels newer than itself, and is not needed.
fetch_lttng()
{
	local folder=$1

	[ ! -e "$folder/Module.symvers" ] || return 0
	note "building LTTng's modules for $RELEASE (once)"
	rm -rf "$folder" "$folder.part"
	mkdir -p "$folder.part"
	unpack_debs "$folder.part/root" lttng-modules-dkms -- './usr/share/doc'
	mv "$folder.part"/root/usr/src/lttng-modules-*/* "$folder.part/"
	rm -rf "$folder.part/root"
	sed -i '/lttng-probe-timer\.o/d' "$folder.part/src/probes/Kbuild"
	make -C "$KDIR" M="$folder.part" -j2 CONFIG_LTTNG=m modules || return 1
	mv "$folder.part" "$folder"
}

# program_into FOLDER NAME: a program of the host in bin/, with its libraries
program_into()
{
	local file program

	program=$(command -v "$2")
	mkdir -p "$1/bin" "$1/lib64"
	cp "$program" "$1/bin/"
	while read -r file; do
		cp -L "$file" "$1/lib64/"
	done < <(ldd "$program" | grep -o '/[^ ]*')
}
