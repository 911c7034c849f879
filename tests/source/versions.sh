# SPDX-License-Identifier: GPL-2.0-or-later
# Kernel versions are asked for in compat headers alone.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
cd "$TOP" || exit 1

found=$(grep -rlE 'LINUX_VERSION_CODE|KERNEL_VERSION\(|RHEL_RELEASE' \
	--include='*.[ch]' --include=Kbuild kmod tests/companions include | grep -v '/compat\.h$')
is "no kernel version outside compat.h" "$found" ""
