# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 7200
# full
# A kernel logger that swaps two fields of a payload fails its tests: for each payload
# two members of its structure are exchanged, and the whole is built and tested in a
# copy of the tree; several at once where a fact of the test is about one of them alone.
# (host/kernel_events and host/kernel_tasks try every pair, with --full, in the files
# that the right module wrote.)

# shellcheck source=tests/lib/tap.sh
. "$TAP"

[ -n "$PYTHON" ] || skip_all "no Python environment for the tests that have to notice"

copy=$PWD/tree
header=$copy/include/etl/kernel.h
mkdir "$copy"
(cd "$TOP" && git ls-files -z | xargs -0 cp -P --parents -t "$copy")
cp -a "$TOP/build" "$copy/"
cp "$header" right

cat >mutants <<'END'
1	kernel_events	etl_isr	initial_time	routine	ISR:
1	kernel_events	etl_dpc	initial_time	routine	DPC:
1	kernel_events	etl_disk_io	irp	response_time	DiskIo: (write|read):
1	kernel_events	etl_disk_flush	irp	response_time	DiskIo: fsync is a flush
1	kernel_events	etl_config_disk	sector_size	track_sectors	0b0b says what disk 0 is
1	kernel_events	etl_page_fault	address	program_counter	page faults:
1	kernel_events	etl_image	base	size	image dcstart:
1	kernel_events	etl_process_counters	working_set	private_size	counters:
1	kernel_events	etl_sample	flags	rank	samples: one tick
1	kernel_events	etl_interval	source	new_interval	samples: 0f49 and 0f4a
2	kernel_tasks	etl_cswitch	new_thread	old_thread	tasks: CPU 0: each switch goes on
2	kernel_tasks	etl_ready_thread	adjust_reason	flags	tasks: wake-ups are unwaits
2	kernel_tasks	etl_thread_name	process_id	thread_id	pthread_create: a Thread Start with its name
3	kernel_tasks	etl_process	process_id	parent_id	tasks: each process has one open life
4	kernel_tasks	etl_thread	process_id	thread_id	tasks: each thread has one open life
END
tab=$(printf '\t')
for build in 1 2 3 4; do
	grep "^$build$tab" mutants >these
	cp right "$header"
	while IFS=$tab read -r _ _ structure a b _; do
		cp "$header" before
		sed "/^struct $structure {/,/^}/ { s/\\<$a\\>/@/; s/\\<$b\\>/$a/; s/@/$b/ }" \
			before >"$header"
		check "$structure has $a and $b" sh -c "! cmp -s before $header"
	done <these
	name=$(head -n 1 these | cut -f2)
	"$copy/scripts/check" "guest/$name" </dev/null >log 2>&1
	check "guest/$name runs with them exchanged" grep -q "^ok .* guest/$name " log
	while IFS=$tab read -r _ _ structure a b fact; do
		check "host/$name notices: $structure: $a, $b" \
			grep -qE "^not ok .* host/${name}[.0-9]*: $fact" log
	done <these
	sed -n 's/^not ok/# noticed by: not ok/p' log
done
