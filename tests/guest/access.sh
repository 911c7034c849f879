# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# timeout: 120
# insmod: wmitrace
# Who may do what, A216: capabilities, the group of the device node, user
# namespaces.  (With whose rights log files are opened: daemon_identity.sh.)

. "$TAP"

guid=70000000-1111-4222-8333-444455556666
group=2000

user='access 1000 1000'
member="access 1000 1000,$group"

wmitrace start roots --buffer-size 4 >/dev/null
wmitrace enable roots $guid >/dev/null

# nothing WHO COMMAND...: that one gets at nothing
nothing()
{
	who=$1
	shift
	for what in 'start mine' 'stop roots' 'query roots' 'flush roots' 'update roots --flush-timer 1' \
		"enable roots $guid" "disable roots $guid" list providers "monitor $guid" 'release roots'; do
		# shellcheck disable=SC2086 # words
		refused "A216 $who: no wmitrace $what" "$@" wmitrace $what
	done
	for file in loggers providers logger02/header logger02/cpu0; do
		refused "A216 $who: no reading of $file" "$@" cat /sys/kernel/debug/wmitrace/$file
	done
} 2>/dev/null

chown 0:$group /dev/wmitrace
chmod 0660 /dev/wmitrace
is 'the node is for root and its group' "$(stat -c %a /dev/wmitrace)" 660
nothing 'a user' $user
# A node that anybody can open helps nobody.
chmod 0666 /dev/wmitrace
nothing 'a user with the node open' $user
nothing "root of a user's namespace" $user access apart
nothing 'root without capabilities' access bare 0,$group
chown 0:0 /dev/wmitrace
nothing "one in root's group" access 1000 1000,0
chown 0:$group /dev/wmitrace
chmod 0606 /dev/wmitrace
nothing 'one of a group that the node is closed to' access 1000 1000,$group
chmod 0660 /dev/wmitrace

# ---- the group
like 'A216 a member lists sessions' "$($member wmitrace list)" roots
check 'A216 starts one' $member wmitrace start mine --buffer-size 4
check 'A216 queries it' $member wmitrace query mine
check 'A216 enables a provider' $member wmitrace enable mine $guid --level 3
like 'A216 lists providers' "$($member wmitrace providers)" "^$guid .*level 3"
check 'A216 updates it' $member wmitrace update mine --flush-timer 1
check 'A216 stops' $member wmitrace stop mine
check "A216 stops another's" $member wmitrace stop roots
refused 'A216 but does not read the buffers in debugfs' \
	$member cat /sys/kernel/debug/wmitrace/loggers
refused 'A216 and does not start the kernel logger' $member wmitrace start kernel
wmitrace start kernel >/dev/null
for what in query stop flush 'update --flags 0'; do
	# shellcheck disable=SC2086 # words
	refused "A216 nor may a member $what it" $member wmitrace $what kernel
done
like 'it runs' "$(wmitrace query kernel --json)" '"name":"NT Kernel Logger"'
wmitrace stop kernel >/dev/null
