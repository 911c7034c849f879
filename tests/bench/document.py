#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes docs/performance.md and its plots from bench.json.

usage: document.py BENCH_JSON DOCS_FOLDER
"""
import datetime
import json
import os
import sys

from results import figure, rows

SIZES = (16, 64, 256)
COST_LINES = (		# who, case, colour
    ("lttng", "overwrite", "#999999"),
    ("ftrace", "local-clock", "#cc6677"),
    ("wmitrace", "message", "#004488"),
    ("wmitrace", "event", "#33aadd"),
    ("relay", "least", "#ddaa33"),
    ("floor", "copy", "#228833"),
)
# Bytes a record takes by header, and what is in it; payload 16, 64, 256.
RECORD_BYTES = (
    ("message: GUID, time, ids", 40),
    ("message: time, ids", 24),
    ("message: time", 16),
    ("event (IoWMIWriteEvent)", 48),
    ("event (EtwWrite)", 80),
)
TARGETS = (		# what, case, bytes, most
    ("`WmiTraceMessage`, 16 bytes", "message", 16, 190),
    ("`WmiTraceMessage`, 64 bytes", "message", 64, 200),
    ("`IoWMIWriteEvent`, 64 bytes", "event", 64, 200),
    ("the entry that reserves, 16 bytes", "reserve", 16, 115),
    ("a message that is dropped", "message-dropped", 16, 150),
    ("an event that is dropped", "event-dropped", 16, 150),
    ("a WPP statement that is off", "wpp-disabled", 16, 3),
)


def find(records, who, case, size, **more):
    """The record of a figure, or None."""
    for record in records:
        if (record["who"], record["case"], record["bytes"]) == (who, case, size) and \
                all(record[k] == v for k, v in more.items()):
            return record
    return None


def markdown(table):
    """A table; figures to the right."""
    header, *body = table
    yield "| " + " | ".join(header) + " |"
    yield "|" + "|".join("---:" if name.endswith(" B") else "---" for name in header) + "|"
    for row in body:
        yield "| " + " | ".join(row) + " |"


def machine():
    """The host's CPU."""
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith("model name"):
                return f"{os.cpu_count()} x {line.split(':', 1)[1].strip()}"
    return f"{os.cpu_count()} CPUs"


def svg(width, height, parts):
    """A picture that is readable on white and on dark pages."""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            'font-family="sans-serif" font-size="12">\n'
            '<!-- SPDX-License-Identifier: GPL-2.0-or-later -->\n'
            f'<rect width="{width}" height="{height}" fill="white"/>\n'
            + "\n".join(parts) + "\n</svg>\n")


