# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# insmod: wmitrace
# Log files are written with the rights of who asked for them, not with the service's.

. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

as_user() { daemon_identity 1000 "$@"; }
complaints() { grep -c "session '$1'.*$2" "$OUT/daemon.log"; }
complained() { [ "$(complaints "$@")" -gt 0 ]; }
owner() { stat -c %u:%g "$1"; }

chmod 666 /dev/wmitrace
chmod 755 .
mkdir mine theirs
chown 1000:1000 mine
chmod 700 mine theirs
start_daemon "$OUT/daemon.log"

# ---- where the user may write
as_user wmitrace start good -o "$PWD/mine/good.etl" >/dev/null
is "the session's user is told to the service" "$(session good file_uid)" 1000
as_user wmitrace stop good >/dev/null
is "a log file is its user's" "$(owner mine/good.etl)" 1000:1000
as_user wmitrace start next -o "$PWD/mine/next%d.etl" --newfile 1 --max-buffers 64 >/dev/null
insmod /lib/wmitrace/hammer.ko handle="$(session next handle)" contexts=7
strike 20000
wmitrace flush next >/dev/null
as_user wmitrace stop next >/dev/null
check "there is a second file" [ -s mine/next2.etl ]
is "which is the user's, too" "$(owner mine/next2.etl)" 1000:1000
as_user wmitrace start ring --flight-recorder -o "$PWD/mine/ring.etl" >/dev/null
session ring handle >/sys/module/hammer/parameters/handle
strike 10
as_user wmitrace flush ring >/dev/null
check "so is a snapshot" wait_until 10 [ -s mine/ring.etl ]
is "and stays so" "$(owner mine/ring.etl)" 1000:1000
as_user wmitrace stop ring >/dev/null

# ---- where only the service may
as_user wmitrace start bad -o "$PWD/theirs/bad.etl" >/dev/null 2>&1
check "a file that its user may not create is reported" \
	wait_until 10 complained bad 'Permission denied'
check "and not created" [ ! -e theirs/bad.etl ]
as_user wmitrace stop bad --no-wait >/dev/null
wmitrace release bad >/dev/null
wait_until 10 is_gone bad
wmitrace start old -o theirs/old.etl >/dev/null
wait_until 10 [ -s theirs/old.etl ]
as_user wmitrace update old -o "$PWD/theirs/new.etl" >/dev/null
check "nor does an update get further" wait_until 10 complained old 'staying with'
check "whatever the session was started with" [ ! -e theirs/new.etl ]
wmitrace start link -o mine/good.etl >/dev/null
wmitrace stop link >/dev/null
is "root's sessions write where root may" "$(wmitrace info --json mine/good.etl |
	sed 's/.*"session":"\([^"]*\)".*/\1/')" link
wmitrace stop old >/dev/null
stop_daemon
