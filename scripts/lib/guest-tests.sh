# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Runs tests/guest/NAME.sh: as many as can share a machine share a boot.  What a
# machine has to be is said by comment lines at the head of the script:
#
#	# smp: 2 4		CPUs; the test runs once for each (2)
#	# mem: 2048		MB (1024)
#	# timeout: 120		s (60); may be an expression in the three below
#	# long-timeout: 900	s, of its long form (timeout)
#	# insmod: wmitrace	module to insert first, with arguments; one a line
#	# modules: loop ext4	the kernel's own, loaded at boot
#	# append: tsc=unstable	more kernel arguments
#	# kernel: debug kcsan	runs on these kernels only
#	# expect: 2 ERE	messages that the kernel log has to hold, how often: no fault
#	# ends: panic		the test ends its guest so (or: power-cut), in a boot of its own
#	# cores			memory dumps, asked for or of the panic, come to $FILES/cores
#	# disk: 64		MB of ext4 on the disk with the serial number "kept"; $FILES/disk
#	# full			only with --full
#	# long: 6.1 newest	with --full in its long form on these kernels only (all)
#
# Needs results.sh and stale-code.sh; `top`, `work` (for logs and files), `kernel` and what
# `scripts/kernels path` says of it.

: "${top:?}" "${work:?}" "${kernel:?}"
SOAK=${SOAK:-32}	# s, of guest/soak
TORTURE=${TORTURE:-1}	# times as many events as usual, in guest/torture
ROUNDS=${ROUNDS:-20}	# of guest/kernel_rounds
silence=180	# s, of a guest that boots, cleans up behind a test or sends files

# header FILE KEY: its value, by default $3; several lines are joined with ";"
header()
{
	local value

	value=$(sed -n "1,/^[^#]/s/^# $2: *//p" "$1" | paste -sd ';')
	echo "${value:-${3-}}"
}

# runs_here FILE: whether the test is one for this kernel
runs_here()
{
	local only

	only=$(header "$1" kernel)
	[ -z "$only" ] || [[ " $only " == *" $kernel "* ]]
}

# form FILE: how the test runs on this kernel, "long" or "usual"
form()
{
	if [ -n "${full-}" ] && [[ " $(header "$1" long "$kernel") " == *" $kernel "* ]]; then
		echo long
	else
		echo usual
	fi
}

# seconds_for FILE: its timeout on this kernel
seconds_for()
{
	local seconds

	seconds=$(header "$1" timeout 60)
	[ "$(form "$1")" = usual ] || seconds=$(header "$1" long-timeout "$seconds")
	echo $((seconds * SLOW))
}

# guest_tests FILE...
guest_tests()
{
	local file smp key scratch files

	scratch=$(mktemp -d "$work/guest.XXXXXX")
	mkdir -p "$work/files"
	for file; do
		runs_here "$file" || continue
		rm -rf "$work/files/$(basename "$file" .sh)".[0-9]*
		for smp in $(header "$file" smp 2); do
			key="$smp	$(header "$file" mem 1024)	$(header "$file" modules)"
			key+="	$(header "$file" append)"
			# A machine of its own, if only because of what it leaves.
			key+="	$(! grep -qE '^# (ends:|cores|disk:)' "$file" || basename "$file" .sh)"
			printf '%s\t%s\n' "$key" "$file"
		done
	done | sort -s -n >"$scratch/plan"

	# Tabs between empty fields would collapse in `read`: the key stays whole.
	cut -f1-5 "$scratch/plan" | awk '!seen[$0]++' >"$scratch/machines"
	while IFS= read -r -u 4 key; do
		mapfile -t files < <(awk -F'\t' -v k="$key" \
			'$1 "\t" $2 "\t" $3 "\t" $4 "\t" $5 == k { print $6 }' "$scratch/plan")
		run_on_machine "$key" "${files[@]}"
	done 4<"$scratch/machines"
	rm -rf "$scratch"
}

