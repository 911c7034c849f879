# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 120
# insmod: wmitrace
# insmod: wpp
# WPP end to end: statements of the wpp companion, decoded with what its own
# file says, against the text that the module itself printed.

. "$TAP"

run=/sys/module/wpp/parameters/run
module=/lib/wmitrace/wpp.ko

# record NAME RUN PROVIDER[:FLAGS:LEVEL]...: what RUN logs, in NAME.etl
record()
{
	name=$1 what=$2
	shift 2
	wmitrace start "$name" --buffer-size 64 >/dev/null
	for provider; do
		IFS=: read -r provider flags level <<-END
			$provider
		END
		wmitrace enable "$name" "$provider" --flags "${flags:-0xffffffff}" \
			--level "${level:-5}" >/dev/null
	done
	dmesg -c >>"$OUT/before.log"
	echo "$what" >$run
	dmesg -c >"$OUT/$name.log"
	id=$(wmitrace query "$name" --json | sed 's/.*"id":\([0-9]*\).*/\1/')
	wmitrace stop "$name" >/dev/null
	folder=/sys/kernel/debug/wmitrace/logger$(printf %02d "$id")
	cat "$folder/header" "$folder"/cpu* >"$OUT/$name.etl"
	wmitrace release "$name"
	cat "$OUT/$name.log" >>"$OUT/before.log"
}

text()	# text NAME: the messages, without prefix
{
	wmitrace format --no-prefix --tmf $module "$OUT/$1.etl" | sed 1d
}

count()	# count NAME TEXT: messages that are exactly TEXT
{
	text "$1" | grep -cFx -e "$2"
}

cp /sys/module/wpp/srcversion "$OUT/srcversion"

# ---- every type -----------------------------------------------------------------

record types types Types
sed -n 's/^.*wpp: text //p' "$OUT/types.log" >"$OUT/types.wanted"
text types >"$OUT/types.got"
is 'all statements of wpp_types.c leave a message' "$(wc -l <"$OUT/types.got")" \
	"$(wc -l <"$OUT/types.wanted")"
check 'messages read as the module printed them [W2 W7 W8]' \
	diff "$OUT/types.wanted" "$OUT/types.got"
is 'nothing is lost or unknown' "$(wmitrace format --tmf $module "$OUT/types.etl" 2>&1 >/dev/null)" ''
like 'the default prefix is that of tracefmt [W17]' \
	"$(wmitrace format --utc --tmf $module "$OUT/types.etl" | sed -n 2p)" \
	'^\[[01]\][0-9A-F]{4}\.[0-9A-F]{4}::[0-9]{2}/[0-9]{2}/[0-9]{4}-[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} \[wpp\]sint i='
is 'its first line is EventTrace [W17]' "$(wmitrace format --tmf $module "$OUT/types.etl" | head -n 1)" EventTrace

mkdir tmf
check 'TMF files can be made of the module' wmitrace tmf extract -o tmf $module >/dev/null
is 'and decode alike' "$(wmitrace format --no-prefix --tmf tmf "$OUT/types.etl" | sed 1d | md5sum)" \
	"$(md5sum <"$OUT/types.got")"
status=0
wmitrace format --no-prefix "$OUT/types.etl" >unknown 2>said || status=$?
is 'without formats the status is 4 [W19]' "$status" 4
is 'each message has a line that says so [W19]' "$(grep -c 'No Format Information found' unknown)" \
	"$(wc -l <"$OUT/types.wanted")"
