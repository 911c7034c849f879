# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 90
# insmod: wmitrace
# insmod: provider
# Enabling and disabling, A46 to A62 and A65, and A11, A14, A15 with it.

. "$TAP"

p=/sys/kernel/debug/wmitrace_provider
g=70000000-1111-4222-8333-444455556666

run()
{
	echo '0 clear' >$p/run
	echo "$*" >$p/run
}

said()
{
	cat $p/said
}

calls()	# calls PUPPET KIND
{
	grep -c "^$1 begin $2" $p/said
}

session()	# session NAME: starts it; its id becomes $id
{
	id=$(wmitrace start "$1" --buffer-size 64 --json | sed 's/.*"id":\([0-9]*\).*/\1/')
}

logged()	# logged ID: events in the session
{
	awk '$1 == "all" { print $3 }' "/sys/kernel/debug/wmitrace/logger$(printf %02d "$1")/stats"
}

handle()	# handle ID LEVEL FLAGS, as the puppet prints it
{
	printf '%#x' $(($3 << 32 | $2 << 16 | $1))
}

run 0 register
session one
one=$id
run 0 clear
wmitrace enable one $g --level 3 --flags 0x55 >/dev/null
like 'A46 enable delivers minor 4 with DataPath -> the control GUID' "$(said)" "^0 begin enable path=$g "
like 'A47 a WNODE_HEADER of 48 bytes, BufferSize set, TRACED_GUID' "$(said)" ' length=48 size=48 flags=0x20000 '
like 'A11 the handle holds id, level and flags' "$(said)" " handle=$(handle "$one" 3 0x55) guid=$g"
like 'A48 which logs during the callback' "$(said)" '^0 logged 0x0$'
is 'A48 there' "$(logged "$one")" 1

run 0 clear
wmitrace enable one $g --level 0 --flags 0 >/dev/null
like 'A52 enabling again calls again; A65 level and flags 0 are delivered as 0' "$(said)" \
	" handle=$(handle "$one" 0 0) "
is 'A52 without a disable between' "$(calls 0 enable)$(calls 0 disable)" 10
run 0 clear
wmitrace enable one $g --level 255 --flags 0xffffffff >/dev/null
like 'A15 level 255 and all flags are delivered' "$(said)" " handle=0xffffffff00ff$(printf %04x "$one") "

session two
two=$id
run 0 clear
wmitrace enable two $g --level 2 --flags 2 >/dev/null
like 'A53 a second session takes the provider over' "$(said)" " handle=$(handle "$two" 2 2) "
is 'A53 without a disable' "$(calls 0 disable)" 0
before=$(logged "$one")
run 0 message 53
like 'A53 its messages' "$(said)" '^0 message 0x0$'
is 'A53 go there' "$(logged "$two")" 2
is 'A53 and not to the first' "$(logged "$one")" "$before"
run 0 clear
wmitrace disable one $g >/dev/null
is 'A54 a disable by the first session calls nobody' "$(said)" ''
wmitrace enable one $g >/dev/null
wmitrace enable two $g --level 2 --flags 2 >/dev/null
run 0 clear
wmitrace stop one >/dev/null
is 'A54 nor does its end' "$(said)" ''

wmitrace disable two $g >/dev/null
like 'A49 disable delivers minor 5 with the GUID' "$(said)" "^0 begin disable path=$g length=48 "
like 'with the handle again' "$(said)" " handle=$(handle "$two" 2 2) "
run 0 clear
wmitrace disable two $g >/dev/null
wmitrace disable two 70000099-1111-4222-8333-444455556666 >/dev/null
is 'A61 disabling what is not enabled calls nobody' "$(said)" ''

run 1 answer control 1
run 1 register
run 0 clear
wmitrace enable two $g --level 2 --flags 2 >/dev/null
is 'A59 two providers of one control GUID both get the callback' "$(calls 0 enable)$(calls 1 enable)" 11
before=$(logged "$two")
run 0 clear
wmitrace stop two >/dev/null
is 'A50 the end of a session disables what it had enabled' "$(calls 0 disable)$(calls 1 disable)" 11
is 'A51 messages of the disable callback are accepted' "$(said | grep -c ' logged 0x0$')" 2
is 'A51 and in the log' "$(logged "$two")" $((before + 2))
run 1 deregister
run 0 deregister

