# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# kernel: debug kcsan
# append: provoked=1
# Each checker of these kernels is on: it finds what a module does on purpose.  In
# a boot of its own (by `append`), because a report switches some checkers off.

# shellcheck source=tests/lib/tap.sh
. "$TAP"

# finds CHECKER ERE: a report of lockdep's ends RCU's, one of KASAN's ends lockdep's
finds()
{
	dmesg -c >/dev/null
	insmod /lib/wmitrace/provoke.ko what="$1" || not_ok "provoke $1"
	rmmod provoke
	dmesg -c >said
	if grep -qE "$2" said; then ok "$1 is on"; else not_ok "$1 is on" "$(tail -n 20 said)"; fi
}

leaks()
{
	echo scan >/sys/kernel/debug/kmemleak
	sleep 6		# younger objects are not judged
	echo scan >/sys/kernel/debug/kmemleak
	grep -q 'unreferenced object' /sys/kernel/debug/kmemleak
}

case $(uname -r) in
*-kcsan)
	finds kcsan 'KCSAN: data-race in .*\[provoke\]'
	;;
*)
	finds rcu 'suspicious RCU usage'
	finds lockdep 'possible circular locking dependency'
	finds sleep 'sleeping function called from invalid context'
	finds preempt 'using smp_processor_id\(\) in preemptible'
	finds objects 'ODEBUG: init active'
	finds ubsan 'UBSAN: shift-out-of-bounds'
	echo clear >/sys/kernel/debug/kmemleak
	insmod /lib/wmitrace/provoke.ko what=kmemleak
	rmmod provoke
	check "kmemleak is on" leaks
	echo clear >/sys/kernel/debug/kmemleak
	for fault in failslab fail_page_alloc; do
		check "$fault can be asked for" test -e /sys/kernel/debug/$fault/probability
	done
	# Those that may sleep are spared unless it is said.
	status=0
	sh -c '
		cd /sys/kernel/debug/failslab && echo Y >task-filter && echo 100 >probability &&
		echo N >ignore-gfp-wait && echo -1 >times && echo 0 >verbose && echo 1 >/proc/self/make-it-fail &&
		exec insmod /lib/wmitrace/provoke.ko what=ubsan' 2>/dev/null || status=$?
	is "failslab fails an allocation: -ENOMEM" $status $((256 - 12))
	echo 0 >/sys/kernel/debug/failslab/probability
	finds kasan 'KASAN: slab-out-of-bounds in .*provoke'
	;;
esac
dmesg -c >/dev/null
