# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# insmod: wmitrace
# insmod: wmi
# expect: 4 bad_devices[+][^ ]* .wmi.: [^ ]* is no WDFDEVICE$
# expect: 4 bad_providers[+][^ ]* .wmi.: .* is no WDFWMIPROVIDER$
# expect: 5 bad_instances[+][^ ]* .wmi.: [^ ]* is no WDFWMIINSTANCE$
# expect: 1 wmi_wdf_bad_handles[+][^ ]* .wmi.: [^ ]* is no WDFDEVICE$
# expect: 1 wmi_wdf_bad_handles[+][^ ]* .wmi.: [^ ]* is no WDFWMIPROVIDER$
# expect: 1 wmi_wdf_bad_handles[+][^ ]* .wmi.: ObDereferenceObject of [^ ]*, which is no open block$
# Handles of no object, which Windows stops the machine for: a warning that names
# the caller, an error, no damage (tests/companions/wmi_wdf.c).  A kernel that has no random
# numbers yet prints (____ptrval____) for an address.

. "$TAP"

cat /sys/kernel/debug/wmitrace_wmi/bad_handles
is 'nobody is left registered' "$(wmitrace providers)" 'no providers'