like 'and a hint which file is missing' "$(cat said)" "^  [0-9a-f-]{36}\.tmf$"
cp tmf/*.tmf "$OUT/"
is 'formats beside the file are found' \
	"$(wmitrace format --no-prefix "$OUT/types.etl" | sed 1d | md5sum)" "$(md5sum <"$OUT/types.got")"

# ---- levels and flags [W6] ----------------------------------------------------------

for level in 0 1 2 3 4 5 255; do
	record "level$level" levels "Flow:1:$level"
done
is 'W6 level 0: nothing' "$(text level0)" ''
is 'W6 level 1: critical' "$(text level1 | grep -c ^level)" 1
is 'W6 level 3: up to warnings' "$(text level3 | grep ^level | xargs)" \
	'level critical level error level warning'
is 'W6 level 4: not verbose ones' "$(text level4 | grep ^level | xargs)" \
	'level critical level error level warning level information'
is 'W6 level 5: all' "$(text level5 | grep -c ^level)" 5
is 'W6 level 255: all' "$(text level255 | grep -c ^level)" 5
is 'a condition of the driver, and its prefix' "$(text level2 | grep condition)" \
	' [levels] condition true'
is 'W6 a flag that is off: nothing' "$(count level5 'flags first 1')" 0
record context levels Flow:2:2
is 'W6 a function with flags first' "$(text context)" 'flags first 1'
for flag in 1 2 0x8000 0x40000000 0x80000000 0xffffffff 0; do
	record "flag$flag" flags "Many:$flag:0"
done
is 'W6 first flag' "$(text flag1)" 'flag 01'
is 'W6 second flag' "$(text flag2)" 'flag 02'
is 'W6 16th flag' "$(text flag0x8000)" 'flag 16'
is 'W6 31st flag' "$(text flag0x40000000)" 'flag 31'
is 'W6 32nd flag' "$(text flag0x80000000)" 'flag 32'
is 'W6 all flags' "$(text flag0xffffffff | wc -l)" 5
is 'W6 no flag' "$(text flag0)" ''

# ---- evaluation [W5] -------------------------------------------------------------------

record evaluation evaluation Flow:1
is 'W5 arguments of a statement that is off are not evaluated, others once' \
	"$(sed -n 's/.*wpp: evaluated //p' "$OUT/evaluation.log")" 'off=0 on=3'
is 'W5 in their order' "$(text evaluation)" 'on 0 x 3'

# ---- enabling at run time ----------------------------------------------------------------

wmitrace start first --buffer-size 64 >/dev/null
wmitrace start second --buffer-size 64 >/dev/null
wmitrace enable first Flow --flags 1 --level 1 >/dev/null
echo levels >$run
wmitrace enable second Flow --flags 1 --level 3 >/dev/null
echo levels >$run
wmitrace enable second Flow --flags 1 --level 2 >/dev/null
echo levels >$run
logged()
{
	wmitrace query "$1" --json | sed 's/.*"logged":\([0-9]*\).*/\1/'
}
is 'the session that enabled first got one level' "$(logged first)" 1
is 'the other one takes over, with the next statement' "$(logged second)" 7
wmitrace stop second >/dev/null
echo levels >$run
is 'a session that stops takes nothing with it' "$(logged first)" 1
wmitrace stop first >/dev/null
wmitrace release first
wmitrace release second

# ---- contexts [W21] ------------------------------------------------------------------------

record contexts contexts Flow:2
text contexts | sort | uniq -c | sed 's/^ *//' >contexts
for line in '1 context process' '1 context preempt-off' '1 context softirq-off in_softirq=1' \
	'1 context irqs-off' '1 context irq in_irq=1' '1 context nmi in_nmi=1'; do
	check "W21 ${line#* }" grep -qFx "$line" contexts
done
is 'W21 context ipi' "$(grep -c 'context ipi' contexts)" 2

# ---- the section is gone [W15] ----------------------------------------------------------------

section=/sys/module/wpp/sections/.init.wpptmf
if [ -e $section ]; then
	base=$(awk '$1 == "wpp" { print $6 }' /proc/modules)
	off=$(($(cat $section) - base))
	check 'W15 formats lie outside of what stays in memory' \
		[ $off -lt 0 -o $off -ge "$(cat /sys/module/wpp/coresize)" ]
else
	skip 'W15 formats lie outside of what stays in memory' 'this kernel does not tell where sections are'
fi
is 'W15 the init part is freed' "$(cat /sys/module/wpp/initsize)" 0

# ---- for the host: the record of 6.2 [W1], other readers, cost ----------------------------------

record record record Flow:1
is 'W1 the record of wpp-tmf 6.2' "$(text record)" \
	'op=7 st=0xc0000005(STATUS_ACCESS_VIOLATION) name=NULL ip=127.0.0.1 data=de ad be ef'
wmitrace dump --json "$OUT/record.etl" | grep 6f1a2c30 >record.json
like 'W1 W3 size, flags' "$(cat record.json)" '"size":63,.*"flags":170,'
like 'W1 number' "$(cat record.json)" '"id":10,'
like 'W1 W2 arguments' "$(cat record.json)" '"payload":"07000000050000c04e554c4c007f0000010400deadbeef"'
wmitrace start bench --flight-recorder --buffer-size 64 >/dev/null
wmitrace enable bench Flow --flags 8 >/dev/null
dmesg -c >>"$OUT/before.log"
echo bench >$run
dmesg -c | tee -a "$OUT/before.log" | sed -n 's/.*wpp: bench /# /p'
wmitrace stop bench >/dev/null

# ---- coming and going ---------------------------------------------------------------------------

rmmod wpp
wmitrace start reload --buffer-size 64 >/dev/null
wmitrace enable reload a1c0ffee-0002-4d5e-829e-02f454bc2bd7 --flags 1 >/dev/null
insmod $module
rmmod wpp
id=$(wmitrace query reload --json | sed 's/.*"id":\([0-9]*\).*/\1/')
wmitrace stop reload >/dev/null
folder=/sys/kernel/debug/wmitrace/logger$(printf %02d "$id")
cat "$folder/header" "$folder"/cpu* >"$OUT/reload.etl"
wmitrace release reload
is 'what was enabled before it was loaded logs from the first statement to the last' \
	"$(text reload | xargs)" 'loaded unloading'
