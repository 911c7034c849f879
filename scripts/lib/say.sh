# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# How the scripts talk: notes and errors go to stderr, in colour only on a
# terminal, so that stdout stays what the user asked for.

if [ -t 2 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; then
	say_bold=$'\e[1m' say_red=$'\e[31m' say_off=$'\e[0m'
else
	say_bold='' say_red='' say_off=''
fi

note()
{
	printf '%s%s:%s %s\n' "$say_bold" "${0##*/}" "$say_off" "$*" >&2
}

error()
{
	printf '%s%s:%s %s\n' "$say_red" "${0##*/}" "$say_off" "$*" >&2
}

# die [-STATUS] MESSAGE
die()
{
	local status=1

	case $1 in -[0-9]*) status=${1#-}; shift ;; esac
	error "$@"
	exit "$status"
}

# usage_from FILE: prints the comment block that a script begins with.
usage_from()
{
	sed -n '3,/^$/{/^#/!q;s/^# \{0,1\}//;/^SPDX/d;p;}' "$1"
}
