# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# timeout: 900
# The model of the per-CPU ring (tests/model/buffer.pml), verified exhaustively;
# and with something left out, when verification has to fail.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

command -v spin >/dev/null || skip_all "spin is not installed"

# verify OPTION...: pan's report
verify()
{
	spin "$@" -a "$TOP/tests/model/buffer.pml" >spin.log 2>&1 || { cat spin.log; return; }
	# Warnings are about what spin generates.
	gcc -O2 -w -DSAFETY -DCOLLAPSE -DMEMLIM=8000 -o pan pan.c && ./pan -m1000000
}

states()
{
	sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' report
}

holds()	# holds OPTION...
{
	verify "$@" >report 2>&1
	if grep -q 'errors: 0' report && ! grep -qE 'max search depth too small|out of memory' report; then
		ok "holds with $* ($(states) states)"
	else
		not_ok "holds with $*" "$(tail -n 20 report)"
	fi
}

fails()	# fails WHAT OPTION...
{
	what=$1
	shift
	verify "$@" >report 2>&1
	if grep -q 'assertion violated' report; then
		ok "a fault is found: $what"
	else
		not_ok "a fault is found: $what" "$(tail -n 20 report)"
	fi
}

holds -DSIZE=2
holds -DSIZE=3
holds -DOVERWRITE -DSIZE=2
holds -DOVERWRITE -DSIZE=3
if [ -n "$FULL" ]; then
	holds -DSIZE=3 -DEVENTS=4
	holds -DOVERWRITE -DSIZE=3 -DEVENTS=4
fi
fails "a record counts before it is written" -DSIZE=3 -DBUG_COMMIT_BEFORE_WRITE
fails "closing is not part of the count" -DSIZE=3 -DBUG_NO_TOKEN
fails "the count is reset after publishing" -DSIZE=2 -DBUG_RESET_AFTER_PUBLISH
fails "a sub-buffer is freed before it is copied" -DSIZE=2 -DBUG_FREE_BEFORE_COPY
fails "a lapped copy is not looked at again" -DOVERWRITE -DSIZE=2 -DBUG_NO_SECOND_LOOK
