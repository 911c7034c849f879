# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# What a test script says, one line a fact: `. "$TAP"`, on the host and in a
# guest alike.  Any other output is kept and shown where something failed.

ok()	# ok DESCRIPTION
{
	echo "ok - $1"
}

not_ok()	# not_ok DESCRIPTION [DETAIL...]
{
	echo "not ok - $1"
	shift
	for detail; do echo "$detail" | sed 's/^/# /'; done
}

skip()	# skip DESCRIPTION REASON
{
	echo "ok - $1 # SKIP $2"
}

# The whole script: there is nothing it can do here.
skip_all()	# skip_all REASON
{
	echo "1..0 # SKIP $1"
	exit 0
}

# check DESCRIPTION COMMAND...: the command has to succeed
check()
{
	what=$1
	shift
	if "$@"; then ok "$what"; else not_ok "$what" "status $? of: $*"; fi
}

# refused DESCRIPTION COMMAND...: the command has to fail, other than by a signal
refused()
{
	what=$1
	shift
	status=0
	"$@" || status=$?
	if [ $status -gt 0 ] && [ $status -lt 124 ]; then
		ok "$what"
	else
		not_ok "$what" "status $status of: $*"
	fi
}

# is DESCRIPTION GOT WANTED
is()
{
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "got    $2" "wanted $3"; fi
}

# like DESCRIPTION TEXT ERE
like()
{
	if echo "$2" | grep -qE -e "$3"; then ok "$1"; else not_ok "$1" "got    $2" "wanted /$3/"; fi
}
