# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# insmod: wmitrace
# A kernel session for 'wmitrace report'; tests/host/report.py reckons it up by itself.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

folder=/sys/kernel/debug/wmitrace/logger00

check "the kernel logger starts" wmitrace start kernel \
	--flags process,thread,cswitch,dispatcher --buffer-size 4 --max-buffers 1024
kernel_tasks pair 40
kernel_tasks threads 3
kernel_tasks forks 5
kernel_tasks exec
check "it stops" wmitrace stop kernel
cat $folder/header $folder/cpu* >"$OUT/tasks.etl"
wmitrace release kernel
