#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: FILES=DIR api_ring.py

Checks the snapshots of a flight recorder that tests/guest/api_ring.sh took: what
a source wrote last is there, without a hole that a counted loss does not explain.
"""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
import etl_records  # noqa: E402
import hammer_records  # noqa: E402
from hammer_records import check  # noqa: E402

FILES = pathlib.Path(os.environ["FILES"])
MIN_BUFFERS = 32


def check_snapshot(name):
    log = etl_records.File(FILES / f"{name}.etl")
    session = log.buffers[0].logger
    found, faults = hammer_records.read_log(log, session)
    records = sum(map(len, found.values()))
    check(records and not faults, f"{name}: {records} records are whole, in order [A93] [A101]",
          faults)
    check(len(log.buffers) - 1 >= MIN_BUFFERS,
          f"{name}: {len(log.buffers) - 1} buffers, no fewer than the minimum [A206]")

    table = hammer_records.read_table(FILES / f"{name}.result", session)
    wrong = []
    for source, tally in table.items():
        numbers = found.get(source, [])
        missing = tally.attempts - numbers[0] - len(numbers) if numbers else 0
        if numbers != sorted(set(numbers)) or missing > tally.no_memory:
            wrong.append(f"{source}: {len(numbers)} numbers from {numbers[:1]} to {numbers[-1:]}, "
                         f"{tally}")
    check(table and not wrong,
          f"{name}: each of {len(table)} sources ends with its newest records [A206]", wrong)

    stats = hammer_records.read_stats(FILES / f"{name}.stats")
    check(records + stats["overwritten"] == stats["logged"],
          f"{name}: {stats['logged']} logged = {records} in the file + {stats['overwritten']} "
          "overwritten [A217]")


for snapshot in ("first", "second", "last"):
    check_snapshot(snapshot)
