# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# full
# smp: 4
# timeout: 1500
# insmod: wmitrace
# insmod: provider
# insmod: driver_etw
# Hostile callers of /dev/wmitrace (fuzz_ioctl.c): some thousand calls, with --full
# a million, while drivers are there to be called.

. "$TAP"

calls=${FULL:+1000000}
seed=$(tr -d - </proc/sys/kernel/random/uuid | cut -c1-15)
for n in 0 1 2; do echo "$n register" >/sys/kernel/debug/wmitrace_provider/run; done
echo "# fuzz_ioctl ${calls:-20000} 0x$seed"
fuzz_ioctl "${calls:-20000}" "0x$seed"
for n in 0 1 2; do echo "$n deregister" >/sys/kernel/debug/wmitrace_provider/run; done
is 'nobody is enabled for anything' "$(wmitrace providers | grep -Ec 'level|consumer|waiting')" 0
is 'no session is left' "$(wmitrace list --stopped --json)" '[]'
check 'sessions start as ever' wmitrace start after --buffer-size 4
check 'and stop' wmitrace stop after
