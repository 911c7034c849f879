# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Counts what tests say (TAP) and prints it under one numbering.

passed=0 failed=0 skipped=0

# result ok|not_ok|skip DESCRIPTION [REASON]
result()
{
	local number=$((passed + failed + skipped + 1))

	if [ "$1" = skip ] && [ -n "${WMITRACE_NO_SKIP-}" ]; then
		set -- not_ok "$2 (skipped: $3)"
	fi
	case $1 in
	ok)	passed=$((passed + 1)); printf 'ok %d - %s\n' "$number" "$2" ;;
	not_ok)	failed=$((failed + 1)); printf 'not ok %d - %s\n' "$number" "$2" ;;
	skip)	skipped=$((skipped + 1)); printf 'ok %d - %s # SKIP %s\n' "$number" "$2" "$3" ;;
	esac
}

# take NAME STATUS LOG: the results of one test program.  Saying nothing, ending
# early (fewer results than its plan "1..N") or failing without naming a failure
# is a failure too.  Where something failed the log's end is shown.
take()
{
	local name=$1 status=$2 log=$3 line text plan='' count=0 failed_before=$failed

	while IFS= read -r line; do
		text=$(sed -E 's/^(not )?ok *[0-9]* *(- )?//' <<<"$line")
		case $line in
		*ok*'# '[Ss][Kk][Ii][Pp]*)
			# cmocka has the name of a skipped test where the reason belongs.
			result skip "$name: ${text%%# [Ss]*}" "${text##*# [Ss][Kk][Ii][Pp] }" ;;
		'not ok'*)	result not_ok "$name: $text" ;;
		ok*)		result ok "$name: $text" ;;
		1..0*)		result skip "$name" "${line#*SKIP }" ;;
		1..*)		plan=${line#1..}; continue ;;
		*)		continue ;;
		esac
		count=$((count + 1))
	done < <(grep -aE '^(ok|not ok)\b|^1\.\.[0-9]+' "$log")

	if [ "$status" = 77 ] && [ $count = 0 ]; then
		result skip "$name" "$(tail -n 1 "$log")"
	elif [ "$status" != 0 ] && [ $failed = $failed_before ]; then
		result not_ok "$name: exit status $status"
	elif [ "$status" = 0 ] && [ $count = 0 ]; then
		result not_ok "$name: said no result"
	elif [ -n "$plan" ] && [ "$plan" != $count ]; then
		result not_ok "$name: $count of $plan results"
	fi
	[ $failed = $failed_before ] || show_log "$log"
}

# show_log FILE: the end of it, less what went well
show_log()
{
	echo "# from $1:"
	grep -av '^ok' "$1" | tail -n 40 | sed 's/^/#   /'
}

# step DESCRIPTION LOG COMMAND...: one result, of the command's success
step()
{
	local what=$1 log=$2

	shift 2
	if "$@" >"$log" 2>&1; then
		result ok "$what"
	else
		result not_ok "$what"
		show_log "$log"
		return 1
	fi
}

# last line of a run: what the counts are
summary()
{
	printf '%d passed, %d failed' "$passed" "$failed"
	[ "$skipped" = 0 ] || printf ', %d skipped' "$skipped"
	echo
	[ "$failed" = 0 ] && [ "$passed" != 0 ]
}