# run_on_machine KEY FILE...: in one boot, or in more where a test ends the guest
run_on_machine()
{
	local key=$1 smp mem modules append names=() file name again

	smp=$(cut -f1 <<<"$key") mem=$(cut -f2 <<<"$key")
	modules=$(cut -f3 <<<"$key") append=$(cut -f4 <<<"$key")
	shift
	for file; do names+=("$(basename "$file" .sh)"); done

	while [ ${#names[@]} -gt 0 ]; do
		boot_with "${names[@]}"
		for ((again = 0; again < 3; again++)); do
			stale_code || break
			echo "# the emulator went on with an instruction that had been patched: once more"
			boot_with "${names[@]}"
		done
		if ! grep -q ^@begin "$scratch/output"; then
			for name in "${names[@]}"; do
				result not_ok "$kernel: guest/$name ($smp CPUs): the guest runs"
			done
			show_log "$scratch/errors"
			return
		fi
		for name in "${names[@]}"; do
			take_guest_test "$name" || break
		done
		# What the guest did not get to, less the one that ended it.
		mapfile -t names < <(left_over "${names[@]}")
	done
}

# stale_code: whether the emulator, not the kernel, was at fault (stale-code.sh)
stale_code()
{
	grep -q ', TCG$' "$scratch/errors" && stale_code_in "$scratch/kernel.log"
}

# boot_with NAME...: leaves what the guest said and sent in scratch/
boot_with()
{
	local folder=$scratch/overlay limit=30 name seconds status=0 more=()

	rm -rf "$folder" "$scratch"/{out,cores,disk}
	mkdir -p "$folder/expect" "$scratch/out"
	make_machine_files "$top/tests/guest/$1.sh"
	cp -r "$top/tests/guest" "$top/tests/lib" "$folder/"
	cp "$top/scripts/lib/guest/faults" "$top/scripts/lib/guest/run-tests" "$folder/lib/"
	for name; do
		seconds=$(seconds_for "$top/tests/guest/$name.sh")
		limit=$((limit + seconds + 5 * SLOW))
		printf '%s\t%s\t%s\t%s\n' "$name" "$seconds" "$(form "$top/tests/guest/$name.sh")" \
			"$(header "$top/tests/guest/$name.sh" insmod)"
		sed -n '1,/^[^#]/s/^# expect: *//p' "$top/tests/guest/$name.sh" \
			>"$folder/expect/$name"
	done >"$folder/tests"
	echo "export TORTURE=$TORTURE SOAK=$SOAK ROUNDS=$ROUNDS" >"$folder/settings"
	echo "# guest with $RELEASE, $smp CPUs, $mem MB${append:+, $append}: $*"
	: >"$scratch/pid"
	follow_tests &
	(
		echo $BASHPID >"$scratch/pid"
		exec "$top/scripts/guest" --no-build --kernel "$kernel" --smp "$smp" \
			--mem "$((mem * SIZE))" --timeout "$limit" --modules "$modules" \
			--append "$append" --overlay "$folder" --out "$scratch/out" \
			--log "$scratch/kernel.log" "${more[@]}" -- /overlay/lib/run-tests
	) >"$scratch/output" 2>"$scratch/errors" || status=$?
	rm "$scratch/pid"
	wait $!
	echo "# $(grep -a 'booted in' "$scratch/errors" || echo 'no result came back'), $status"
}

# follow_tests: while a guest runs: says which test does, and ends a guest that can no
# longer end a test itself
follow_tests()
{
	local line last='' since=$SECONDS limit=$((silence * SLOW)) guest

	while sleep 1 && guest=$(cat "$scratch/pid" 2>/dev/null); do
		line=$(grep -a '^@begin \|^@end ' "$scratch/output" | tail -n 1) || true
		if [ "$line" != "$last" ]; then
			last=$line since=$SECONDS limit=$((silence * SLOW))
			case $line in @begin*)
				echo "# ${line#@begin } ($SECONDS s)"
				limit=$((limit + $(seconds_for "$top/tests/guest/${line#@begin }.sh")))
			esac
		elif [ $((SECONDS - since)) -gt "$limit" ]; then
			echo "# nothing for $limit s after '$last': the guest is ended"
			kill "$guest"
			return
		fi
	done
}

# make_machine_files FILE: what its machine has beside others; options in `more`
make_machine_files()
{
	local megabytes

	if grep -q '^# cores$' "$1"; then more+=(--cores "$scratch/cores"); fi
	megabytes=$(header "$1" disk)
	[ -n "$megabytes" ] || return 0
	truncate -s "${megabytes}M" "$scratch/disk"
	mkfs.ext4 -q "$scratch/disk"
	more+=(--disk "$scratch/disk")
}

# keep_machine_files NAME: for the host test
keep_machine_files()
{
	local file

	for file in cores disk; do
		[ ! -e "$scratch/$file" ] || mv "$scratch/$file" "$work/files/$1.$smp/"
	done
}

# ended_as_meant NAME: 1 unless the test is one that ends its guest, and did
ended_as_meant()
{
	case $(header "$top/tests/guest/$1.sh" ends) in
	panic)		grep -qa 'Kernel panic' "$scratch/kernel.log" ;;
	power-cut)	grep -qa 'power cut' "$scratch/errors" ;;
	*)		return 1 ;;
	esac
}

# take_guest_test NAME: counts what it said; 1 if the guest ended before it did
take_guest_test()
{
	local title log status

	title="guest/$1 ($smp CPUs${append:+, $append})"
	[ "$kernel" = 6.1 ] || title="$kernel: $title"

	log=$work/guest.$1.$smp.log
	sed -n "/^@begin $1\$/,/^@end $1 /p" "$scratch/output" | grep -av '^@begin ' >"$log" ||
		true
	if status=$(grep -a "^@end $1 " "$log" | cut -d' ' -f3); [ -n "$status" ]; then
		rm -rf "$work/files/$1.$smp"
		# A guest that a later test ended sent nothing back.
		mv "$scratch/out/$1" "$work/files/$1.$smp" 2>/dev/null ||
			{ mkdir "$work/files/$1.$smp" && touch "$work/files/$1.$smp/lost"; }
		keep_machine_files "$1"
		take "$title" "$status" "$log"
		return 0
	fi
	if ! grep -q "^@begin $1\$" "$scratch/output"; then
		return 1
	elif ended_as_meant "$1"; then
		rm -rf "$work/files/$1.$smp"
		mkdir "$work/files/$1.$smp"
		cp "$scratch/kernel.log" "$work/files/$1.$smp/"
		keep_machine_files "$1"
		echo "ok - the guest ends by $(header "$top/tests/guest/$1.sh" ends)" >>"$log"
		take "$title" 0 "$log"
	else
		echo "not ok - the guest outlives the test" >>"$log"
		# What the kernel said since the test began is what a reader needs to see.
		sed -n "/wmitrace-test: begin $1\$/,\$p" "$scratch/kernel.log" >"$scratch/since"
		grep -aE -m 1 -A 36 -f "$top/scripts/lib/guest/faults" "$scratch/since" >>"$log" ||
			grep -a -A 36 'Show Blocked State' "$scratch/since" >>"$log" ||
			tail -n 36 "$scratch/since" >>"$log"
		take "$title" 1 "$log"
	fi
	return 1
}

# left_over NAME...: those that never began
left_over()
{
	local name

	for name; do
		grep -q "^@begin $name\$" "$scratch/output" || echo "$name"
	done
}
