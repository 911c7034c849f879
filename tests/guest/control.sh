# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# timeout: 90
# What a person meets who controls sessions: addresses, settings, mistakes, and
# what the tools say about them.  tests/host/control.py reads the JSON.

. "$TAP"

# says DESCRIPTION STATUS ERE COMMAND...: its status, and what it says on standard error
says()
{
	what=$1 wanted=$2 pattern=$3
	shift 3
	status=0
	"$@" >out 2>err || status=$?
	is "$what: status" $status "$wanted"
	like "$what: says" "$(tr '\n' ' ' <err)" "$pattern"
}

says "without the module" 1 'module is not loaded; try .modprobe wmitrace' wmitrace list
says "the service without the module" 1 'is the module loaded' wmitraced --foreground
insmod /lib/wmitrace/wmitrace.ko
is "no sessions: list says so" "$(wmitrace list)" "no sessions"
is "no sessions: an empty array" "$(wmitrace list --json)" "[]"

# ---- mistakes on the command line
says "no command" 2 'Usage: wmitrace' wmitrace
says "an unknown command" 2 "no command 'strat'" wmitrace strat
says "an unknown option" 2 'unrecognized option.*--help' wmitrace start --bufer-size 4 x
says "no name" 2 'name is missing' wmitrace start
says "two names" 2 "one word too many: 'y'" wmitrace stop x y
says "a number for a name" 2 'choose another name' wmitrace start 7
says "an empty name" 2 'is empty' wmitrace query ''
says "a size that is none" 2 'wants a number of KB' wmitrace start x --buffer-size big
says "a size of 2^32" 2 'wants a number of KB' wmitrace start x --buffer-size 4294967296
says "a mode that is none" 2 "no log file mode 'circle'" wmitrace start x --mode kbytes,circle
says "a clock that is none" 2 'perf, system and cycles' wmitrace start x --clock tsc
says "a GUID that is none" 2 'is not a GUID' wmitrace start x --guid 12
says "a folder that is not there" 1 "no folder '/nowhere'" wmitrace start x -o /nowhere/x.etl
says "a name of 3074 bytes" 2 'at most 1023 characters' wmitrace query "$(printf '%3074s' x)"
is "nothing was started" "$(wmitrace list)" "no sessions"

# ---- settings, and what becomes of them
wmitrace start Demo --buffer-size 1 --min-buffers 1 --flush-timer 250ms --sequence local \
	--guid '{01234567-89ab-cdef-0123-456789abcdef}' --json >"$OUT/start.json"
is "start" $? 0
wmitrace query --json Demo >"$OUT/query.json"
wmitrace query Demo >"$OUT/query.txt"
like "unreasonable values are replaced [A189]" "$(cat "$OUT/query.txt")" 'of 4 KB on 2 CPUs'
like "the timer" "$(cat "$OUT/query.txt")" '^Flush timer *250 ms$'
like "the mode by name" "$(cat "$OUT/query.txt")" '^Mode *ms-flush-timer,local-sequence'
like "the GUID" "$(cat "$OUT/query.txt")" '^GUID *01234567-89ab-cdef-0123-456789abcdef$'
id=$(sed -n 's/.*"id":\([0-9]*\),.*/\1/p' "$OUT/query.json")
is "by number and by name, in any case: the same" "$(wmitrace query "$id")" "$(wmitrace query dEMO)"
says "the same name again [A174]" 1 "ERROR_ALREADY_EXISTS.*'wmitrace stop DEMO' ends it" \
	wmitrace start DEMO
says "the same GUID again [A175]" 1 'ERROR_ALREADY_EXISTS' \
	wmitrace start other --guid 01234567-89ab-cdef-0123-456789abcdef
says "modes that exclude each other [A182]" 1 'ERROR_INVALID_PARAMETER.*wmitrace-start\(1\)' \
	wmitrace start other --mode sequential,circular --max-size 1
says "newfile without %d [A186]" 1 'ERROR_INVALID_NAME.*%d' wmitrace start other -o x.etl --newfile 1
says "append without system time" 1 'ERROR_INVALID_PARAMETER' wmitrace start other -o x.etl --mode append
wmitrace start 'quote"back\slash' >/dev/null
wmitrace list --json >"$OUT/list.json"
is "list has a line each" "$(wmitrace list | wc -l)" 3
wmitrace update Demo --flush-timer 2 --json >"$OUT/update.json"
is "update" $? 0
says "update: a timer in the other unit is converted" 0 '' wmitrace update Demo --flush-timer 1500ms
like "and shown" "$(cat out)" '^Flush timer *1500 ms$'
wmitrace start seconds --flush-timer 1 >/dev/null
says "but not where it cannot be" 1 'counts whole seconds, not 1500 ms' \
	wmitrace update seconds --flush-timer 1500ms

# ---- sessions that are not there, or not any more
says "query what is not there [A195]" 1 'ERROR_WMI_INSTANCE_NOT_FOUND.*wmitrace list' wmitrace query nobody
says "stop what is not there" 1 'ERROR_WMI_INSTANCE_NOT_FOUND' wmitrace stop 30
says "release what runs" 1 'ERROR_ACTIVE_CONNECTIONS|being stopped' wmitrace release Demo
says "flush -o where events go to readers" 1 'no flight recorder' wmitrace flush Demo -o x.etl
wmitrace stop Demo --json >"$OUT/stop.json"
says "stop twice [A197]" 1 'ERROR_WMI_INSTANCE_NOT_FOUND' wmitrace stop Demo
says "query a stopped one" 1 'with --stopped' wmitrace query Demo
like "query --stopped" "$(wmitrace query --stopped Demo)" '^State *stopped, started .*, stopped '
wmitrace list --stopped --json >"$OUT/stopped.json"
check "release" wmitrace release Demo
says "release twice" 1 'ERROR_WMI_INSTANCE_NOT_FOUND' wmitrace release Demo
like "the kernel logger goes by its name" "$(wmitrace start 'NT Kernel Logger')" 'logger 0'
says "there is one" 1 'ERROR_ALREADY_EXISTS' wmitrace start kernel
check "and it stops" wmitrace stop kernel

# ---- who may
echo 'plain:x:1000:1000::/:/bin/sh' >/etc/passwd
echo 'plain:x:1000:' >/etc/group
says "without permission for the device" 1 'may not open.*run as root' su plain -c 'wmitrace list'
chmod 666 /dev/wmitrace
says "without privilege [A216]" 1 'ERROR_ACCESS_DENIED.*CAP_PERFMON' su plain -c 'wmitrace start plain'
wmitrace stop seconds >/dev/null
wmitrace stop 'quote"back\slash' >/dev/null
