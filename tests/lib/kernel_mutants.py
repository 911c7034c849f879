# SPDX-License-Identifier: GPL-2.0-or-later
"""Would a test notice a kernel logger that swaps two fields of a payload?

What such a logger would have written is known: the same records with the bytes
of the two fields exchanged.  So each mutant is made of the records, not of the
module, and judged as they were.
"""

import contextlib
import io
import itertools
import struct

import kernel_records
from verdicts import check, failed

# hook ids: layout of the fixed part (kernel-events sections 6 to 8)
LAYOUTS = {
    (0x010a, 0x010b): "IIIIqQQQI",
    (0x010e,): "IIQQI",
    (0x020a, 0x020b, 0x020c): "QQ",
    (0x0301, 0x0302, 0x0303, 0x0304): "QIIIIQI",
    (0x030a, 0x1402, 0x1403, 0x1404): "QQIIIBBHQ",
    (0x0320, 0x0321): "IIIIQQQQQQQQQQQ",
    (0x0501, 0x0502, 0x0503, 0x0504): "IIQQQQQQQIBBBB",
    (0x0524,): "IIbbBbbbbBII",
    (0x0532,): "IBbBB",
    (0x0548,): "II",
    (0x0b0b,): "IIIIQIIII",
    (0x0f2e,): "QIHBB",
    (0x0f42, 0x0f44, 0x0f45): "QQ",
    (0x0f43,): "QQBHB",
    (0x0f49, 0x0f4a): "III",
}


def fields(layout):
    """(offset, size) of each field"""
    at = 0
    for code in layout:
        size = struct.calcsize("<" + code)
        yield at, size
        at += size


def pairs(layout):
    return [(a, b, size) for (a, size), (b, other) in itertools.combinations(fields(layout), 2)
            if size == other]


def exchange(payload, a, b, size):
    new = bytearray(payload)
    new[a:a + size], new[b:b + size] = payload[b:b + size], payload[a:a + size]
    return bytes(new)


def survives(records, swap, judge):
    """Whether judge() finds nothing that does not hold of the mutated records."""
    kept = [(r.payload, r.fields) for r in records]
    before = len(failed)
    try:
        for r in records:
            r.payload = exchange(r.payload, *swap)
            r.decode()
        with contextlib.redirect_stdout(io.StringIO()):
            judge()
        return len(failed) == before
    except (kernel_records.Malformed, KeyError, IndexError, StopIteration, ValueError,
            UnicodeDecodeError, ZeroDivisionError):
        return False
    finally:
        del failed[before:]
        for r, (payload, decoded) in zip(records, kept):
            r.payload, r.fields = payload, decoded


def run(logs, judge):
    """Tries each pair of fields of one size of each payload that is in @logs."""
    killed, same, alive = 0, 0, []
    for hooks, layout in LAYOUTS.items():
        records = [r for log in logs for r in log.records if r.hook in hooks]
        for swap in pairs(layout) if records else ():
            if all(exchange(r.payload, *swap) == r.payload for r in records):
                same += 1       # both always have one value, 0 mostly
            elif survives(records, swap, judge):
                alive.append(f"{hooks[0]:#06x}: the {swap[2]} bytes at {swap[0]} and {swap[1]}")
            else:
                killed += 1
    check(killed and not alive, f"fields that are swapped are noticed: {killed} mutants killed, "
          f"{same} change nothing", *alive)
