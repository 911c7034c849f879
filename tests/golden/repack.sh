# SPDX-License-Identifier: GPL-2.0-or-later
# repack puts shuffled buffers of real files back: the file is as Windows wrote it.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
[ -d "$SAMPLES" ] || skip_all "no samples at $SAMPLES"

# buffers FILE SIZE NUMBER...: these buffers of FILE
buffers()
{
	file=$1 size=$2
	shift 2
	for number; do
		dd if="$file" bs="$size" skip="$number" count=1 2>/dev/null
	done
}

for name in AMSITrace HTTP_Server ShutdownPerfDiagLogger compressed-subset CldFlt0; do
	check "$name: a file in order stays as it is" \
		sh -c 'wmitrace repack -o same "$1" >said && cmp same "$1"' - "$SAMPLES/$name.etl"
done

# Seven buffers of 4 KB, no two flushed at the same time; buffer 3 comes twice.
sample=$SAMPLES/WindowsUpdate.etl
buffers "$sample" 4096 0 4 3 6 5 2 3 1 >shuffled
check "shuffled, one buffer twice: put back" sh -c 'wmitrace repack shuffled -o back >said &&
	cmp back "$1"' - "$sample"
like "it tells" "$(cat said)" '^repacked back: 7 buffers, 1 duplicates left out, 0 damaged$'
buffers "$sample" 4096 0 >header
buffers "$sample" 4096 5 2 >cpu0
buffers "$sample" 4096 6 4 1 3 >cpu1
check "header and CPUs as files of their own" sh -c 'wmitrace repack -o back header cpu0 cpu1 >said &&
	cmp back "$1"' - "$sample"
cp shuffled place
check "in place" sh -c 'wmitrace repack -o place place >said && cmp place "$1"' - "$sample"
check "nothing else is left" [ ! -e place.part ]

# A file that was never finalised: BuffersWritten, EndTime and the flag are put in.
wmitrace repack "$SAMPLES/CldFlt2.etl" -o final >said
is "BuffersWritten" "$(od -An -tu4 -j $((0x8c)) -N4 final | tr -d ' ')" 1
check "EndTime is not 0" [ "$(od -An -tu8 -j $((0x78)) -N8 final | tr -d ' ')" != 0 ]

refused "two headers" wmitrace repack -o x header header
refused "no header" wmitrace repack -o x cpu0
refused "an output that cannot be" wmitrace repack -o /no/such/folder/x "$sample"
check "leaves nothing" [ ! -e x ]
(cat shuffled; head -c 1000 cpu0) >torn
refused "a torn end is told by the status" wmitrace repack -o torn.etl torn
check "the rest is there" cmp torn.etl "$sample"
like "--json" "$(wmitrace repack --json -o j "$sample")" \
	'^\{"file":"j","buffers":7,"size":28672,"duplicates":0,"damaged":0\}$'
