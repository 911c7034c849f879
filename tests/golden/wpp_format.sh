# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Real WPP traces with the TMF files that tracepdb made: the texts that
# $SAMPLES/wpp/README.md lists (W8), and messages without a format (W19).

. "$TAP"

wpp=$SAMPLES/wpp
[ -d "$wpp" ] || skip_all "$wpp is missing"

text()	# text FILE: messages without prefix
{
	wmitrace format --no-prefix --tmf "$wpp/tmf" "$wpp/$1-sample.etl" 2>/dev/null | sed 1d
}

for want in \
	'wppemitter|WppEmitter work item id=27 status=0x1b phase=startup provider=WppEmitter' \
	'wppemitter|WppEmitter detail seq=2 note=processing-record value=2 category=Detail' \
	'wppstr|strtrace name=alpha id=0 tag=END' \
	'wppstr|strtrace name=bravo id=1 tag=END' \
	'wppstr|strtrace name=charlie id=2 tag=END' \
	'wppstr|widetrace user=root role=admin' \
	'wpptypes|sint i=42 neg=-1000 i64=-5000000000' \
	'wpptypes|uint u=4000000000 hex=0xabcdef x64=0xdeadbeefcafe' \
	'wpptypes|ptr p=00007FF012345678 null=0000000000000000' \
	'wpptypes|widths z=00042 h=0000beef' \
	'wppenum|b=0x00000001(true) irql=0x00000002(DPC)' \
	'wppenum|set=[1,3]' \
	'wpptime|cc=RGBA' \
	'wpptime|ts=2020-01-01 00:00:00.000Z'; do
	text "${want%%|*}" >got
	check "W8 ${want#*|}" grep -qFx -e "${want#*|}" got
done
is 'W8 wppemitter: 30 work items' "$(text wppemitter | grep -c 'work item')" 30
is 'W8 wppemitter: 15 details' "$(text wppemitter | grep -c 'detail')" 15
is 'W8 wpptypes: 5 messages' "$(text wpptypes | wc -l)" 5

is 'tracefmt writes local times [11.1]' \
	"$(TZ=EST5 wmitrace format --no-prefix --local-times --tmf "$wpp/tmf" "$wpp/wpptime-sample.etl" 2>/dev/null | grep ts=)" \
	'ts=12/31/2019-19:00:00.000'
is 'TRACE_FORMAT_PREFIX is used [W18]' \
	"$(TRACE_FORMAT_PREFIX='%2!s! %1!s! %!FUNC!: ' wmitrace format --tmf "$wpp/tmf" "$wpp/wpptime-sample.etl" 2>/dev/null | grep cc=)" \
	'WppTimeEmitter_cpp17 findneedle main: cc=RGBA'
is 'TRACE_FORMAT_SEARCH_PATH is searched [W18]' \
	"$(TRACE_FORMAT_SEARCH_PATH=/nonexistent:$wpp/tmf wmitrace format --no-prefix "$wpp/wpptime-sample.etl" 2>/dev/null | grep cc=)" \
	'cc=RGBA'

status=0
wmitrace format --no-prefix "$wpp/wppstr-sample.etl" >got 2>said || status=$?
is 'W19 without formats the status is 4' "$status" 4
is 'W19 and each message says so' "$(grep -c 'No Format Information found' got)" 4
like 'W19 the count is told' "$(cat said)" '4 of 4 messages have no format'
like 'W19 and which file is missing' "$(cat said)" '744151fd-b3f4-32e6-38eb-0fd11e3fb62d\.tmf'

cat "$wpp"/tmf/744151fd*.tmf >one.tmf
status=0
wmitrace format --no-prefix --tmf one.tmf "$wpp/wppstr-sample.etl" >got 2>/dev/null || status=$?
is 'a TMF file of any name can be given' "$status" 0

wmitrace format --json --tmf "$wpp/tmf" "$wpp/wppstr-sample.etl" 2>/dev/null >got
like '--json has text and arguments' "$(head -n 1 got)" \
	'"args":\[\{"name":"names\[i\]","item":"ItemString","value":"alpha"\},.*"text":"strtrace name=alpha id=0 tag=END"'
wmitrace format --csv --tmf "$wpp/tmf" "$wpp/wppstr-sample.etl" 2>/dev/null >got
is '--csv has a heading and four lines' "$(wc -l <got)" 5

if [ -e "$SAMPLES/CldFlt0.etl" ]; then
	wmitrace format --no-prefix "$SAMPLES/CldFlt0.etl" >got 2>/dev/null || true
	is 'W19 messages of a driver whose symbols nobody has' \
		"$(grep -c 'No Format Information found' got)" 13
fi
