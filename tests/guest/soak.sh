# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# mem: 2048
# timeout: 180+4*SOAK
# insmod: wmitrace
# A session at 100,000 events a second, or as many as the machine makes, which is stopped
# and started again into a new file every minute, and gets another service in the middle
# of each.  Each file is counted exactly; the machine's memory and the service's stay as
# they are.
# SOAK=SECONDS scripts/check guest/soak runs for so long (32, in rounds of 8 s).

# shellcheck source=tests/lib/tap.sh
. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"
# shellcheck source=tests/lib/memory.sh
. "${TAP%/*}/memory.sh"

each=$((SOAK / 4))
[ $each -le 60 ] || each=60
rounds=$((SOAK / each))
rate=$((100000 / (6 * CPUS)))		# of each source
total=0 lost=0 time=0 round=0 young=''

# numbers KEY...: of the session that was stopped
numbers()
{
	for key; do sed "s/.*\"$key\":\([0-9]*\).*/\1/" stopped; done | xargs
}

# hundredths of a second since the machine was started
now()
{
	tr -d . </proc/uptime | cut -d' ' -f1
}

# anonymous: KB of the service's memory without the buffers that it has mapped
anonymous()
{
	awk '$1 == "RssAnon:" { print $2 }' "/proc/$daemon/status"
}

soak()
{
	aim soak -o "$PWD/soak.etl" --buffer-size 64 --min-buffers 64 --max-buffers 256 >/dev/null || return
	began=$(now)
	strike 0 $rate
	sleep $((each / 2))
	[ -z "$young" ] || echo $(($(anonymous) - young)) >>service
	stop_daemon
	start_daemon "$OUT/daemon.log"
	sleep 1
	young=$(anonymous)
	sleep $((each - each / 2 - 1))
	echo 0 >$hammer/run
	time=$((time + $(now) - began))
	wmitrace stop soak --json >stopped || return
	cat $hammer/result >result
	rmmod hammer
	read -r attempts logged <<-END
		$(numbers attempts logged)
	END
	made=$(awk '$1 ~ /^[0-9]/ { n += $5 } END { printf "%d\n", n }' result)
	log_of soak.etl --result result || return
	[ "$made $(has hammer) $(has lost) $(has finalised)" = "$attempts $logged $((attempts - logged)) 1" ] || {
		not_ok "round $round: the hammer, the file and the session's counts agree" \
			"hammer: $made, file: $found" "$(cat stopped)"
		return 1
	}
	total=$((total + attempts)) lost=$((lost + attempts - logged))
	rm soak.etl
	used >>machine
}

start_daemon "$OUT/daemon.log"
while [ $round -lt $rounds ] && soak; do
	round=$((round + 1))
done
stop_daemon
is "each round is counted exactly, and its file holds each source's records" $round $rounds

# The first round fills caches.  What one look sees may be gone in the next.
growth=$(sed 1d machine | xargs | awk '{ print ($NF < $(NF - 1) ? $NF : $(NF - 1)) - $1 }')
below "the machine's memory does not grow (KB: $(xargs <machine))" "$growth" 512
check "nor does a service's in its life (KB more: $(xargs <service))" [ "$(sort -n service | tail -n 1)" -lt 256 ]
check "there was something to soak in" [ $total -gt 10000 ]
echo "# soak: $total events in $round rounds of $each s, $((total * 100 / time)) a second of 100000 asked for, $lost lost and counted" |
	tee "$OUT/soak"
