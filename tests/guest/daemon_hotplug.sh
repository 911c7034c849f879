# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# smp: 2
# append: maxcpus=1
# timeout: 120
# insmod: wmitrace
# CPUs that come up and go during a session: their buffers get into the file,
# too (A219).

. "$TAP"
# shellcheck source=tests/lib/drain.sh
. "${TAP%/*}/drain.sh"

cpu1=/sys/devices/system/cpu/cpu1/online
# fields of the hammer's result: 6 = logged
on_cpu1() { awk '$1 == 1 { n += $6 } END { print n + 0 }' $hammer/result; }

start_daemon "$OUT/daemon.log"
aim plug -o plug.etl --buffer-size 16 --max-buffers 128 >/dev/null
is "one CPU at the start" "$(session plug cpus)" 1
strike 100
echo 1 >$cpu1
is "another one comes up" "$(session plug cpus)" 2
strike 1000
check "it logs ($(on_cpu1))" [ "$(on_cpu1)" -gt 1000 ]
wmitrace flush plug >/dev/null
logged=$(session plug logged)
check "its events get into the file while the session runs" wait_until 10 holds plug.etl "$logged"
echo 0 >$cpu1
strike 100
echo 1 >$cpu1
strike 100
wmitrace stop plug --json >"$OUT/plug"
log_of plug.etl && is "gone and back again: the file holds what was logged" \
	"$(has finalised) $(has records)" "1 $(sed 's/.*"logged":\([0-9]*\).*/\1/' "$OUT/plug")"

echo 0 >$cpu1
cat >plug <<'END'
. /overlay/lib/drain.sh
session rec handle >/sys/module/hammer/parameters/handle
echo 1 >/sys/devices/system/cpu/cpu1/online
strike 500
wmitrace query --json rec >"$1"
END
wmitrace record -o rec.etl --name rec --buffer-size 16 --max-buffers 128 -- sh plug "$OUT/rec" \
	2>/dev/null
log_of rec.etl && is "the same with record" "$(has finalised) $(has records)" \
	"1 $(sed 's/.*"logged":\([0-9]*\).*/\1/' "$OUT/rec")"

# Nobody told the service: it comes up, logs and goes while the service sleeps.
echo 0 >$cpu1
aim late -o late.etl --buffer-size 16 --max-buffers 128 >/dev/null
kill -STOP "$daemon"
echo 1 >$cpu1
strike 300
echo 0 >$cpu1
wmitrace stop late --no-wait --json >"$OUT/late"
late_logged() { sed 's/.*"logged":\([0-9]*\).*/\1/' "$OUT/late"; }
kill -CONT "$daemon"
wait_until 10 is_gone late
log_of late.etl && is "and with a service that slept" "$(has finalised) $(has records)" \
	"1 $(late_logged)"
stop_daemon
is "the service ends well" "$status" 0
