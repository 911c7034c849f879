# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 900
# What runs guest tests: a test that cannot be killed, and a guest that no longer answers,
# are ended in a time that their own timeout bounds, not the sum of all; the rest goes on.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

mkdir -p top/tests/guest work
for here in build scripts; do ln -s "$TOP/$here" top/; done
cp -r "$TOP/tests/lib" top/tests/

# Who writes to a frozen file system waits where no signal comes through.
cat >top/tests/guest/a_frozen.sh <<'END'
# timeout: 5
# modules: loop crc32c_generic? ext4
truncate -s 16M image
mke2fs -F image >/dev/null
mkdir disk
mount -t ext2 -o loop image disk
fsfreeze --freeze "$PWD/disk"
echo "ok - frozen"
echo >disk/file
END
cat >top/tests/guest/b_behind.sh <<'END'
# timeout: 600
# modules: loop crc32c_generic? ext4
echo "ok - said"
END
# None of the guest's clocks is left to end it.
cat >top/tests/guest/c_dead.sh <<'END'
# timeout: 5
for p in /proc/[0-9]*; do
	p=${p#/proc/}
	[ $p = $$ ] || [ $p = 1 ] || [ ! -e /proc/$p/exe ] || kill -STOP $p
done
while :; do sleep 1000; done
END
cat >top/tests/guest/d_behind.sh <<'END'
# timeout: 600
echo "ok - said"
END

cat >run <<'END'
set -euo pipefail
top=$PWD/top work=$PWD/work kernel=6.1
. "$top/scripts/lib/results.sh"
. "$top/scripts/lib/stale-code.sh"
. "$top/scripts/lib/guest-tests.sh"
eval "$("$top/scripts/kernels" path "$kernel")"
silence=40
guest_tests "$top"/tests/guest/*.sh
summary
END
refused "tests that hang: it fails" bash run >output 2>&1
said()	# said WHAT PATTERN: a line of what it said
{
	check "$1" grep -qE "$2" output
}
said "what a test said before it hung counts" '^ok [0-9]+ - guest/a_frozen .*: frozen'
said "the hang is a failure" '^not ok [0-9]+ - guest/a_frozen .*: the guest outlives the test'
said "where it hangs is shown" 'task:.* state:D'
said "the test behind it runs" '^ok [0-9]+ - guest/b_behind .*: said'
said "a guest that does not answer is ended" "nothing for 45 s after '@begin c_dead'"
said "this is a failure" '^not ok [0-9]+ - guest/c_dead .*: the guest outlives the test'
said "the test behind it runs, too" '^ok [0-9]+ - guest/d_behind .*: said'
said "the counts" '^3 passed, 2 failed$'
sed 's/^/# /' output
