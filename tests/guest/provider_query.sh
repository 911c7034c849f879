# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# insmod: wmitrace
# insmod: provider
# WmiQueryTraceInformation, A141 to A157: tests/companions/provider_query.c asks.

. "$TAP"

p=/sys/kernel/debug/wmitrace_provider
g=70000000-1111-4222-8333-444455556666

wmitrace start 'Query_Me' --buffer-size 16 --min-buffers 8 --mode 0x0 >/dev/null
wmitrace start GlobalLogger --buffer-size 4 >global
echo '0 register' >$p/run
wmitrace enable 'Query_Me' $g --level 77 --flags 0x80000001 >/dev/null
echo '0 clear' >$p/run
echo '0 query Query_Me' >$p/run
cat $p/said
if grep -q 'logger 1)' global; then
	like 'A150 the GlobalLogger has id 1' "$(cat $p/said)" '^global 0x0 0x1$'
else
	not_ok 'A150 the GlobalLogger has id 1' "$(cat global)"
fi
like 'A157 settings are those in force' "$(cat $p/said)" \
	'^settings buffer_size=16 minimum=8 maximum=[0-9]+ mode=0x0 flush=0 clock=1$'
like 'A143 without a kernel logger id 0 has no handle' "$(cat $p/said)" '^kernel 0xc0000008 '
wmitrace stop GlobalLogger >/dev/null

# With the kernel logger for the second session.
wmitrace start kernel >/dev/null
echo '0 clear' >$p/run
echo '0 query Query_Me' >$p/run
cat $p/said
like 'A149 without a GlobalLogger: NOT_FOUND' "$(cat $p/said)" '^global 0xc0000225 '
like 'A143 id 0 gives the handle of the kernel logger' "$(cat $p/said)" '^kernel 0x0 0xffff$'
wmitrace stop kernel >/dev/null
echo '0 deregister' >$p/run
wmitrace stop Query_Me >/dev/null
