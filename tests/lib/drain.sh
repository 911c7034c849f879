# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# For guest tests of wmitraced and of what drains sessions.  Needs tap.sh, and
# wmitrace.ko inserted.

hammer=/sys/kernel/debug/wmitrace_hammer
daemon=

# wait_until SECONDS COMMAND...: polls; fails if it never succeeds
wait_until()
{
	tries=$(($1 * 50))
	shift
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		usleep 20000
	done
}

# start_daemon LOG [OPTION...]: returns when it is ready; its pid is $daemon
start_daemon()
{
	log=$1
	shift
	touch "$log"
	before=$(grep -c ready "$log")
	wmitraced --foreground --verbose "$@" 2>>"$log" &
	daemon=$!
	wait_until 10 more_lines ready "$before" "$log" || not_ok "wmitraced becomes ready" "$(cat "$log")"
}

more_lines()	# more_lines WORD COUNT FILE: more than COUNT lines have WORD
{
	[ "$(grep -c "$1" "$3")" -gt "$2" ]
}

# stop_daemon [SIGNAL]: its status is $status
stop_daemon()
{
	kill "-${1:-TERM}" "$daemon"
	status=0
	# shellcheck disable=SC2034 # for the caller
	wait "$daemon" 2>/dev/null || status=$?
	daemon=
}

# session NAME KEY: a number of `wmitrace query --json`
session()
{
	wmitrace query --stopped --json "$1" | sed "s/.*\"$2\":\([0-9]*\).*/\1/"
}

is_there()	# is_there NAME: the session, running or stopped
{
	wmitrace query --stopped "$1" >/dev/null 2>&1
}

is_gone()
{
	! is_there "$1"
}

# aim NAME OPTION...: starts a session and lets the hammer aim at it
aim()
{
	name=$1
	shift
	wmitrace start "$name" "$@" || return 1
	if [ -e $hammer ]; then
		session "$name" handle >/sys/module/hammer/parameters/handle
	else
		insmod /lib/wmitrace/hammer.ko handle="$(session "$name" handle)" contexts=7
	fi
}

# strike COUNT [RATE]: so many attempts from each of the six sources of every CPU
strike()
{
	echo "$1" >/sys/module/hammer/parameters/count
	echo "${2:-0}" >/sys/module/hammer/parameters/rate
	echo 1 >$hammer/run
}

# log_of FILE [OPTION...]: examines a log file; what it found is $found
log_of()
{
	file=$1
	shift
	found=$(check-etl "$@" "$file" 2>check-etl.errors) && return
	not_ok "$file is in order" "$(cat check-etl.errors)"
	found=
	return 1
}

# has KEY: its value in $found
has()
{
	echo " $found" | sed -n "s/.* $1=\([0-9]*\).*/\1/p"
}

# holds FILE RECORDS: it has them by now.  For wait_until, while a service writes:
# the end of the file may be half a buffer then, and is in order later.
holds()
{
	found=$(check-etl "$1" 2>/dev/null) && [ "$(has records)" = "$2" ]
}
