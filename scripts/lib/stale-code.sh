# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# QEMU before 8.1 translates code while another CPU patches it, and may keep what it has
# read of it: that CPU meets a breakpoint (int3) of the kernel's own patching which memory
# no longer has, and handles it for ever or not at all (tests/README.md).  Where interrupts
# are on, or another CPU waits, the kernel says so; else only the monitor can tell.

stale_period=5		# s between two looks at a guest
stale_patience=6	# looks, one after the other, that find a CPU with interrupts off
stale_samples=200	# of such a CPU, as fast as they come
stale_message='keeps a breakpoint that memory no longer has'	# in the guest's log

# stale_code_in LOG: whether it tells of such a breakpoint
stale_code_in()
{
	grep -qE "RIP: 0010:[a-z_]*int3[a-z_]*\+|(Oops:|[]]) int3: 0000 |$stale_message" "$1" 2>/dev/null
}

# watch_for_stale_code PIPE LOG PID: reads LOG, and asks the machine of process PID over
# PIPE.in and PIPE.out (QMP); ends the machine when a CPU is caught, which LOG then tells.
watch_for_stale_code()
{
	local log=$2 emulator=$3 cpu gate

	exec 5<>"$1.in" 6<>"$1.out"
	ask_machine '{"execute": "qmp_capabilities"}' >/dev/null
	while sleep "$stale_period"; do
		if stale_code_in "$log"; then
			end_stale_guest "$log" "$emulator" "a CPU"
			return
		fi
		note_interrupts_off < <(cpu_states)
		for cpu in "${!interrupts_off[@]}"; do
			[ "${interrupts_off[cpu]}" -ge "$stale_patience" ] || continue
			gate=$(breakpoint_gate) || continue
			in_gate "$cpu" "$gate" || continue
			end_stale_guest "$log" "$emulator" "CPU $cpu, with interrupts off,"
			return
		done
	done
}

end_stale_guest()	# end_stale_guest LOG PID WHICH-CPU
{
	echo "wmitrace: $3 $stale_message: QEMU's fault" >>"$1"
	kill "$2"
}

# note_interrupts_off: counts looks, in interrupts_off[CPU]
interrupts_off=()
note_interrupts_off()
{
	local cpu state

	while read -r cpu state _; do
		if [ "$state" = off ]; then
			interrupts_off[cpu]=$((${interrupts_off[cpu]-0} + 1))
		else
			interrupts_off[cpu]=0
		fi
	done
}

# in_gate CPU ADDRESS: whether it is found, with interrupts off, where it begins to
# handle a breakpoint, and never with interrupts on
in_gate()
{
	local i cpu state rip found=''

	for ((i = 0; i < stale_samples; i++)); do
		while read -r cpu state rip; do
			[ "$cpu" = "$1" ] || continue
			[ "$state" = off ] || return 1
			[ "${rip:0:14}" != "${2:0:14}" ] || found=1
		done < <(cpu_states)
	done
	[ -n "$found" ]
}

# cpu_states: a line a CPU: its number; off where it runs the kernel with interrupts off,
# else on; the address of its instruction
cpu_states()
{
	human_monitor 'info registers -a' | awk '
		/^CPU#/ { cpu = substr($1, 5) }
		/^RIP=/ {
			flags = substr($2, length($2) - 2, 1)
			print cpu, /CPL=0/ && /HLT=0/ && flags ~ /[014589cd]/ ? "off" : "on", substr($1, 5)
		}'
}

# breakpoint_gate: where the kernel begins to handle a breakpoint: what the fourth gate
# (16 bytes each) of the interrupt descriptor table holds
breakpoint_gate()
{
	local table

	table=$(human_monitor 'info registers' | awk '/^IDT=/ { print $2 }')
	human_monitor "x /4wx 0x$table + 48" | awk '
		NF == 5 {
			print substr($4, 3) substr($3, 3, 4) substr($2, 7)
			found = 1
		}
		END { exit !found }'
}

# human_monitor COMMAND: what QEMU's monitor prints
human_monitor()
{
	ask_machine '{"execute": "human-monitor-command", "arguments": {"command-line": "'"$1"'"}}' |
		sed 's/\\r\\n/\n/g; s/^{"return": "//'
}

# ask_machine REQUEST: the answer; 1 where process $emulator has ended without one.  It may
# be a child of who is killed when the emulator ends, and the pipe, open both ways, has no end.
ask_machine()
{
	local line='' part whole

	echo "$1" >&5
	while kill -0 "$emulator" 2>/dev/null; do
		whole=1
		IFS= read -r -t 1 part <&6 || whole=''
		line+=$part
		[ -n "$whole" ] || continue
		case $line in '{"return"'* | '{"error"'*) echo "${line//$'\r'/}"; return ;; esac
		line=''
	done
	return 1
}
