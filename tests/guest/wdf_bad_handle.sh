# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# insmod: wmitrace
# insmod: wmi
# expect: 4 bad_devices[+][^ ]* .wmi.: [0-9a-f]* is no WDFDEVICE$
# expect: 4 bad_providers[+][^ ]* .wmi.: .* is no WDFWMIPROVIDER$
# expect: 5 bad_instances[+][^ ]* .wmi.: [0-9a-f]* is no WDFWMIINSTANCE$
# expect: 1 wmi_wdf_bad_handles[+][^ ]* .wmi.: [0-9a-f]* is no WDFDEVICE$
# expect: 1 wmi_wdf_bad_handles[+][^ ]* .wmi.: [0-9a-f]* is no WDFWMIPROVIDER$
# expect: 1 wmi_wdf_bad_handles[+][^ ]* .wmi.: ObDereferenceObject of [0-9a-f]*, which is no open block$
# Handles of no object, which Windows stops the machine for: a warning that names
# the caller, an error, no damage (tests/companions/wmi_wdf.c).

. "$TAP"

cat /sys/kernel/debug/wmitrace_wmi/bad_handles
is 'nobody is left registered' "$(wmitrace providers)" 'no providers'