# ---- before registration
session three
three=$id
check 'an unknown GUID can be enabled' wmitrace enable three $g --level 4 --flags 4
like 'and is listed as waiting' "$(wmitrace providers)" "^$g +waiting .* level 4, flags 0x4"
refused 'A58 but not changed' wmitrace enable three $g --level 4 --flags 5
message=$(wmitrace enable three $g --level 5 --flags 4 2>&1)
like 'A58 which says what to do' "$message" 'wmitrace disable three'
check 'asking for the same again is no change' wmitrace enable three $g --level 4 --flags 4
run 0 register
is 'A55 it is delivered during registration, after REGINFO' \
	"$(said | sed 's/^0 \(begin [a-z]*\).*/\1/; s/^0 \(register.*\)/\1/' | grep -v '^0 ' | tr '\n' ';')" \
	'begin reginfo;begin enable;register 0x0;'
like 'A55 with its handle' "$(said)" " handle=$(handle "$three" 4 4) "
run 1 register
is 'A60 a provider of a GUID that is enabled is told at once' "$(calls 1 enable)" 1
is 'A60 and the other one not again' "$(calls 0 enable)" 0
run 0 deregister
run 1 deregister
session four
four=$id
wmitrace enable four $g --level 1 --flags 1 >/dev/null
run 0 register
is 'A56 of two sessions before registration' "$(calls 0 enable)" 1
like 'A56 the later one is delivered' "$(said)" " handle=$(handle "$four" 1 1) "
run 0 deregister
wmitrace stop four >/dev/null
run 0 register
is 'A57 the end of a session cancels an enable that waits' "$(calls 0 enable)" 0
run 0 deregister
wmitrace stop three >/dev/null
is 'nothing is left' "$(wmitrace providers)" 'no providers'

# ---- refusals
session five
run 0 status 0xc0000295
run 0 register
run 0 clear
check 'A62 the controller does not see a refusal' wmitrace enable five $g
is 'A62 the provider was asked' "$(calls 0 enable)" 1
is 'A62 it is not listed as enabled' "$(wmitrace providers | grep -c "^$g .* level")" 0
run 0 clear
wmitrace stop five >/dev/null
is 'A62 and gets no disable' "$(said)" ''
run 0 status 0
run 0 deregister

# ---- handles and errors of the request
run 0 register
session six
run 0 clear
wmitrace enable six provider >/dev/null
is 'a module name enables its control GUIDs' "$(calls 0 enable)" 1
wmitrace enable six puppet0 --level warning >/dev/null
like 'so does the name of a provider' "$(said)" ' handle=0xffffffff0003'
check 'A14 no handle was 0' [ "$(said | grep -c 'handle=0x0 ')" = 0 ]
refused 'a name that nobody has is refused' wmitrace enable six nobody
refused 'so is a session that does not run' wmitrace enable nobody $g
refused 'and a level of 256' wmitrace enable six $g --level 256
like 'JSON' "$(wmitrace providers --json)" '"kind":"control","module":"provider","name":"puppet0",.*"enabled":\[\{"logger":[0-9]+,"level":3'
run 0 deregister
wmitrace stop six >/dev/null

# A callback that hangs holds up nobody else's requests.
run 0 register
session seven
run 0 gate
wmitrace enable seven $g >/dev/null &
enabler=$!
until [ "$(calls 0 enable)" = 1 ]; do usleep 20000; done
check 'while a callback sleeps sessions start' wmitrace start eight --buffer-size 4
check 'other GUIDs are enabled' wmitrace enable eight 70000099-1111-4222-8333-444455556666
check 'and sessions stop' wmitrace stop eight
echo '0 open' >$p/run
wait $enabler
wmitrace stop seven >/dev/null
run 0 deregister
