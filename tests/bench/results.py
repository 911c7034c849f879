#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Turns what the rigs wrote into bench.json and tables.

usage: results.py RIG --kernel RELEASE --json FILE RUN...

A RUN is a file of one boot.  bench.json keeps the records of other rigs and
kernels; each is {rig, kernel, who, case, bytes, cpus, unit, median, min, max, n}.
"""
import argparse
import json
import os
import statistics
import sys


def read_count(path):
    """Lines "WHO CASE BYTES TICKS FAILED CALLS": instructions an event."""
    with open(path, encoding="ascii") as file:
        for line in file:
            who, case, size, ticks, _, _ = line.split()
            yield (who, case, int(size), 1, "instructions"), int(ticks) / 100


def read_reading(path):
    """Lines "WHO CASE BYTES UNIT VALUE" of read.sh."""
    with open(path, encoding="ascii") as file:
        for line in file:
            who, case, size, unit, value = line.split()
            yield (who, case, int(size), 1, unit), float(value)


def read_load(path):
    """Lines of load.sh, a round's tracers after one another and "none" before them."""
    plain = traced = None
    with open(path, encoding="ascii") as file:
        for line in file:
            who, load, *figures = line.split()
            ticks, events, switches = (int(f) for f in figures)
            yield (who, load, 0, 1, "M instructions"), ticks / 1e6
            yield (who, load, 0, 1, "switches"), switches
            if who == "none":
                plain = ticks
                continue
            if who == "ftrace":
                traced = events / switches
            if who == "lttng":	# the same trace events
                events = traced * switches
            yield (who, load, 0, 1, "slowdown %"), (ticks / plain - 1) * 100
            yield (who, load, 0, 1, "events"), events
            yield (who, load, 0, 1, "instructions an event"), (ticks - plain) / events


def read_native(path):
    """A line "hertz TICKS-A-SECOND", then lines as above: nanoseconds an event."""
    with open(path, encoding="ascii") as file:
        hertz = int(file.readline().split()[1])
        for line in file:
            who, case, size, ticks, _, _ = line.split()
            yield (who, case, int(size), 1, "ns"), int(ticks) / 100 / hertz * 1e9


def read_scale(path):
    """As read_native(), of what "-copy" and "-both" say another CPU was busy, too.

    "-both" comes right after "-copy": its ratio is made here, turn by turn.
    """
    copy = None
    for (who, case, size, _, unit), value in read_native(path):
        yield (who, case, size, 1 if case.endswith("-alone") else 2, unit), value
        if case.endswith("-copy"):
            copy = value
        elif case.endswith("-both"):
            yield (who, case, size, 2, "% of copy"), value / copy * 100


def read_drain(path):
    """Lines as tests/bench/drain.sh says: one a run."""
    with open(path, encoding="ascii") as file:
        for line in file:
            who, case, *figures = line.split()
            rate, calls, lost, took, cpu, complete, ended, size, late, tries = (int(f) for f in figures)
            rate //= 1000
            for what, value in (
                    ("events/s", calls / took * 1e9),
                    ("lost", lost),
                    ("CPU us/1000 events", cpu / calls * 1000),
                    ("MB/s", size / took * 1e3),
                    ("ms to complete", complete / 1e6),
                    ("ms to end", ended / 1e6),
                    ("ms late", late / 1e6),
                    ("tries", tries)):
                yield (who, f"{case}-{rate}k", 64, 2, what), value


READERS = {
    "count": read_count,
    "load": read_load,
    "native": read_native,
    "scale": read_scale,
    "drain": read_drain,
    "read": read_reading,
}


def collect(rig, kernel, paths):
    """The records of one rig: each figure with its spread over the runs."""
    values = {}
    for path in paths:
        for key, value in READERS[rig](path):
            values.setdefault(key, []).append(value)
    return [
        {"rig": rig, "kernel": kernel, "who": who, "case": case, "bytes": size,
         "cpus": cpus, "unit": unit, "median": round(statistics.median(v), 2),
         "min": round(min(v), 2), "max": round(max(v), 2), "n": len(v)}
        for (who, case, size, cpus, unit), v in values.items()]


def merge(path, records):
    """Replaces in the file what RECORDS measure anew."""
    old = []
    if os.path.exists(path):
        with open(path, encoding="ascii") as file:
            old = json.load(file)
    fresh = {(r["rig"], r["kernel"]) for r in records}
    kept = [r for r in old if (r["rig"], r["kernel"]) not in fresh]
    text = ",\n".join(json.dumps(r) for r in kept + records)
    with open(path + ".part", "w", encoding="ascii") as file:
        file.write("[\n" + text + "\n]\n")
    os.replace(path + ".part", path)


def figure(record):
    """A median, with its spread where there is one."""
    text = f"{record['median']:g}"
    if record["min"] != record["max"]:
        text += f" ({record['min']:g}-{record['max']:g})"
    return text


def rows(records):
    """A row a case, a column a payload: the header, then the rows."""
    sizes = sorted({r["bytes"] for r in records})
    cases = dict.fromkeys((r["who"], r["case"], r["cpus"], r["unit"]) for r in records)
    yield ["who", "case", "cpus", "unit", *(f"{s} B" for s in sizes)]
    for case in cases:
        cells = {r["bytes"]: figure(r) for r in records
                 if (r["who"], r["case"], r["cpus"], r["unit"]) == case}
        yield [str(c) for c in case] + [cells.get(s, "") for s in sizes]


def print_table(records):
    """For a terminal: words to the left, figures to the right."""
    table = list(rows(records))
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table:
        print("  ".join(cell.rjust(width) if i > 3 else cell.ljust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))).rstrip())


def main():
    """See the top."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rig", choices=READERS)
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--json", required=True)
    parser.add_argument("runs", nargs="+")
    options = parser.parse_args()
    records = collect(options.rig, options.kernel, options.runs)
    if not records:
        sys.exit(f"{options.runs[0]}: no figures")
    merge(options.json, records)
    print(f"{options.rig} on {options.kernel}: medians over {records[0]['n']} runs"
          " (and their spread where they differ)")
    print_table(records)


if __name__ == "__main__":
    main()
