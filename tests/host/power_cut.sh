# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The disk of a machine whose power was cut while a log file was being written: the
# file holds whole buffers, all that were flushed before the disk was told to keep
# them, and says that it was not finished.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
flushed=$(sed -n 's/.*power-cut: \([0-9]*\) flushed.*/\1/p' "$FILES/kernel.log")
check "there is something to look for" [ "$flushed" -gt 2000 ]

cp --sparse=always "$FILES/disk" disk
e2fsck -fy disk >fsck 2>&1
check "the file system is as after any power cut" [ $? -lt 4 ]
debugfs -R "dump cut.etl cut.etl" disk >debugfs.log 2>&1
check "the file is there" test -s cut.etl

# Part of a buffer at the end is what a write that was going on leaves.
size=$(stat -c %s cut.etl)
head -c $((size - size % 16384)) cut.etl >whole.etl
status=0
"$TOP/build/guest/check-etl" whole.etl >found 2>wrong || status=$?
is "its buffers are whole, each record as it was logged" "$status $(cat wrong)" "0 "
records=$(sed -n 's/.*hammer=\([0-9]*\).*/\1/p' found)
check "it holds the $flushed flushed records: $records" [ "$records" -ge "$flushed" ]
like "it says that it was not finished" "$(cat found)" "finalised=0"
wmitrace info --json cut.etl >facts
like "so does info" "$(cat facts)" '"finalised": *false'
status=0
wmitrace verify --finalised whole.etl >verified || status=$?
is "and verify, where it matters" "$status" 1
like "for this reason" "$(cat verified)" "not finalised"
status=0
wmitrace verify whole.etl >verified || status=$?
is "there is no other" "$status" 0
wmitrace dump cut.etl >dumped 2>said
check "dump reads all records: $(grep -c . dumped)" [ "$(grep -c . dumped)" -ge "$records" ]
echo "# $size bytes, $(cat found); dump says: $(cat said)"
