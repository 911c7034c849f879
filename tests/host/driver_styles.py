#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks what tests/guest/driver_styles.sh left: every field of every record
against the call that wrote it (tests/companions/driver_*.c).  Prints TAP lines.
"""

import os
import pathlib
import struct
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
import etl_records as etl  # noqa: E402

LOADED, GOES = 100, 200
CLASS = {n: uuid.UUID(f"d1000000-000{n}-4000-8000-00000000ffff") for n in (1, 2, 3)}
PROVIDER = uuid.UUID("d1000000-0004-4000-8000-000000000001")
THREAD, GIVEN, RELATED = (uuid.UUID(f"ac00000{n}-0000-0000-0000-00000000000{n}") for n in (1, 2, 3))
KEYWORD = 0x8000000000000010
TRAITS = struct.pack("<H11s", 13, b"driver_etw")
TEXT = "driver text\0".encode("utf-16-le")

# What each session gets to hear: the newer kind of provider serves both.
CLASSIC = {"before": [LOADED, 1], "after": [2, GOES, LOADED, 3]}
SEVERAL = {"before": [LOADED, 1, 2, GOES, LOADED, 3, 4, GOES], "after": [2, GOES, LOADED, 3]}

failed = 0


def check(good, text, detail=""):
    global failed
    print(f"{'ok' if good else 'not ok'} - {text}")
    if not good:
        failed += 1
        if detail:
            print(f"# {detail}")


def equal(got, want, text):
    check(got == want, text, f"got {got!r}, wanted {want!r}")


def load(folder, style, session):
    file = etl.File(folder / f"{style}-{session}.etl")
    return sorted((r for r in file.records() if r.kind != "header"), key=lambda r: r.time)


def facts(record, number):
    """The payload says which thread called."""
    return struct.pack("<III12s", number, record.tid, record.pid, b"driver text")


def numbers(records):
    return [struct.unpack_from("<I", r.payload)[0] for r in records]


def check_wpp(folder):
    for session, wanted in CLASSIC.items():
        records = load(folder, "wpp", session)
        equal(numbers(records), wanted, f"wpp, {session}: these calls and no other [A53 A55]")
        for r, n in zip(records, wanted):
            what = f"wpp, {session}, {n}"
            equal((r.kind, r.number, r.guid), ("message", n, CLASS[1]),
                  f"{what}: number, class [A67 A78]")
            # No sequence mode: the bit that WPP always sets is clear.
            equal(r.flags, 0x2b & ~1 | 0x80, f"{what}: OptionFlags [A83 A94]")
            equal(r.payload, facts(r, n), f"{what}: payload, thread and process [A84]")


def check_wdm(folder):
    for session, wanted in CLASSIC.items():
        records = load(folder, "wdm", session)
        equal(numbers(records), wanted, f"wdm, {session}: these calls and no other [A53 A55]")
        for r, n in zip(records, wanted):
            what = f"wdm, {session}, {n}"
            equal((r.kind, r.type, r.level, r.version, r.guid), ("event", 10, 4, n, CLASS[2]),
                  f"{what}: Class, Guid [A105]")
            equal(r.size, 48 + 24, f"{what}: Size [A106]")
            equal(r.payload, facts(r, n), f"{what}: payload, thread and process [A106 A122]")


def check_wdf(folder):
    for session, wanted in CLASSIC.items():
        records = load(folder, "wdf", session)
        equal(numbers(records), wanted, f"wdf, {session}: these calls and no other [A168 A170]")
        for r, n in zip(records, wanted):
            what = f"wdf, {session}, {n}"
            equal((r.kind, r.number, r.guid), ("message", n, CLASS[3]), f"{what}: number, class")
            equal(r.payload, facts(r, n), f"{what}: payload, thread and process")


def etw_fields(r):
    return (r.guid, r.id, r.version, r.channel, r.level, r.opcode, r.task, r.keyword)


def check_etw_session(folder, session):
    records = load(folder, "etw", session)
    # `before` is enabled with level 4, flags 0x10000011; keyword 0x20 is neither's.
    equal(sorted({r.id for r in records if r.id < 10}), [0, 1, 2],
          f"etw, {session}: only events of level and keyword")
    wanted = SEVERAL[session]
    for id in (0, 1, 2):
        got = [r for r in records if r.id == id]
        if id:
            equal([r.task for r in got], wanted, f"etw, {session}: event {id}, these calls and no other")
        else:
            equal(len(got), len(wanted), f"etw, {session}: as many strings")
        for r, n in zip(got, wanted):
            check_etw_record(r, id, n, f"etw, {session}, {n}, event {id}")


def check_etw_record(r, id, n, what):
    traits = (12, TRAITS)
    equal((r.kind, r.guid), ("etw", PROVIDER), f"{what}: provider")
    if not id:
        equal(etw_fields(r)[1:], (0, 0, 0, 4, 0, 0, 0), f"{what}: descriptor")
        equal((r.flags, r.activity, r.items), (5, uuid.UUID(int=0), [traits]), f"{what}: string only")
        equal(r.payload, TEXT, f"{what}: the string")
        return
    equal(etw_fields(r)[1:], (id, 7, 0x10, 4, 9, n, KEYWORD), f"{what}: descriptor")
    equal((r.flags, r.property), (1, 0), f"{what}: flags")
    equal(r.activity, THREAD if id == 1 else GIVEN, f"{what}: activity")
    related = [(1, RELATED.bytes_le)] if id == 2 else []
    equal(r.items, related + [traits], f"{what}: extended items")
    equal(r.payload, facts(r, n), f"{what}: payload, thread and process")


def check_etw_callbacks(folder):
    lines = (folder / "callbacks").read_text().splitlines()
    one = "control 1 level 4 any 0x10000011 all 0 context good"
    both = "control 1 level 4 any 0x10000011 all 0 context good"
    equal([line.replace("0x0 ", "0 ") for line in lines], [
        one,    # loaded
        both,   # the second session
        "control 2 level 3 any 0x22 all 0x20 context good",
        both,   # loaded again
        one,    # without the second session; unloading says nothing
    ], "etw: what the callback heard")
    # Events of the callback belong to the sessions that are there or go.
    for session, ids in (("before", [11, 11, 12, 11, 11]), ("after", [11, 12, 11, 11])):
        got = [r for r in load(folder, "etw", session) if r.id >= 10]
        equal([r.id for r in got], ids, f"etw, {session}: what the callback logs is there")


def main():
    folder = pathlib.Path(os.environ["FILES"])
    check_wpp(folder)
    check_wdm(folder)
    check_wdf(folder)
    for session in SEVERAL:
        check_etw_session(folder, session)
    check_etw_callbacks(folder)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
