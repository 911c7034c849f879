#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: FILES=DIR api_calls.py

Checks what tests/guest/api_calls.sh left in DIR: the log of each session against
what the rows of tests/companions/api_*.c wrote.  Prints TAP lines that cite the
acceptance rows of wmi-api.
"""

import os
import pathlib
import re
import struct
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
import etl_records as etl  # noqa: E402

API = uuid.UUID("8b8ff8a3-1d0c-4f5b-b1e2-c3d4e5f60718")
OTHER = uuid.UUID("a1b2c3d4-0110-4abc-8def-000102030405")
DRIVERS_TIME = 0x0123456789abcdef
WNODE_TIME = 0x01d5000000000135
CONTEXTS = ("process context", "interrupts off", "a raw spinlock held", "softirq", "hardirq", "NMI")
FULL_HEADER64 = 0xc0140000

failed = 0


def check(good, text, detail=""):
    """A text begins with the rows that it is about."""
    global failed
    rows, what = re.match(r"((?:A\d+ |\d+\.\d+ )+)(.*)", text).groups()
    print(f"{'ok' if good else 'not ok'} - {what} [{rows.strip()}]")
    if not good:
        failed += 1
        if detail:
            print(f"# {detail}")


def equal(got, want, text):
    check(got == want, text, f"got {got!r}, wanted {want!r}")


def pattern(length):
    return bytes(i % 251 for i in range(length))


class Session:
    def __init__(self, folder, name):
        self.file = etl.File(folder / f"{name}.etl")
        self.records = list(self.file.records())

    def messages(self, row, n=0):
        number = row * 100 + n
        return [r for r in self.records if r.kind == "message" and r.number == number]

    def events(self, row, n=0):
        version = row * 100 + n
        return [r for r in self.records if r.kind == "event" and r.version == version]

    def sequences(self):
        return [r.sequence for r in self.records if r.sequence is not None]


class Missing:
    """Stands in for a record that is not there: every comparison with it fails."""

    def __getattr__(self, name):
        return None if name != "raw" else b""


def one(records, text):
    """The only one of them."""
    check(len(records) == 1, f"{text}: logged once", f"{len(records)} records")
    return records[0] if len(records) == 1 else Missing()


def none(records, text):
    check(not records, f"{text}: nothing logged", f"{len(records)} records")


def read_results(folder):
    facts = {}
    for line in (folder / "result").read_text().splitlines():
        word = line.split()
        if word[:1] == ["fact"]:
            facts[word[1]] = int(word[2])
    return facts


def in_time(session, record):
    """Whether a record's time lies between its neighbours' in its buffer."""
    times = [r.time for r in record.buffer.records()
             if r.time is not None and r.time not in (0, DRIVERS_TIME, WNODE_TIME)]
    return record.time in times and times == sorted(times)


def messages(s, facts):
    plain, local = s["plain"], s["local"]

    for n in range(3):
        one(plain.messages(19, n), f"A19 handle {n}")

    r = one(plain.messages(66), "A66 no flags, no arguments")
    equal((r.size, r.raw[3:4]), (8, b"\x90"), "A66 8 bytes, of which the fourth is 0x90")

    found = {r.number: r.payload[3:] for r in plain.records
             if r.kind == "message" and r.payload[:3] == b"A67"}
    equal(found, {n: struct.pack("<H", n) for n in (0, 1, 0x7fff, 0x8000, 0xffff)},
          "A67 every message number survives")

    r = one(local.messages(68), "A68 all items")
    check(r.raw[12:28] == API.bytes_le and r.raw[36:44] == struct.pack(
        "<II", facts["A68.tid"], facts["A68.pid"]) and r.raw[44:] == b"A68!",
        "A68 sequence, GUID, time stamp, thread, process, arguments", r.raw.hex())
    check(isinstance(r, etl.Record) and in_time(local, r),
          "A68 and the time stamp lies between its neighbours'")
    r = one(local.messages(69), "A69 all items")
    equal((r.raw[44:], r.size), (b"A69!", 48), "A69 arguments start at byte 44")

    records = {struct.unpack("<I", r.payload)[0]: r for r in local.messages(70)
               if len(r.payload) == 4}
    equal(sorted(records), list(range(64)), "A70 each combination of items is readable")
    equal([f for f, r in records.items() if r.size - 4 > 48], [], "A70 no header exceeds 48 bytes")
    equal([f for f, r in records.items() if r.size - 4 != item_bytes(f)], [],
          "A70 each has the size its items add up to")

    r = one(plain.messages(71), "A71 lengths 1, 2, 3")
    equal((r.payload, r.size), (b"abcdef", 14), "A71 adjacent, and Size is the exact sum")

    row = [one(plain.messages(72, n), f"A72 {n} bytes") for n in range(17)]
    equal([(r.at or 0) % 8 for r in row], [0] * 17, "A72 every record starts at a multiple of 8")
    steps = [(b.at - a.at, (a.size + 7) & ~7) for a, b in zip(row, row[1:])
             if a.buffer is b.buffer]
    check(len(steps) > 10 and all(got == want for got, want in steps),
          "A72 the first one after the record before", repr(steps))

    equal(one(plain.messages(73), "A73 empty arguments").payload, b"abcd",
          "A73 add nothing and end nothing")
    equal(one(plain.messages(73, 1), "A73 in a variable list").payload, b"abcd",
          "A73 nor do they there")
    equal(one(plain.messages(74), "A74 NULL in mid-list").payload, b"ab", "A74 it ends the list")
    equal(one(plain.messages(74, 4), "A74 NULL in a variable list").payload, b"ab",
          "A74 it ends the list")
    equal([one(plain.messages(74, n), "A74 NULL alone").size for n in (1, 5)], [8, 8],
          "A74 it is an empty list")
    equal([r.payload for r in plain.messages(75)], [b"abcde"] * 6,
          "A75 ULONG and SIZE_T: the same record")
    equal([one(plain.messages(76, n), f"A76 end {n}").payload for n in range(5)],
          [b"A76", b"A76", b"", b"A76", b"A76"], "A76 a bare 0 ends the list, whatever its slot")
    equal(len({bytes(8) + r.raw[:8] + r.raw[12:28] + r.raw[36:] for r in local.messages(77)}), 1,
          "A77 WmiTraceMessageVa: identical but for time and number")
    equal(len(local.messages(77)), 3, "A77 all are there")
    equal(one(plain.messages(74, 2), "1.2 128 arguments").payload, b"x" * 128, "1.2 all of them")
    none(plain.messages(74, 3), "1.2 a list without end")

    r = one(plain.messages(78), "A78 a GUID")
    equal(r.raw[8:24], API.bytes_le, "A78 it is stored byte for byte")
    r = one(plain.messages(79), "A79 a component id")
    equal((r.component, r.payload, r.size), (0x12345678, b"A79!", 16), "A79 it takes 4 bytes")
    r = one(plain.messages(80), "A80 component id and GUID")
    equal((r.component, r.guid, r.payload, r.size), (0x12345678, None, b"A80!", 16),
          "A80 only the component id is stored")
    r = one(plain.messages(81), "A81 the obsolete time stamp")
    equal((r.flags, r.payload, r.size), (etl.POINTER64, b"A81!", 12), "A81 adds nothing")
    r = one(plain.messages(82), "A82 flags above bit 15")
    equal((r.flags, r.payload, r.size), (etl.POINTER64 | etl.GUID, b"A82!", 28),
          "A82 do not reach the record")
    every = [r for session in s.values() for r in session.records if r.kind == "message"]
    check(every and all(r.flags & 0xc0 == etl.POINTER64 for r in every),
          f"A83 all {len(every)} messages say 64-bit pointers, none 32-bit")
    r = one(plain.messages(84), "A84 system information")
    equal((r.tid, r.pid), (facts["A84.tid"], facts["A84.pid"]), "A84 thread, then process")
    none(plain.messages(85), "A85 a NULL GUID")

    r = one(s["tiny"].messages(86), "A86 as large as a buffer")
    equal((r.size, r.payload), (4096 - 72, pattern(4096 - 72 - 8)), "A86 it is whole")
    none(s["tiny"].messages(87), "A87 one byte more")
    equal(one(s["tiny"].messages(88), "A88 after that").payload, b"A88", "A88 it is whole")
    r = one(s["big"].messages(89), "A89 65535 bytes")
    equal((r.size, r.payload), (65535, pattern(65535 - 8)), "A89 it is whole")
    none(s["big"].messages(89, 1), "A89 65536 bytes")
    none(s["big"].messages(90), "A90 lengths that wrap")
    equal(len(s["full"].messages(91)), facts["A91.logged"], "A91 what was accepted is there")

    for n, context in enumerate(CONTEXTS):
        r = one(plain.messages(92, n), f"A92 with {context}")
        check(r.payload == b"A92" and in_time(plain, r), f"A92 with {context}: it is whole")

    for name in ("ring", "ring.snapshot"):
        outer, inner = s[name].messages(93), s[name].messages(93, 1)
        check(outer and all(r.payload == pattern(60000) for r in outer),
              f"A93 {name}: {len(outer)} interrupted messages are whole")
        hits = [struct.unpack("<I", r.payload)[0] for r in inner if len(r.payload) == 4]
        check(inner and len(hits) == len(inner) and
              all(b in (a + 1, 0) for a, b in zip(hits, hits[1:])),
              f"A93 {name}: {len(inner)} interrupts' messages are whole, in their order", hits)

    none(plain.messages(102) + plain.messages(16) + plain.messages(17) + plain.messages(18),
         "A16 A17 A18 A102 refused handles")
    none(s["paged"].records, "A103 a session in paged memory")


def item_bytes(flags):
    """Bytes of a message header in a session with numbers (wmi-api 8.1)."""
    size = 8 + 4 * (flags & 1) + 8 * (flags >> 3 & 1) + 8 * (flags >> 5 & 1)
    return size + (4 if flags & 4 else 16 if flags & 2 else 0)


def sequences(s, facts):
    plain, local, local2 = s["plain"], s["local"], s["local2"]

    r = one(plain.messages(94), "A94 a number asked for in vain")
    equal((r.flags, r.size), (etl.POINTER64, 8), "A94 OptionFlags say that there is none")
    equal(one(local2.messages(95), "A95 the first message").sequence, 1, "A95 has number 1")
    equal(len(local.messages(96)), facts["A96.messages"], "A96 all CPUs' messages are there")
    numbers = local.sequences()
    equal(len(set(numbers)), len(numbers), f"A96 all {len(numbers)} numbers differ")
    for name in ("local", "local2"):
        numbers = sorted(s[name].sequences())
        equal(numbers, list(range(1, len(numbers) + 1)),
              f"A97 {name} counts from 1 to {len(numbers)} by itself")
    one_, other = set(s["global"].sequences()), set(s["global2"].sequences())
    check(len(one_) == 20 and len(other) == 20 and not one_ & other,
          "A98 no number occurs in both sessions", f"{one_} {other}")
    equal(sorted(one_ | other), list(range(min(one_ | other), max(one_ | other) + 1)),
          "A98 together they are without gap")
    equal(len(local.events(99, 1)), 3, "A99 three events between three messages")
    numbers = [r.sequence for r in local.messages(99)]
    equal(numbers, list(range(numbers[0], numbers[0] + 3)), "A99 take no numbers")
    equal(len(local.messages(100, 1)), 3, "A100 three messages without between three with")
    numbers = [r.sequence for r in local.messages(100)]
    equal(numbers, list(range(numbers[0], numbers[0] + 3)), "A100 take no numbers")


def streams(s):
    bad = []
    for name, session in s.items():
        last = {}
        for r in session.records:
            if r.time is None or r.kind == "event" and r.version // 100 in (109, 135):
                continue
            if r.time < last.get(r.buffer.cpu, 0):
                bad.append(r.where)
            last[r.buffer.cpu] = r.time
    equal(bad, [], "A101 no time stamp of a CPU is before the one before it")


def events(s, facts):
    plain = s["plain"]

    one(plain.events(104), "A104 an event on the stack")
    r = one(plain.events(105), "A105 type and level")
    equal((r.guid, r.type, r.level, r.version), (API, 0xab, 0xff, 10500),
          "A105 GUID, Class.Type, Class.Level, Class.Version are the caller's")
    r = one(plain.events(106), "A106 13 bytes")
    equal((r.size, r.payload), (61, b"thirteen byte"), "A106 Size is 48 + payload, bytes unchanged")
    every = [r for session in s.values() for r in session.records if r.kind == "event"]
    check(every and all(r.first == r.size | FULL_HEADER64 for r in every),
          f"A107 all {len(every)} events begin with Size | 0xc0140000")
    r = one(plain.events(108), "A108 without USE_TIMESTAMP")
    check(r.time != DRIVERS_TIME and in_time(plain, r), "A108 the time is the logger's")
    equal([one(plain.events(109, n), "A109 USE_TIMESTAMP").time for n in range(2)],
          [DRIVERS_TIME, 0], "A109 the time is the caller's")
    equal(one(plain.events(110), "A110 USE_GUID_PTR").guid, OTHER,
          "A110 the GUID is what was pointed to")
    none(plain.events(111), "A111 a NULL pointer")
    r = one(plain.events(112), "A112 USE_MOF_PTR")
    equal((r.payload, r.size), (b"onetwothree", 59), "A112 the fields in a row")
    equal(one(plain.events(113), "A113 16 fields, not 17").payload, b"0123456789abcdef",
          "A113 all are there")
    equal(one(plain.events(114), "A114 no fields").size, 48, "A114 an empty event")
    equal(one(plain.events(115), "A115 a partial field").payload, b"whole", "A115 is ignored")
    equal(one(plain.events(115, 1), "A115 a partial field alone").size, 48, "A115 is ignored")
    equal(one(plain.events(116), "A116 an empty field").payload, b"abcd", "A116 is skipped")
    none(s["big"].events(117), "A117 lengths that overflow")
    equal(one(plain.events(118), "A118 data types").payload, b"abcd", "A118 have no effect")
    r = one(plain.events(119), "A119 both pointers")
    equal((r.guid, r.payload), (OTHER, b"both"), "A119 combine")
    none(plain.events(120), "A120 a Size under 48")
    equal(len(plain.events(121)), 2, "A121 a buffer used twice logs twice")
    r = one(plain.events(122), "A122 a full handle")
    equal((r.tid, r.pid), (facts["A122.tid"], facts["A122.pid"]),
          "A122 ThreadId and ProcessId are the caller's")
    none([r for session in s.values() for r in session.events(123)], "A123 an unknown handle")
    for n, context in enumerate(CONTEXTS):
        equal(one(plain.events(124, n), f"A124 with {context}").payload, b"A124",
              f"A124 with {context}: it is whole")
    one(plain.events(125), "A125 TRACED_GUID with LOG_WNODE")
    equal([str(r.guid) for r in plain.events(126)], ["00000126-0000-0000-0908-070605040302"],
          "A126 an unregistered GUID is logged")
    r = one(s["tiny"].events(91, 1), "9.1 an event as large as a buffer")
    equal((r.size, r.payload), (4096 - 72, b"\x91" * (4096 - 72 - 48)), "9.1 it is whole")
    none(s["tiny"].events(91, 2), "9.1 one byte more")
    r = one(plain.events(128), "A128 changed afterwards")
    equal((r.guid, r.payload), (OTHER, b"original"), "A128 the record is not")


def wnodes(s):
    plain = s["plain"]

    r = one(plain.events(130), "A129 LOG_WNODE alone")
    equal((r.guid, r.type, r.level, r.payload), (API, 0, 0, b"logged"), "A129 the log has it")
    none(plain.events(131), "A131 a BufferSize of 47")
    none(plain.events(132) + plain.events(133) + plain.events(133, 1) + plain.events(133, 2),
         "A132 A133 neither trace flag, or too large")
    none(s["full"].events(134), "A134 a full log")
    equal(one(plain.events(135), "A135 USE_TIMESTAMP").time, WNODE_TIME,
          "A135 the time is the driver's")
    check(one(plain.events(135, 1), "A135 without it").time != WNODE_TIME,
          "A135 the time is the logger's")
    none(plain.events(136) + plain.events(137), "A136 A137 refused")
    r = one(plain.events(221), "A221 LOG_WNODE with a class")
    equal((r.type, r.level, r.version), (0x21, 5, 22100), "A221 bytes 4 to 7 are the class")
    found = [r for r in plain.records if r.kind == "event" and r.payload == b"A221"]
    r = one(found, "A221 LOG_WNODE with EVENT_ITEM")
    equal((r.type, r.level, r.version), (0, 0, 0), "A221 the class is 0")


def totals(s, folder):
    for name, session in s.items():
        path = folder / f"{name}.stats"
        if not path.exists():
            continue
        word = [line.split() for line in path.read_text().splitlines()
                if line.startswith("all")][0]
        attempts, logged, lost, overwritten = (int(word[i]) for i in (1, 2, 3, 7))
        equal(attempts, logged + lost, f"A217 {name}: attempts = logged + lost ({attempts})")
        equal(len(session.records) + overwritten, logged,
              f"A217 {name}: the log has all that was logged and not overwritten")
        equal(session.file.events_lost, lost, f"A211 {name}: the header has EventsLost ({lost})")


def main():
    if len(sys.argv) != 1 or "FILES" not in os.environ:
        sys.exit(__doc__)
    folder = pathlib.Path(os.environ["FILES"])
    facts = read_results(folder)
    names = [line.split()[0] for line in (folder / "sessions").read_text().splitlines()]
    s = {name: Session(folder, name) for name in names + ["ring.snapshot"]}
    messages(s, facts)
    sequences(s, facts)
    streams(s)
    events(s, facts)
    wnodes(s)
    totals(s, folder)


if __name__ == "__main__":
    main()
