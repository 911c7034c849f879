# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# KVM or TCG?  /dev/kvm says little: nested virtualisation can open it and then
# hang a stock kernel.  So a guest is booted once, and the answer remembered for
# this host kernel, QEMU and CPU.  Needs say.sh and cache.sh.

: "${cache:?}"

# accel COMMAND...: prints kvm or tcg; COMMAND boots a guest and gives 0 if that worked
accel()
{
	local key answer

	if [ ! -e /dev/kvm ]; then
		echo tcg
	elif [ ! -r /dev/kvm ] || [ ! -w /dev/kvm ]; then
		note "no access to /dev/kvm, so guests are slow: join the group that owns it"
		echo tcg
	else
		key="$(uname -r), $(qemu-system-x86_64 --version | head -n 1), $(cpu_model)"
		answer=$(sed -n "s/^\([a-z]*\)	.*/\1/p" "$cache/accel" 2>/dev/null || true)
		if [ "$(cut -f2 "$cache/accel" 2>/dev/null)" != "$key" ]; then
			note "trying KVM with a short boot (once)"
			answer=tcg
			if WMITRACE_ACCEL=kvm timeout 20 "$@" >/dev/null 2>&1; then answer=kvm; fi
			printf '%s\t%s\n' "$answer" "$key" >"$cache/accel"
		fi
		echo "$answer"
	fi
}

cpu_model()
{
	sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1
}
