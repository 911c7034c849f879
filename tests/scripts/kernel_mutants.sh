# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 7200
# full
# A kernel logger that swaps two fields of a payload fails its tests: for each
# payload the whole is built with two members of its structure exchanged, and
# tested in a copy of the tree.  (host/kernel_events and host/kernel_tasks try
# every pair, with --full, in the files that the right module wrote.)

# shellcheck source=tests/lib/tap.sh
. "$TAP"

[ -n "$PYTHON" ] || skip_all "no Python environment for the tests that have to notice"

copy=$PWD/tree
header=$copy/include/etl/kernel.h
mkdir "$copy"
(cd "$TOP" && git ls-files -z | xargs -0 cp -P --parents -t "$copy")
cp -a "$TOP/build" "$copy/"
cp "$header" right

# TEST STRUCTURE MEMBER MEMBER
while read -r name structure a b; do
	sed "/^struct $structure {/,/^}/ { s/\\<$a\\>/@/; s/\\<$b\\>/$a/; s/@/$b/ }" right >"$header"
	check "$structure has $a and $b" sh -c "! cmp -s right $header"
	"$copy/scripts/check" "guest/$name" </dev/null >log 2>&1
	check "guest/$name runs with $a and $b of $structure exchanged" \
		grep -q "^ok .* guest/$name " log
	check "host/$name notices: $structure: $a, $b" grep -q "^not ok .* host/$name" log
	sed -n 's/^not ok/# noticed by: not ok/p' log | head -n 3
done <<'END'
kernel_events etl_isr initial_time routine
kernel_events etl_dpc initial_time routine
kernel_events etl_disk_io irp response_time
kernel_events etl_disk_flush irp response_time
kernel_events etl_config_disk sector_size track_sectors
kernel_events etl_page_fault address program_counter
kernel_events etl_image base size
kernel_events etl_process_counters working_set private_size
kernel_events etl_sample flags rank
kernel_events etl_interval source new_interval
kernel_tasks etl_cswitch new_thread old_thread
kernel_tasks etl_ready_thread adjust_reason flags
kernel_tasks etl_process process_id parent_id
kernel_tasks etl_thread process_id thread_id
kernel_tasks etl_thread_name process_id thread_id
END
