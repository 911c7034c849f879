# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 90
# insmod: wmitrace
# insmod: provider
# Registration of providers, A20 to A45: tests/companions/provider_puppet.c does
# what it is told and says what it is called with.

. "$TAP"

p=/sys/kernel/debug/wmitrace_provider
collision=0xc0000035 invalid=0xc000000d refused=0xc0000010

run()	# run WORD...: one command; the log is cleared before
{
	echo '0 clear' >$p/run
	echo "$*" >$p/run
}

also()	# also WORD...: without clearing
{
	echo "$*" >$p/run
}

said()
{
	cat $p/said
}

calls()	# calls KIND: how many callbacks of that kind have begun
{
	grep -c " begin $1" $p/said
}

guid()	# guid N
{
	printf '7000%04x-1111-4222-8333-444455556666' "$1"
}

registered()	# registered N: providers that have this GUID
{
	wmitrace providers | grep -v ' waiting ' | grep -c "^$(guid "$1") "
}

# ---- actions
run 0 register
like 'register succeeds' "$(said)" '^0 register 0x0$'
is 'A20 REGISTER asks once, with DataPath 0, before it returns' "$(said | tr '\n' ';')" \
	'0 begin reginfo path=0 length=4096;0 end 0x0;0 register 0x0;'
is 'the GUID is listed' "$(registered 0)" 1
like 'with module and name' "$(wmitrace providers)" ' control +provider +puppet0'
like 'in debugfs too' "$(cat /sys/kernel/debug/wmitrace/providers)" "$(guid 0) control +provider +puppet0"
run 0 register
is 'A45 registering twice fails without a second REGINFO' "$(said)" "0 register $collision"
run 0 update
like 'A21 UPDATE_GUIDS asks with DataPath 1' "$(said)" '^0 begin reginfo path=1 '
is 'A21 once' "$(calls reginfo)" 1
run 0 reregister
like 'A22 REREGISTER asks with DataPath 0' "$(said)" '^0 begin reginfo path=0 '
is 'A22 once' "$(calls reginfo)" 1
for action in 0 6 0x80000000 0x10000 255; do
	run 0 action $action
	is "A24 action $action is refused without a callback" "$(said)" "0 action $invalid"
done
run 0 deregister
is 'A23 DEREGISTER makes no callback' "$(said)" '0 deregister 0x0'
is 'the GUID is gone' "$(registered 0)" 0
run 0 deregister
is 'A28 a second DEREGISTER fails' "$(said)" "0 deregister $invalid"
run 0 update
is 'UPDATE_GUIDS of an unknown provider fails' "$(said)" "0 update $invalid"
run 0 reregister
like 'REREGISTER of an unknown provider registers' "$(said)" '^0 reregister 0x0$'
run 0 deregister

# ---- the block (A29, A30)
run 3 register
like 'A30 a bare pointer in read-only memory registers, with both flags' "$(said)" '^3 register 0x0$'
check 'A29 Context is the block' [ "$(said | grep -c '^?')" = 0 ]
run 3 deregister
like 'and deregisters' "$(said)" '^3 deregister 0x0$'

# ---- REGINFO: sizes
for mode in too-small size-only; do
	run 0 answer $mode 1
	also 0 register
	like "a buffer as large as asked for, $mode [A31 A32]" "$(said)" '^0 begin reginfo path=0 length=(2[0-9]{4}|[3-9][0-9]{4})$'
	is "asked twice" "$(calls reginfo)" 2
	like "and registered" "$(said)" '^0 register 0x0$'
	run 0 deregister
done
for mode in more absurd; do
	run 0 answer $mode 1
	also 0 register
	like "A33 $mode: fails" "$(said)" "^0 register 0xc"
	check "A33 $mode: after a few calls" [ "$(calls reginfo)" -le 8 ]
	is "A33 $mode: not registered" "$(registered 0)" 0
done

# ---- REGINFO: malformed, and chained
for mode in count string; do
	run 0 answer $mode 1
	also 0 register
	like "$mode: INVALID_PARAMETER [A34 A35]" "$(said)" "^0 register $invalid\$"
	is "$mode: not registered" "$(registered 0)" 0
done
run 0 answer failure 1
also 0 register
like 'a failure of REGINFO is the result of REGISTER' "$(said)" '^0 register 0xc0000001$'
run 0 answer chain 5
also 0 register
n=0
for i in 0 1 2 3 4; do n=$((n + $(registered $i))); done
is 'A36 each part of a chain counts' $n 5
run 0 deregister
run 0 answer control 63
also 0 register
is 'A42 63 control GUIDs' "$(wmitrace providers | grep -c ' control ')" 63
check 'A42 work: the last one can be enabled' wmitrace start a62 --buffer-size 4
run 0 clear
wmitrace enable a62 "$(guid 62)" >/dev/null
like 'A42 and is' "$(said)" "^0 begin enable path=$(guid 62) "
wmitrace stop a62 >/dev/null
run 0 deregister

