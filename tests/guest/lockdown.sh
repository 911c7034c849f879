# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# timeout: 120
# insmod: wmitrace
# ends: power-cut
# Under the kernel's lockdown sessions and the service go on working: the files in debugfs
# are for reading alone and neither map nor take ioctls, which is what lockdown leaves
# open.  What it forbids is to load a module that nobody signed.  Where it keeps what the
# kernel knows from root, so do the kernel logger and the bridge, as ftrace and perf do.
# (Lockdown cannot be taken back, so this machine ends with the test.)

# shellcheck source=tests/lib/tap.sh
. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

mount -t securityfs security /sys/kernel/security 2>/dev/null
mount -t tracefs tracing /sys/kernel/tracing 2>/dev/null
level=/sys/kernel/security/lockdown
if [ ! -e $level ]; then
	skip "lockdown" "this kernel has none"
	guest-ask power-cut
fi
# Nobody reads it while the levels change: room for two minutes.
wmitrace start held --buffer-size 16 --max-buffers 1024 >/dev/null
# Its file `run` is for writing, which lockdown closes: it runs from now on, aimed anew.
insmod /lib/wmitrace/hammer.ko handle="$(session held handle)" contexts=7 count=0 rate=100
echo 1 >$hammer/run

logs()	# logs NAME COUNT: it has logged more
{
	[ "$(session "$1" logged)" -gt "$2" ]
}

for name in integrity confidentiality; do
	echo $name >$level
	like "$name: it is on" "$(cat $level)" "\[$name\]"

	folder=/sys/kernel/debug/wmitrace/logger$(printf %02d "$(session held handle)")
	before=$(session held logged)
	check "$name: drivers log" wait_until 60 logs held $((before + 100))
	wmitrace flush held >/dev/null
	cat "$folder/header" "$folder"/cpu* >$name.etl
	log_of $name.etl --pulled && check "$name: cat pulls a running session" [ "$(has hammer)" -gt 100 ]

	start_daemon "$OUT/daemon.log"
	wmitrace start file -o "$PWD/$name-file.etl" --buffer-size 16 >/dev/null
	session file handle >/sys/module/hammer/parameters/handle
	wait_until 60 logs file 100
	session held handle >/sys/module/hammer/parameters/handle
	logged=$(wmitrace stop file --json | sed 's/.*"logged":\([0-9]*\).*/\1/')
	log_of $name-file.etl && is "$name: the service writes a log file" "$(has hammer)" "$logged"
	stop_daemon

	status=0
	insmod /lib/wmitrace/example.ko >message 2>&1 || status=$?
	is "$name: an unsigned module is not loaded" "$status" 1
	like "$name: the kernel says why" "$(dmesg | tail -n 3)" "Lockdown: insmod: unsigned module loading"

	status=0
	wmitrace record -o $name-kernel.etl --name kernel --flags process,cswitch -- sleep 0.1 \
		>recorded 2>&1 || status=$?
	traced=0
	wmitrace enable held --tracepoint sched:sched_switch >bridged 2>&1 || traced=$?
	case $name in
	integrity)
		is "$name: the kernel logger runs" "$status" 0
		wmitrace dump $name-kernel.etl | grep -c CSwitch >switches
		check "$name: and logs" [ "$(cat switches)" -gt 0 ]
		is "$name: trace events go into sessions" "$traced" 0
		wmitrace disable held --tracepoint sched:sched_switch >/dev/null ||
			not_ok "$name: and out of them"
		;;
	confidentiality)
		is "$name: the kernel logger does not run" "$status" 1
		like "$name: that is said" "$(cat recorded)" "lockdown"
		is "$name: nor do trace events go into sessions" "$traced" 1
		like "$name: that is said, too" "$(cat bridged)" "lockdown"
		is "$name: nothing of either is left" \
			"$(wmitrace list --stopped | grep -c kernel) $(wmitrace providers --tracepoint | grep -c :)" "0 0"
		;;
	esac
done
guest-ask power-cut