def cost_plot(count):
    """Instructions an event by payload, a line each."""
    left, top, wide, high = 60, 20, 400, 300
    most = max(r["median"] for who, case, _ in COST_LINES for s in SIZES
               if (r := find(count, who, case, s)))
    most = -(-most // 100) * 100

    def at(size, value):
        return left + wide * size / 256, top + high * (1 - value / most)

    parts = []
    for value in range(0, int(most) + 1, 100):
        _, y = at(0, value)
        parts.append(f'<path d="M{left} {y:.1f}h{wide}" stroke="#ddd"/>'
                     f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{value}</text>')
    for size in SIZES:
        x, y = at(size, 0)
        parts.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{size}</text>')
    parts.append(f'<text x="{left + wide / 2}" y="{top + high + 36}" text-anchor="middle">'
                 'bytes of payload; instructions an event</text>')
    for who, case, colour in COST_LINES:
        points = [at(s, r["median"]) for s in SIZES if (r := find(count, who, case, s))]
        if not points:
            continue
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        x, y = points[-1]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
                     f'<text x="{x + 8:.1f}" y="{y + 4:.1f}" fill="{colour}">{who}, {case}</text>')
    return svg(620, 370, parts)


def targets(count):
    """What is aimed at, and what is measured."""
    yield ["case", "at most", "measured", ""]
    for what, case, size, most in TARGETS:
        record = find(count, "wmitrace", case, size)
        if record:
            yield [what, str(most), figure(record), "" if record["max"] <= most else "missed"]
    small, large = (find(count, "wmitrace", "message", s) for s in (16, 256))
    plain, system = (find(count, "wmitrace", c, 16) for c in ("message", "message-system-time"))
    for what, most, one, other in (("from 16 to 256 bytes", 100, small, large),
                                   ("system time instead of the counter", 46, plain, system)):
        if one and other:
            more = other["median"] - one["median"]
            yield [what, f"+{most}", f"+{more:g}", "" if more <= most else "missed"]


def count_section(count):
    """All about the count rig on one kernel."""
    first = count[0]
    yield f"## Instructions an event, kernel {first['kernel']}"
    yield ""
    yield ("QEMU counts instructions as time (`-icount`); interrupts are off; 1000 calls in a "
           "loop, less an empty call.")
    yield (f"Medians of {first['n']} boots, with minimum and maximum where they differ. "
           "Instructions are not time: see what the cache and the pipeline do on hardware.")
    yield ""
    yield "![cost by payload](performance-cost.svg)"
    yield ""
    yield from markdown(list(targets(count)))
    yield ""
    yield from markdown([[row[0], row[1], *row[4:]] for row in rows(count)])
    yield ""
    yield ("*floor*: reads the counter, moves a position, copies. *relay least*: interrupts off, "
           "reserve, 16-byte header, copy. LTTng: its own clock, buffers of 4 MiB a CPU, as all. "
           "*dropped*: the buffers are full.")
    yield ""


READING = (		# who, case, what it is
    ("checksum", "words", "a pass that adds up the file's 64-bit words"),
    ("wmitrace", "file-order", "libetl, each record's header, as they lie in the file"),
    ("wmitrace", "time-order", "libetl, the same in time order over the CPUs"),
    ("wmitrace", "decode", "libetl, time order, names, fields, a sum over the arguments"),
    ("wmitrace", "json", "`wmitrace dump --json`, with a SHA-256 of each payload"),
    ("wmitrace", "text", "`wmitrace dump`"),
    ("babeltrace2", "count", "`babeltrace2 -c sink.utils.counter`, CTF"),
    ("babeltrace2", "text", "`babeltrace2`, CTF"),
    ("trace-cmd", "text", "`trace-cmd report`, trace.dat"),
    ("dissect.etl", "count", "dissect.etl (Python), file order"),
    ("etl-parser", "count", "etl-parser (Python), file order"),
)


def reading_aims(found):
    """What is aimed at: sentence, measured, reached."""
    def ns(who, case):
        return found[who, case, "ns"]["median"]
    speed = found["wmitrace", "time-order", "MB/s"]["median"]
    memory = found["wmitrace", "decode", "MB"]["max"]
    passes = ns("wmitrace", "time-order") / ns("checksum", "words")
    yield "time order, one core", "at least 1000 MB/s", f"{speed:.0f} MB/s", speed >= 1000
    yield "time order against a checksum pass", "at most 3 x", f"{passes:.1f} x", passes <= 3
    yield "resident growth", "less than 64 MB", f"{memory:.0f} MB", memory < 64
    if ("babeltrace2", "text", "ns") in found:
        factor = ns("babeltrace2", "text") / ns("wmitrace", "json")
        yield "JSON against babeltrace2's text", "at least 5 x", f"{factor:.1f} x", factor >= 5


def reading_section(records):
    """All about the read rig."""
    found = {(r["who"], r["case"], r["unit"]): r for r in records}
    floor = found["checksum", "words", "ns"]["median"]
    yield "## Reading"
    yield ""
    yield (f"CPU time, user and system, of one core, to read "
           f"{found['wmitrace', 'file', 'MB']['median']:.0f} MB with "
           f"{found['wmitrace', 'file', 'events']['median']:.0f} messages of 4 CPUs, 16 to 64 bytes "
           f"of arguments each, from the page cache; medians of {records[0]['n']} rounds, each of "
           "which runs everything, and their spread. Text is made of the first 40 MB's worth, and "
           "readers in Python are given 2 MB: what they take is proportional to the events. The same "
           "events were written as CTF and as trace.dat (`tests/tools/etl_convert.c`), arguments "
           "as a sequence of 64-bit numbers.")
    yield ""
    yield from markdown([["aim", "", "measured", ""]] + [
        [what, aim, measured, "" if good else "missed"]
        for what, aim, measured, good in reading_aims(found)])
    yield ""
    table = [["reader", "ns an event B", "checksum passes B"]]
    for who, case, what in READING:
        if record := found.get((who, case, "ns")):
            table.append([what, f"{record['median']:.0f} ({record['min']:.0f}-{record['max']:.0f})",
                          f"{record['median'] / floor:.1f}"])
    lines = list(markdown(table))
    yield lines[0].replace(" B |", " |")
    yield from lines[1:]
    yield ""


def bytes_section():
    """What a record takes."""
    yield "## Bytes a record"
    yield ""
    yield from markdown(
        [["record", *(f"{s} B" for s in SIZES)]] +
        [[name, *(str(-(-(head + s) // 8) * 8) for s in SIZES)] for name, head in RECORD_BYTES] +
        [["ftrace", "28", "77", "272"], ["LTTng", "20", "68", "260"]])
    yield ""
    yield ("The format has a 16-byte GUID in each message, and times and ids in full: a reader "
           "needs nothing but the record. A driver that leaves `TRACE_MESSAGE_GUID` and "
           "`TRACE_MESSAGE_SYSTEMINFO` out saves 24 bytes a message; one that logs more than one "
           "value at a time saves the header of each further one.")
    yield ""


def document(records):
    """The lines of performance.md."""
    yield "<!-- SPDX-License-Identifier: GPL-2.0-or-later -->"
    yield "<!-- Written by scripts/bench: change tests/bench/document.py instead. -->"
    yield "# Performance"
    yield ""
    yield (f"Written by `scripts/bench` on {datetime.date.today()}; host: {machine()}, "
           f"kernel {os.uname().release}.")
    yield ""
    count = [r for r in records if r["rig"] == "count"]
    for kernel in sorted({r["kernel"] for r in count}):
        yield from count_section([r for r in count if r["kernel"] == kernel])
    reading = [r for r in records if r["rig"] == "read"]
    if reading:
        yield from reading_section(reading)
    yield from bytes_section()


def main():
    """See the top."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="ascii") as file:
        records = json.load(file)
    folder = sys.argv[2]
    text = "\n".join(document(records)).rstrip() + "\n"
    with open(os.path.join(folder, "performance.md"), "w", encoding="utf-8") as file:
        file.write(text)
    count = [r for r in records if r["rig"] == "count"]
    if count:
        newest = [r for r in count if r["kernel"] == count[-1]["kernel"]]
        with open(os.path.join(folder, "performance-cost.svg"), "w", encoding="ascii") as file:
            file.write(cost_plot(newest))


if __name__ == "__main__":
    main()
