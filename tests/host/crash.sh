# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# `wmitrace recover` on what guest/crash left: the memory of a machine that was stopped
# at any instruction, in QEMU's compressed format, and that of a kernel that panicked,
# as ELF.  What the panicking hammer counted as logged is there.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
check_etl=$TOP/build/guest/check-etl

recover()	# recover DUMP FOLDER: every session; what is said of each
{
	wmitrace recover "$1" -o "$2" --json >"$2.json" 2>"$2.errors"
}

of()	# of FOLDER SESSION KEY: a number
{
	sed "s/.*\"session\":\"$2\",[^}]*\"$3\":\([0-9]*\).*/\1/" "$1.json"
}

verified()
{
	wmitrace verify --finalised "$1" >&2
}

judge()	# judge FOLDER SESSION OPTION...: its file keeps the rules and holds the hammer's records
{
	folder=$1 name=$2
	shift 2
	check "$folder, $name: the file keeps every rule of the format" verified "$folder/$name.etl"
	if "$check_etl" --crashed "$(of "$folder" "$name" unfinished)" "$@" "$folder/$name.etl" \
		>found 2>wrong; then
		ok "$folder, $name: $* $(tail -n 1 found)"
	else
		not_ok "$folder, $name: $*" "$(cat wrong found)" "$(cat "$folder.json")"
	fi
}

sed -n 's/.*hammer: \([0-9]\)/\1/p' "$FILES/kernel.log" | tr -d '\r' >result
check "the hammer said what it had counted" test -s result

check "panic: sessions are recovered" recover "$FILES/cores/panic" panic
is "panic: all that were running" "$(echo panic/*.etl)" "panic/drained.etl panic/kept.etl panic/ring.etl"
judge panic kept --result result
judge panic ring --result result --newest
judge panic drained --result result --newest
check "panic: buffers that were being filled are among them" test "$(of panic kept partial)" -gt 0
check "panic: and such as a reader had taken, which may not be on its disk" \
	test "$(of panic drained read_before)" -gt 0

check "live: sessions are recovered" recover "$FILES/cores/live" live
for name in kept ring drained; do
	judge live $name
done
"$check_etl" --crashed 9 panic/kept.etl | sed 's/.*hammer=\([0-9]*\).*/\1/' >all
"$check_etl" --crashed 9 live/kept.etl | sed 's/.*hammer=\([0-9]*\).*/\1/' >some
check "live: there was less than later" test "$(cat some)" -lt "$(cat all)" -a "$(cat some)" -gt 1000

# ---- QEMU writes makedumpfile's flattened form; a machine's crash kernel leaves this one
check "makedumpfile puts it in order" makedumpfile -R kdump <"$FILES/cores/live" 2>makedumpfile.log
check "kdump: sessions are recovered" recover kdump again
check "kdump: the same" diff -r live again

# ---- choosing
wmitrace recover "$FILES/cores/panic" -s ring -o one.etl >one.text || not_ok "one session into one file"
check "it is the one" cmp one.etl panic/ring.etl
refused "several do not go into one file" wmitrace recover "$FILES/cores/panic" -o two.etl 2>message
like "that is said" "$(cat message)" "3 sessions"

# ---- a dump that breaks off: how much of the sessions is in the rest depends on the kernel
cut()	# cut DUMP PART: to one part in so many
{
	head -c $(($(stat -L -c %s "$1") / $2)) "$1" >short
	status=0
	recover short short.d || status=$?
	is "$1, of which one part in $2 is left: status 1" $status 1
	like "and how much is missing" "$(cat short.d.errors)" "cut off or damaged: .* KB"
	rm -rf short.d
}

ln -s "$FILES/cores/panic" core
for part in 2 4 8 16; do
	cut core $part
	cut kdump $part
done
head -c 3000000 "$FILES/cores/live" >short
refused "a compressed one: refused" recover short short.d
like "the reason is said" "$(cat short.d.errors)" "cut off|damaged"

# 400 MB.
rm -f short "$FILES/cores/panic" kdump
