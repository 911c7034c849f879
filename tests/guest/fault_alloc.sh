# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# full
# kernel: debug
# timeout: 180
# insmod: wmitrace
# insmod: provider
# insmod: driver_wpp
# insmod: driver_wdm
# insmod: driver_wdf
# insmod: driver_etw
# Every allocation in the start of sessions, the registration of providers and the
# other calls fails once (fault_alloc.c).  What would be leaked is found afterwards,
# by kmemleak.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

cd /sys/kernel/debug || exit
echo N >failslab/ignore-gfp-wait
echo N >fail_page_alloc/ignore-gfp-wait
echo N >fail_page_alloc/ignore-gfp-highmem
echo 0 >fail_page_alloc/min-order
for fault in failslab fail_page_alloc; do
	echo 0 >$fault/verbose
	echo -1 >$fault/times
done
cd "$OLDPWD" || exit
tracing=/sys/kernel/tracing
[ -d $tracing/events ] || mount -t tracefs nodev $tracing
for driver in wpp wdm wdf etw; do echo 0 >/sys/module/driver_$driver/parameters/loaded; done

fault_alloc || not_ok "fault_alloc can run"
is "no provider is left" "$(wmitrace providers)" "no providers"
is "no session is left" "$(wmitrace list --stopped)" "no sessions"
check "sessions start as ever" wmitrace start after --buffer-size 4
check "and stop" wmitrace stop after
