#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: FILES=DIR api_ring.py

Checks the snapshots of a flight recorder that tests/guest/api_ring.sh took: what
a source wrote last is there, without a hole that a counted loss does not explain.
"""

import collections
import os
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
import etl_records  # noqa: E402

FILES = pathlib.Path(os.environ["FILES"])
MIN_BUFFERS = 32
PAYLOAD = struct.Struct("<IIHHBBHQ")		# struct payload of tests/companions/hammer.c
MAGIC = 0x31524d48
CONTEXTS = ("process", "softirq", "hardirq", "nmi")
ROUTINES = ("message", "event")


def check(good, text, details=()):
    print(f"{'ok' if good else 'not ok'} - {text}")
    if not good:
        for detail in list(details)[:10]:
            print(f"# {detail}")


def read(log):
    """Numbers by (cpu, context, routine), and what is wrong with the records."""
    found, faults, newest = collections.defaultdict(list), [], {}
    for record in log.records():
        body = record.payload
        magic, crc, length, cpu, context, routine, _, number = PAYLOAD.unpack_from(
            body.ljust(PAYLOAD.size))
        if magic != MAGIC or length != len(body) or zlib.crc32(body[8:]) != crc:
            faults.append(f"{record.where}: check value")
            continue
        if record.time < newest.get(record.buffer.cpu, 0):
            faults.append(f"{record.where}: time steps back")
        newest[record.buffer.cpu] = record.time
        found[str(cpu), CONTEXTS[context], ROUTINES[routine]].append(number)
    return found, faults


def check_snapshot(name):
    log = etl_records.File(FILES / f"{name}.etl")
    found, faults = read(log)
    records = sum(map(len, found.values()))
    check(records and not faults, f"{name}: {records} records are whole, in order [A93] [A101]",
          faults)
    check(len(log.buffers) - 1 >= MIN_BUFFERS,
          f"{name}: {len(log.buffers) - 1} buffers, no fewer than the minimum [A206]")

    wrong, sources = [], 0
    for line in (FILES / f"{name}.result").read_text().splitlines()[1:]:
        word = line.split()
        source, (attempts, logged) = tuple(word[:3]), map(int, word[4:6])
        numbers = found.get(source, [])
        sources += 1
        missing = attempts - numbers[0] - len(numbers) if numbers else 0
        if numbers != sorted(set(numbers)) or missing > attempts - logged:
            wrong.append(f"{source}: {len(numbers)} numbers from {numbers[:1]} to {numbers[-1:]}, "
                         f"{attempts} attempts, {logged} logged")
    check(not wrong, f"{name}: each of {sources} sources ends with its newest records [A206]",
          wrong)

    stats = [line.split() for line in (FILES / f"{name}.stats").read_text().splitlines()
             if line.startswith("all")][0]
    logged, overwritten = int(stats[2]), int(stats[7])
    check(records + overwritten == logged,
          f"{name}: {logged} logged = {records} in the file + {overwritten} overwritten [A217]")
    return records


for snapshot in ("first", "second", "last"):
    check_snapshot(snapshot)
