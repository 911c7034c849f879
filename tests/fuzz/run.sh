#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: tests/fuzz/run.sh [-t SECONDS] [-r RUNS] [-k] [NAME...]
#
# Builds the fuzzers tests/fuzz/fuzz_NAME.c with ASan and UBSan and runs each for
# SECONDS (30) of CPU time, from tests/fuzz/corpus/NAME, generated seeds, and the
# sample files where they are; -r: for RUNS inputs at most, without what was found
# before.  What is found on the way stays in build/fuzz/corpus/NAME; -k keeps in
# tests/fuzz/corpus/NAME what reaches more code than what is there.
# A crash leaves its input in build/fuzz/, and the status is 1.  In TAP.

top=$(cd "$(dirname "$0")/../.." && pwd)
samples=${SAMPLES:-$top/../shared/etl-samples}
seconds=30 runs='' keep='' status=0
round=240	# s that one process runs at most: what it found is merged then
kept_max=16384	# bytes of an input that is kept

while getopts t:r:k option; do
	case $option in
	t) seconds=$OPTARG ;;
	r) runs=$OPTARG ;;
	k) keep=1 ;;
	*) sed -n '3,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
if ! command -v "${FUZZ_CC:-clang}" >/dev/null; then
	echo "1..0 # SKIP no ${FUZZ_CC:-clang}: apt-get install clang"
	exit 0
fi
log=$(mktemp)
trap 'rm -f "$log" "$log.times"' EXIT
if ! make -C "$top" -j2 fuzzers build/tests/etl_seeds >"$log" 2>&1; then
	echo "not ok - fuzzers build"
	sed 's/^/# /' "$log"
	exit 1
fi
if [ $# = 0 ]; then
	for source in "$top"/tests/fuzz/fuzz_*.c; do
		name=${source##*/fuzz_}
		set -- "$@" "${name%.c}"
	done
fi

# What else there is to begin with.
seeds()
{
	[ "$1" = file ] && ls "$samples"/CldFlt0.etl "$samples"/SelfDescribingSingleEvent.etl \
		"$samples"/SIH.etl 2>/dev/null
	[ -d "$top/tests/fuzz/corpus/$1" ] && echo "$top/tests/fuzz/corpus/$1"
}

# CPU time of all that was waited for, in s.
spent()
{
	times >"$log.times"
	tail -n 1 "$log.times" | tr 'ms' '  ' | awk '{ print int(60 * $1 + $2 + 60 * $3 + $4) }'
}

least()	# least A B
{
	if [ "$1" -lt "$2" ]; then echo "$1"; else echo "$2"; fi
}

# Rounds until the CPU time is used up, as wall time says nothing on a busy machine.
fuzz()	# fuzz NAME CORPUS
{
	begun=$(spent) inputs=0
	while used=$(($(spent) - begun)) && [ $used -lt "$seconds" ]; do
		"$top/build/fuzz/$1" -max_total_time="$(least $((seconds - used)) $round)" \
			-timeout=60 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
			${runs:+-runs="$runs"} -artifact_prefix="$top/build/fuzz/$1." "$2" \
			>"$log" 2>&1 || return 1
		inputs=$((inputs + $(sed -n 's/^stat::number_of_executed_units: *//p' "$log")))
		[ -z "$runs" ] || break
	done
}

corpora=$top/build/fuzz/corpus
[ -z "$runs" ] || corpora=$(mktemp -d) || exit 1
[ -z "$runs" ] || trap 'rm -rf "$log" "$log.times" "$corpora"' EXIT
mkdir -p "$corpora"
"$top/build/tests/etl_seeds" "$corpora" || exit 1
for name; do
	corpus=$corpora/$name
	mkdir -p "$corpus"
	seeds "$name" | while read -r seed; do
		cp -r "$seed"/. "$corpus" 2>/dev/null || cp "$seed" "$corpus"
	done
	if fuzz "$name" "$corpus"; then
		echo "ok - $name: $inputs inputs"
	else
		status=1
		echo "not ok - $name"
		tail -n 40 "$log" | sed 's/^/# /'
	fi
	[ -n "$keep" ] || continue
	mkdir -p "$top/tests/fuzz/corpus/$name"
	"$top/build/fuzz/$name" -merge=1 -max_len=$kept_max "$top/tests/fuzz/corpus/$name" \
		"$corpus" >"$log" 2>&1 || { status=1; echo "not ok - $name: merging"; }
done
exit $status
