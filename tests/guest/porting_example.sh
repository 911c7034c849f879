# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# insmod: wmitrace
# The porting example of docs/porting.md, traced from its first line on.

. "$TAP"

control=c0ffee00-9a31-4b6c-8f0e-3d5b7a9c1e01
folder=/sys/kernel/debug/wmitrace/logger02

wmitrace start pump --buffer-size 16 >/dev/null
wmitrace enable pump $control --level verbose >/dev/null
check 'the example loads' insmod /lib/wmitrace/pump_example.ko
like 'it is registered' "$(wmitrace providers)" "^$control +control +pump_example "
check 'and goes' rmmod pump_example
wmitrace disable pump $control >/dev/null
wmitrace enable pump $control --level warning --flags 1 >/dev/null
insmod /lib/wmitrace/pump_example.ko
rmmod pump_example
wmitrace stop pump >/dev/null
cat $folder/header $folder/cpu* >pump.etl
wmitrace dump --json pump.etl >all

messages()	# messages NUMBER: payloads of
{
	sed -n "s/.*\"guid\":\"c0ffee00-9a31-4b6c-8f0e-3d5b7a9c1e03\".*\"id\":$1,.*\"payload\":\"\([0-9a-f]*\)\".*/\1/p" all
}

is 'it says that it started, with its version' "$(messages 10)" 03000000
is 'that it ran dry, and why, both times' "$(messages 12 | xargs)" '6e6f20776174657200 6e6f20776174657200'
is 'that it stopped, after how many strokes' "$(messages 11)" 05000000
is 'each stroke and how much it gave' \
	"$(sed -n 's/.*"guid":"c0ffee00-9a31-4b6c-8f0e-3d5b7a9c1e02".*"payload":"\([0-9a-f]*\)".*/\1/p' all | xargs)" \
	'01000000fa000000 02000000f4010000 03000000ee020000 04000000e8030000 05000000e2040000'
