# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# timeout: 600
# The pairs of barriers that have labels (kmod/buffer.c), in the kernel's memory model:
# what tests/litmus forbids never happens, and does when any of the barriers is left out.

# shellcheck source=tests/lib/tap.sh
. "$TAP"
cd "$TOP" || exit 1
here=$OLDPWD

why=$(scripts/litmus tests/litmus/publish.litmus 2>&1) || skip_all "no herd7: $(echo "$why" | tail -n 1)"

# verdict FILE: Never, Sometimes or Always, "raced" behind it where accesses did
verdict()
{
	scripts/litmus "$1" >"$here/said" 2>&1 || cat "$here/said"
	sed -n 's/^Observation [^ ]* \([A-Z][a-z]*\) .*/\1/p; s/^Flag data-race/raced/p' "$here/said" | sort | xargs
}

# without LINE FILE: with the barrier there left out, or made a plain access
without()
{
	sed -E "$1 { s/smp_[a-z]*mb\(\);//
		s/smp_store_release\((\w+), /WRITE_ONCE(*\1, /
		s/smp_load_acquire\((\w+)\)/READ_ONCE(*\1)/ }" "$2"
}

for file in tests/litmus/*.litmus; do
	name=$(basename "$file" .litmus)
	is "$name" "$(verdict "$file")" Never
	for line in $(grep -n '^	.*smp_' "$file" | cut -d: -f1); do
		without "$line" "$file" >"$here/without.litmus"
		like "$name without line $line: $(sed -n "${line}s/^	*//p" "$file")" \
			"$(verdict "$here/without.litmus")" '^Sometimes'
	done
done

# Each pair of the code has a file, each file a pair.
in_code()
{
	sed -n "s|^.*smp_[a-z_]*(.*/\* \([a-z]*'\{0,1\}\)\(:.*\)\{0,1\} \*/.*|\1|p" \
		kmod/buffer.[ch] kmod/reader.c kmod/debugfs.c kmod/wall-clock.[ch]
}
in_files()
{
	for file in tests/litmus/*.litmus; do
		name=$(basename "$file" .litmus)
		echo "$name"
		echo "$name'"
	done
}
is "each label has a file" "$(in_code | sort -u)" "$(in_files | sort -u)"
