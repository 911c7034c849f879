#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: FILES=DIR trace_events.py

The module's trace events, as ftrace printed them, against the records of the
session (tests/guest/trace_events.sh).  The session was longer: what was traced
is on each CPU, of each kind, a run of what was logged.
"""

import json
import os
import pathlib
import re
import sys
import uuid
from collections import Counter, defaultdict

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
import etl_records  # noqa: E402
from verdicts import check, failed  # noqa: E402

FILES = pathlib.Path(os.environ["FILES"])
LINE = re.compile(r"^.{16,}-\d+ +\[(\d+)\] \S+ +[\d.]+: (wmi_message|wmi_event|etw_event): (.*)$")
FORMS = {
    "wmi_message": r"logger=2 (\S+)#(\d+) sequence=(\d+) size=(\d+) data=(.*)",
    "wmi_event": r"logger=2 (\S+) type=(\d+) level=(\d+) version=(\d+) size=(\d+) data=(.*)",
    "etw_event": r"logger=2 (\S+) id=(\d+) level=(\d+) keyword=0x([0-9a-f]+) size=(\d+) data=(.*)",
}
MOST = 1024     # bytes of a payload


def traced():
    found = defaultdict(list)
    with open(FILES / "trace", encoding="ascii") as file:
        for line in file:
            if line.startswith("#"):
                continue
            cpu, kind, text = LINE.match(line.rstrip("\n")).groups()
            *words, data = re.fullmatch(FORMS[kind], text).groups()
            found[kind, int(cpu)].append((*words, data.replace(" ", "")))
    return found


def guid_of(record):
    if record.kind == "message" and record.component is not None:
        return uuid.UUID(bytes_le=record.component.to_bytes(4, "little") + bytes(12))
    return record.guid or uuid.UUID(int=0)


def logged():
    found = defaultdict(list)
    for r in etl_records.File(FILES / "own.etl").records():
        rest = str(len(r.payload)), r.payload[:MOST].hex()
        guid = str(guid_of(r))
        if r.kind == "message":
            row = "wmi_message", (guid, str(r.number), str(r.sequence or 0), *rest)
        elif r.kind == "event":
            row = "wmi_event", (guid, str(r.type), str(r.level), str(r.version), *rest)
        else:
            row = "etw_event", (guid, str(r.id), str(r.level), f"{r.keyword:x}", *rest)
        found[row[0], r.buffer.cpu].append(row[1])
    return found


def missing(theirs, ours):
    """What was traced more often than it was logged."""
    return list((Counter(theirs) - Counter(ours)).elements())


def main():
    overrun = [line for line in (FILES / "stats").read_text(encoding="ascii").splitlines()
               if re.match(r"(overrun|commit overrun|dropped events): [1-9]", line)]
    check(not overrun, "ftrace lost nothing", *overrun)
    ours, theirs = logged(), traced()
    for kind in FORMS:
        number = sum(len(rows) for (k, _), rows in theirs.items() if k == kind)
        wrong = [row for key, rows in theirs.items() if key[0] == kind
                 for row in missing(rows, ours[key])]
        check(number >= 3 and not wrong, f"{kind}: {number}, each as it was logged on its CPU",
              *wrong)
        # All ran three times, traced the second time; what drivers log when they are enabled, once.
        names = {row[:2] for (k, _), rows in theirs.items() if k == kind for row in rows}
        all_of = sum(row[:2] in names for (k, _), rows in ours.items() if k == kind for row in rows)
        check(all_of == 3 * number, f"{kind}: none is left out", all_of, number)
    long = [row for rows in theirs.values() for row in rows if int(row[-2]) > MOST]
    check(long, f"a payload is cut off after {MOST} bytes")
    with open(FILES / "bridged.json", encoding="utf-8") as file:
        bridged = Counter(json.loads(line)["event"] for line in file)
    for kind in FORMS:
        number = sum(len(rows) for (k, _), rows in theirs.items() if k == kind)
        check(bridged[kind] == number, f"{kind}: as many through perf", bridged[kind], number)


main()
sys.exit(bool(failed))