# ---- flags
wmitrace start flags --buffer-size 4 >/dev/null
enabled()	# enabled N: does enabling the GUID call the provider?
{
	run 0 clear
	wmitrace enable flags "$(guid "$1")" >/dev/null
	wmitrace disable flags "$(guid "$1")" >/dev/null
	calls enable
}
run 0 answer half 1
also 0 register
is 'A37 TRACE_CONTROL_GUID alone makes no control GUID' "$(enabled 0)" 0
run 0 deregister
run 0 answer traced 2
also 0 register
is 'traced GUIDs without any control GUID are control GUIDs' "$(enabled 0)$(enabled 1)" 11
run 0 deregister
run 0 answer mixed 2
also 0 register
is 'beside one they are not' "$(enabled 0)$(enabled 1)" 10
run 0 deregister
run 0 answer remove 2
also 0 register
is 'A38 REMOVE_GUID in answer to WMIREGISTER does not register' "$(registered 0)$(registered 1)" 01
run 0 deregister

# ---- WMIUPDATE
run 0 answer control 2
also 0 register
wmitrace enable flags "$(guid 0)" >/dev/null
run 0 update
is 'A40 an unchanged entry makes no enable or disable' "$(calls enable)$(calls disable)" 00
like 'A40 and stays enabled' "$(wmitrace providers)" "^$(guid 0) .* level 5"
run 0 answer last 2
also 0 update
is 'A41 an omitted GUID stays' "$(registered 0)$(registered 1)" 11
run 0 answer remove 2
also 0 update
like 'an enabled GUID that is removed is disabled first' "$(said)" "begin disable path=$(guid 0) "
is 'A39 REMOVE_GUID in answer to WMIUPDATE removes' "$(registered 0)$(registered 1)" 01
is 'A39 enabling it then calls nobody' "$(enabled 0)" 0
wmitrace enable flags "$(guid 0)" --level 1 >/dev/null
refused 'A39 and changing the level is refused, as for an unregistered GUID' \
	wmitrace enable flags "$(guid 0)" --level 2
run 0 answer control 3
also 0 update
like 'a new GUID that is enabled is told at once' "$(said)" "begin enable path=$(guid 0) "
is 'and the others not' "$(calls enable)" 1
run 0 deregister
wmitrace stop flags >/dev/null

# ---- waiting
run 0 answer control 1
also 0 register
wmitrace start wait --buffer-size 4 >/dev/null
run 0 gate
wmitrace enable wait "$(guid 0)" >/dev/null &
enabler=$!
until [ "$(calls enable)" = 1 ]; do usleep 20000; done
also 0 deregister &
remover=$!
usleep 300000
is 'A25 DEREGISTER does not return while a callback runs' "$(said | grep -c '^0 deregister')" 0
refused 'the module cannot be removed meanwhile' rmmod provider 2>/dev/null
also 0 open
wait $enabler $remover
is 'A25 but after it' "$(said | sed -n '/^0 end\|^0 deregister/p' | tr '\n' ';')" '0 end 0x0;0 deregister 0x0;'
run 0 clear
wmitrace disable wait "$(guid 0)" >/dev/null
wmitrace enable wait "$(guid 0)" >/dev/null
is 'A26 afterwards no callback runs' "$(said)" ''
wmitrace disable wait "$(guid 0)" >/dev/null
is 'A43 callbacks ran in process context and slept' "$(grep -c 'context is not' $p/said)" 0

# ---- from inside
run 0 register
run 0 deregister-inside
wmitrace enable wait "$(guid 0)" >/dev/null
like 'A27 DEREGISTER inside a callback is refused, not hung' "$(said)" "^0 deregister-inside $refused\$"
run 0 deregister
like 'A27 and works afterwards' "$(said)" '^0 deregister 0x0$'

# ---- a module that forgets (A44)
run 0 register
run 1 register
also 0 leave-registered
rmmod provider
is 'A44 a module that leaves registered is deregistered' "$(registered 0)" 0
like 'A44 with a warning' "$(dmesg | tail -n 20)" 'provider goes without deregistering'
check 'A44 the next enable meets nobody' wmitrace enable wait "$(guid 0)"
check 'A44 nor does the end of the session' wmitrace stop wait
