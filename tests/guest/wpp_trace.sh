# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 90
# insmod: wmitrace
# insmod: wpp
# wmitrace trace: a provider's messages as they come.

. "$TAP"

run=/sys/module/wpp/parameters/run
module=/lib/wmitrace/wpp.ko


# wait_for FILE LINES: until it has as many
wait_for()
{
	tries=0
	while [ "$(wc -l <"$1")" -lt "$2" ] && [ $tries -lt 200 ]; do
		tries=$((tries + 1))
		usleep 50000
	done
}

enabled()	# waits until a provider is enabled
{
	tries=0
	until wmitrace providers --json | grep -q '"enabled":\[{' || [ $tries -gt 200 ]; do
		tries=$((tries + 1))
		usleep 50000
	done
}

wmitrace trace --no-prefix --tmf $module Flow:1:3 Types:2 >live 2>said &
tracer=$!
enabled
usleep 300000
echo levels >$run
wait_for live 4
is 'messages come while the session runs' "$(head -n 4 live | xargs)" \
	'level critical level error level warning [levels] condition true'
echo types >$run
wait_for live 16
kill -INT $tracer
status=0
wait $tracer || status=$?
is 'an interrupt ends it, successfully' "$status" 0
is 'flags choose the statements' "$(sed 1,4d live | head -n 1)" 'strtrace name=alpha id=0 tag=END'
is 'and nothing else came' "$(wc -l <live)" "$((4 + $(sed 1,4d live | wc -l)))"
like 'it counts' "$(cat said)" '^16 messages$'
is 'no session is left' "$(wmitrace list --stopped)" 'no sessions'
like 'nor a provider enabled' "$(wmitrace providers --json | grep -c '"enabled":\[{')" '^0$'

wmitrace trace --json --tmf $module -n 2 wpp >live 2>/dev/null &
tracer=$!
enabled
usleep 300000
echo types >$run
status=0
wait $tracer || status=$?
is '-n ends it' "$status $(wc -l <live)" '0 2'
like '--json' "$(head -n 1 live)" '"text":"sint i=42 neg=-1000 i64=-5000000000","known":true}$'

mkdir -p "/lib/modules/$(uname -r)/extra"
cp $module "/lib/modules/$(uname -r)/extra/"
echo 'extra/wpp.ko:' >"/lib/modules/$(uname -r)/modules.dep"
wmitrace trace --no-prefix -n 1 wpp >live 2>/dev/null &
tracer=$!
enabled
usleep 300000
echo types >$run
wait $tracer
is 'the formats of an installed module are found' "$(cat live)" 'sint i=42 neg=-1000 i64=-5000000000'
rm -r "/lib/modules/$(uname -r)/extra" "/lib/modules/$(uname -r)/modules.dep"

refused 'a provider that nobody knows is refused' wmitrace trace nosuch 2>/dev/null
