#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 300
"""Reads the file of tests/guest/million.sh to the last byte.

Each record proves itself (tests/companions/hammer.c): its source, the source's
number of this attempt, a CRC-32.  What is missing must be what was refused.
"""

import collections
import os
import struct
import sys
import zlib

sys.path.insert(0, os.path.join(os.environ["TOP"], "tests/lib"))
import etl_records  # noqa: E402

FILES = os.environ["FILES"]
PAYLOAD = struct.Struct("<IIHHBBHQ")
MAGIC = 0x31524D48
failed = False


def check(ok, text, *details):
    global failed
    print(f"{'ok' if ok else 'not ok'} - {text}")
    if not ok:
        failed = True
        for detail in details[:10]:
            print(f"# {detail}")


def sources():
    """The companion's table: (cpu, context, routine) -> attempts, logged."""
    contexts = {"process": 0, "softirq": 1, "hardirq": 2, "nmi": 3}
    routines = {"message": 0, "event": 1}
    table = {}
    with open(f"{FILES}/result") as file:
        next(file)
        for line in file:
            cpu, context, routine, _session, attempts, logged = line.split()[:6]
            table[int(cpu), contexts[context], routines[routine]] = int(attempts), int(logged)
    return table


def read(log):
    """What the file holds: numbers by source; and everything that is wrong."""
    found = collections.defaultdict(list)
    faults, newest, messages = [], {}, []
    for record in log.records():
        payload = record.payload
        if len(payload) < PAYLOAD.size:
            faults.append(f"{record.where}: {len(payload)} bytes of payload")
            continue
        magic, crc, length, cpu, context, routine, _session, number = PAYLOAD.unpack_from(payload)
        if magic != MAGIC or length != len(payload) or zlib.crc32(payload[8:]) != crc:
            faults.append(f"{record.where}: the payload's check value is wrong")
            continue
        if cpu != record.buffer.cpu:
            faults.append(f"{record.where}: of CPU {cpu}, in a buffer of CPU {record.buffer.cpu}")
        if record.time < newest.get(cpu, 0):
            faults.append(f"{record.where}: time steps back from {newest[cpu]} to {record.time}")
        newest[cpu] = record.time
        if (record.kind == "message") != (routine == 0):
            faults.append(f"{record.where}: routine {routine} wrote a {record.kind}")
        if record.kind == "message":
            messages.append(record.sequence)
        found[cpu, context, routine].append(number)
    return found, faults, messages


def main():
    log = etl_records.File(f"{FILES}/million.etl")
    found, faults, messages = read(log)
    table = sources()
    check(not faults, "each record is intact, on its CPU, and time never steps back [A93, A101]",
          *faults)

    short = [f"source {s}: {len(found[s])} in the file, {logged} logged"
             for s, (_, logged) in table.items() if len(found[s]) != logged]
    check(not short, "the file holds exactly the records that were logged, source by source", *short)

    order = [f"source {s}: {a} before {b}" for s, numbers in found.items()
             for a, b in zip(numbers, numbers[1:]) if a >= b]
    check(not order, "the numbers of each source ascend", *order)

    gaps = []
    for source, (attempts, logged) in table.items():
        beyond = [n for n in found[source] if n >= attempts]
        if beyond or attempts - len(found[source]) != attempts - logged:
            gaps.append(f"source {source}: gaps {attempts - len(found[source])}, "
                        f"lost {attempts - logged}, beyond {beyond[:3]}")
    check(not gaps, "each gap in them is a counted loss", *gaps)

    check(len(set(messages)) == len(messages),
          f"{len(messages)} messages have {len(messages)} different sequence numbers [A96]")
    lost = sum(attempts - logged for attempts, logged in table.values())
    check(log.events_lost == lost, f"the file's EventsLost is the {lost} that were lost [A211]",
          f"EventsLost {log.events_lost}")
    check(log.buffers_written == len(log.buffers), "BuffersWritten is the file's",
          f"BuffersWritten {log.buffers_written}, {len(log.buffers)} in the file")
    numbers = collections.defaultdict(list)
    for buffer in log.buffers[1:]:
        numbers[buffer.cpu].append(buffer.sequence)
    check(all(a < b for n in numbers.values() for a, b in zip(n, n[1:])) and
          len({b.sequence for b in log.buffers}) == len(log.buffers),
          "SequenceNumber ascends on each CPU and is unique")
    times = [buffer.time for buffer in log.buffers[1:]]
    check(times == sorted(times), "buffers lie in the order of their flush times")
    last = [i for i, buffer in enumerate(log.buffers) if buffer.flags & 1]
    check(last == [0, len(log.buffers) - 1], "the flush marker is on the first and the last buffer",
          f"on {last}")


main()
sys.exit(failed)
