#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: tests/fuzz/run.sh [-t SECONDS] [-k] [NAME...]
#
# Builds the fuzzers tests/fuzz/fuzz_NAME.c with ASan and UBSan and runs each for
# SECONDS (30) of its own, from tests/fuzz/corpus/NAME, generated seeds, and the
# sample files where they are.  What is found on the way stays in build/fuzz/corpus/NAME;
# -k keeps in tests/fuzz/corpus/NAME what reaches more code than what is there.
# A crash leaves its input in build/fuzz/, and the status is 1.

top=$(cd "$(dirname "$0")/../.." && pwd)
samples=${SAMPLES:-$top/../shared/etl-samples}
seconds=30 keep='' status=0

while getopts t:k option; do
	case $option in
	t) seconds=$OPTARG ;;
	k) keep=1 ;;
	*) sed -n '3,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
if ! command -v "${FUZZ_CC:-clang}" >/dev/null; then
	echo "1..0 # SKIP no ${FUZZ_CC:-clang}: apt-get install clang"
	exit 0
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! make -C "$top" -j2 fuzzers build/tests/etl_seeds >"$log" 2>&1; then
	echo "not ok - fuzzers build"
	sed 's/^/# /' "$log"
	exit 1
fi
mkdir -p "$top/build/fuzz/corpus"
"$top/build/tests/etl_seeds" "$top/build/fuzz/corpus" || exit 1
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

for name; do
	corpus=$top/build/fuzz/corpus/$name
	mkdir -p "$corpus"
	seeds "$name" | while read -r seed; do
		cp -r "$seed"/. "$corpus" 2>/dev/null || cp "$seed" "$corpus"
	done
	if "$top/build/fuzz/$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
		-max_len=65536 -print_final_stats=1 -artifact_prefix="$top/build/fuzz/$name." \
		"$corpus" >"$log" 2>&1; then
		echo "ok - $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs"
	else
		status=1
		echo "not ok - $name"
		tail -n 40 "$log" | sed 's/^/# /'
	fi
	[ -n "$keep" ] || continue
	mkdir -p "$top/tests/fuzz/corpus/$name"
	"$top/build/fuzz/$name" -merge=1 "$top/tests/fuzz/corpus/$name" "$corpus" >"$log" 2>&1
done
exit $status
