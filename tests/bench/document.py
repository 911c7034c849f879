#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes docs/performance.md and its plots from bench.json.

usage: document.py BENCH_JSON DOCS_FOLDER
"""
import datetime
import json
import os
import re
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


def cost_plot(count, unit):
    """What an event costs by payload, a line each."""
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
                 f'bytes of payload; {unit} an event</text>')
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


def count_section(count, plotted):
    """All about the count rig on one kernel; PLOTTED: which kernel plot and bounds are for."""
    first = count[0]
    yield f"## Instructions an event, kernel {first['kernel']}"
    yield ""
    yield ("QEMU counts instructions as time (`-icount`); interrupts are off; 1000 calls in a "
           "loop, less an empty call.")
    yield (f"Medians of {first['n']} boots, with minimum and maximum where they differ. "
           "Instructions are not time: see what the cache and the pipeline do on hardware.")
    yield ""
    if first["kernel"] == plotted:
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


LOADS = (		# case, what it is
    ("hackbench", "`chrt -f 1 hackbench -p -g 1 -f 10 -s 4096 -l 400`"),
    ("fork", "400 times fork, exec of `/bin/true`, exit, wait"),
    ("disk", "2000 direct writes of 4 KB to a loop device on tmpfs"),
)


def load_figure(load, who, case, unit):
    """A record of the load rig, or None."""
    return find(load, who, case, 0, unit=unit)


def load_aims(load):
    """Ours against the better of the others, in what a load is slowed down and an event costs."""
    yield ["load", "slowdown, %", "others", "", "instructions an event", "others", "ratio", ""]
    for case, _ in LOADS:
        row = [case]
        ours, *others = ([load_figure(load, who, case, unit) for unit in
                          ("slowdown %", "instructions an event")]
                         for who in ("wmitrace", "ftrace", "lttng")
                         if load_figure(load, who, case, "events"))
        slow = min((o[0] for o in others), key=lambda r: r["median"])
        event = min((o[1] for o in others), key=lambda r: r["median"])
        ratio = ours[1]["median"] / event["median"]
        row += [figure(ours[0]), f"{figure(slow)} {slow['who']}",
                "" if ours[0]["median"] <= slow["median"] else "missed",
                figure(ours[1]), f"{figure(event)} {event['who']}", f"{ratio:.2f} x",
                "" if ratio <= 0.6 else "missed"]
        yield row


def load_section(load):
    """All about the load rig on one kernel."""
    first = load[0]
    yield f"## The kernel logger under load, kernel {first['kernel']}"
    yield ""
    yield ("Instructions again, of the whole machine with one CPU while a load runs: "
           "without a tracer; with the kernel logger (process, thread, cswitch, dispatcher); with "
           "ftrace, and with LTTng, recording sched_switch, sched_waking and sched_process_fork, exec, "
           "exit, free and wait. 4 MiB of buffers each, the oldest overwritten, nobody reads. "
           f"Medians of {first['n']} turns of all, with their spread; the better of the others is "
           "compared with: at most its slowdown, at most 0.6 times what an event of it costs. An exec "
           "is four events here (the process and its thread end and begin), so that a fork loop has "
           "more of them. LTTng does not count what it overwrites: its events are reckoned from the "
           "switches, as ftrace has them. hackbench runs under SCHED_FIFO: left to the fair scheduler, "
           "it switches 400 to 40,000 times, whatever is recorded.")
    yield ""
    yield from markdown(list(load_aims(load)))
    yield ""
    for case, what in LOADS:
        yield f"- *{case}*: {what}"
    yield ""
    yield from markdown([["who", "load", "", "median (spread)"]] + [
        [row[0], row[1], row[3], row[4]] for row in rows(load) if row[0] != "who"])
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
           f"of arguments each, from the page cache; medians of {records[0]['n']} rounds of "
           "each reader, taken in turn in one run, and their spread. Text is made of the first 40 MB's worth, and "
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


NATIVE_AIMS = (		# what, case, bytes, at most so many times ftrace's local-clock event
    ("`WmiTraceMessage`", "message", 16, 0.45),
    ("`WmiTraceMessage`", "message", 64, 0.45),
    ("`IoWMIWriteEvent`", "event", 16, 0.45),
    ("`IoWMIWriteEvent`", "event", 64, 0.45),
    ("the entry that reserves", "reserve", 16, 0.35),
    ("the entry that reserves", "reserve", 64, 0.35),
)


def native_aims(native):
    """Ours against ftrace, measured in turns in one boot."""
    yield ["case", "at most", "measured", "ns", "ftrace, ns", ""]
    for what, case, size, most in NATIVE_AIMS:
        ours = find(native, "wmitrace", case, size)
        other = find(native, "ftrace", "local-clock", size)
        if ours and other:
            ratio = ours["median"] / other["median"]
            yield [f"{what}, {size} bytes", f"{most} x", f"{ratio:.2f} x", figure(ours),
                   figure(other), "" if ratio <= most else "missed"]
    off = find(native, "wmitrace", "wpp-disabled", 16)
    if off:
        yield ["a WPP statement that is off", "0.5 ns", figure(off), "", "",
               "" if off["median"] <= 0.5 else "missed"]


def native_section(native):
    """All about the native rig on one kernel."""
    first = native[0]
    yield f"## Nanoseconds an event, kernel {first['kernel']} as User-Mode Linux"
    yield ""
    yield ("One CPU, no SMP. Medians of the rounds, with minimum and maximum; a round has "
           "every case, each with the median of 15 batches of 1000 calls, less an empty call. "
           "Everybody comes round in 256 KB of buffers, which fit in the second-level cache; "
           "wmitrace's sessions are flight recorders for that. The script lets the guest go "
           "before what else the host does, but whoever else used the machine made all of it "
           "slower: compare within the table. LTTng finds the kernel's functions by a kprobe, which "
           "User-Mode Linux has not: it is told the address instead, and nothing else of what an "
           "event costs is changed.")
    yield ""
    yield from markdown(list(native_aims(native)))
    yield ""
    yield "![nanoseconds by payload](performance-native.svg)"
    yield ""
    yield from markdown([[row[0], row[1], *row[4:]] for row in rows(native)])
    yield ""
    yield ("A cycle counter that is read costs about half of an event here (*relay write* has "
           "no time at all). ftrace's local clock is a count of timer ticks in User-Mode Linux: "
           "it costs nothing and tells 10 ms apart. LTTng's is the monotonic clock, for which "
           "User-Mode Linux asks its host; our *message-system-time* asks it, too.")
    yield ""


SCALING = (		# who, case, colour
    ("wmitrace", "message", "#004488"),
    ("wmitrace", "event", "#33aadd"),
    ("wmitrace", "reserve", "#117733"),
    ("relay", "least", "#ddaa33"),
    ("ftrace", "local-clock", "#cc6677"),
)


def scale_figures(scale, who, case, size):
    """An event on one CPU alone, beside one that copies, beside one that does the same."""
    return [find(scale, who, f"{case}-{beside}", size, unit="ns")
            for beside in ("alone", "copy", "both")]


def scale_section(scale):
    """All about the scale rig."""
    yield f"## Two CPUs at once, kernel {scale[0]['kernel']} as User-Mode Linux"
    yield ""
    yield (f"Nanoseconds an event, medians of {scale[0]['n']} turns with minimum and maximum, on a CPU "
           "while the other one does nothing (*alone*), writes as fast into memory that nobody shares "
           "(*copy*), or logs the same (*both*). What the second costs more than the first is the "
           "host's: its two CPUs may be threads of one core. What the third costs more than the second "
           "is the tracer's: the median of the ratios of turns, where the two come after one another, "
           "while the host's speed may change by half between turns. "
           "The kernel carries the patch that the next section tells of.")
    yield ""
    table = [["who", "case", "bytes", "alone", "copy", "both", "both against copy", "at most", ""]]
    for who, case, _ in SCALING:
        for size in (16, 64):
            alone, copy, both = scale_figures(scale, who, case, size)
            ratio = find(scale, who, f"{case}-both", size, unit="% of copy")
            aim = ["105 %", "" if ratio["median"] <= 105 else "missed"] if who == "wmitrace" else ["", ""]
            table.append([who, case, str(size), figure(alone), figure(copy), figure(both),
                          figure(ratio) + " %", *aim])
    yield from markdown(table)
    yield ""
    yield "![events a second on one CPU and on two](performance-scale.svg)"
    yield ""


def scale_plot(scale):
    """Events of 16 bytes a second that one CPU makes, and both."""
    parts = []
    most = max(2e9 / scale_figures(scale, who, case, 16)[2]["median"] for who, case, _ in SCALING)
    for i, (who, case, colour) in enumerate(SCALING):
        alone, _, both = scale_figures(scale, who, case, 16)
        for cpus, record in ((1, alone), (2, both)):
            rate = cpus * 1e9 / record["median"]
            wide = 300 * rate / most
            y = 16 + 52 * i + 22 * (cpus - 1)
            name = f"{who} {case}, 1 CPU" if cpus == 1 else "2 CPUs"
            parts.append(f'<text x="170" y="{y + 14}" text-anchor="end">{name}</text>'
                         f'<rect x="180" y="{y}" width="{wide:.1f}" height="18" fill="{colour}"/>'
                         f'<text x="{188 + wide:.1f}" y="{y + 14}">{rate / 1e6:.1f} M/s</text>')
    return svg(620, 20 + 52 * len(SCALING), parts)


def lossless(drain):
    """Of each consumer: what it held, at the highest rate at which no run lost anything."""
    steps = {}
    for record in drain:
        who, (case, rate) = record["who"], record["case"].rsplit("-", 1)
        steps.setdefault((who, case), {}).setdefault(int(rate[:-1]), {})[record["unit"]] = record
    for name, rates in steps.items():
        held = [r for r in rates if not rates[r]["lost"]["max"]]
        yield name, (max(held) if held else None), rates


def drain_section(drain):
    """All about the drain rig."""
    yield f"## Into a file without loss, kernel {drain[0]['kernel']} as User-Mode Linux"
    yield ""
    yield ("Two CPUs that log 64 bytes of payload at a rate, in parts each millisecond, and "
           "4 MiB of buffers a CPU; the consumers run on the same two CPUs and write to a tmpfs "
           "in the guest. The kernel carries a patch (`scripts/lib/uml/two-cpus.patch`): "
           "interrupts are masked by a flag, not by system calls, and clocks read the cycle "
           f"counter. {drain[0]['n']} runs a rate. *asked* is the highest rate at which no run "
           "lost anything; a host that is busy makes the events come slower, which *made* shows. A run "
           "that lost something while a part of the load came over 10 ms late was stopped by the host and "
           "is repeated, up to seven times (*tries*; *ms late* is of the run that counts). CPU "
           "time is that of the recording command and all its children, its start included. *Complete*: "
           "who wrote the file has closed it, so long after the last event; *end*: the command has "
           "returned. In between it gives its buffers back, which takes grace periods of RCU in "
           "User-Mode Linux and on real-time kernels. LTTng's buffers are read each 10 ms by a program of the "
           "bench (`tests/bench/lttng/lttng-record.c`) that does with a packet what lttng-consumerd does: the "
           "service itself needs a system around it.")
    yield ""
    table = [["consumer", "asked, events/s", "made, events/s", "MB/s", "CPU us/1000 events",
              "ms to complete", "ms to end"]]
    for (who, case), held, rates in lossless(drain):
        if held is None:
            table.append([f"{who} {case}", "none", "", "", "", "", ""])
            continue
        found = rates[held]
        table.append([f"{who} {case}", f"{held * 1000}", figure_whole(found["events/s"])] +
                     [figure(found[u]) for u in ("MB/s", "CPU us/1000 events", "ms to complete",
                                               "ms to end")])
    yield from markdown(table)
    yield ""
    yield "![lossless rate](performance-drain.svg)"
    yield ""
    yield from markdown([[row[0], row[1], row[3], row[4]] for row in rows(drain)])
    yield ""


def figure_whole(record):
    """A median without its fraction."""
    return f"{record['median']:.0f} ({record['min']:.0f}-{record['max']:.0f})"


def drain_plot(drain):
    """A bar a consumer: the rate that was made where nothing was lost."""
    bars = []
    for (who, case), held, rates in lossless(drain):
        bars.append((f"{who} {case}", rates[held]["events/s"]["median"] if held else 0))
    most = max(value for _, value in bars) or 1
    parts = []
    for i, (name, value) in enumerate(bars):
        y = 20 + 36 * i
        wide = 360 * value / most
        colour = "#004488" if name == "wmitrace record" else "#999999"
        parts.append(f'<text x="150" y="{y + 16}" text-anchor="end">{name}</text>'
                     f'<rect x="160" y="{y}" width="{wide:.1f}" height="24" fill="{colour}"/>'
                     f'<text x="{168 + wide:.1f}" y="{y + 16}">{value / 1e6:.2f} M/s</text>')
    return svg(620, 30 + 36 * len(bars), parts)


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


def kernels(records):
    """Those they are of, the oldest first."""
    return sorted({r["kernel"] for r in records},
                  key=lambda name: [int(part) for part in re.findall(r"\d+", name)])


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
    for kernel in kernels(count):
        yield from count_section([r for r in count if r["kernel"] == kernel], kernels(count)[0])
    load = [r for r in records if r["rig"] == "load"]
    for kernel in kernels(load):
        yield from load_section([r for r in load if r["kernel"] == kernel])
    native = [r for r in records if r["rig"] == "native"]
    if native:
        yield from native_section(native)
    scale = [r for r in records if r["rig"] == "scale"]
    if scale:
        yield from scale_section(scale)
    drain = [r for r in records if r["rig"] == "drain"]
    if drain:
        yield from drain_section(drain)
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
    for rig, name, plot in (
            ("count", "cost", lambda found: cost_plot(found, "instructions")),
            ("native", "native", lambda found: cost_plot(found, "nanoseconds")),
            ("scale", "scale", scale_plot),
            ("drain", "drain", drain_plot)):
        found = [r for r in records if r["rig"] == rig]
        if found:
            kernel = kernels(found)[0 if rig == "count" else -1]
            path = os.path.join(folder, f"performance-{name}.svg")
            with open(path, "w", encoding="ascii") as file:
                file.write(plot([r for r in found if r["kernel"] == kernel]))


if __name__ == "__main__":
    main()
